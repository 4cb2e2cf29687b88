//! The licence in force, read from the database and verified each time it is asked for.

use std::sync::Arc;

use async_trait::async_trait;
use cluster::Fleet;
use contract::Error;
use gate::{Clock, KeyRing, LicenceFacts, authenticate, effective_now, verify};
use model::license::{Amounts, Licence, LicenceProblem};
use store::Store;

/// Verification happens on reading, so that editing the database gives no rights.
pub struct StoredLicence {
    store: Store,
    keys: KeyRing,
    clock: Arc<dyn Clock>,
    fleet: Fleet,
}

impl StoredLicence {
    pub fn new(store: Store, keys: KeyRing, clock: Arc<dyn Clock>, fleet: Fleet) -> Self {
        Self { store, keys, clock, fleet }
    }

    /// Reads a licence text as somebody enters it, at the time that licences are judged by.
    pub(crate) async fn read(&self, text: &str) -> Result<Result<Licence, LicenceProblem>, Error> {
        let instance = self.store.read_installation().await?.instance;
        let now = self.now().await?;
        Ok(verify(text, &self.keys, &instance, now))
    }

    /// Unix seconds, never earlier than one already seen.
    pub(crate) async fn now(&self) -> Result<i64, Error> {
        effective_now(self, self.clock.now()).await
    }
}

#[async_trait]
impl LicenceFacts for StoredLicence {
    async fn licence(&self) -> Result<Option<Licence>, Error> {
        let installation = self.store.read_installation().await?;
        let Some(text) = installation.licence else {
            return Ok(None);
        };
        Ok(authenticate(&text, &self.keys, &installation.instance).ok())
    }

    async fn used(&self) -> Result<Amounts, Error> {
        let users = u32::try_from(self.store.count_accounts().await?).unwrap_or(u32::MAX);
        let clusters = u32::try_from(self.fleet.all().len()).unwrap_or(u32::MAX);
        // Of a cluster that does not answer, as many as when it did.
        let nodes = self.fleet.all().iter().fold(0_u32, |sum, cluster| sum.saturating_add(cluster.nodes()));
        Ok(Amounts { users, clusters, nodes })
    }

    async fn latest_time(&self, now: i64) -> Result<i64, Error> {
        self.store.advance_time(now).await
    }
}
