//! Lists of what clusters hold.

use leptos::prelude::server;
use leptos::server_fn::codec::Json;
use model::rows::{Found, RowQuery, RowWindow, TableHealth};

#[cfg(feature = "ssr")]
use super::{Call, respond};
use crate::error::ApiError;

#[server(prefix = "/api", endpoint = "rows/list", input = Json, output = Json)]
pub async fn list_rows(query: RowQuery) -> Result<RowWindow, ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.rows.list(&call.actor, &query).await)
}

#[server(prefix = "/api", endpoint = "rows/search", input = Json, output = Json)]
pub async fn search_rows(typed: String) -> Result<Found, ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.rows.search(&call.actor, &typed).await)
}

#[server(prefix = "/api", endpoint = "rows/health", input = Json, output = Json)]
pub async fn row_health() -> Result<Vec<TableHealth>, ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.rows.health(&call.actor).await)
}
