//! Reading the audit trail. Writing it is the gate's.

use async_trait::async_trait;
use model::audit::{AuditEntry, AuditQuery, Verified};

use crate::{Actor, Error};

#[async_trait]
pub trait Audit: Send + Sync {
    /// Those that fit the query, the newest first, at most 100.
    async fn list(&self, actor: &Actor, query: AuditQuery) -> Result<Vec<AuditEntry>, Error>;

    /// All that fit the query, the newest first, as a table of comma-separated values; at most 100,000.
    async fn export(&self, actor: &Actor, query: AuditQuery) -> Result<String, Error>;

    /// Computes the chain of hashes over the trail again.
    async fn verify(&self, actor: &Actor) -> Result<Verified, Error>;
}
