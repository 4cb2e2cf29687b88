//! Lists of what clusters hold.

use leptos::prelude::server;
use leptos::server_fn::codec::Json;
use model::rows::{Found, RowQuery, RowWindow, SavedView, Scope, TableHealth};

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

#[server(prefix = "/api", endpoint = "rows/saved", input = Json, output = Json)]
pub async fn saved_views() -> Result<Vec<SavedView>, ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.rows.saved(&call.actor).await)
}

#[server(prefix = "/api", endpoint = "rows/save", input = Json, output = Json)]
pub async fn save_view(view: SavedView) -> Result<(), ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.rows.save(&call.actor, view).await)
}

#[server(prefix = "/api", endpoint = "rows/forget", input = Json, output = Json)]
pub async fn forget_view(view: SavedView) -> Result<(), ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.rows.forget(&call.actor, view).await)
}

#[server(prefix = "/api", endpoint = "rows/scopes", input = Json, output = Json)]
pub async fn row_scopes() -> Result<Scope, ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.rows.scopes(&call.actor).await)
}
