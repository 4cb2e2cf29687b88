//! Groups of people.

use leptos::prelude::server;
use leptos::server_fn::codec::Json;
use model::groups::{Group, GroupForm, GroupName};

#[cfg(feature = "ssr")]
use super::{Call, respond};
use crate::error::ApiError;

#[server(prefix = "/api", endpoint = "groups/list", input = Json, output = Json)]
pub async fn list_groups() -> Result<Vec<Group>, ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.groups.list(&call.actor).await)
}

#[server(prefix = "/api", endpoint = "groups/create", input = Json, output = Json)]
pub async fn create_group(form: GroupForm) -> Result<(), ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.groups.create(&call.actor, form).await)
}

#[server(prefix = "/api", endpoint = "groups/delete", input = Json, output = Json)]
pub async fn delete_group(group: GroupName, confirmation: String) -> Result<(), ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.groups.delete(&call.actor, &group, &confirmation).await)
}

#[server(prefix = "/api", endpoint = "groups/add", input = Json, output = Json)]
pub async fn add_to_group(group: GroupName, username: String) -> Result<(), ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.groups.add(&call.actor, &group, &username).await)
}

#[server(prefix = "/api", endpoint = "groups/take", input = Json, output = Json)]
pub async fn take_from_group(group: GroupName, username: String) -> Result<(), ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.groups.take(&call.actor, &group, &username).await)
}
