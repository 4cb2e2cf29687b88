//! Roles in projects: `contract::Roles`.

use async_trait::async_trait;
use contract::{Actor, Error, Kind, Roles};
use gate::Intent;
use model::access::Action;
use model::problem::Problem;
use model::projects::ProjectName;
use model::roles::{Permissions, ProjectRole, Role, RoleForm, RoleName};

use crate::projects::{BINDINGS, ProjectBook};

#[async_trait]
impl Roles for ProjectBook {
    async fn list(&self, actor: &Actor, name: &ProjectName) -> Result<Vec<Role>, Error> {
        self.gate.read_in(actor, Action::ViewProject, name).await?;
        let project = self.store.project(name).await?;
        let members = self.members_of(&project).await?;
        let shipped = ProjectRole::ALL.map(|role| {
            let name = RoleName::from(role);
            let used = members.iter().filter(|member| member.role == name).count();
            Role { permissions: role.permissions(), used: u32::try_from(used).unwrap_or(u32::MAX), name }
        });
        Ok(shipped.into_iter().chain(self.store.roles(&project.id).await?).collect())
    }

    async fn set(&self, actor: &Actor, name: &ProjectName, form: RoleForm) -> Result<(), Error> {
        let checked = form.check();
        let named = checked.as_ref().map_or("(bad name)", |(role, _)| role.as_str());
        let resource = format!("project {name}: role {named} with {}", form.permissions.words());
        let intent = Intent::in_project(Action::SetRole, name, resource);
        self.gate
            .change_as_system(actor, intent, BINDINGS, async |grant| {
                let project = self.store.project(name).await?;
                let (role, permissions) = checked.map_err(|fields| Kind::Invalid { fields })?;
                let reach = self.reach(actor, &project).await?;
                let before = self.store.permissions_of(&project.id, &role).await?.unwrap_or_default();
                if !permissions.within(reach) || !before.within(reach) {
                    return Err(Error::invalid("permissions", Problem::BeyondYours));
                }
                self.store.set_role(&project.id, &role, permissions).await?;
                grant.note(lines(before), lines(permissions));
                self.bind(&grant, &project.id).await
            })
            .await
    }

    async fn remove(&self, actor: &Actor, name: &ProjectName, role: &RoleName) -> Result<(), Error> {
        let intent = Intent::in_project(Action::RemoveRole, name, format!("project {name}: role {role}"));
        self.gate
            .change(actor, intent, async |_grant| {
                let project = self.store.project(name).await?;
                let known = self.store.roles(&project.id).await?.into_iter().find(|own| own.name == *role);
                let known = known.ok_or_else(|| Kind::NotFound { what: format!("role {role}") })?;
                if known.used > 0 {
                    return Err(Error::invalid("name", Problem::InUse { count: known.used }));
                }
                self.store.remove_role(&project.id, role).await
            })
            .await
    }
}

/// For the trail: a line for each permission.
fn lines(permissions: Permissions) -> String {
    permissions.iter().map(|permission| format!("{}\n", permission.as_str())).collect()
}
