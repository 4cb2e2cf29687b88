//! The catalog: chart repositories and the charts in them.

use leptos::prelude::server;
use leptos::server_fn::codec::Json;
use model::catalog::{ChartDetail, ChartSummary, Repository, RepositoryForm, RepositoryName};

#[cfg(feature = "ssr")]
use super::{Call, respond};
use crate::error::ApiError;

#[server(prefix = "/api", endpoint = "catalog/repositories", input = Json, output = Json)]
pub async fn list_repositories() -> Result<Vec<Repository>, ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.catalog.repositories(&call.actor).await)
}

#[server(prefix = "/api", endpoint = "catalog/add", input = Json, output = Json)]
pub async fn add_repository(form: RepositoryForm) -> Result<(), ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.catalog.add(&call.actor, form).await)
}

#[server(prefix = "/api", endpoint = "catalog/refresh", input = Json, output = Json)]
pub async fn refresh_repository(name: RepositoryName) -> Result<(), ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.catalog.refresh(&call.actor, &name).await)
}

#[server(prefix = "/api", endpoint = "catalog/remove", input = Json, output = Json)]
pub async fn remove_repository(name: RepositoryName) -> Result<(), ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.catalog.remove(&call.actor, &name).await)
}

#[server(prefix = "/api", endpoint = "catalog/charts", input = Json, output = Json)]
pub async fn list_charts(words: String) -> Result<Vec<ChartSummary>, ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.catalog.charts(&call.actor, &words).await)
}

#[server(prefix = "/api", endpoint = "catalog/chart", input = Json, output = Json)]
pub async fn view_chart(
    repository: RepositoryName,
    name: String,
    version: Option<String>,
) -> Result<ChartDetail, ApiError> {
    let call = Call::begin()?;
    let catalog = &call.console.catalog;
    respond(&call.actor, catalog.chart(&call.actor, &repository, &name, version.as_deref()).await)
}
