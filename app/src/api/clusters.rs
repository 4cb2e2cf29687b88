//! The clusters that the console is connected to.

use leptos::prelude::server;
use leptos::server_fn::codec::Json;
use model::clusters::{ClusterForm, ClusterName, ClusterOverview, ClusterSummary};
use model::kubeconfig::{Context, Right, Step};

#[cfg(feature = "ssr")]
use super::{Call, respond};
use crate::error::ApiError;

#[server(prefix = "/api", endpoint = "clusters/list", input = Json, output = Json)]
pub async fn list_clusters() -> Result<Vec<ClusterSummary>, ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.clusters.list(&call.actor).await)
}

#[server(prefix = "/api", endpoint = "clusters/overview", input = Json, output = Json)]
pub async fn view_cluster(cluster: ClusterName) -> Result<ClusterOverview, ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.clusters.overview(&call.actor, &cluster).await)
}

#[server(prefix = "/api", endpoint = "clusters/read", input = Json, output = Json)]
pub async fn read_kubeconfig(kubeconfig: String) -> Result<Vec<Context>, ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.clusters.read(&call.actor, &kubeconfig))
}

#[server(prefix = "/api", endpoint = "clusters/try", input = Json, output = Json)]
pub async fn try_context(kubeconfig: String, context: String) -> Result<Vec<Step>, ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.clusters.try_out(&call.actor, &kubeconfig, &context).await)
}

#[server(prefix = "/api", endpoint = "clusters/add", input = Json, output = Json)]
pub async fn add_cluster(form: ClusterForm) -> Result<(), ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.clusters.add(&call.actor, form).await)
}

#[server(prefix = "/api", endpoint = "clusters/renew", input = Json, output = Json)]
pub async fn renew_cluster(form: ClusterForm) -> Result<(), ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.clusters.renew(&call.actor, form).await)
}

#[server(prefix = "/api", endpoint = "clusters/remove", input = Json, output = Json)]
pub async fn remove_cluster(cluster: ClusterName, confirmation: String) -> Result<(), ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.clusters.remove(&call.actor, &cluster, &confirmation).await)
}

#[server(prefix = "/api", endpoint = "clusters/rights", input = Json, output = Json)]
pub async fn list_rights(cluster: ClusterName) -> Result<Vec<Right>, ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.clusters.rights(&call.actor, &cluster).await)
}

#[server(prefix = "/api", endpoint = "clusters/access-manifest", input = Json, output = Json)]
pub async fn access_manifest() -> Result<String, ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.clusters.access_manifest(&call.actor))
}
