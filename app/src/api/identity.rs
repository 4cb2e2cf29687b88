//! People: the signed-in one and the others. Signing in and out are plain form posts of the server.

use leptos::prelude::server;
use leptos::server_fn::codec::Json;
use model::identity::{Invitation, Me, OwnSession, SessionLeft, User, UserDetail, UserForm};

#[cfg(feature = "ssr")]
use super::{Call, respond};
use crate::error::ApiError;

#[server(prefix = "/api", endpoint = "identity/me", input = Json, output = Json)]
pub async fn get_me() -> Result<Me, ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.identity.me(&call.actor))
}

/// Its address is [`crate::paths::SESSION_LEFT`].
#[server(prefix = "/api", endpoint = "identity/session-left", input = Json, output = Json)]
pub async fn ask_session_left() -> Result<SessionLeft, ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.identity.session_left(&call.actor))
}

#[server(prefix = "/api", endpoint = "identity/list", input = Json, output = Json)]
pub async fn list_users() -> Result<Vec<User>, ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.identity.list_users(&call.actor).await)
}

#[server(prefix = "/api", endpoint = "identity/view", input = Json, output = Json)]
pub async fn view_user(username: String) -> Result<UserDetail, ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.identity.view_user(&call.actor, &username).await)
}

#[server(prefix = "/api", endpoint = "identity/create", input = Json, output = Json)]
pub async fn create_user(form: UserForm) -> Result<Option<Invitation>, ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.identity.create_user(&call.actor, form).await)
}

#[server(prefix = "/api", endpoint = "identity/change-password", input = Json, output = Json)]
pub async fn change_password(current: String, new: String, confirmation: String) -> Result<(), ApiError> {
    let call = Call::begin()?;
    let identity = &call.console.identity;
    respond(&call.actor, identity.change_password(&call.actor, &current, &new, &confirmation).await)
}

#[server(prefix = "/api", endpoint = "identity/sessions", input = Json, output = Json)]
pub async fn list_sessions() -> Result<Vec<OwnSession>, ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.identity.sessions(&call.actor).await)
}

#[server(prefix = "/api", endpoint = "identity/end-session", input = Json, output = Json)]
pub async fn end_session(handle: String) -> Result<(), ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.identity.end_session(&call.actor, &handle).await)
}

#[server(prefix = "/api", endpoint = "identity/end-other-sessions", input = Json, output = Json)]
pub async fn end_other_sessions() -> Result<(), ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.identity.end_other_sessions(&call.actor).await)
}

#[server(prefix = "/api", endpoint = "identity/set-disabled", input = Json, output = Json)]
pub async fn set_disabled(username: String, disabled: bool) -> Result<(), ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.identity.set_disabled(&call.actor, &username, disabled).await)
}

#[server(prefix = "/api", endpoint = "identity/reset-password", input = Json, output = Json)]
pub async fn reset_password(username: String, password: String) -> Result<Option<Invitation>, ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.identity.reset_password(&call.actor, &username, &password).await)
}

#[server(prefix = "/api", endpoint = "identity/accept", input = Json, output = Json)]
pub async fn accept_invitation(
    token: String,
    password: String,
    confirmation: String,
) -> Result<(), ApiError> {
    let call = Call::begin()?;
    let identity = &call.console.identity;
    respond(&call.actor, identity.accept(&call.actor, &token, &password, &confirmation).await)
}
