//! The first visit and the licence.

use leptos::prelude::server;
use leptos::server_fn::codec::Json;
use model::license::{Activation, LicenceStatus};

#[cfg(feature = "ssr")]
use super::{Call, respond};
use crate::error::ApiError;

#[server(prefix = "/api", endpoint = "license/activate", input = Json, output = Json)]
pub async fn activate(form: Activation) -> Result<(), ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.license.activate(&call.actor, form).await)
}

#[server(prefix = "/api", endpoint = "license/status", input = Json, output = Json)]
pub async fn license_status() -> Result<LicenceStatus, ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.license.status(&call.actor).await)
}

#[server(prefix = "/api", endpoint = "license/replace", input = Json, output = Json)]
pub async fn replace_license(text: String) -> Result<(), ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.license.replace(&call.actor, &text).await)
}
