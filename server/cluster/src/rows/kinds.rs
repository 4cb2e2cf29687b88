//! How each kind is read into rows.

mod custom;
mod meta;
mod namespaces;
mod nodes;
mod others;
mod pods;
mod rights;
mod secrets;
mod storage;
mod workloads;

use model::rows::RowKind;
use model::workloads::WorkloadKind;

pub(super) use meta::Decoded;

use super::definition::Definition;

/// Of Helm's Secrets each.
pub(super) fn revision(object: &str) -> Decoded {
    secrets::revision(object)
}

/// Of a kind that the cluster was taught.
pub(super) fn custom(definition: &Definition, object: &str) -> Decoded {
    custom::object(definition, object)
}

/// An object as JSON into its row and version.
pub(super) fn decode(kind: RowKind, object: &str) -> Decoded {
    match kind {
        RowKind::Pods => pods::pod(object),
        RowKind::Deployments => workloads::workload(WorkloadKind::Deployment, object),
        RowKind::StatefulSets => workloads::workload(WorkloadKind::StatefulSet, object),
        RowKind::DaemonSets => workloads::workload(WorkloadKind::DaemonSet, object),
        RowKind::Jobs => workloads::workload(WorkloadKind::Job, object),
        RowKind::CronJobs => workloads::workload(WorkloadKind::CronJob, object),
        RowKind::ReplicaSets => pods::replica_set(object),
        RowKind::HorizontalPodAutoscalers => pods::autoscaler(object),
        RowKind::Namespaces => namespaces::namespace(object),
        RowKind::ResourceQuotas => namespaces::quota(object),
        RowKind::Nodes => nodes::node(object),
        RowKind::PersistentVolumeClaims => storage::claim(object),
        RowKind::PersistentVolumes => storage::volume(object),
        RowKind::StorageClasses => storage::class(object),
        RowKind::Services => others::service(object),
        RowKind::Ingresses => others::ingress(object),
        RowKind::HttpRoutes => others::route(object),
        RowKind::ConfigMaps => others::config_map(object),
        RowKind::Events => others::event(object),
        RowKind::Secrets => secrets::secret(object),
        RowKind::Releases => secrets::revision(object),
        RowKind::CustomResourceDefinitions => custom::definition(object),
        RowKind::Roles | RowKind::ClusterRoles => rights::role(object),
        RowKind::RoleBindings | RowKind::ClusterRoleBindings => rights::binding(object),
    }
}
