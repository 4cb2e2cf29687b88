//! Reading the audit trail. Writing it is the gate's.

use async_trait::async_trait;
use model::audit::AuditEntry;

use crate::{Actor, Error};

#[async_trait]
pub trait Audit: Send + Sync {
    /// The newest entries first, older than `before` when given, at most 100.
    async fn list(&self, actor: &Actor, before: Option<i64>) -> Result<Vec<AuditEntry>, Error>;
}
