//! Asking for access to a project, for a time.

use async_trait::async_trait;
use model::projects::ProjectName;
use model::requests::{Decision, Request, RequestForm};

use crate::{Actor, Error};

#[async_trait]
pub trait Requests: Send + Sync {
    /// The actor's own, the newest first.
    async fn own(&self, actor: &Actor) -> Result<Vec<Request>, Error>;

    /// Those of a project, for whoever decides: the open ones first, then the newest.
    async fn of(&self, actor: &Actor, project: &ProjectName) -> Result<Vec<Request>, Error>;

    /// Asks. A project that the actor may not know of is answered as one that nobody has decided about.
    ///
    /// Errors: `Invalid` per field.
    async fn ask(&self, actor: &Actor, form: RequestForm) -> Result<(), Error>;

    /// Takes back one of the actor's own. Errors: `NotFound`; `Conflict` when somebody has decided.
    async fn withdraw(&self, actor: &Actor, id: &str) -> Result<(), Error>;

    /// Gives the role until the time is over, or does not. Nobody decides about their own request, or gives more than they have.
    ///
    /// Errors: `NotFound`; `Conflict` when somebody has decided; `Invalid` of the fields `hours` and `role`.
    async fn decide(
        &self,
        actor: &Actor,
        project: &ProjectName,
        id: &str,
        decision: Decision,
    ) -> Result<(), Error>;
}
