//! Groups of people: `contract::Groups`.

use async_trait::async_trait;
use contract::{Actor, Error, Groups, Kind};
use gate::{Grant, Intent};
use model::access::Action;
use model::groups::{Group, GroupForm, GroupName};
use model::problem::Problem;

use crate::projects::{BINDINGS, ProjectBook};

#[async_trait]
impl Groups for ProjectBook {
    async fn list(&self, actor: &Actor) -> Result<Vec<Group>, Error> {
        self.gate.read(actor, Action::ListGroups)?;
        self.store.groups().await
    }

    async fn create(&self, actor: &Actor, form: GroupForm) -> Result<(), Error> {
        let checked = form.check();
        let named = checked.as_ref().map_or("(bad name)", |(name, _)| name.as_str());
        let intent = Intent::new(Action::CreateGroup, format!("group {named}"));
        self.gate
            .change(actor, intent, async |_grant| {
                let (name, description) = checked.map_err(|fields| Kind::Invalid { fields })?;
                self.store.add_group(&name, &description).await.map_err(|error| match error.kind {
                    Kind::Conflict { .. } => Error::invalid("name", Problem::Taken),
                    _ => error,
                })
            })
            .await
    }

    async fn delete(&self, actor: &Actor, name: &GroupName, confirmation: &str) -> Result<(), Error> {
        let intent = Intent::new(Action::DeleteGroup, format!("group {name}"));
        self.gate
            .change_as_system(actor, intent, BINDINGS, async |grant| {
                if confirmation.trim() != name.as_str() {
                    return Err(Error::invalid("confirmation", Problem::NotTheName));
                }
                let group = self.store.group(name).await?;
                self.store.delete_group(name).await?;
                self.bind_projects_of(&grant, &group).await
            })
            .await
    }

    async fn add(&self, actor: &Actor, name: &GroupName, username: &str) -> Result<(), Error> {
        let account = self.store.account_by_name(&username.trim().to_lowercase()).await?;
        let named = account.as_ref().map_or("(unknown name)", |account| account.username.as_str());
        let intent = Intent::new(Action::AddToGroup, format!("group {name}: user {named}"));
        self.gate
            .change_as_system(actor, intent, BINDINGS, async |grant| {
                let group = self.store.group(name).await?;
                let account = account.ok_or_else(|| Error::invalid("username", Problem::NoSuchUser))?;
                self.store.add_to_group(name, &account.id, self.clock.now()).await?;
                self.bind_projects_of(&grant, &group).await
            })
            .await
    }

    async fn take(&self, actor: &Actor, name: &GroupName, username: &str) -> Result<(), Error> {
        let account = self.store.account_by_name(&username.trim().to_lowercase()).await?;
        let named = account.as_ref().map_or("(unknown name)", |account| account.username.as_str());
        let intent = Intent::new(Action::TakeFromGroup, format!("group {name}: user {named}"));
        self.gate
            .change_as_system(actor, intent, BINDINGS, async |grant| {
                let group = self.store.group(name).await?;
                let missing = || Error::from(Kind::NotFound { what: format!("{named} in group {name}") });
                let account = account.as_ref().ok_or_else(missing)?;
                if !self.store.take_from_group(name, &account.id).await? {
                    return Err(missing());
                }
                self.bind_projects_of(&grant, &group).await
            })
            .await
    }
}

impl ProjectBook {
    /// Goes on after a failure; returns the first one. What a cluster does not take now is mended when it answers.
    async fn bind_projects_of(&self, grant: &Grant, group: &Group) -> Result<(), Error> {
        let mut first = Ok(());
        for (project, _) in &group.projects {
            let project = self.store.project(project).await?;
            let done = self.bind(grant, &project.id).await;
            if first.is_ok() {
                first = done;
            }
        }
        first
    }
}
