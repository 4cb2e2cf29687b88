//! Identity providers. Signing in with them is a matter of plain addresses, without server functions.

use leptos::prelude::server;
use leptos::server_fn::codec::Json;
use model::providers::{ProviderDetail, ProviderForm, ProviderName, ProviderSummary, Rule, Way};

#[cfg(feature = "ssr")]
use super::{Call, respond};
use crate::error::ApiError;

/// For the sign-in page, whose visitor nobody knows yet.
#[server(prefix = "/api", endpoint = "providers/ways", input = Json, output = Json)]
pub async fn list_ways() -> Result<Vec<Way>, ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.providers.ways().await)
}

#[server(prefix = "/api", endpoint = "providers/list", input = Json, output = Json)]
pub async fn list_providers() -> Result<Vec<ProviderSummary>, ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.providers.list(&call.actor).await)
}

#[server(prefix = "/api", endpoint = "providers/view", input = Json, output = Json)]
pub async fn view_provider(name: ProviderName) -> Result<ProviderDetail, ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.providers.view(&call.actor, &name).await)
}

#[server(prefix = "/api", endpoint = "providers/add", input = Json, output = Json)]
pub async fn add_provider(form: ProviderForm) -> Result<(), ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.providers.add(&call.actor, form).await)
}

#[server(prefix = "/api", endpoint = "providers/change", input = Json, output = Json)]
pub async fn change_provider(form: ProviderForm) -> Result<(), ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.providers.change(&call.actor, form).await)
}

#[server(prefix = "/api", endpoint = "providers/set-rules", input = Json, output = Json)]
pub async fn set_rules(
    name: ProviderName,
    before: Vec<Rule>,
    rules: Vec<Rule>,
    only_matched: bool,
) -> Result<(), ApiError> {
    let call = Call::begin()?;
    let providers = &call.console.providers;
    respond(&call.actor, providers.set_rules(&call.actor, &name, before, rules, only_matched).await)
}

#[server(prefix = "/api", endpoint = "providers/set-enabled", input = Json, output = Json)]
pub async fn set_provider_enabled(name: ProviderName, enabled: bool) -> Result<(), ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.providers.set_enabled(&call.actor, &name, enabled).await)
}

#[server(prefix = "/api", endpoint = "providers/remove", input = Json, output = Json)]
pub async fn remove_provider(name: ProviderName, confirmation: String) -> Result<(), ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.providers.remove(&call.actor, &name, &confirmation).await)
}
