//! Workloads: one of them in detail, and what makes, changes and ends them.

mod change;
mod detail;
mod diagnosis;
mod health;
mod manifest;
pub(crate) mod objects;
mod review;

use model::workloads::{WorkloadKind, WorkloadRef};

pub use change::{change_workload, create_deployment, delete_workload};
pub use detail::{manifest_of, pod_names, workload};
pub(crate) use health::{assess, assessed, is_stuck, pod_state};
pub(crate) use review::{checks, clean, yaml};
pub use review::{difference, review_change, review_deployment};

/// Where objects of a kind live in a namespace.
fn folder(namespace: &str, kind: WorkloadKind) -> String {
    format!("/apis/{}/v1/namespaces/{namespace}/{}", objects::group(kind), kind.plural())
}

fn path(target: &WorkloadRef) -> String {
    format!("{}/{}", folder(target.namespace.as_str(), target.kind), target.name)
}
