//! Asking for access to a project, for a time.

use leptos::prelude::server;
use leptos::server_fn::codec::Json;
use model::projects::ProjectName;
use model::requests::{Decision, Request, RequestForm};

#[cfg(feature = "ssr")]
use super::{Call, respond};
use crate::error::ApiError;

#[server(prefix = "/api", endpoint = "requests/own", input = Json, output = Json)]
pub async fn own_requests() -> Result<Vec<Request>, ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.requests.own(&call.actor).await)
}

#[server(prefix = "/api", endpoint = "requests/of-project", input = Json, output = Json)]
pub async fn requests_of(project: ProjectName) -> Result<Vec<Request>, ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.requests.of(&call.actor, &project).await)
}

#[server(prefix = "/api", endpoint = "requests/ask", input = Json, output = Json)]
pub async fn ask_for_access(form: RequestForm) -> Result<(), ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.requests.ask(&call.actor, form).await)
}

#[server(prefix = "/api", endpoint = "requests/withdraw", input = Json, output = Json)]
pub async fn withdraw_request(id: String) -> Result<(), ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.requests.withdraw(&call.actor, &id).await)
}

#[server(prefix = "/api", endpoint = "requests/decide", input = Json, output = Json)]
pub async fn decide_request(project: ProjectName, id: String, decision: Decision) -> Result<(), ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.requests.decide(&call.actor, &project, &id, decision).await)
}
