//! Refuses names that are not ours, so that no other site's name can lead to the console (DNS rebinding).

use std::net::{Ipv4Addr, Ipv6Addr};
use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::{IntoResponse as _, Response};
use http::uri::Authority;
use http::{StatusCode, header};

/// Accepted besides IP literals and `localhost`. In lower case.
#[derive(Clone)]
pub struct Names(Arc<[String]>);

impl Names {
    pub fn new(names: &[String]) -> Self {
        Self(names.iter().map(|name| name.to_lowercase()).collect())
    }

    fn accept(&self, host: &str) -> bool {
        let host = host.to_lowercase();
        let address = host.trim_start_matches('[').trim_end_matches(']');
        host == "localhost"
            || address.parse::<Ipv4Addr>().is_ok()
            || address.parse::<Ipv6Addr>().is_ok()
            || self.0.contains(&host)
    }
}

pub async fn check(State(names): State<Names>, request: Request, next: Next) -> Response {
    let accepted = authority(&request).is_some_and(|authority| names.accept(authority.host()));
    if accepted {
        return next.run(request).await;
    }
    let text = "This name is not one of this console's. An administrator can allow it with the setting \
                external-url or allowed-hosts (PILOTHOUSE_EXTERNAL_URL, PILOTHOUSE_ALLOWED_HOSTS).\n";
    (StatusCode::MISDIRECTED_REQUEST, text).into_response()
}

/// Whom the request is addressed to: exactly one Host header.
pub(super) fn authority(request: &Request) -> Option<Authority> {
    let mut hosts = request.headers().get_all(header::HOST).iter();
    let host = hosts.next()?;
    if hosts.next().is_some() {
        return None;
    }
    host.to_str().ok()?.parse().ok().filter(|authority: &Authority| !authority.as_str().contains('@'))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn addresses_localhost_and_configured_names_are_accepted_others_not() {
        let names = Names::new(&["Console.example.org".to_owned()]);
        for host in ["127.0.0.1", "[::1]", "localhost", "LOCALHOST", "console.EXAMPLE.org", "10.0.0.7"] {
            assert!(names.accept(host), "{host}");
        }
        for host in
            ["evil.example", "localhost.evil.example", "127.0.0.1.evil.example", "xconsole.example.org", ""]
        {
            assert!(!names.accept(host), "{host}");
        }
    }
}
