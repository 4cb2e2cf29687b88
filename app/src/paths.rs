//! Every address of the console. Nothing else spells a URL.

mod lists;

use model::audit::{AuditQuery, Outcome};
use model::catalog::RepositoryName;
use model::clusters::ClusterName;
use model::identity::Username;
use model::monitoring::Span;
use model::namespaces::NamespaceName;
use model::projects::ProjectName;
use model::providers::ProviderName;
use model::releases::ReleaseRef;
use model::workloads::{LogSource, ObjectName, WorkloadKind, WorkloadRef};

pub use lists::{names, read_hidden, read_scope, read_sort, row_parts, rows, rows_of, saved, search};

pub const OVERVIEW: &str = "/";
pub const ACTIVATE: &str = "/activate";
pub const SIGN_IN: &str = "/sign-in";
pub const WELCOME: &str = "/welcome";
pub const ACCOUNT: &str = "/account";
pub const USERS: &str = "/users";
pub const PROVIDERS: &str = "/users/providers";
pub const NEW_PROVIDER: &str = "/users/providers/new";
pub const PEOPLE: &str = "/people";
pub const GROUPS: &str = "/users/groups";
pub const REQUESTS: &str = "/requests";
pub const PROJECTS: &str = "/projects";
pub const NEW_PROJECT: &str = "/projects/new";
pub const NAMESPACES: &str = "/namespaces";
pub const CATALOG: &str = "/catalog";
pub const REPOSITORIES: &str = "/catalog/repositories";
pub const RELEASES: &str = "/releases";
pub const JOBS: &str = "/jobs";
pub const WORKLOADS: &str = "/workloads";
pub const RESOURCES: &str = "/resources";
pub const SEARCH: &str = "/search";
pub const CONSOLE_HEALTH: &str = "/health";
pub const CLUSTERS: &str = "/clusters";
pub const NEW_CLUSTER: &str = "/clusters/new";
pub const LICENCE: &str = "/licence";
pub const AUDIT: &str = "/audit";

/// Where forms that work without scripts are posted.
pub const POST_SIGN_IN: &str = "/auth/sign-in";
pub const POST_SIGN_OUT: &str = "/auth/sign-out";
pub const POST_VIEW_AS: &str = "/auth/view-as";
pub const POST_STOP_VIEWING: &str = "/auth/stop-viewing";
pub const POST_PREFERENCES: &str = "/preferences";

/// Signing in with an identity provider.
pub const SSO: &str = "/sso";
/// What begins the addresses below it.
pub const SSO_BELOW: &str = "/sso/";

/// The Kubernetes API of clusters begins with this and the name of one.
pub const KUBERNETES_BELOW: &str = "/k8s/clusters/";

/// Pictures of charts.
pub const ICONS: &str = "/icons";
/// The WebSocket of a tab.
pub const LIVE: &str = "/live";
/// The server function that asks how long the session lasts, which is no use of it.
pub const SESSION_LEFT: &str = "/api/identity/session-left";
/// Prefix of all server functions.
pub const API: &str = "/api";
/// Script, styles and pictures.
pub const PACKAGE: &str = "/pkg";
pub const FAVICON: &str = "/favicon.svg";

pub const HEALTH: &str = "/healthz";
pub const READY: &str = "/readyz";

/// The only page addresses open to somebody who is not signed in.
pub const PUBLIC_PAGES: [&str; 3] = [ACTIVATE, SIGN_IN, WELCOME];

/// The sign-in page that leads back to `next`.
pub fn sign_in_then(next: &str) -> String {
    if next == OVERVIEW {
        return SIGN_IN.to_owned();
    }
    format!("{SIGN_IN}?next={}", encoded(next))
}

/// As the value of a query.
pub fn encoded(text: &str) -> String {
    let mut encoded = String::new();
    for byte in text.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'/' | b',' => {
                encoded.push(char::from(byte))
            }
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    encoded
}

/// `next` when it is an address of this console, otherwise the overview: a link must not lead elsewhere after sign-in.
pub fn safe_next(next: &str) -> &str {
    let local = next.starts_with('/') && !next.starts_with("//");
    let plain = !next.contains(['\\', '\r', '\n', '\t']) && !next.chars().any(char::is_control);
    if local && plain { next } else { OVERVIEW }
}

