//! What enforcing a licence needs to know.

use async_trait::async_trait;
use contract::Error;
use model::license::{Amounts, Licence};

/// Where the gate reads the licence in force and what is in use.
#[async_trait]
pub trait LicenceFacts: Send + Sync {
    /// None before the activation.
    async fn licence(&self) -> Result<Option<Licence>, Error>;

    async fn used(&self) -> Result<Amounts, Error>;

    /// Remembers the latest time ever seen and returns it. Unix seconds.
    async fn latest_time(&self, now: i64) -> Result<i64, Error>;
}

/// The time that licences are judged by: never earlier than one already seen,
/// so that a clock set back gives no more rights. Unix seconds.
pub async fn effective_now(facts: &dyn LicenceFacts, now_millis: i64) -> Result<i64, Error> {
    facts.latest_time(now_millis.div_euclid(1000)).await
}
