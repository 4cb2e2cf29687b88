//! Claims, volumes and their classes.

use std::collections::BTreeMap;

use model::quantity::Quantity;
use model::workloads::Health;
use serde::Deserialize;

use super::meta::{Decoded, Meta, Object, text};
use super::nodes::number;
use crate::rows::table::Value;

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct ClaimSpec {
    volume_name: String,
    storage_class_name: String,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Status {
    phase: String,
    capacity: BTreeMap<String, String>,
}

pub(super) fn claim(json: &str) -> Decoded {
    let claim: Object<ClaimSpec, Status> = serde_json::from_str(json)?;
    let state = if claim.metadata.is_going() { "Terminating" } else { claim.status.phase.as_str() };
    let cells = vec![
        text(state),
        text(claim.spec.volume_name.as_str()),
        storage(&claim.status.capacity),
        text(claim.spec.storage_class_name.as_str()),
    ];
    let health = health(state);
    Ok(claim.metadata.into_row(Some(health), cells))
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct VolumeSpec {
    capacity: BTreeMap<String, String>,
    claim_ref: Option<Claim>,
    storage_class_name: String,
}

#[derive(Deserialize)]
struct Claim {
    namespace: String,
    name: String,
}

pub(super) fn volume(json: &str) -> Decoded {
    let volume: Object<VolumeSpec, Status> = serde_json::from_str(json)?;
    let state = if volume.metadata.is_going() { "Terminating" } else { volume.status.phase.as_str() };
    let claim = volume.spec.claim_ref.as_ref();
    let cells = vec![
        text(state),
        storage(&volume.spec.capacity),
        claim.map_or(Value::Nothing, |claim| text(format!("{}/{}", claim.namespace, claim.name))),
        text(volume.spec.storage_class_name.as_str()),
    ];
    let health = health(state);
    Ok(volume.metadata.into_row(Some(health), cells))
}

#[derive(Deserialize)]
struct Class {
    metadata: Meta,
    #[serde(default)]
    provisioner: String,
}

pub(super) fn class(json: &str) -> Decoded {
    let class: Class = serde_json::from_str(json)?;
    let cells = vec![text(class.provisioner)];
    Ok(class.metadata.into_row(None, cells))
}

fn health(state: &str) -> Health {
    match state {
        "Bound" | "Available" => Health::Healthy,
        "Lost" | "Failed" => Health::Failed,
        "Released" | "Terminating" => Health::Stopped,
        _ => Health::Progressing,
    }
}

fn storage(capacity: &BTreeMap<String, String>) -> Value {
    number(capacity.get("storage").and_then(|storage| Quantity::parse(storage)))
}
