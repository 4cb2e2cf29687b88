//! Projects and their members.

use async_trait::async_trait;
use model::groups::GroupName;
use model::projects::{Member, MemberForm, ProjectDetail, ProjectForm, ProjectName, ProjectSummary, Subject};
use model::roles::RoleName;

use crate::{Actor, Error};

#[async_trait]
pub trait Projects: Send + Sync {
    /// Those that the person may see, by name.
    async fn list(&self, actor: &Actor) -> Result<Vec<ProjectSummary>, Error>;

    /// Errors: `Invalid` per field, `Licence` when nothing may be added.
    async fn create(&self, actor: &Actor, form: ProjectForm) -> Result<(), Error>;

    /// With what it has and has left of each of its clusters. Errors: `NotFound`.
    async fn view(&self, actor: &Actor, project: &ProjectName) -> Result<ProjectDetail, Error>;

    /// What was typed when it was made, as it is now.
    async fn form(&self, actor: &Actor, project: &ProjectName) -> Result<ProjectForm, Error>;

    /// Changes everything but the name. Errors: `Invalid` per field; a cluster where it has namespaces stays.
    async fn change(&self, actor: &Actor, project: &ProjectName, form: ProjectForm) -> Result<(), Error>;

    /// Removes a project that has no namespaces any more. Errors: `Invalid` when its name is typed wrongly, `Conflict`
    /// while it has namespaces.
    async fn delete(&self, actor: &Actor, project: &ProjectName, confirmation: &str) -> Result<(), Error>;

    /// By name of the person, each once for each way.
    async fn members(&self, actor: &Actor, project: &ProjectName) -> Result<Vec<Member>, Error>;

    /// The groups that have a role in it.
    async fn groups(&self, actor: &Actor, project: &ProjectName)
    -> Result<Vec<(GroupName, RoleName)>, Error>;

    /// Adds somebody or a group or changes their role, and binds them in every namespace of the project.
    ///
    /// Errors: `Invalid` of the fields `name` and `role`: nobody gives more than they may do themselves, or changes what somebody
    /// has who may do more. When a cluster does not answer, the membership is kept and the error names the cluster: it is bound
    /// when it answers.
    async fn set_member(&self, actor: &Actor, project: &ProjectName, form: MemberForm) -> Result<(), Error>;

    /// Ends a membership that was given by hand, or the role `asked` that was asked for, here and in every cluster. Errors: `NotFound`; `Invalid` of the
    /// field `name`; those of clusters, where it ends when they answer.
    async fn remove_member(
        &self,
        actor: &Actor,
        project: &ProjectName,
        who: Subject,
        asked: Option<RoleName>,
    ) -> Result<(), Error>;
}