/// Last parts of addresses below a project or a cluster.
pub const PART_MEMBERS: &str = "members";
pub const PART_NAMESPACES: &str = "namespaces";
pub const PART_NEW: &str = "new";
pub const PART_REPOSITORIES: &str = "repositories";
pub const PART_CHARTS: &str = "charts";
pub const PART_INSTALL: &str = "install";
pub const PART_UPGRADE: &str = "upgrade";
pub const PART_DEPLOY: &str = "deploy";
pub const PART_PROVIDERS: &str = "providers";
pub const PART_GROUPS: &str = "groups";
pub const PART_ROLES: &str = "roles";
pub const PART_CHANGE: &str = "change";
/// And below a provider's address.
pub const PART_TEST: &str = "test";
pub const PART_CALLBACK: &str = "callback";
pub const PART_LOGOUT: &str = "logout";

pub fn user(name: &Username) -> String {
    format!("{PEOPLE}/{name}")
}

pub fn provider(name: &ProviderName) -> String {
    format!("{PROVIDERS}/{name}")
}

/// The page of a provider after a test; `test` says how it ended.
pub fn provider_after_test(name: &ProviderName, test: &str) -> String {
    if test.is_empty() { provider(name) } else { format!("{}?test={test}", provider(name)) }
}

/// To the provider, and then on to `next`.
pub fn sso(name: &ProviderName, next: &str) -> String {
    if next.is_empty() { format!("{SSO}/{name}") } else { format!("{SSO}/{name}?next={}", encoded(next)) }
}

pub fn sso_test(name: &ProviderName) -> String {
    format!("{SSO}/{name}/{PART_TEST}")
}

/// Where a provider sends browsers back to.
pub fn sso_callback(name: &ProviderName) -> String {
    format!("{SSO}/{name}/{PART_CALLBACK}")
}

/// Where a provider tells that somebody signed out.
pub fn sso_logout(name: &ProviderName) -> String {
    format!("{SSO}/{name}/{PART_LOGOUT}")
}

/// As the router takes them: of every provider.
pub fn sso_route(part: &str) -> String {
    if part.is_empty() { format!("{SSO}/{{provider}}") } else { format!("{SSO}/{{provider}}/{part}") }
}

pub fn project(name: &ProjectName) -> String {
    format!("{PROJECTS}/{name}")
}

pub fn members(project: &ProjectName) -> String {
    format!("{PROJECTS}/{project}/{PART_MEMBERS}")
}

pub fn roles(project: &ProjectName) -> String {
    format!("{PROJECTS}/{project}/{PART_ROLES}")
}

pub fn change_project(project: &ProjectName) -> String {
    format!("{PROJECTS}/{project}/{PART_CHANGE}")
}

/// Where access is asked for, to this project when it is known.
pub fn request_access(project: Option<&ProjectName>) -> String {
    project.map_or_else(|| REQUESTS.to_owned(), |project| format!("{REQUESTS}?project={project}"))
}

pub fn new_namespace(project: &ProjectName) -> String {
    format!("{PROJECTS}/{project}/{PART_NAMESPACES}/{PART_NEW}")
}

pub fn namespace(cluster: &ClusterName, name: &NamespaceName) -> String {
    format!("{NAMESPACES}/{cluster}/{name}")
}

/// The charts that have all these words.
pub fn charts(words: &str) -> String {
    if words.is_empty() { CATALOG.to_owned() } else { format!("{CATALOG}?words={}", encoded(words)) }
}

pub fn chart(repository: &RepositoryName, name: &str) -> String {
    format!("{CATALOG}/{PART_CHARTS}/{repository}/{name}")
}

pub fn chart_version(repository: &RepositoryName, name: &str, version: &str) -> String {
    format!("{}?version={}", chart(repository, name), encoded(version))
}

/// The form that installs a version of a chart.
pub fn install(repository: &RepositoryName, name: &str, version: &str) -> String {
    format!("{}/{PART_INSTALL}?version={}", chart(repository, name), encoded(version))
}

pub fn release(target: &ReleaseRef) -> String {
    format!("{RELEASES}/{}/{}/{}", target.cluster, target.namespace, target.name)
}

/// The form for another version or other values.
pub fn upgrade(target: &ReleaseRef) -> String {
    format!("{}/{PART_UPGRADE}", release(target))
}

pub fn job(id: &str) -> String {
    format!("{JOBS}/{}", encoded(id))
}

