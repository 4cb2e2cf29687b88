//! What roles hold in projects, and projects' own roles.

use async_trait::async_trait;
use model::projects::ProjectName;
use model::roles::{Role, RoleForm, RoleName};

use crate::{Actor, Error};

#[async_trait]
pub trait Roles: Send + Sync {
    /// The shipped ones, the weakest first, then the project's own by name. Errors: `NotFound`.
    async fn list(&self, actor: &Actor, project: &ProjectName) -> Result<Vec<Role>, Error>;

    /// Makes a role or changes what it holds, also for those who have it already.
    ///
    /// Errors: `Invalid` of the fields `name` and `permissions`; nobody gives more than they may do themselves.
    async fn set(&self, actor: &Actor, project: &ProjectName, form: RoleForm) -> Result<(), Error>;

    /// Errors: `Invalid` of the field `name` while somebody has it, `NotFound`.
    async fn remove(&self, actor: &Actor, project: &ProjectName, role: &RoleName) -> Result<(), Error>;
}
