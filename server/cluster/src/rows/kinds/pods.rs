//! Pods, and what makes them.

use model::workloads::Health;
use serde::Deserialize;

use super::meta::{Decoded, Object, text};
use crate::rows::table::Value;
use crate::workloads::objects::{PodSpec, PodStatus, Spec, Status, containers};
use crate::workloads::pod_state;

pub(super) fn pod(json: &str) -> Decoded {
    let pod: Object<PodSpec, PodStatus> = serde_json::from_str(json)?;
    let (health, state) = pod_state(pod.metadata.is_going(), &pod.status);
    let statuses = &pod.status.container_statuses;
    let ready = count(statuses.iter().filter(|container| container.ready).count());
    let restarts = statuses.iter().map(|container| i64::from(container.restart_count)).sum();
    let images: Vec<_> = pod.spec.containers.iter().map(|container| container.image.as_str()).collect();
    let cells = vec![
        text(state),
        Value::Part(ready, count(pod.spec.containers.len())),
        Value::Number(restarts),
        text(pod.spec.node_name.as_str()),
        text(pod.status.pod_ip.as_str()),
        pod.metadata.owner(),
        text(images.join(", ")),
    ];
    Ok(pod.metadata.into_row(Some(health), cells))
}

pub(super) fn replica_set(json: &str) -> Decoded {
    let set: Object<Spec, Status> = serde_json::from_str(json)?;
    let wanted = set.spec.replicas.unwrap_or(1);
    let health = match (wanted, set.status.ready_replicas) {
        (0, 0) => Health::Stopped,
        (wanted, ready) if ready >= wanted => Health::Healthy,
        _ => Health::Progressing,
    };
    let images: Vec<_> = containers(&set.spec).iter().map(|container| container.image.as_str()).collect();
    let cells =
        vec![Value::Part(set.status.ready_replicas, wanted), set.metadata.owner(), text(images.join(", "))];
    Ok(set.metadata.into_row(Some(health), cells))
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Scaling {
    scale_target_ref: Target,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Target {
    kind: String,
    name: String,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Scaled {
    current_replicas: u32,
    desired_replicas: u32,
}

pub(super) fn autoscaler(json: &str) -> Decoded {
    let scaler: Object<Scaling, Scaled> = serde_json::from_str(json)?;
    let Target { kind, name } = scaler.spec.scale_target_ref;
    let Scaled { current_replicas, desired_replicas } = scaler.status;
    let cells = vec![text(format!("{kind}/{name}")), Value::Part(current_replicas, desired_replicas)];
    Ok(scaler.metadata.into_row(None, cells))
}

fn count(number: usize) -> u32 {
    u32::try_from(number).unwrap_or(u32::MAX)
}
