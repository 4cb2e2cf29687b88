//! Headers that tell browsers and caches what they may do with our answers.

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::{HeaderMap, HeaderName, HeaderValue, StatusCode, header};

/// Lets the scripts of one page run and no others.
#[derive(Clone)]
pub struct PageNonce(pub String);

const FIXED: [(&str, &str); 6] = [
    ("x-content-type-options", "nosniff"),
    ("x-frame-options", "DENY"),
    // Not `no-referrer`: with it a plain form post sends `Origin: null`.
    ("referrer-policy", "same-origin"),
    ("cross-origin-opener-policy", "same-origin"),
    ("cross-origin-resource-policy", "same-origin"),
    ("permissions-policy", "camera=(), geolocation=(), microphone=(), payment=(), usb=()"),
];

/// On every answer, errors included.
pub async fn protect(
    State(https): State<bool>,
    mut request: Request,
    next: Next,
) -> Result<Response, StatusCode> {
    let nonce = console::random_id().map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    let policy = HeaderValue::from_str(&policy(&nonce)).map_err(|_| StatusCode::INTERNAL_SERVER_ERROR)?;
    request.extensions_mut().insert(PageNonce(nonce));

    let mut response = next.run(request).await;
    let headers = response.headers_mut();
    for (name, value) in FIXED {
        headers.insert(HeaderName::from_static(name), HeaderValue::from_static(value));
    }
    headers.insert(header::CONTENT_SECURITY_POLICY, policy);
    if https {
        let value = HeaderValue::from_static("max-age=31536000");
        headers.insert(header::STRICT_TRANSPORT_SECURITY, value);
    }
    Ok(response)
}

fn policy(nonce: &str) -> String {
    format!(
        "default-src 'none'; script-src 'nonce-{nonce}' 'strict-dynamic' 'wasm-unsafe-eval'; style-src 'self' 'nonce-{nonce}'; \
         img-src 'self' data:; font-src 'self'; connect-src 'self'; form-action 'self'; base-uri 'none'; \
         frame-ancestors 'none'"
    )
}

/// Pages and answers of server functions are for one person, now, unless a handler says otherwise.
pub async fn private(request: Request, next: Next) -> Response {
    let mut response = next.run(request).await;
    let unless = response.headers_mut().entry(header::CACHE_CONTROL);
    unless.or_insert(HeaderValue::from_static("no-store"));
    response
}

/// Files are kept, but asked for again, so that a page never meets the scripts of another version.
pub async fn revalidate(request: Request, next: Next) -> Response {
    with_cache_control(next.run(request).await, "no-cache")
}

/// Scripts and styles never change: their folder is named after their content. What is not there may come.
pub async fn keep(request: Request, next: Next) -> Response {
    let response = next.run(request).await;
    let found = response.status().is_success() || response.status() == StatusCode::NOT_MODIFIED;
    with_cache_control(response, if found { "public, max-age=31536000, immutable" } else { "no-store" })
}

fn with_cache_control(mut response: Response, value: &'static str) -> Response {
    let headers: &mut HeaderMap = response.headers_mut();
    headers.insert(header::CACHE_CONTROL, HeaderValue::from_static(value));
    response
}
