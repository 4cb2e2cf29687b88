//! `/k8s/clusters/<cluster>/…`: the Kubernetes API of a cluster for kubectl and other programs, as the person whose token they send.
//!
//! Nothing of the caller's request goes on but its method, path, body and the headers listed here, so nobody says who they are but
//! the token. Cookies count for nothing, which leaves other sites nothing to misuse.

use std::time::Duration;

use app::paths;
use axum::body::Body;
use axum::extract::{Request, State};
use axum::response::{IntoResponse as _, Response};
use console::{Bearer, TokenBook};
use contract::identity::SignedIn;
use contract::{Error, Kind};
use futures::StreamExt as _;
use http::{HeaderMap, HeaderName, HeaderValue, Method, StatusCode, Uri, header};
use model::clusters::ClusterName;
use model::roles::{Permission, Permissions};
use serde_json::json;
use tokio::io::copy_bidirectional;

use crate::middleware::address::ClientAddress;
use crate::middleware::request_id::RequestId;

/// How often it is looked whether the token of something that lasts is still good.
const LOOK: Duration = Duration::from_secs(5);
/// Largest body of a request, in bytes; API servers take 3 MiB.
const LARGEST: usize = 4 * 1024 * 1024;
const METHODS: [Method; 6] =
    [Method::GET, Method::HEAD, Method::POST, Method::PUT, Method::PATCH, Method::DELETE];
/// What goes on of the caller's headers.
const HEADERS: [&str; 9] = [
    "accept",
    "accept-encoding",
    "content-type",
    "user-agent",
    "if-match",
    "if-none-match",
    "kubectl-command",
    "kubectl-session",
    "x-stream-protocol-version",
];
/// And of those of one who wants a connection of another kind.
const UPGRADE_HEADERS: [&str; 5] = [
    "upgrade",
    "sec-websocket-key",
    "sec-websocket-version",
    "sec-websocket-protocol",
    "sec-websocket-extensions",
];
/// What stays behind of the cluster's headers.
const OF_THE_CONNECTION: [HeaderName; 5] = [
    header::CONNECTION,
    header::TRANSFER_ENCODING,
    header::SET_COOKIE,
    header::SERVER,
    header::ACCESS_CONTROL_ALLOW_ORIGIN,
];

pub async fn forward(State(tokens): State<TokenBook>, request: Request) -> Response {
    match answer(&tokens, request).await {
        Ok(answer) => answer,
        Err((status, reason, message)) => told(status, reason, &message),
    }
}

