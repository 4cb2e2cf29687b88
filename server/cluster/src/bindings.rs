//! Who is bound to which role in a namespace.

use std::collections::{BTreeMap, BTreeSet};
use std::time::Duration;

use contract::{Error, Kind};
use gate::Grant;
use http::Request;
use model::namespaces::NamespaceName;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::json;

use crate::client::{Cluster, USERS};
use crate::namespaces::path;
use crate::read::Reader;
use crate::write::{apply, delete};

/// Subjects of one role: a ClusterRole, and slugs of people.
pub type Bound = (&'static str, Vec<String>);

/// Binds exactly these people to these roles, and nobody to those without people. Bindings of others in the namespace are left alone.
pub async fn bind(
    cluster: &Cluster,
    grant: &Grant,
    name: &NamespaceName,
    bound: &[Bound],
) -> Result<(), Error> {
    // One that cannot be written holds up no other: somebody may be losing a right by it.
    let mut first = Ok(());
    let mut note = |done: Result<(), Error>| {
        if first.is_ok() {
            first = done;
        }
    };
    for role in there(cluster, grant, name).await? {
        let kept = bound.iter().any(|(known, slugs)| *known == role && !slugs.is_empty());
        if !kept && bound.iter().any(|(known, _)| *known == role) {
            note(delete(cluster, grant, &binding_path(name, &role)).await);
        }
    }
    for (role, slugs) in bound.iter().filter(|(_, slugs)| !slugs.is_empty()) {
        note(bind_one(cluster, grant, name, role, slugs).await);
    }
    // Nothing that was believed about anybody counts any more.
    cluster.access.forget();
    // Each role's first, once all are written: a role alone may not let anybody see anything.
    let waited: BTreeSet<_> = bound.iter().filter_map(|(_, slugs)| slugs.first()).collect();
    for slug in waited {
        wait_for_binding(cluster, grant, name, slug).await?;
    }
    first
}

async fn bind_one(
    cluster: &Cluster,
    grant: &Grant,
    name: &NamespaceName,
    role: &str,
    slugs: &[String],
) -> Result<(), Error> {
    let subjects = slugs
        .iter()
        .map(|slug| json!({ "kind": "ServiceAccount", "namespace": USERS, "name": slug }))
        .collect::<Vec<_>>();
    let object = json!({
        "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding",
        "metadata": {
            "name": role, "namespace": name.as_str(),
            "labels": { "app.kubernetes.io/managed-by": "pilothouse" },
        },
        "roleRef": { "apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": role },
        "subjects": subjects,
    });
    let (path, object) = (binding_path(name, role), object.to_string().into_bytes());
    match apply(cluster, grant, &path, object.clone()).await {
        // Somebody made it lead to another role, which cannot be changed afterwards.
        Err(error) if is_immutable(&error) => {
            delete(cluster, grant, &path).await?;
            apply(cluster, grant, &path, object).await
        }
        applied => applied,
    }
}

/// The API server refuses to change what cannot be changed (422), which is no word about its health.
fn is_immutable(error: &Error) -> bool {
    let cause = error.cause.as_ref().and_then(|cause| cause.downcast_ref::<kube::Error>());
    matches!(cause, Some(kube::Error::Api(status)) if status.code == 422)
}

/// The bindings in a namespace, ours among them, also when somebody took our label off.
async fn there(cluster: &Cluster, grant: &Grant, name: &NamespaceName) -> Result<Vec<String>, Error> {
    let path = format!("/apis/rbac.authorization.k8s.io/v1/namespaces/{name}/rolebindings");
    let listed = list(cluster, grant, &path, "").await?;
    Ok(listed.into_iter().map(|binding| binding.metadata.name).collect())
}

/// Who is bound to what by bindings of ours, by namespace and role.
pub async fn bound_now(
    cluster: &Cluster,
    grant: &Grant,
) -> Result<BTreeMap<(String, String), BTreeSet<String>>, Error> {
    let listed = list(cluster, grant, "/apis/rbac.authorization.k8s.io/v1/rolebindings", OURS).await?;
    let bound = listed.into_iter().map(|binding| {
        // One that leads to another role, or to others than people of ours, is not as it should be.
        let ours = binding.role_ref.name == binding.metadata.name;
        let people = binding.subjects.into_iter().map(|subject| match subject.namespace.as_str() {
            USERS if ours => subject.name,
            _ => String::new(),
        });
        ((binding.metadata.namespace, binding.metadata.name), people.collect())
    });
    Ok(bound.collect())
}

const OURS: &str = "&labelSelector=app.kubernetes.io%2Fmanaged-by%3Dpilothouse";

async fn list(cluster: &Cluster, grant: &Grant, path: &str, selector: &str) -> Result<Vec<Binding>, Error> {
    let client = cluster.client(grant)?;
    let listed = Reader { cluster, client: &client }.list::<Binding>(path, selector).await?;
    listed.map_err(|status| {
        let message = format!("role bindings cannot be listed: {status}");
        Kind::ClusterForbids { cluster: cluster.name.clone(), message }.into()
    })
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Binding {
    metadata: Named,
    role_ref: Named,
    #[serde(default)]
    subjects: Vec<Named>,
}

#[derive(Deserialize)]
struct Named {
    name: String,
    #[serde(default)]
    namespace: String,
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
