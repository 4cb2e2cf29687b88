//! Lists of what clusters hold.

use async_trait::async_trait;
use model::rows::{Found, RowQuery, RowWindow, SavedView, Scope, TableHealth};

use crate::workloads::Following;
use crate::{Actor, Error};

#[async_trait]
pub trait Rows: Send + Sync {
    /// Those that the person may list in the clusters that they may know of. A cluster that does not answer says so, and hides no
    /// other.
    async fn list(&self, actor: &Actor, query: &RowQuery) -> Result<RowWindow, Error>;

    /// What has all words that were typed, in a name, label, image, address or owner, of all kinds but events, as far as the person
    /// may list them. Nothing typed finds nothing.
    async fn search(&self, actor: &Actor, typed: &str) -> Result<Found, Error>;

    /// What is kept, for those who see everything; by cluster and kind.
    async fn health(&self, actor: &Actor) -> Result<Vec<TableHealth>, Error>;

    /// Everything that a scope of theirs can name: the clusters that they may know of, the projects that they may see, and the
    /// first namespaces by name.
    async fn scopes(&self, actor: &Actor) -> Result<Scope, Error>;

    /// The lists that the person keeps under names of their own, by list and name.
    async fn saved(&self, actor: &Actor) -> Result<Vec<SavedView>, Error>;

    /// Keeps one, in the place of one with this name. Errors: `Invalid` per field (`name`, `query`), `Conflict` when there are too
    /// many.
    async fn save(&self, actor: &Actor, view: SavedView) -> Result<(), Error>;

    /// Keeps the one with this list and name no longer. Errors: `NotFound`.
    async fn forget(&self, actor: &Actor, view: SavedView) -> Result<(), Error>;

    /// What [`Rows::list`] answers, and whatever it becomes.
    fn follow(&self, actor: &Actor, query: RowQuery) -> Following;
}
