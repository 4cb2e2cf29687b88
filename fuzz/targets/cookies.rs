//! The Cookie header: what is found is a pair that was sent, and one of ours decodes to what it was made of or to nothing.
#![no_main]

use app::flash::{COOKIE, SignInFlash, cookie_of};
use http::{HeaderMap, HeaderValue, header::COOKIE as HEADER};
use libfuzzer_sys::fuzz_target;

fuzz_target!(|text: &[u8]| {
    let mut headers = HeaderMap::new();
    for line in text.split(|byte| *byte == b'\n') {
        if let Ok(value) = HeaderValue::from_bytes(line) {
            headers.append(HEADER, value);
        }
    }
    let Some(found) = cookie_of(&headers, COOKIE) else { return };
    let sent = headers.get_all(HEADER).iter().filter_map(|value| value.to_str().ok());
    assert!(sent.into_iter().any(|value| value.contains(&format!("{COOKIE}={found}"))));
    assert!(!found.contains(';'));
    if let Some(flash) = SignInFlash::decode(&found) {
        assert_eq!(SignInFlash::decode(&flash.encode()), Some(flash));
    }
});
