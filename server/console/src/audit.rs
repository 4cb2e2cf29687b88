//! Reading the audit trail: `contract::Audit`.

use std::sync::Arc;

use async_trait::async_trait;
use contract::{Actor, Audit, Error};
use gate::Gate;
use model::access::Action;
use model::audit::{AuditEntry, AuditQuery, Verified};
use store::{Chain, Entry, Store};

use crate::when::rfc3339;

/// Entries per page.
const PAGE: i64 = 100;
/// Most entries of one export.
const EXPORT: i64 = 100_000;

pub struct AuditTrail {
    pub store: Store,
    pub gate: Arc<Gate>,
}

#[async_trait]
impl Audit for AuditTrail {
    async fn list(&self, actor: &Actor, query: AuditQuery) -> Result<Vec<AuditEntry>, Error> {
        self.gate.read(actor, Action::ViewAudit)?;
        let entries = self.store.audit_entries(&query, PAGE).await?;
        Ok(entries.into_iter().map(shown).collect())
    }

    async fn export(&self, actor: &Actor, query: AuditQuery) -> Result<String, Error> {
        self.gate.read(actor, Action::ViewAudit)?;
        let mut table = String::from("number,time,actor,address,action,object,outcome,reference\n");
        for entry in self.store.audit_entries(&query, EXPORT).await? {
            let AuditEntry { id, at, actor, action, resource, outcome, request_id, address, .. } =
                shown(entry);
            let id = id.to_string();
            let cells =
                [&id, &at, &actor, &address, &action, &resource, outcome.as_str(), &request_id].map(cell);
            table.push_str(&cells.join(","));
            table.push('\n');
        }
        Ok(table)
    }

    async fn verify(&self, actor: &Actor) -> Result<Verified, Error> {
        self.gate.read(actor, Action::ViewAudit)?;
        Ok(match self.store.verify_audit().await? {
            Chain::Whole { links, head } => Verified::Whole { links, head },
            Chain::Broken { entry } => Verified::Broken { entry },
        })
    }
}

fn shown(entry: Entry) -> AuditEntry {
    AuditEntry {
        id: entry.id,
        at: rfc3339(entry.at),
        actor: entry.actor,
        action: entry.action,
        resource: entry.resource,
        outcome: entry.outcome,
        request_id: entry.request_id,
        address: entry.address,
        changed: entry
            .changed
            .map(|changed| cluster::difference(&changed.before, &changed.after))
            .unwrap_or_default(),
    }
}

/// A cell that no spreadsheet takes for a formula.
fn cell(text: &str) -> String {
    let formula = text.starts_with(['=', '+', '-', '@', '\t', '\r']);
    let guard = if formula { "'" } else { "" };
    format!("\"{guard}{}\"", text.replace('"', "\"\""))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn no_cell_is_a_formula_or_ends_its_row() {
        assert_eq!(cell("=HYPERLINK(\"x\")"), "\"'=HYPERLINK(\"\"x\"\")\"");
        assert_eq!(cell("@SUM(1)"), "\"'@SUM(1)\"");
        assert_eq!(cell("user ada, as\nroot"), "\"user ada, as\nroot\"");
    }
}
