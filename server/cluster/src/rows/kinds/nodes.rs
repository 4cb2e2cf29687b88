//! Nodes.

use std::collections::BTreeMap;

use model::quantity::Quantity;
use model::workloads::Health;
use serde::Deserialize;

use super::meta::{Decoded, Object, text};
use crate::rows::table::Value;
use crate::workloads::objects::Condition;

const ROLE: &str = "node-role.kubernetes.io/";

#[derive(Default, Deserialize)]
#[serde(default)]
struct Spec {
    unschedulable: bool,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Status {
    conditions: Vec<Condition>,
    addresses: Vec<Address>,
    node_info: Info,
    capacity: BTreeMap<String, String>,
}

#[derive(Deserialize)]
struct Address {
    #[serde(rename = "type")]
    kind: String,
    address: String,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Info {
    kubelet_version: String,
}

pub(super) fn node(json: &str) -> Decoded {
    let node: Object<Spec, Status> = serde_json::from_str(json)?;
    let ready = node.status.conditions.iter().any(|one| one.kind == "Ready" && one.status == "True");
    let (health, state) = match (ready, node.spec.unschedulable) {
        (true, false) => (Health::Healthy, "Ready"),
        (true, true) => (Health::Stopped, "Ready, SchedulingDisabled"),
        (false, false) => (Health::Failed, "NotReady"),
        (false, true) => (Health::Failed, "NotReady, SchedulingDisabled"),
    };
    let inside = node.status.addresses.iter().find(|address| address.kind == "InternalIP");
    let capacity = |resource: &str| Quantity::parse(node.status.capacity.get(resource)?);
    let cells = vec![
        text(state),
        text(roles(node.metadata.labels())),
        text(node.status.node_info.kubelet_version.as_str()),
        inside.map_or(Value::Nothing, |inside| text(inside.address.as_str())),
        number(capacity("cpu").map(|cpu| cpu.times(1000))),
        number(capacity("memory")),
    ];
    Ok(node.metadata.into_row(Some(health), cells))
}

/// From the labels that say so.
fn roles(labels: &str) -> String {
    let keys = labels.split(',').filter_map(|label| label.split_once('=').map(|(key, _)| key));
    keys.filter_map(|key| key.strip_prefix(ROLE)).collect::<Vec<_>>().join(", ")
}

/// In whole units: thousandths of cores, bytes.
pub(super) fn number(quantity: Option<Quantity>) -> Value {
    let number = quantity.and_then(|quantity| i64::try_from(quantity.count()).ok());
    number.map_or(Value::Nothing, Value::Number)
}
