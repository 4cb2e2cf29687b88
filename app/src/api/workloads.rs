//! Workloads: detail, and what makes, changes and ends them.

use leptos::prelude::server;
use leptos::server_fn::codec::Json;
use model::clusters::ClusterName;
use model::namespaces::NamespaceName;
use model::review::Review;
use model::workloads::{Change, DeploymentForm, LogSource, WorkloadDetail, WorkloadRef};

#[cfg(feature = "ssr")]
use super::{Call, respond};
use crate::error::ApiError;

#[server(prefix = "/api", endpoint = "workloads/view", input = Json, output = Json)]
pub async fn view_workload(target: WorkloadRef) -> Result<WorkloadDetail, ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.workloads.view(&call.actor, &target).await)
}

#[server(prefix = "/api", endpoint = "workloads/manifest", input = Json, output = Json)]
pub async fn view_manifest(target: WorkloadRef) -> Result<String, ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.workloads.manifest(&call.actor, &target).await)
}

#[server(prefix = "/api", endpoint = "workloads/log", input = Json, output = Json)]
pub async fn read_log(source: LogSource) -> Result<Vec<String>, ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.workloads.log(&call.actor, &source).await)
}

#[server(prefix = "/api", endpoint = "workloads/review", input = Json, output = Json)]
pub async fn review_deployment(
    cluster: ClusterName,
    namespace: NamespaceName,
    form: DeploymentForm,
) -> Result<Review, ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.workloads.review(&call.actor, &cluster, &namespace, &form).await)
}

#[server(prefix = "/api", endpoint = "workloads/create", input = Json, output = Json)]
pub async fn create_deployment(
    cluster: ClusterName,
    namespace: NamespaceName,
    form: DeploymentForm,
) -> Result<WorkloadRef, ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.workloads.create(&call.actor, &cluster, &namespace, &form).await)
}

#[server(prefix = "/api", endpoint = "workloads/review-change", input = Json, output = Json)]
pub async fn review_change(target: WorkloadRef, change: Change) -> Result<Review, ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.workloads.review_change(&call.actor, &target, &change).await)
}

#[server(prefix = "/api", endpoint = "workloads/change", input = Json, output = Json)]
pub async fn change_workload(
    target: WorkloadRef,
    change: Change,
    reviewed: Option<i64>,
) -> Result<(), ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.workloads.change(&call.actor, &target, &change, reviewed).await)
}

#[server(prefix = "/api", endpoint = "workloads/delete", input = Json, output = Json)]
pub async fn delete_workload(target: WorkloadRef, confirmation: String) -> Result<(), ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.workloads.delete(&call.actor, &target, &confirmation).await)
}
