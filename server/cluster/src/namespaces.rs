//! Namespaces: finding, making, labelling and removing them.

use std::collections::BTreeMap;

use contract::Error;
use gate::Grant;
use model::namespaces::{Bounds, NamespaceName, PodSecurity};
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::bounds::{set_quota, set_range};
use crate::client::Cluster;
use crate::error::or_none;
use crate::read::{Reader, permitted};
use crate::write::{create, delete, merge};

/// Names the project on each of its namespaces.
pub const PROJECT_LABEL: &str = "pilothouse.dev/project";
const MODES: [&str; 3] = ["enforce", "audit", "warn"];

/// A namespace as its cluster tells.
#[derive(Clone, Debug)]
pub struct NamespaceState {
    pub name: String,
    pub terminating: bool,
    /// What Pod Security enforces; none when the cluster's default counts.
    pub security: Option<PodSecurity>,
}

/// All namespaces that are labelled as some project's.
pub async fn namespaces(cluster: &Cluster, grant: &Grant) -> Result<Vec<NamespaceState>, Error> {
    let client = cluster.client(grant)?;
    let reader = Reader { cluster, client: &client };
    let query = format!("&labelSelector={}", PROJECT_LABEL.replace('/', "%2F"));
    let found = permitted(cluster, reader.list::<NamespaceObject>("/api/v1/namespaces", &query).await?)?;
    Ok(found.into_iter().map(state).collect())
}

/// One namespace. Errors: `NotFound`.
pub async fn namespace(
    cluster: &Cluster,
    grant: &Grant,
    name: &NamespaceName,
) -> Result<NamespaceState, Error> {
    let client = cluster.client(grant)?;
    Ok(state(Reader { cluster, client: &client }.get::<NamespaceObject>(&path(name)).await?))
}

/// Makes an empty namespace of a project. Errors: `Conflict` when the cluster has the name already.
pub async fn create_namespace(
    cluster: &Cluster,
    grant: &Grant,
    name: &NamespaceName,
    project: &str,
    security: PodSecurity,
) -> Result<(), Error> {
    let mut labels = security_labels(security);
    labels.insert(PROJECT_LABEL.to_owned(), json!(project));
    let object = json!({
        "apiVersion": "v1", "kind": "Namespace",
        "metadata": { "name": name.as_str(), "labels": labels },
    });
    create(cluster, grant, "/api/v1/namespaces", &object).await
}

/// Sets quota, limit range and Pod Security level; what is not bounded has no object.
pub async fn set_bounds(
    cluster: &Cluster,
    grant: &Grant,
    name: &NamespaceName,
    bounds: &Bounds,
) -> Result<(), Error> {
    let labels = json!({ "metadata": { "labels": security_labels(bounds.security) } });
    merge(cluster, grant, &path(name), &labels).await?;
    set_quota(cluster, grant, name, &bounds.quota).await?;
    set_range(cluster, grant, name, &bounds.range).await
}

/// Deletes a namespace with everything in it; one that is gone already is fine.
pub async fn delete_namespace(cluster: &Cluster, grant: &Grant, name: &NamespaceName) -> Result<(), Error> {
    delete(cluster, grant, &path(name)).await
}

/// Takes off the label of the project; a namespace that is gone already is fine.
pub async fn detach_namespace(cluster: &Cluster, grant: &Grant, name: &NamespaceName) -> Result<(), Error> {
    let patch = json!({ "metadata": { "labels": { PROJECT_LABEL: null } } });
    or_none(merge(cluster, grant, &path(name), &patch).await)?;
    Ok(())
}

pub(crate) fn path(name: &NamespaceName) -> String {
    format!("/api/v1/namespaces/{name}")
}

fn security_labels(level: PodSecurity) -> Map<String, Value> {
    MODES.iter().map(|mode| (format!("pod-security.kubernetes.io/{mode}"), json!(level.as_str()))).collect()
}

#[derive(Deserialize)]
struct NamespaceObject {
    metadata: NamespaceMeta,
    #[serde(default)]
    status: NamespaceStatus,
}

#[derive(Deserialize)]
struct NamespaceMeta {
    name: String,
    #[serde(default)]
    labels: BTreeMap<String, String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct NamespaceStatus {
    phase: String,
}

fn state(object: NamespaceObject) -> NamespaceState {
    let enforced = object.metadata.labels.get("pod-security.kubernetes.io/enforce");
    NamespaceState {
        security: enforced.and_then(|level| PodSecurity::parse(level)),
        terminating: object.status.phase == "Terminating",
        name: object.metadata.name,
    }
}
