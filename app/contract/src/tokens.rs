//! Personal tokens.

use async_trait::async_trait;
use model::tokens::{NewToken, Token, TokenForm};

use crate::{Actor, Error};

#[async_trait]
pub trait Tokens: Send + Sync {
    /// The actor's own that have not ended, the newest first.
    async fn list(&self, actor: &Actor) -> Result<Vec<Token>, Error>;

    /// Makes one of the actor's own. Errors: `Invalid` per field.
    async fn create(&self, actor: &Actor, form: TokenForm) -> Result<NewToken, Error>;

    /// Ends one of the actor's own at once, also what is under way with it. Errors: `NotFound`.
    async fn revoke(&self, actor: &Actor, id: &str) -> Result<(), Error>;
}
