//! Groups of people.

use async_trait::async_trait;
use model::groups::{Group, GroupForm, GroupName};

use crate::{Actor, Error};

#[async_trait]
pub trait Groups: Send + Sync {
    /// By name.
    async fn list(&self, actor: &Actor) -> Result<Vec<Group>, Error>;

    /// Errors: `Invalid` per field.
    async fn create(&self, actor: &Actor, form: GroupForm) -> Result<(), Error>;

    /// Ends everything that its people have through it. Errors: `Invalid` when its name is typed wrongly, `NotFound`.
    async fn delete(&self, actor: &Actor, group: &GroupName, confirmation: &str) -> Result<(), Error>;

    /// Errors: `Invalid` when nobody has this name, `NotFound` of the group.
    async fn add(&self, actor: &Actor, group: &GroupName, username: &str) -> Result<(), Error>;

    /// Errors: `NotFound`.
    async fn take(&self, actor: &Actor, group: &GroupName, username: &str) -> Result<(), Error>;
}
