//! Headers that nobody would send, at every door.

use axum::body::Body;
use http::{HeaderValue, Method, Request, header};
use proptest::collection::vec;
use proptest::prelude::*;
use proptest::strategy::ValueTree as _;
use proptest::test_runner::TestRunner;

use crate::console::{HOST, TestConsole};

#[tokio::test]
async fn no_cookie_or_forwarded_header_breaks_a_door_or_opens_it() {
    let console = TestConsole::activated().await;
    let names = [
        "cookie",
        "x-forwarded-for",
        "x-forwarded-host",
        "x-forwarded-proto",
        "forwarded",
        "x-real-ip",
        "authorization",
        "origin",
        "referer",
        "accept-language",
        "x-request-id",
    ];
    let cookies = vec(("[a-z_]{0,20}", "[A-Za-z0-9+/=%\\\\\"-]{0,80}"), 0..6);
    let noise = vec(proptest::num::u8::ANY, 0..120);
    let strategy = (vec((0..names.len(), noise), 0..6), cookies, proptest::bool::ANY, 0..4_usize);
    let mut runner = TestRunner::deterministic();

    // As many as PROPTEST_CASES asks for, 256 when it does not.
    for _ in 0..ProptestConfig::default().cases {
        let (headers, cookies, flash, door) = strategy.new_tree(&mut runner).unwrap().current();
        let (method, path) = [
            (Method::GET, "/"),
            (Method::GET, "/sign-in"),
            (Method::POST, "/api/identity/me"),
            (Method::GET, "/sso/corp/callback?state=x&code=y"),
        ][door]
            .clone();
        let mut request = Request::builder().method(method).uri(path).header(header::HOST, HOST);
        for (name, value) in headers {
            if let Ok(value) = HeaderValue::from_bytes(&value) {
                request = request.header(names[name], value);
            }
        }
        let names_of_ours = ["pilothouse_flash", "pilothouse_language", "pilothouse_theme"];
        for (at, (name, value)) in cookies.iter().enumerate() {
            let name = if flash { names_of_ours[at % 3] } else { name };
            if let Ok(value) = HeaderValue::from_str(&format!("{name}={value}")) {
                request = request.header(header::COOKIE, value);
            }
        }
        let Ok(request) = request.body(Body::from("{}")) else { continue };
        let answer = console.send(request).await;
        assert!(!answer.status.is_server_error(), "{path}: {}", answer.status);
        assert!(!answer.body.contains("Recent changes"), "{path} let somebody in");
    }
}
