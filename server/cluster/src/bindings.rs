//! Who is bound to which role in a namespace.

use std::time::Duration;

use contract::Error;
use gate::Grant;
use http::Request;
use model::namespaces::NamespaceName;
use serde::de::IgnoredAny;
use serde_json::json;

use crate::client::{Cluster, USERS};
use crate::namespaces::path;
use crate::write::{apply, delete};

/// Subjects of one role: a ClusterRole, and slugs of people.
pub type Bound = (&'static str, Vec<String>);

/// Binds exactly these people to these roles. Bindings of others in the namespace are left alone.
pub async fn bind(
    cluster: &Cluster,
    grant: &Grant,
    name: &NamespaceName,
    bound: &[Bound],
) -> Result<(), Error> {
    for (role, slugs) in bound {
        let subjects = slugs
            .iter()
            .map(|slug| json!({ "kind": "ServiceAccount", "namespace": USERS, "name": slug }))
            .collect::<Vec<_>>();
        if subjects.is_empty() {
            delete(cluster, grant, &binding_path(name, role)).await?;
            continue;
        }
        let object = json!({
            "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding",
            "metadata": {
                "name": role, "namespace": name.as_str(),
                "labels": { "app.kubernetes.io/managed-by": "pilothouse" },
            },
            "roleRef": { "apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role },
            "subjects": subjects,
        });
        apply(cluster, grant, &binding_path(name, role), object.to_string().into_bytes()).await?;
        if let Some(slug) = slugs.first() {
            wait_for_binding(cluster, grant, name, slug).await?;
        }
    }
    Ok(())
}

/// The API server's authorizer learns of a binding a moment later; until then the person's next page would be refused.
/// Waits two seconds at most: what is written is written.
async fn wait_for_binding(
    cluster: &Cluster,
    grant: &Grant,
    name: &NamespaceName,
    slug: &str,
) -> Result<(), Error> {
    let client = cluster.client(grant)?;
    for _ in 0..20 {
        let request = Request::get(path(name))
            .header("impersonate-user", format!("system:serviceaccount:{USERS}:{slug}"))
            .body(Vec::new())
            .map_err(Error::internal)?;
        if client.request::<IgnoredAny>(request).await.is_ok() {
            break;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    Ok(())
}

fn binding_path(name: &NamespaceName, role: &str) -> String {
    format!("/apis/rbac.authorization.k8s.io/v1/namespaces/{name}/rolebindings/{role}")
}
