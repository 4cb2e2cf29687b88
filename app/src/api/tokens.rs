//! Personal tokens.

use leptos::prelude::server;
use leptos::server_fn::codec::Json;
use model::tokens::{NewToken, Token, TokenForm};

#[cfg(feature = "ssr")]
use super::{Call, respond};
use crate::error::ApiError;

#[server(prefix = "/api", endpoint = "tokens/list", input = Json, output = Json)]
pub async fn list_tokens() -> Result<Vec<Token>, ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.tokens.list(&call.actor).await)
}

#[server(prefix = "/api", endpoint = "tokens/create", input = Json, output = Json)]
pub async fn create_token(form: TokenForm) -> Result<NewToken, ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.tokens.create(&call.actor, form).await)
}

#[server(prefix = "/api", endpoint = "tokens/revoke", input = Json, output = Json)]
pub async fn revoke_token(id: String) -> Result<(), ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.tokens.revoke(&call.actor, &id).await)
}
