//! Reading the audit trail: `contract::Audit`.

use std::sync::Arc;

use async_trait::async_trait;
use contract::{Actor, Audit, Error};
use gate::Gate;
use model::access::Action;
use model::audit::AuditEntry;
use store::Store;

use crate::when::rfc3339;

/// Entries per page.
const PAGE: i64 = 100;

pub struct AuditTrail {
    pub store: Store,
    pub gate: Arc<Gate>,
}

#[async_trait]
impl Audit for AuditTrail {
    async fn list(&self, actor: &Actor, before: Option<i64>) -> Result<Vec<AuditEntry>, Error> {
        self.gate.read(actor, Action::ViewAudit)?;
        let entries = self.store.audit_entries(before, PAGE).await?;
        let shown = entries.into_iter().map(|entry| AuditEntry {
            id: entry.id,
            at: rfc3339(entry.at),
            actor: entry.actor,
            action: entry.action,
            resource: entry.resource,
            outcome: entry.outcome,
            request_id: entry.request_id,
        });
        Ok(shown.collect())
    }
}