type Refusal = (StatusCode, &'static str, String);

async fn answer(tokens: &TokenBook, mut request: Request) -> Result<Response, Refusal> {
    let id = request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    let sent = token(request.headers()).map(str::to_owned);
    let bearer = match &sent {
        Some(token) => tokens.bearer(token, &id).await.map_err(failed)?,
        None => None,
    };
    let (Some(mut bearer), Some(token)) = (bearer, sent) else { return Err(unauthorized()) };
    bearer.actor.address = request.extensions().get::<ClientAddress>().and_then(|address| address.0);
    let (cluster, target) = target(request.uri())?;
    if !METHODS.contains(request.method()) {
        let message = "this method is not one of the Kubernetes API".to_owned();
        return Err((StatusCode::METHOD_NOT_ALLOWED, "MethodNotAllowed", message));
    }
    let upgrades = request.headers().contains_key(header::UPGRADE);
    let changes = changes(request.method(), target.path()) || upgrades;
    if changes && bearer.read_only {
        let message = "this token only reads; make one that may change things under Account".to_owned();
        return Err((StatusCode::FORBIDDEN, "Forbidden", message));
    }
    let downstream = upgrades.then(|| hyper::upgrade::on(&mut request));
    let lasts = lasts(&target);
    let mut onward = http::Request::new(cluster::Body::empty());
    *onward.method_mut() = request.method().clone();
    *onward.uri_mut() = target;
    *onward.headers_mut() = kept(request.headers(), upgrades);
    if !upgrades {
        let whole = axum::body::to_bytes(request.into_body(), LARGEST).await.map_err(|_| {
            let message = "the body of this request is too large".to_owned();
            (StatusCode::PAYLOAD_TOO_LARGE, "RequestEntityTooLarge", message)
        })?;
        *onward.body_mut() = whole.to_vec().into();
    }
    let Bearer { actor, .. } = &bearer;
    let takes = match (upgrades, lasts) {
        (true, _) => Some(Permission::Shell),
        (false, true) => Some(Permission::View),
        (false, false) => None,
    };
    let mut answer = tokens.send(actor, &cluster, changes, takes, onward).await.map_err(failed)?;
    for name in OF_THE_CONNECTION {
        answer.headers_mut().remove(name);
    }
    let held = match lasts || upgrades {
        true => tokens.held(&bearer.actor).await.map_err(failed)?,
        false => Vec::new(),
    };
    let watch = Watch { tokens: tokens.clone(), token, user: bearer.actor.user.clone(), held };
    if answer.status() == StatusCode::SWITCHING_PROTOCOLS
        && let Some(downstream) = downstream
    {
        return Ok(tunnel(answer, downstream, watch));
    }
    let (head, body) = answer.into_parts();
    let body = match lasts {
        // What lasts ends with the token.
        true => Body::from_stream(Body::new(body).into_data_stream().take_until(Box::pin(watch.ended()))),
        false => Body::new(body),
    };
    Ok(Response::from_parts(head, body))
}

/// The token of an Authorization header that stands there once.
fn token(headers: &HeaderMap) -> Option<&str> {
    let mut all = headers.get_all(header::AUTHORIZATION).iter();
    let first = all.next()?.to_str().ok()?;
    if all.next().is_some() {
        return None;
    }
    let (scheme, token) = first.split_once(' ')?;
    scheme.eq_ignore_ascii_case("bearer").then(|| token.trim())
}

/// The cluster, and what is asked of it. Spellings that could mean another path are refused, and so are ways on from the
/// cluster's API server to pods, services and nodes.
fn target(uri: &Uri) -> Result<(ClusterName, Uri), Refusal> {
    let missing = || (StatusCode::NOT_FOUND, "NotFound", "there is no such address".to_owned());
    let rest = uri.path().strip_prefix(paths::KUBERNETES_BELOW).ok_or_else(missing)?;
    let (cluster, path) = rest.split_once('/').unwrap_or((rest, ""));
    let cluster = ClusterName::parse(cluster).map_err(|_| missing())?;
    let lower = path.to_ascii_lowercase();
    let odd = ["//", "\\", ";"].iter().any(|odd| lower.contains(odd)) || hides(path);
    let segments: Vec<_> = path.split('/').collect();
    if odd || path.starts_with('/') || segments.iter().any(|segment| matches!(*segment, "." | "..")) {
        let message = "this spelling of a path is not accepted".to_owned();
        return Err((StatusCode::BAD_REQUEST, "BadRequest", message));
    }
    if leads_on(&segments) {
        let message = "proxying through the API server is not offered; use port-forward".to_owned();
        return Err((StatusCode::FORBIDDEN, "Forbidden", message));
    }
    let query = uri.query().map(|query| format!("?{query}")).unwrap_or_default();
    let uri = format!("/{path}{query}").parse().map_err(|_| missing())?;
    Ok((cluster, uri))
}

/// Whether an escape stands for what needs none, or for what would be read as more than a letter: names in paths of the
/// Kubernetes API are spelled one way, and what was looked at here has to be what the API server reads.
fn hides(path: &str) -> bool {
    let mut rest = path.as_bytes();
    while let Some(at) = rest.iter().position(|byte| *byte == b'%') {
        let after = rest.get(at + 1..).unwrap_or_default();
        let code = after.get(..2).and_then(|hex| std::str::from_utf8(hex).ok());
        let Some(byte) = code.and_then(|hex| u8::from_str_radix(hex, 16).ok()) else { return true };
        let plain = byte.is_ascii_alphanumeric() || matches!(byte, b'-' | b'.' | b'_' | b'~');
        if plain || matches!(byte, b'/' | b'\\' | b'%' | b';' | 0..=31 | 127) {
            return true;
        }
        rest = after.get(2..).unwrap_or_default();
    }
    false
}

/// `nodes/x/proxy`, `namespaces/x/services/y/proxy/…`, `namespaces/x/pods/y/proxy/…`, and their old forms.
fn leads_on(segments: &[&str]) -> bool {
    matches!(
        segments,
        ["api", "v1", "proxy", ..]
            | ["api", "v1", "nodes", _, "proxy", ..]
            | ["api", "v1", "namespaces", _, "pods" | "services", _, "proxy", ..]
    )
}

/// Whether a request may change something, or opens a way into a container. Asking what one may do changes nothing.
fn changes(method: &Method, path: &str) -> bool {
    let into = ["/exec", "/attach", "/portforward"].iter().any(|end| path.ends_with(end));
    if matches!(*method, Method::GET | Method::HEAD) {
        return into;
    }
    let asks =
        path.starts_with("/apis/authorization.k8s.io/") || path.starts_with("/apis/authentication.k8s.io/");
    !(asks && *method == Method::POST && path.ends_with("reviews"))
}

/// Whether the answer goes on for as long as somebody listens.
fn lasts(uri: &Uri) -> bool {
    // As API servers read it: everything but these is yes, also nothing at all.
    let no = |value: &str| matches!(value.to_ascii_lowercase().as_str(), "false" | "0" | "f");
    let mut query = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    query.any(|(name, value)| matches!(&*name, "watch" | "follow") && !no(&value))
        || uri.path().contains("/watch/")
}

fn kept(headers: &HeaderMap, upgrades: bool) -> HeaderMap {
    let mut kept = HeaderMap::new();
    let more: &[&str] = if upgrades { &UPGRADE_HEADERS } else { &[] };
    for name in HEADERS.iter().chain(more) {
        let Ok(name) = HeaderName::from_bytes(name.as_bytes()) else { continue };
        for value in headers.get_all(&name) {
            kept.append(name.clone(), value.clone());
        }
    }
    if upgrades {
        kept.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
    }
    kept
}

/// Looks whether a token is still good, and its owner who they were.
struct Watch {
    tokens: TokenBook,
    token: String,
    user: Option<SignedIn>,
    held: Vec<(String, Permissions)>,
}

impl Watch {
    /// Returns when it is not.
    async fn ended(self) {
        loop {
            tokio::time::sleep(LOOK).await;
            match self.tokens.bearer(&self.token, "").await {
                Ok(Some(Bearer { actor, .. })) => {
                    let held = self.tokens.held(&actor).await;
                    if actor.user != self.user || held.is_ok_and(|held| held != self.held) {
                        return;
                    }
                }
                Ok(None) => return,
                // Nothing is known at this moment.
                Err(_) => {}
            }
        }
    }
}

/// What both sides say goes to the other, until one of them or the token ends.
fn tunnel(
    mut answer: http::Response<cluster::Body>,
    downstream: hyper::upgrade::OnUpgrade,
    watch: Watch,
) -> Response {
    let upstream = hyper::upgrade::on(&mut answer);
    tokio::spawn(async move {
        let (Ok(above), Ok(below)) = tokio::join!(upstream, downstream) else { return };
        let mut above = hyper_util::rt::TokioIo::new(above);
        let mut below = hyper_util::rt::TokioIo::new(below);
        tokio::select! {
            _either = copy_bidirectional(&mut above, &mut below) => {}
            () = watch.ended() => {}
        }
    });
    let (mut head, _) = answer.into_parts();
    head.headers.insert(header::CONNECTION, HeaderValue::from_static("Upgrade"));
    Response::from_parts(head, Body::empty())
}

fn unauthorized() -> Refusal {
    let message =
        "the token is missing, wrong or has ended, or its owner has to sign in to the console again";
    (StatusCode::UNAUTHORIZED, "Unauthorized", message.to_owned())
}

fn failed(error: Error) -> Refusal {
    match error.kind {
        Kind::NotFound { .. } => (StatusCode::NOT_FOUND, "NotFound", "there is no such cluster".to_owned()),
        Kind::Unauthenticated => unauthorized(),
        Kind::ClusterForbids { message, .. } => (StatusCode::FORBIDDEN, "Forbidden", message),
        Kind::ClusterUnreachable { cluster } => {
            let message = format!("the cluster {cluster} does not answer");
            (StatusCode::SERVICE_UNAVAILABLE, "ServiceUnavailable", message)
        }
        _ => {
            tracing::error!(event = "kubernetes.failed", error = error.to_string());
            (StatusCode::INTERNAL_SERVER_ERROR, "InternalError", "the console failed".to_owned())
        }
    }
}

/// In the form that Kubernetes clients understand.
fn told(code: StatusCode, reason: &str, message: &str) -> Response {
    let status = json!({
        "kind": "Status", "apiVersion": "v1", "metadata": {}, "status": "Failure",
        "message": message, "reason": reason, "code": code.as_u16(),
    });
    let content = [(header::CONTENT_TYPE, "application/json"), (header::CACHE_CONTROL, "no-store")];
    (code, content, status.to_string()).into_response()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_path_goes_on_as_it_is_or_not_at_all() {
        let to = |path: &str| {
            target(&path.parse().unwrap()).map(|(cluster, uri)| (cluster.to_string(), uri.to_string()))
        };

        assert_eq!(
            to("/k8s/clusters/local/api/v1/pods?limit=5"),
            Ok(("local".to_owned(), "/api/v1/pods?limit=5".to_owned()))
        );
        assert_eq!(to("/k8s/clusters/local").map(|(_, path)| path), Ok("/".to_owned()));
        assert!(
            to("/k8s/clusters/local/apis/rbac.authorization.k8s.io/v1/clusterroles/system%3Aadmin").is_ok()
        );
        // A namespace may be called so.
        assert!(to("/k8s/clusters/local/api/v1/namespaces/proxy/pods").is_ok());
        for odd in [
            "/k8s/clusters/local//api",
            "/k8s/clusters/local/api/v1/../../x",
            "/k8s/clusters/local/api/v1/%2e%2e/x",
            "/k8s/clusters/local/api/v1/namespaces/x%2Fy",
            "/k8s/clusters/local/api;v=1",
            "/k8s/clusters/local/api/./v1",
            "/k8s/clusters/local/api/v1/%252e",
            "/k8s/clusters/local/api/v1/namespaces/x/services/y/%70roxy/",
            "/k8s/clusters/local/api/v1/w%61tch/pods",
            "/k8s/clusters/local/api/v1/pods/x%zz",
            "/k8s/clusters/local/api/v1/pods/x%0d",
        ] {
            assert_eq!(to(odd).unwrap_err().0, StatusCode::BAD_REQUEST, "{odd}");
        }
        for on in [
            "/k8s/clusters/local/api/v1/nodes/real/proxy/metrics",
            "/k8s/clusters/local/api/v1/namespaces/x/services/http:evil:80/proxy/",
            "/k8s/clusters/local/api/v1/namespaces/x/pods/web/proxy",
            "/k8s/clusters/local/api/v1/proxy/nodes/real",
        ] {
            assert_eq!(to(on).unwrap_err().0, StatusCode::FORBIDDEN, "{on}");
        }
        assert_eq!(to("/k8s/clusters/A_b/api").unwrap_err().0, StatusCode::NOT_FOUND);
    }

    #[test]
    fn nobody_says_who_they_are_but_with_a_token() {
        let mut headers = HeaderMap::new();
        for name in [
            "impersonate-user",
            "impersonate-group",
            "impersonate-extra-scopes",
            "x-remote-user",
            "x-remote-group",
            "authorization",
            "cookie",
            "forwarded",
            "x-forwarded-for",
            "connection",
            "host",
        ] {
            headers.insert(name, HeaderValue::from_static("impersonate-user"));
        }
        headers.insert("accept", HeaderValue::from_static("application/json"));

        assert_eq!(kept(&headers, false).keys().collect::<Vec<_>>(), ["accept"]);
        assert_eq!(kept(&headers, true).get("connection").unwrap(), "Upgrade");
    }

    #[test]
    fn what_lasts_is_known_however_it_is_spelled() {
        for lasting in ["?watch=true", "?watch=T", "?watch", "?a=b&w%61tch=1", "?follow=yes"] {
            assert!(lasts(&format!("/api/v1/pods{lasting}").parse().unwrap()), "{lasting}");
        }
        for ending in ["", "?watch=false", "?watch=0", "?limit=5"] {
            assert!(!lasts(&format!("/api/v1/pods{ending}").parse().unwrap()), "{ending}");
        }
    }

    #[test]
    fn what_changes_or_leads_into_a_container_is_known() {
        assert!(changes(&Method::DELETE, "/api/v1/namespaces/x/pods"));
        assert!(changes(&Method::GET, "/api/v1/namespaces/x/pods/web/exec"));
        assert!(!changes(&Method::GET, "/api/v1/pods"));
        assert!(!changes(&Method::POST, "/apis/authorization.k8s.io/v1/selfsubjectaccessreviews"));
        assert!(changes(&Method::POST, "/apis/authorization.k8s.io/v1/other"));
    }
}
