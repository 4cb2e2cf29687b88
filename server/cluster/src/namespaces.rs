//! Namespaces with what bounds them and who is bound in them.

use std::collections::BTreeMap;
use std::time::Duration;

use contract::{Error, Kind};
use gate::Grant;
use http::Request;
use model::namespaces::{Bounds, NamespaceName, PodSecurity, QUOTA, RANGE, written};
use model::quantity::Quantity;
use serde::Deserialize;
use serde::de::IgnoredAny;
use serde_json::{Map, Value, json};

use crate::client::{Cluster, USERS};
use crate::read::{Listed, Reader};
use crate::write::{apply, create, delete, merge};

/// Names the project on each of its namespaces.
pub const PROJECT_LABEL: &str = "pilothouse.dev/project";
/// What the quota and the limit range that we keep are called (A1:NS-01).
const BOUNDS: &str = "default";
const MODES: [&str; 3] = ["enforce", "audit", "warn"];

/// A namespace as its cluster tells.
#[derive(Clone, Debug)]
pub struct NamespaceState {
    pub name: String,
    pub terminating: bool,
    /// What Pod Security enforces; none when the cluster's default counts.
    pub security: Option<PodSecurity>,
}

/// Our quota in a namespace, by its keys.
#[derive(Clone, Debug, Default)]
pub struct QuotaState {
    pub namespace: String,
    pub hard: BTreeMap<String, Quantity>,
    pub used: BTreeMap<String, Quantity>,
}

