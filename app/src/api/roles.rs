//! What roles hold in projects, and projects' own roles.

use leptos::prelude::server;
use leptos::server_fn::codec::Json;
use model::projects::ProjectName;
use model::roles::{Role, RoleForm, RoleName};

#[cfg(feature = "ssr")]
use super::{Call, respond};
use crate::error::ApiError;

#[server(prefix = "/api", endpoint = "roles/list", input = Json, output = Json)]
pub async fn list_roles(project: ProjectName) -> Result<Vec<Role>, ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.roles.list(&call.actor, &project).await)
}

#[server(prefix = "/api", endpoint = "roles/set", input = Json, output = Json)]
pub async fn set_role(project: ProjectName, form: RoleForm) -> Result<(), ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.roles.set(&call.actor, &project, form).await)
}

#[server(prefix = "/api", endpoint = "roles/remove", input = Json, output = Json)]
pub async fn remove_role(project: ProjectName, role: RoleName) -> Result<(), ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.roles.remove(&call.actor, &project, &role).await)
}
