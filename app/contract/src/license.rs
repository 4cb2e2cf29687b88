//! The first visit and the licence.

use async_trait::async_trait;
use model::license::{Activation, LicenceStatus};

use crate::{Actor, Error};

#[async_trait]
pub trait License: Send + Sync {
    /// Whether the first visit has happened.
    async fn is_activated(&self) -> Result<bool, Error>;

    /// Checks the setup token, the account and the licence, then stores all or nothing.
    ///
    /// Errors: `Invalid` per field, `Conflict` when somebody else was first.
    async fn activate(&self, actor: &Actor, form: Activation) -> Result<(), Error>;

    async fn status(&self, actor: &Actor) -> Result<LicenceStatus, Error>;

    /// Puts another licence in force. Errors: `Invalid` on the field `licence`.
    async fn replace(&self, actor: &Actor, text: &str) -> Result<(), Error>;
}
