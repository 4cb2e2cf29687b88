//! The clusters that the console is connected to.

use async_trait::async_trait;
use model::clusters::{ClusterForm, ClusterName, ClusterOverview, ClusterSummary};
use model::kubeconfig::{Context, Right, Step};

use crate::{Actor, Error};

#[async_trait]
pub trait Clusters: Send + Sync {
    /// All clusters and how each answers now. One that does not answer delays the others by nothing.
    async fn list(&self, actor: &Actor) -> Result<Vec<ClusterSummary>, Error>;

    /// Version, nodes, pods and warnings, as the person may see them.
    ///
    /// Errors: `NotFound`, `ClusterUnreachable`, `ClusterUnauthorized`.
    async fn overview(&self, actor: &Actor, cluster: &ClusterName) -> Result<ClusterOverview, Error>;

    /// The contexts of a file that somebody uploads. Errors: `Invalid` of the field `kubeconfig`.
    fn read(&self, actor: &Actor, kubeconfig: &str) -> Result<Vec<Context>, Error>;

    /// Connects with a context for a moment. Errors: `Invalid` of the field `context`.
    async fn try_out(&self, actor: &Actor, kubeconfig: &str, context: &str) -> Result<Vec<Step>, Error>;

    /// Connects a cluster for good. Errors: `Invalid` per field, `Licence` at the limit of clusters.
    async fn add(&self, actor: &Actor, form: ClusterForm) -> Result<(), Error>;

    /// Another credential for the same server. Errors: `NotFound`, `Invalid` per field.
    async fn renew(&self, actor: &Actor, form: ClusterForm) -> Result<(), Error>;

    /// Disconnects a cluster; what runs in it goes on. Errors: `NotFound`; `Invalid` of the field `confirmation` also while
    /// namespaces of projects are in it.
    async fn remove(&self, actor: &Actor, cluster: &ClusterName, confirmation: &str) -> Result<(), Error>;

    /// What the console's own account may do there, of what it needs. Errors: as [`Clusters::overview`].
    async fn rights(&self, actor: &Actor, cluster: &ClusterName) -> Result<Vec<Right>, Error>;

    /// What makes an account with exactly those rights in a cluster, as YAML.
    fn access_manifest(&self, actor: &Actor) -> Result<String, Error>;
}
