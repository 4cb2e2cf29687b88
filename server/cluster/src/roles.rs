//! The roles that Pilothouse ships into a cluster.

use contract::{Error, Kind};
use gate::Grant;
use serde::Deserialize;

use crate::client::{ADMINISTRATORS, Cluster};
use crate::read::Reader;
use crate::write::apply;

/// What is shipped; also what a cluster's owner can apply by hand.
pub const ROLES: &str = include_str!("../assets/roles.yaml");

/// Makes platform administrators as strong as the cluster's owner, who has to agree to it.
pub const ADMINISTRATORS_BINDING: &str = include_str!("../assets/administrators.yaml");

const BINDING: &str = "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings/pilothouse:administrators";

/// Where each kind of the manifest lives.
const PATHS: [(&str, &str); 3] = [
    ("Namespace", "/api/v1/namespaces"),
    ("ClusterRole", "/apis/rbac.authorization.k8s.io/v1/clusterroles"),
    ("ClusterRoleBinding", "/apis/rbac.authorization.k8s.io/v1/clusterrolebindings"),
];

/// Applies a manifest of ours with server-side apply; does nothing where it is applied already.
///
/// Errors: `ClusterForbids` where the console's account may not make roles and the owner has to apply [`ROLES`].
pub async fn apply_roles(cluster: &Cluster, grant: &Grant, manifest: &str) -> Result<(), Error> {
    for object in manifest.split("\n---\n") {
        let named: Named = serde_saphyr::from_str(object).map_err(Error::internal)?;
        let path = PATHS.iter().find(|(kind, _)| *kind == named.kind).map(|(_, path)| path);
        let path = path.ok_or_else(|| Error::internal(format!("no path for {}", named.kind)))?;
        let name = named.metadata.name;
        apply(cluster, grant, &format!("{path}/{name}"), object.as_bytes().to_vec()).await?;
    }
    Ok(())
}

/// Whether platform administrators are bound to `cluster-admin`.
pub async fn administrators_are_bound(cluster: &Cluster, grant: &Grant) -> Result<bool, Error> {
    let client = cluster.client(grant)?;
    let answer = Reader { cluster, client: &client }.get::<Binding>(BINDING).await;
    match answer {
        Ok(binding) => Ok(binding.role_ref.name == "cluster-admin"
            && binding.subjects.iter().any(|subject| subject.name == ADMINISTRATORS)),
        Err(error) if matches!(error.kind, Kind::NotFound { .. }) => Ok(false),
        Err(error) => Err(error),
    }
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Binding {
    role_ref: Metadata,
    #[serde(default)]
    subjects: Vec<Metadata>,
}

#[derive(Deserialize)]
struct Named {
    kind: String,
    metadata: Metadata,
}

#[derive(Deserialize)]
struct Metadata {
    name: String,
}