/// Subjects of one role: a ClusterRole, and slugs of people.
pub type Bound = (&'static str, Vec<String>);

/// All namespaces that are labelled as some project's.
pub async fn namespaces(cluster: &Cluster, grant: &Grant) -> Result<Vec<NamespaceState>, Error> {
    let client = cluster.client(grant)?;
    let reader = Reader { cluster, client: &client };
    let query = format!("&labelSelector={}", PROJECT_LABEL.replace('/', "%2F"));
    let found = permitted(cluster, reader.list::<NamespaceObject>("/api/v1/namespaces", &query).await?)?;
    Ok(found.into_iter().map(state).collect())
}

/// Our quotas in all namespaces.
pub async fn quotas(cluster: &Cluster, grant: &Grant) -> Result<Vec<QuotaState>, Error> {
    let client = cluster.client(grant)?;
    let reader = Reader { cluster, client: &client };
    let query = format!("&fieldSelector=metadata.name%3D{BOUNDS}");
    let found = permitted(cluster, reader.list::<QuotaObject>("/api/v1/resourcequotas", &query).await?)?;
    Ok(found.into_iter().map(quota).collect())
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

/// Quota and limit range of one namespace; empty where there is none.
pub async fn bounds(
    cluster: &Cluster,
    grant: &Grant,
    name: &NamespaceName,
) -> Result<(QuotaState, BTreeMap<String, Quantity>), Error> {
    let client = cluster.client(grant)?;
    let reader = Reader { cluster, client: &client };
    let (quota_path, range_path) = (quota_path(name), range_path(name));
    let (found_quota, found_range) =
        tokio::join!(reader.get::<QuotaObject>(&quota_path), reader.get::<RangeObject>(&range_path));
    let found_quota = or_none(found_quota)?.map(quota).unwrap_or_default();
    Ok((found_quota, or_none(found_range)?.map(range).unwrap_or_default()))
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

/// Keys that the console does not edit are somebody else's and stay.
async fn set_quota(
    cluster: &Cluster,
    grant: &Grant,
    name: &NamespaceName,
    quota: &BTreeMap<String, Quantity>,
) -> Result<(), Error> {
    let client = cluster.client(grant)?;
    let path = quota_path(name);
    let present = or_none(Reader { cluster, client: &client }.get::<QuotaObject>(&path).await)?;
    let foreign =
        present.is_some_and(|present| present.spec.hard.keys().any(|key| !QUOTA.contains(&key.as_str())));
    if quota.is_empty() && !foreign {
        return delete(cluster, grant, &path).await;
    }
    let object = json!({
        "apiVersion": "v1", "kind": "ResourceQuota",
        "metadata": { "name": BOUNDS, "namespace": name.as_str() },
        "spec": { "hard": amounts(quota) },
    });
    apply(cluster, grant, &path, object.to_string().into_bytes()).await
}

/// The list in a limit range has one owner, so what the console does not edit is written back as it was.
async fn set_range(
    cluster: &Cluster,
    grant: &Grant,
    name: &NamespaceName,
    range: &BTreeMap<String, Quantity>,
) -> Result<(), Error> {
    let client = cluster.client(grant)?;
    let path = range_path(name);
    let present = or_none(Reader { cluster, client: &client }.get::<Value>(&path).await)?;
    let items = present.as_ref().and_then(|object| object.pointer("/spec/limits")?.as_array());
    let limits = with_range(items.cloned().unwrap_or_default(), range);
    if limits.is_empty() {
        return delete(cluster, grant, &path).await;
    }
    let object = json!({
        "apiVersion": "v1", "kind": "LimitRange",
        "metadata": { "name": BOUNDS, "namespace": name.as_str() },
        "spec": { "limits": limits },
    });
    apply(cluster, grant, &path, object.to_string().into_bytes()).await
}

/// The items of a limit range with our amounts for containers in place of those that were there.
fn with_range(mut items: Vec<Value>, range: &BTreeMap<String, Quantity>) -> Vec<Value> {
    let is_container = |item: &Value| item.get("type").and_then(Value::as_str) == Some("Container");
    let position = items.iter().position(is_container);
    let mut container = match position {
        Some(position) => items.remove(position),
        None => json!({ "type": "Container" }),
    };
    for path in RANGE {
        let Some((field, resource)) = path.split_once('.') else { continue };
        let Some(fields) = container.as_object_mut() else { continue };
        let amounts = fields.entry(field).or_insert_with(|| json!({}));
        if let Some(amounts) = amounts.as_object_mut() {
            amounts.remove(resource);
            if let Some(amount) = range.get(path) {
                amounts.insert(resource.to_owned(), json!(written(path, *amount)));
            }
        }
        if fields.get(field).and_then(Value::as_object).is_some_and(Map::is_empty) {
            fields.remove(field);
        }
    }
    if container.as_object().is_some_and(|fields| fields.len() > 1) {
        items.insert(position.unwrap_or(0).min(items.len()), container);
    }
    items
}

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

fn path(name: &NamespaceName) -> String {
    format!("/api/v1/namespaces/{name}")
}

fn quota_path(name: &NamespaceName) -> String {
    format!("/api/v1/namespaces/{name}/resourcequotas/{BOUNDS}")
}

fn range_path(name: &NamespaceName) -> String {
    format!("/api/v1/namespaces/{name}/limitranges/{BOUNDS}")
}

fn binding_path(name: &NamespaceName, role: &str) -> String {
    format!("/apis/rbac.authorization.k8s.io/v1/namespaces/{name}/rolebindings/{role}")
}

fn security_labels(level: PodSecurity) -> Map<String, Value> {
    MODES.iter().map(|mode| (format!("pod-security.kubernetes.io/{mode}"), json!(level.as_str()))).collect()
}

fn amounts(amounts: &BTreeMap<String, Quantity>) -> Map<String, Value> {
    amounts.iter().map(|(key, amount)| (key.clone(), json!(written(key, *amount)))).collect()
}

fn or_none<T>(answer: Result<T, Error>) -> Result<Option<T>, Error> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(error) if matches!(error.kind, Kind::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}

fn permitted<T>(cluster: &Cluster, listed: Listed<T>) -> Result<Vec<T>, Error> {
    listed.map_err(|status| {
        let message = format!("the console's account may not list this ({status})");
        Kind::ClusterForbids { cluster: cluster.name.clone(), message }.into()
    })
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

#[derive(Deserialize)]
struct QuotaObject {
    metadata: QuotaMeta,
    #[serde(default)]
    spec: QuotaSpec,
    #[serde(default)]
    status: QuotaStatus,
}

#[derive(Deserialize)]
struct QuotaMeta {
    namespace: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct QuotaSpec {
    hard: BTreeMap<String, Quantity>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct QuotaStatus {
    used: BTreeMap<String, Quantity>,
}

fn quota(object: QuotaObject) -> QuotaState {
    QuotaState { namespace: object.metadata.namespace, hard: object.spec.hard, used: object.status.used }
}

#[derive(Deserialize)]
struct RangeObject {
    #[serde(default)]
    spec: RangeSpec,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct RangeSpec {
    limits: Vec<RangeItem>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct RangeItem {
    #[serde(rename = "type")]
    kind: String,
    default_request: BTreeMap<String, Quantity>,
    default: BTreeMap<String, Quantity>,
    max: BTreeMap<String, Quantity>,
}

fn range(object: RangeObject) -> BTreeMap<String, Quantity> {
    let containers = object.spec.limits.into_iter().filter(|item| item.kind == "Container");
    let named = containers.flat_map(|item| {
        [("defaultRequest", item.default_request), ("default", item.default), ("max", item.max)]
    });
    named
        .flat_map(|(field, amounts)| {
            amounts.into_iter().map(move |(resource, amount)| (format!("{field}.{resource}"), amount))
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use super::*;

    fn amounts(pairs: &[(&str, &str)]) -> BTreeMap<String, Quantity> {
        pairs.iter().map(|(key, value)| ((*key).to_owned(), Quantity::parse(value).unwrap())).collect()
    }

    #[test]
    fn what_the_console_does_not_edit_in_a_limit_range_survives() {
        let items = vec![
            json!({ "type": "PersistentVolumeClaim", "max": { "storage": "1Gi" } }),
            json!({ "type": "Container", "min": { "cpu": "10m" }, "max": { "cpu": "2", "ephemeral-storage": "1Gi" } }),
        ];

        let after = with_range(items, &amounts(&[("default.cpu", "500m")]));

        assert_eq!(
            after,
            [
                json!({ "type": "PersistentVolumeClaim", "max": { "storage": "1Gi" } }),
                json!({
                    "type": "Container", "min": { "cpu": "10m" }, "max": { "ephemeral-storage": "1Gi" },
                    "default": { "cpu": "500m" },
                }),
            ]
        );
    }

    #[test]
    fn a_limit_range_that_bounds_nothing_has_no_items() {
        let items = vec![json!({ "type": "Container", "default": { "cpu": "1" } })];

        assert!(with_range(items, &BTreeMap::new()).is_empty());
    }
}
