//! Refuses changes and upgrades that another page made the browser send (CSRF, socket hijacking).

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::{HeaderMap, Method, StatusCode, header};

use super::host::authority;

/// The scheme that people's browsers see.
#[derive(Clone, Copy)]
pub struct Scheme(&'static str);

impl Scheme {
    pub fn of(https: bool) -> Self {
        Self(if https { "https" } else { "http" })
    }
}

pub async fn check(State(scheme): State<Scheme>, request: Request, next: Next) -> Response {
    let reading = matches!(*request.method(), Method::GET | Method::HEAD | Method::OPTIONS);
    let upgrade = request.headers().contains_key(header::UPGRADE);
    if (reading && !upgrade) || is_own(&request, scheme) {
        return next.run(request).await;
    }
    let text = "This request did not come from a page of this console. If a proxy stands in between, it must keep \
                the headers Host and Origin, and external-url must be the address that people use.\n";
    (StatusCode::FORBIDDEN, text).into_response()
}

/// Scheme, host and port of Origin equal those of the console; a missing Origin is not equal.
fn is_own(request: &Request, scheme: Scheme) -> bool {
    let Some(authority) = authority(request) else { return false };
    let own = format!("{}://{authority}", scheme.0);
    let origin = only(request.headers(), header::ORIGIN.as_str());
    let site = only(request.headers(), "sec-fetch-site");
    origin.is_some_and(|origin| origin.eq_ignore_ascii_case(&own))
        && site.is_none_or(|site| matches!(site, "same-origin" | "none"))
}

/// The value of a header that stands there exactly once.
fn only<'a>(headers: &'a HeaderMap, name: &str) -> Option<&'a str> {
    let mut values = headers.get_all(name).iter();
    let first = values.next()?.to_str().ok()?;
    values.next().is_none().then_some(first)
}
