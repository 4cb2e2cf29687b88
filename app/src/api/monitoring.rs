//! Use of CPU and memory.

use leptos::prelude::server;
use leptos::server_fn::codec::Json;
use model::clusters::ClusterName;
use model::monitoring::{History, MetricsSource, Scope, Span};
use model::outside::AddressForm;
use model::panel::Panel;

#[cfg(feature = "ssr")]
use super::{Call, respond};
use crate::error::ApiError;

#[server(prefix = "/api", endpoint = "monitoring/history", input = Json, output = Json)]
pub async fn view_history(scope: Scope, span: Span) -> Result<Panel<History>, ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.monitoring.history(&call.actor, &scope, span).await)
}

#[server(prefix = "/api", endpoint = "monitoring/source", input = Json, output = Json)]
pub async fn view_source(cluster: ClusterName) -> Result<Option<MetricsSource>, ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.monitoring.source(&call.actor, &cluster).await)
}

#[server(prefix = "/api", endpoint = "monitoring/set-source", input = Json, output = Json)]
pub async fn set_source(cluster: ClusterName, form: AddressForm) -> Result<(), ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.monitoring.set_source(&call.actor, &cluster, form).await)
}

#[server(prefix = "/api", endpoint = "monitoring/remove-source", input = Json, output = Json)]
pub async fn remove_source(cluster: ClusterName) -> Result<(), ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.monitoring.remove_source(&call.actor, &cluster).await)
}
