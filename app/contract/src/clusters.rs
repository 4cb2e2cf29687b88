//! The clusters that the console is connected to.

use async_trait::async_trait;
use model::clusters::{ClusterName, ClusterOverview, ClusterSummary};

use crate::{Actor, Error};

#[async_trait]
pub trait Clusters: Send + Sync {
    /// All clusters and how each answers now. One that does not answer delays the others by nothing.
    async fn list(&self, actor: &Actor) -> Result<Vec<ClusterSummary>, Error>;

    /// Version, nodes, pods and warnings, as the person may see them.
    ///
    /// Errors: `NotFound`, `ClusterUnreachable`, `ClusterUnauthorized`.
    async fn overview(&self, actor: &Actor, cluster: &ClusterName) -> Result<ClusterOverview, Error>;
}
