//! Reading the audit trail.

use leptos::prelude::server;
use leptos::server_fn::codec::Json;
use model::audit::{AuditEntry, AuditQuery, Verified};

#[cfg(feature = "ssr")]
use super::{Call, respond};
use crate::error::ApiError;

/// Newest first.
#[server(prefix = "/api", endpoint = "audit/list", input = Json, output = Json)]
pub async fn list_audit(query: AuditQuery) -> Result<Vec<AuditEntry>, ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.audit.list(&call.actor, query).await)
}

/// A table of comma-separated values.
#[server(prefix = "/api", endpoint = "audit/export", input = Json, output = Json)]
pub async fn export_audit(query: AuditQuery) -> Result<String, ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.audit.export(&call.actor, query).await)
}

#[server(prefix = "/api", endpoint = "audit/verify", input = Json, output = Json)]
pub async fn verify_audit() -> Result<Verified, ApiError> {
    let call = Call::begin()?;
    respond(&call.actor, call.console.audit.verify(&call.actor).await)
}
