//! What bounds a namespace: its quota and its limit range. What the console does not edit of them is left as it was.

use std::collections::BTreeMap;

use contract::Error;
use gate::Grant;
use model::namespaces::{NamespaceName, QUOTA, RANGE, written};
use model::quantity::Quantity;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use crate::client::Cluster;
use crate::error::or_none;
use crate::read::{Reader, permitted};
use crate::write::{apply, delete};

/// What the quota and the limit range that we keep are called (A1:NS-01).
const BOUNDS: &str = "default";

/// Our quota in a namespace, by its keys.
#[derive(Clone, Debug, Default)]
pub struct QuotaState {
    pub namespace: String,
    pub hard: BTreeMap<String, Quantity>,
    pub used: BTreeMap<String, Quantity>,
}

/// Our quotas in all namespaces.
pub async fn quotas(cluster: &Cluster, grant: &Grant) -> Result<Vec<QuotaState>, Error> {
    let client = cluster.client(grant)?;
    let reader = Reader { cluster, client: &client };
    let query = format!("&fieldSelector=metadata.name%3D{BOUNDS}");
    let found = permitted(cluster, reader.list::<QuotaObject>("/api/v1/resourcequotas", &query).await?)?;
    Ok(found.into_iter().map(quota).collect())
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

/// Keys that the console does not edit are somebody else's and stay.
pub(crate) async fn set_quota(
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
pub(crate) async fn set_range(
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

fn quota_path(name: &NamespaceName) -> String {
    format!("/api/v1/namespaces/{name}/resourcequotas/{BOUNDS}")
}

fn range_path(name: &NamespaceName) -> String {
    format!("/api/v1/namespaces/{name}/limitranges/{BOUNDS}")
}

fn amounts(amounts: &BTreeMap<String, Quantity>) -> Map<String, Value> {
    amounts.iter().map(|(key, amount)| (key.clone(), json!(written(key, *amount)))).collect()
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
