//! Identity providers: what administrators set up, and signing in with them.

use async_trait::async_trait;
use model::providers::{ProviderDetail, ProviderForm, ProviderName, ProviderSummary, Rule, Way};

use crate::identity::SignedIn;
use crate::{Actor, Error};

/// Somebody sets out for a provider.
pub struct Leave<'a> {
    /// The address of this console that the provider sends the browser back to.
    pub redirect: &'a str,
    /// The page to go on with.
    pub next: &'a str,
    /// A secret that only this browser has.
    pub browser: &'a str,
    /// To see what the provider says, signing nobody in.
    pub test: bool,
}

/// Somebody came back from a provider, as the address says.
pub struct Return<'a> {
    pub state: &'a str,
    pub code: &'a str,
    /// The protocol's word for why there is no code; empty otherwise.
    pub error: &'a str,
    /// Who the answer says it is from; empty when it does not.
    pub issuer: &'a str,
    pub browser: &'a str,
}

/// How coming back ended.
pub enum Arrival {
    SignedIn {
        user: SignedIn,
        /// What the new session is to be called, so that the provider answers for it.
        handle: String,
        next: String,
    },
    Tested,
}

#[async_trait]
pub trait Providers: Send + Sync {
    /// Those that people can sign in with; anybody may ask.
    async fn ways(&self) -> Result<Vec<Way>, Error>;

    async fn list(&self, actor: &Actor) -> Result<Vec<ProviderSummary>, Error>;

    async fn view(&self, actor: &Actor, name: &ProviderName) -> Result<ProviderDetail, Error>;

    /// Adds a provider, disabled, once it answers. Errors: `Invalid` per field.
    async fn add(&self, actor: &Actor, form: ProviderForm) -> Result<(), Error>;

    /// Another connection, which disables the provider until it is tested. Errors: `Invalid` per field.
    async fn change(&self, actor: &Actor, form: ProviderForm) -> Result<(), Error>;

    /// All of its rules, which count from the next sign-in or check of a session on. `before` is what the change was made of.
    ///
    /// Errors: `Invalid` per field; `Conflict` when the rules are others by now.
    async fn set_rules(
        &self,
        actor: &Actor,
        name: &ProviderName,
        before: Vec<Rule>,
        rules: Vec<Rule>,
        only_matched: bool,
    ) -> Result<(), Error>;

    /// Errors: `Invalid` of the field `enabled` before a test. Disabling ends the sessions of its people.
    async fn set_enabled(&self, actor: &Actor, name: &ProviderName, enabled: bool) -> Result<(), Error>;

    /// Ends the sessions of its people and what its rules gave. The accounts stay.
    ///
    /// Errors: `Invalid` of the field `confirmation` when it is not the name.
    async fn remove(&self, actor: &Actor, name: &ProviderName, confirmation: &str) -> Result<(), Error>;

    /// The provider's address to send a browser to. Errors: `SignOn`; `Forbidden` for a test by somebody who may not.
    async fn leave(&self, actor: &Actor, name: &ProviderName, leave: Leave<'_>) -> Result<String, Error>;

    /// Signs somebody in, or shows what a test brought. Errors: `SignOn`.
    async fn arrive(&self, actor: &Actor, name: &ProviderName, back: Return<'_>) -> Result<Arrival, Error>;

    /// Where the actor signs out at their provider as well, on the way to `back`. None for a password here, and where the provider
    /// has no such place or does not answer.
    async fn farewell(&self, actor: &Actor, back: &str) -> Option<String>;

    /// Whether the provider still answers for this session. Asks it when it was not asked for long.
    async fn answers_for(&self, handle: &str) -> Result<bool, Error>;

    /// The provider tells that somebody signed out there. Errors: `SignOn`.
    async fn signed_out_there(&self, name: &ProviderName, token: &str) -> Result<(), Error>;
}
