//! Namespaces of projects.

use async_trait::async_trait;
use model::clusters::ClusterName;
use model::namespaces::{BoundsForm, NamespaceDetail, NamespaceForm, NamespaceName, NamespaceSummary};

use crate::{Actor, Error};

#[async_trait]
pub trait Namespaces: Send + Sync {
    /// Those of all projects that the person may see. A cluster that does not answer hides none of them.
    async fn list(&self, actor: &Actor) -> Result<Vec<NamespaceSummary>, Error>;

    /// Makes the namespace with quota, limit range, Pod Security labels and its members' bindings, or nothing at all.
    ///
    /// Errors: `Invalid` per field (name, and amounts above what the project has left), those of clusters.
    async fn create(&self, actor: &Actor, form: NamespaceForm) -> Result<NamespaceName, Error>;

    /// Read as the person. Errors: `NotFound`, those of clusters.
    async fn view(
        &self,
        actor: &Actor,
        cluster: &ClusterName,
        namespace: &NamespaceName,
    ) -> Result<NamespaceDetail, Error>;

    /// Changes quota, limit range and Pod Security level. Errors: as [`Namespaces::create`].
    async fn edit(
        &self,
        actor: &Actor,
        cluster: &ClusterName,
        namespace: &NamespaceName,
        bounds: BoundsForm,
    ) -> Result<(), Error>;

    /// Deletes it with everything in it. Errors: `Invalid` when its name is typed wrongly.
    async fn delete(
        &self,
        actor: &Actor,
        cluster: &ClusterName,
        namespace: &NamespaceName,
        confirmation: &str,
    ) -> Result<(), Error>;

    /// Takes it out of its project; everything in it stays and runs on. The members' bindings end.
    async fn detach(
        &self,
        actor: &Actor,
        cluster: &ClusterName,
        namespace: &NamespaceName,
    ) -> Result<(), Error>;
}