/// The page of an object that a release made, such as `Deployment/web`, when it has one.
pub fn workload_of(release: &ReleaseRef, object: &str) -> Option<String> {
    let (kind, name) = object.split_once('/')?;
    let kind = WorkloadKind::ALL.into_iter().find(|known| known.as_str() == kind)?;
    let (cluster, namespace) = (release.cluster.clone(), release.namespace.clone());
    Some(workload(&WorkloadRef { cluster, namespace, kind, name: ObjectName::parse(name).ok()? }))
}

/// The script of the editor, which lies beside the styles of this address.
pub fn editor(styles: &str) -> String {
    let folder = styles.rsplit_once('/').map_or("", |(folder, _)| folder);
    format!("{folder}/editor.js")
}

/// The picture of a chart.
pub fn icon(repository: &RepositoryName, name: &str) -> String {
    format!("{ICONS}/{repository}/{name}")
}

/// The form for a Deployment in this namespace.
pub fn deploy(cluster: &ClusterName, namespace: &NamespaceName) -> String {
    format!("{NAMESPACES}/{cluster}/{namespace}/{PART_DEPLOY}")
}

pub fn workload(target: &WorkloadRef) -> String {
    let WorkloadRef { cluster, namespace, kind, name } = target;
    format!("{WORKLOADS}/{cluster}/{namespace}/{}/{name}", kind.plural())
}

/// A tab of a workload's page; each is an address of its own.
pub fn workload_tab(target: &WorkloadRef, tab: &str) -> String {
    let page = workload(target);
    if tab.is_empty() { page } else { format!("{page}?tab={tab}") }
}

/// The page that is looked at, with its charts over another span.
pub fn with_span(page: &str, tab: &str, span: Span) -> String {
    let parts = [("tab", tab), ("span", span.as_str())];
    let parts: Vec<_> = parts.iter().filter(|(_, value)| !value.is_empty()).collect();
    let parts: Vec<_> = parts.iter().map(|(name, value)| format!("{name}={}", encoded(value))).collect();
    if parts.is_empty() { page.to_owned() } else { format!("{page}?{}", parts.join("&")) }
}

/// The log of one container on its workload's page.
pub fn log(target: &WorkloadRef, source: &LogSource) -> String {
    let previous = if source.previous { "&previous=true" } else { "" };
    format!("{}&pod={}&container={}{previous}", workload_tab(target, "log"), source.pod, source.container)
}

/// A text as an address of its own, to be downloaded; `kind` is its media type.
pub fn download(kind: &str, text: &str) -> String {
    format!("data:{kind};charset=utf-8,{}", encoded(text))
}

/// The Kubernetes API of a cluster.
pub fn kubernetes(name: &ClusterName) -> String {
    format!("{KUBERNETES_BELOW}{name}")
}

pub fn cluster(name: &ClusterName) -> String {
    format!("{CLUSTERS}/{name}")
}

/// The trail, as somebody looks at it.
pub fn audit(query: &AuditQuery) -> String {
    let AuditQuery { who, action, object, outcome, before } = query;
    let text = |name: &str, value: &str| (!value.is_empty()).then(|| format!("{name}={}", encoded(value)));
    let parts = [
        text("who", who),
        text("action", action),
        text("object", object),
        text("outcome", outcome.map_or("", Outcome::as_str)),
        before.map(|before| format!("before={before}")),
    ];
    let parts: Vec<_> = parts.into_iter().flatten().collect();
    if parts.is_empty() { AUDIT.to_owned() } else { format!("{AUDIT}?{}", parts.join("&")) }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn sign_in_leads_back_into_the_console_only() {
        assert_eq!(safe_next("/users?x=1"), "/users?x=1");
        for hostile in ["//evil.example", "https://evil.example", "/\\evil.example", "/a\nb", ""] {
            assert_eq!(safe_next(hostile), OVERVIEW, "{hostile:?}");
        }
    }

    #[test]
    fn another_span_keeps_the_tab() {
        assert_eq!(with_span("/clusters/local", "", Span::Day), "/clusters/local?span=1d");
        assert_eq!(with_span("/workloads/x", "metrics", Span::Hour), "/workloads/x?tab=metrics&span=1h");
        assert_eq!(with_span("/workloads/x", "metrics", Span::Recent), "/workloads/x?tab=metrics");
    }

    #[test]
    fn the_way_back_survives_in_the_address() {
        assert_eq!(sign_in_then("/audit?before=7"), "/sign-in?next=/audit%3Fbefore%3D7");
        assert_eq!(sign_in_then("/"), "/sign-in");
    }
}
