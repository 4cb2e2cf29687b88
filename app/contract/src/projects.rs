//! Projects and their members.

use async_trait::async_trait;
use model::projects::{Member, ProjectDetail, ProjectForm, ProjectName, ProjectRole, ProjectSummary};

use crate::{Actor, Error};

#[async_trait]
pub trait Projects: Send + Sync {
    /// Those that the person may see, by name.
    async fn list(&self, actor: &Actor) -> Result<Vec<ProjectSummary>, Error>;

    /// Errors: `Invalid` per field, `Licence` when nothing may be added.
    async fn create(&self, actor: &Actor, form: ProjectForm) -> Result<(), Error>;

    /// With what it has and has left of each of its clusters. Errors: `NotFound`.
    async fn view(&self, actor: &Actor, project: &ProjectName) -> Result<ProjectDetail, Error>;

    /// Removes a project that has no namespaces any more. Errors: `Invalid` when its name is typed wrongly, `Conflict`
    /// while it has namespaces.
    async fn delete(&self, actor: &Actor, project: &ProjectName, confirmation: &str) -> Result<(), Error>;

    async fn members(&self, actor: &Actor, project: &ProjectName) -> Result<Vec<Member>, Error>;

    /// Adds somebody or changes their role, and binds them in every namespace of the project.
    ///
    /// Errors: `Invalid` when nobody has this name. When a cluster does not answer, the membership is kept and the
    /// error names the cluster: doing it again finishes it.
    async fn set_member(
        &self,
        actor: &Actor,
        project: &ProjectName,
        username: &str,
        role: ProjectRole,
    ) -> Result<(), Error>;

    /// Ends a membership once no cluster binds the person any more. Errors: `NotFound`, those of clusters.
    async fn remove_member(&self, actor: &Actor, project: &ProjectName, username: &str) -> Result<(), Error>;
}
