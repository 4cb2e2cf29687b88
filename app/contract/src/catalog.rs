//! The catalog: chart repositories and the charts in them.

use async_trait::async_trait;
use model::catalog::{ChartDetail, ChartSummary, Repository, RepositoryForm, RepositoryName};

use crate::{Actor, Error};

#[async_trait]
pub trait Catalog: Send + Sync {
    async fn repositories(&self, actor: &Actor) -> Result<Vec<Repository>, Error>;

    /// Reads its index first: a repository that cannot be read is not added. Errors: `Invalid` per field.
    async fn add(&self, actor: &Actor, form: RepositoryForm) -> Result<(), Error>;

    /// Reads the index anew. What was read before is kept when that fails, and the list tells why. Errors: `NotFound`.
    async fn refresh(&self, actor: &Actor, name: &RepositoryName) -> Result<(), Error>;

    /// What was installed from it stays. Errors: `NotFound`.
    async fn remove(&self, actor: &Actor, name: &RepositoryName) -> Result<(), Error>;

    /// The newest version of each chart whose name or description has all these words.
    async fn charts(&self, actor: &Actor, words: &str) -> Result<Vec<ChartSummary>, Error>;

    /// One version, the newest when none is named. Errors: `NotFound`.
    async fn chart(
        &self,
        actor: &Actor,
        repository: &RepositoryName,
        name: &str,
        version: Option<&str>,
    ) -> Result<ChartDetail, Error>;

    /// The picture of a chart as it is at its source. Errors: `NotFound`.
    async fn icon(&self, actor: &Actor, repository: &RepositoryName, name: &str) -> Result<Vec<u8>, Error>;
}
