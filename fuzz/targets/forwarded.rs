//! X-Forwarded-For: the client is the peer, or the last hop that is none of ours.
#![no_main]

use std::net::IpAddr;

use http::{HeaderMap, HeaderValue};
use libfuzzer_sys::fuzz_target;
use server::middleware::address::Proxies;

fuzz_target!(|text: &[u8]| {
    let ours = "10.0.0.0/8".parse().expect("a network");
    let proxies = Proxies::new(&[ours]);
    let mut headers = HeaderMap::new();
    for line in text.split(|byte| *byte == b'\n') {
        if let Ok(value) = HeaderValue::from_bytes(line) {
            headers.append("x-forwarded-for", value);
        }
    }
    let stranger = IpAddr::from([192, 0, 2, 1]);
    assert_eq!(proxies.client(stranger, &headers), stranger, "a stranger is believed");
    let proxy = IpAddr::from([10, 0, 0, 1]);
    let client = proxies.client(proxy, &headers);
    assert!(client == proxy || !ours.contains(&client), "{client} is one of ours");
    // Whoever writes more to the left changes nothing.
    let mut longer = HeaderMap::new();
    longer.append("x-forwarded-for", HeaderValue::from_static("203.0.113.9"));
    for (name, value) in &headers {
        longer.append(name, value.clone());
    }
    if client != proxy {
        assert_eq!(proxies.client(proxy, &longer), client, "the left end counts");
    }
});
