//! Releases: charts that are installed.

use leptos::prelude::server;
use leptos::server_fn::codec::Json;
use model::releases::{Job, ReleaseDetail, ReleaseForm, ReleaseRef};
use model::review::Review;

#[cfg(feature = "ssr")]
use super::{Call, respond};
use crate::error::ApiError;

#[server(prefix = "/api", endpoint = "releases/view", input = Json, output = Json)]
pub async fn view_release(target: ReleaseRef) -> Result<ReleaseDetail, ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.releases.view(&call.actor, &target).await)
}

#[server(prefix = "/api", endpoint = "releases/review", input = Json, output = Json)]
pub async fn review_release(form: ReleaseForm) -> Result<Review, ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.releases.review(&call.actor, &form).await)
}

#[server(prefix = "/api", endpoint = "releases/install", input = Json, output = Json)]
pub async fn install_release(form: ReleaseForm) -> Result<String, ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.releases.install(&call.actor, &form).await)
}

#[server(prefix = "/api", endpoint = "releases/upgrade", input = Json, output = Json)]
pub async fn upgrade_release(form: ReleaseForm) -> Result<String, ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.releases.upgrade(&call.actor, &form).await)
}

#[server(prefix = "/api", endpoint = "releases/roll-back", input = Json, output = Json)]
pub async fn roll_back_release(target: ReleaseRef, revision: u32) -> Result<String, ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.releases.roll_back(&call.actor, &target, revision).await)
}

#[server(prefix = "/api", endpoint = "releases/uninstall", input = Json, output = Json)]
pub async fn uninstall_release(target: ReleaseRef, confirmation: String) -> Result<String, ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.releases.uninstall(&call.actor, &target, &confirmation).await)
}

#[server(prefix = "/api", endpoint = "releases/job", input = Json, output = Json)]
pub async fn view_job(id: String) -> Result<Job, ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.releases.job(&call.actor, &id).await)
}
