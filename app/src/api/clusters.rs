//! The clusters that the console is connected to.

use leptos::prelude::server;
use leptos::server_fn::codec::Json;
use model::clusters::{ClusterName, ClusterOverview, ClusterSummary};

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
