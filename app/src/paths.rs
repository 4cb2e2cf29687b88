//! Every address of the console. Nothing else spells a URL.

use model::clusters::ClusterName;
use model::namespaces::NamespaceName;
use model::projects::ProjectName;

pub const OVERVIEW: &str = "/";
pub const ACTIVATE: &str = "/activate";
pub const SIGN_IN: &str = "/sign-in";
pub const ACCOUNT: &str = "/account";
pub const USERS: &str = "/users";
pub const PROJECTS: &str = "/projects";
pub const NEW_PROJECT: &str = "/projects/new";
pub const NAMESPACES: &str = "/namespaces";
pub const CLUSTERS: &str = "/clusters";
pub const LICENCE: &str = "/licence";
pub const AUDIT: &str = "/audit";

/// Where forms that work without scripts are posted.
pub const POST_SIGN_IN: &str = "/auth/sign-in";
pub const POST_SIGN_OUT: &str = "/auth/sign-out";
pub const POST_PREFERENCES: &str = "/preferences";

/// Prefix of all server functions.
pub const API: &str = "/api";
/// Script, styles and pictures.
pub const PACKAGE: &str = "/pkg";
pub const FAVICON: &str = "/favicon.svg";

pub const HEALTH: &str = "/healthz";
pub const READY: &str = "/readyz";

/// The only page addresses open to somebody who is not signed in.
pub const PUBLIC_PAGES: [&str; 2] = [ACTIVATE, SIGN_IN];

/// The sign-in page that leads back to `next`.
pub fn sign_in_then(next: &str) -> String {
    if next == OVERVIEW {
        return SIGN_IN.to_owned();
    }
    let mut encoded = String::new();
    for byte in next.bytes() {
        match byte {
            b'A'..=b'Z' | b'a'..=b'z' | b'0'..=b'9' | b'-' | b'_' | b'.' | b'/' => {
                encoded.push(char::from(byte))
            }
            _ => encoded.push_str(&format!("%{byte:02X}")),
        }
    }
    format!("{SIGN_IN}?next={encoded}")
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

pub fn project(name: &ProjectName) -> String {
    format!("{PROJECTS}/{name}")
}

pub fn members(project: &ProjectName) -> String {
    format!("{PROJECTS}/{project}/{PART_MEMBERS}")
}

pub fn new_namespace(project: &ProjectName) -> String {
    format!("{PROJECTS}/{project}/{PART_NAMESPACES}/{PART_NEW}")
}

pub fn namespace(cluster: &ClusterName, name: &NamespaceName) -> String {
    format!("{NAMESPACES}/{cluster}/{name}")
}

pub fn cluster(name: &ClusterName) -> String {
    format!("{CLUSTERS}/{name}")
}

/// The trail, from before an entry on.
pub fn audit_before(id: i64) -> String {
    format!("{AUDIT}?before={id}")
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
    fn the_way_back_survives_in_the_address() {
        assert_eq!(sign_in_then("/audit?before=7"), "/sign-in?next=/audit%3Fbefore%3D7");
        assert_eq!(sign_in_then("/"), "/sign-in");
    }
}
