//! A request of somebody else's making, sent to a cluster as the person.

use contract::{Error, Kind};
use gate::Grant;
use http::{Method, Request, Response, Uri};
use serde_json::Value;

use crate::client::Cluster;
use crate::read::Reader;
use crate::trail::kept;

pub use kube::client::Body;

/// The answer as it comes, whatever its status. Headers are the caller's to choose: those that say who somebody is are put over
/// them here.
///
/// Errors: `ClusterUnreachable`.
pub async fn forward(
    cluster: &Cluster,
    grant: &Grant,
    request: Request<Body>,
) -> Result<Response<Body>, Error> {
    let client = cluster.client(grant)?;
    client.send(request).await.map_err(|error| Error {
        kind: Kind::ClusterUnreachable { cluster: cluster.name.clone() },
        cause: Some(Box::new(error)),
    })
}

/// As [`forward`]. Where a single object is changed that is no Secret, the trail gets what became of it, as far as the person may
/// read it.
///
/// Errors: `ClusterUnreachable`.
pub async fn forward_change(
    cluster: &Cluster,
    grant: &Grant,
    request: Request<Body>,
) -> Result<Response<Body>, Error> {
    let changed = changed(request.method(), request.uri());
    let deletes = *request.method() == Method::DELETE;
    let before = match &changed {
        Some(path) => look(cluster, grant, path).await,
        None => None,
    };
    let answer = forward(cluster, grant, request).await?;
    if let (Some(path), Some(before), true) = (changed, before, answer.status().is_success()) {
        // What is deleted may take its time to go.
        let after = if deletes { Some(String::new()) } else { look(cluster, grant, &path).await };
        if let Some(after) = after {
            grant.note(before, after);
        }
    }
    Ok(answer)
}

/// The path of the one object that a request changes.
fn changed(method: &Method, uri: &Uri) -> Option<String> {
    let mut query = form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    let dry = query.any(|(name, value)| name == "dryRun" && value == "All");
    if dry || ![Method::PUT, Method::PATCH, Method::DELETE].contains(method) {
        return None;
    }
    let parts: Vec<_> = uri.path().trim_matches('/').split('/').collect();
    let inside = match parts.as_slice() {
        ["api", _, inside @ ..] | ["apis", _, _, inside @ ..] => inside,
        _ => return None,
    };
    let inside = match inside {
        ["namespaces", _] | ["namespaces", _, "status" | "finalize"] => inside,
        ["namespaces", _, inside @ ..] => inside,
        inside => inside,
    };
    // A collection, or values that are nobody's to keep.
    let [resource, _name, ..] = inside else { return None };
    (*resource != "secrets").then(|| uri.path().to_owned())
}

/// As text; empty when it is not there, none when the person may not read it.
async fn look(cluster: &Cluster, grant: &Grant, path: &str) -> Option<String> {
    let client = cluster.client(grant).ok()?;
    match (Reader { cluster, client: &client }).get::<Value>(path).await {
        Ok(object) => kept(object).ok(),
        Err(error) if matches!(error.kind, Kind::NotFound { .. }) => Some(String::new()),
        Err(_) => None,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn one_object_that_is_no_secret_is_looked_at_before_and_after_a_change() {
        let of = |method: Method, uri: &str| changed(&method, &uri.parse().unwrap());
        for path in [
            "/api/v1/namespaces/shop",
            "/api/v1/namespaces/shop/configmaps/web",
            "/apis/apps/v1/namespaces/shop/deployments/web/scale",
            "/apis/rbac.authorization.k8s.io/v1/clusterroles/x",
        ] {
            assert_eq!(of(Method::PATCH, &format!("{path}?fieldManager=x")).as_deref(), Some(path));
            let hiding = of(Method::PATCH, &format!("{path}?fieldManager=dryRun%3DAll"));
            assert_eq!(hiding.as_deref(), Some(path), "only a dry run is one");
            assert_eq!(of(Method::POST, path), None, "{path} is made");
            assert_eq!(of(Method::PUT, &format!("{path}?dryRun=All")), None, "{path} is only tried");
        }
        for path in [
            "/api/v1/namespaces/shop/secrets/password",
            "/api/v1/namespaces/shop/configmaps",
            "/api/v1/nodes",
            "/version",
        ] {
            assert_eq!(of(Method::DELETE, path), None, "{path}");
        }
    }
}
