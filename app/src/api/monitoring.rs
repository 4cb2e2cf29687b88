//! Use of CPU and memory.

use leptos::prelude::server;
use leptos::server_fn::codec::Json;
use model::monitoring::{History, Scope};
use model::panel::Panel;

#[cfg(feature = "ssr")]
use super::{Call, respond};
use crate::error::ApiError;

#[server(prefix = "/api", endpoint = "monitoring/history", input = Json, output = Json)]
pub async fn view_history(scope: Scope) -> Result<Panel<History>, ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.monitoring.history(&call.actor, &scope).await)
}
