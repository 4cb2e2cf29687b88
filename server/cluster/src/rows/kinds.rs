//! How each kind is read into rows.

mod meta;
mod namespaces;
mod nodes;
mod others;
mod pods;
mod rights;
mod storage;
mod workloads;

use model::rows::RowKind;
use model::workloads::WorkloadKind;

pub(super) use meta::Decoded;

/// Only what objects are called: what they hold is not asked for.
const METADATA: &str = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";
const METADATA_LIST: &str =
    "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";

/// Where the objects of a kind are in every cluster.
pub(super) fn path(kind: RowKind) -> String {
    match kind.group() {
        "" => format!("/api/{}/{}", kind.version(), kind.plural()),
        group => format!("/apis/{group}/{}/{}", kind.version(), kind.plural()),
    }
}

/// What is asked for of them, in a list or in a watch.
pub(super) fn accept(kind: RowKind, watches: bool) -> &'static str {
    match kind {
        RowKind::ConfigMaps if watches => METADATA,
        RowKind::ConfigMaps => METADATA_LIST,
        _ => "application/json",
    }
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
        RowKind::Roles | RowKind::ClusterRoles => rights::role(object),
        RowKind::RoleBindings | RowKind::ClusterRoleBindings => rights::binding(object),
    }
}
