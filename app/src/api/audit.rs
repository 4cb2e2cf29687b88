//! Reading the audit trail.

use leptos::prelude::server;
use leptos::server_fn::codec::Json;
use model::audit::AuditEntry;

#[cfg(feature = "ssr")]
use super::{Call, respond};
use crate::error::ApiError;

/// Newest first; `before` is the number of the last entry already shown.
#[server(prefix = "/api", endpoint = "audit/list", input = Json, output = Json)]
pub async fn list_audit(before: Option<i64>) -> Result<Vec<AuditEntry>, ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.audit.list(&call.actor, before).await)
}
