//! Host, Origin and the headers of every answer.

use axum::body::Body;
use http::{Method, Request, StatusCode, header};

use crate::console::{Person, TestConsole, request};

#[tokio::test]
async fn s_23_a_foreign_host_is_misdirected_but_health_answers() {
    let console = TestConsole::activated().await;
    let with_host = |path: &str| {
        Request::builder().uri(path).header(header::HOST, "evil.example").body(Body::empty()).unwrap()
    };

    let page = console.send(with_host("/")).await;

    assert_eq!(page.status, StatusCode::MISDIRECTED_REQUEST);
    assert!(page.body.contains("PILOTHOUSE_EXTERNAL_URL"));
    for path in ["/healthz", "/readyz"] {
        assert_eq!(console.send(with_host(path)).await.status, StatusCode::OK, "{path}");
    }
}

#[tokio::test]
async fn s_24_every_answer_carries_the_security_headers() {
    let console = TestConsole::activated().await;
    let root = console.root().await;

    for path in ["/", "/users", "/nowhere", "/api/nowhere", "/pkg/nowhere.js", "/healthz"] {
        let headers = console.get(&root, path).await.headers;
        let value = |name: &str| headers.get(name).map_or("", |value| value.to_str().unwrap()).to_owned();
        let policy = value("content-security-policy");
        assert!(
            policy.contains("script-src 'nonce-") && policy.contains("'wasm-unsafe-eval'"),
            "{path}: {policy}"
        );
        assert!(!policy.contains("unsafe-inline"), "{path}");
        assert_eq!(value("x-content-type-options"), "nosniff", "{path}");
        assert_eq!(value("referrer-policy"), "same-origin", "{path}");
        assert_eq!(value("cross-origin-opener-policy"), "same-origin", "{path}");
        assert!(!value("x-request-id").is_empty(), "{path}");
    }
}

#[tokio::test]
async fn the_nonce_of_the_header_is_the_one_in_the_page_and_new_each_time() {
    let console = TestConsole::activated().await;
    let nonce = async || {
        let page = console.get(&Person::default(), "/sign-in").await;
        let policy = page.headers["content-security-policy"].to_str().unwrap().to_owned();
        let nonce = policy.split("'nonce-").nth(1).unwrap().split('\'').next().unwrap().to_owned();
        assert!(page.body.contains(&format!(r#"nonce="{nonce}""#)));
        // An element without content runs nothing.
        for script in page.body.split("<script").skip(1).filter(|script| !script.starts_with("></script>")) {
            let tag = script.split('>').next().unwrap();
            assert!(tag.contains(&format!(r#"nonce="{nonce}""#)), "a script without the nonce: {tag}");
        }
        nonce
    };

    assert_ne!(nonce().await, nonce().await);
}

#[tokio::test]
async fn pages_are_not_cached() {
    let console = TestConsole::activated().await;

    let page = console.get(&console.root().await, "/users").await;

    assert_eq!(page.headers[header::CACHE_CONTROL], "no-store");
}

#[tokio::test]
async fn s_22_an_upgrade_needs_the_exact_origin() {
    let console = TestConsole::activated().await;
    let upgrade = |origin: Option<&str>| {
        let mut request = request(Method::GET, "/", &Person::default())
            .header(header::UPGRADE, "websocket")
            .header(header::CONNECTION, "upgrade");
        if let Some(origin) = origin {
            request = request.header(header::ORIGIN, origin);
        }
        request.body(Body::empty()).unwrap()
    };

    assert_eq!(console.send(upgrade(None)).await.status, StatusCode::FORBIDDEN);
    assert_eq!(console.send(upgrade(Some("http://evil.example"))).await.status, StatusCode::FORBIDDEN);
    assert_ne!(console.send(upgrade(Some("http://127.0.0.1:8080"))).await.status, StatusCode::FORBIDDEN);
}
