//! Groups of people, and the roles that they have in projects.

use contract::{Error, Kind};
use model::groups::{Group, GroupName};
use model::identity::Username;
use model::projects::ProjectName;
use model::roles::RoleName;

use crate::backend::{Store, on_pool};
use crate::error::internal;

impl Store {
    /// All groups by name.
    pub async fn groups(&self) -> Result<Vec<Group>, Error> {
        let sql = "SELECT name, description FROM people_groups ORDER BY name";
        let groups: Vec<(String, String)> =
            on_pool!(self, |pool| sqlx::query_as(sql).fetch_all(pool).await).map_err(internal)?;
        let sql = "SELECT group_members.group_name, users.name FROM group_members \
                   JOIN users ON users.id = group_members.user_id ORDER BY users.name_key";
        let people: Vec<(String, String)> =
            on_pool!(self, |pool| sqlx::query_as(sql).fetch_all(pool).await).map_err(internal)?;
        let sql = "SELECT group_roles.group_name, projects.name, group_roles.role FROM group_roles \
                   JOIN projects ON projects.id = group_roles.project_id ORDER BY projects.name";
        let roles: Vec<(String, String, String)> =
            on_pool!(self, |pool| sqlx::query_as(sql).fetch_all(pool).await).map_err(internal)?;
        let group = |(name, description): (String, String)| {
            let own = people.iter().filter(|(group, _)| *group == name);
            let members = own.map(|(_, person)| Username::try_from(person.clone()).map_err(Error::internal));
            let own = roles.iter().filter(|(group, ..)| *group == name);
            let projects = own.map(|(_, project, role)| {
                let project = ProjectName::try_from(project.clone()).map_err(Error::internal)?;
                Ok((project, RoleName::try_from(role.clone()).map_err(Error::internal)?))
            });
            Ok(Group {
                members: members.collect::<Result<_, Error>>()?,
                projects: projects.collect::<Result<_, Error>>()?,
                name: GroupName::try_from(name).map_err(Error::internal)?,
                description,
            })
        };
        groups.into_iter().map(group).collect()
    }

    /// Errors: `NotFound`.
    pub async fn group(&self, name: &GroupName) -> Result<Group, Error> {
        let found = self.groups().await?.into_iter().find(|group| group.name == *name);
        found.ok_or_else(|| Kind::NotFound { what: format!("group {name}") }.into())
    }

    /// Errors: `Conflict` when the name is taken.
    pub async fn add_group(&self, name: &GroupName, description: &str) -> Result<(), Error> {
        let sql = "INSERT INTO people_groups (name, description) VALUES ($1, $2) ON CONFLICT DO NOTHING";
        let done = on_pool!(self, |pool| {
            let query = sqlx::query(sql).bind(name.as_str()).bind(description);
            query.execute(pool).await.map(|done| done.rows_affected())
        });
        match done.map_err(internal)? {
            0 => Err(Kind::Conflict { what: format!("group {name}") }.into()),
            _ => Ok(()),
        }
    }

    /// Removes a group with everything that its people have through it.
    pub async fn delete_group(&self, name: &GroupName) -> Result<(), Error> {
        let steps = [
            "DELETE FROM group_roles WHERE group_name = $1",
            "DELETE FROM group_members WHERE group_name = $1",
            "DELETE FROM people_groups WHERE name = $1",
        ];
        self.together(&steps, name.as_str()).await
    }

    pub async fn add_to_group(&self, group: &GroupName, user_id: &str, since: i64) -> Result<(), Error> {
        let sql = "INSERT INTO group_members (group_name, user_id, since) VALUES ($1, $2, $3) ON CONFLICT DO NOTHING";
        on_pool!(self, |pool| {
            let query = sqlx::query(sql).bind(group.as_str()).bind(user_id).bind(since);
            query.execute(pool).await.map(|_| ())
        })
        .map_err(internal)
    }

    /// Returns whether they were in it.
    pub async fn take_from_group(&self, group: &GroupName, user_id: &str) -> Result<bool, Error> {
        let sql = "DELETE FROM group_members WHERE group_name = $1 AND user_id = $2";
        let done = on_pool!(self, |pool| {
            let query = sqlx::query(sql).bind(group.as_str()).bind(user_id);
            query.execute(pool).await.map(|done| done.rows_affected())
        });
        Ok(done.map_err(internal)? > 0)
    }

    /// The groups that have a role in a project, by name.
    pub async fn groups_in(&self, project_id: &str) -> Result<Vec<(GroupName, RoleName)>, Error> {
        let sql = "SELECT group_name, role FROM group_roles WHERE project_id = $1 ORDER BY group_name";
        let rows: Vec<(String, String)> =
            on_pool!(self, |pool| sqlx::query_as(sql).bind(project_id).fetch_all(pool).await)
                .map_err(internal)?;
        let parse = |(group, role): (String, String)| {
            let group = GroupName::try_from(group).map_err(Error::internal)?;
            Ok((group, RoleName::try_from(role).map_err(Error::internal)?))
        };
        rows.into_iter().map(parse).collect()
    }

    /// Gives a group a role in a project, or another one.
    pub async fn set_group_role(
        &self,
        project_id: &str,
        group: &GroupName,
        role: &RoleName,
        since: i64,
    ) -> Result<(), Error> {
        let sql = "INSERT INTO group_roles (project_id, group_name, role, since) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT (project_id, group_name) DO UPDATE SET role = $3";
        on_pool!(self, |pool| {
            let query =
                sqlx::query(sql).bind(project_id).bind(group.as_str()).bind(role.as_str()).bind(since);
            query.execute(pool).await.map(|_| ())
        })
        .map_err(internal)
    }

    pub async fn remove_group_role(&self, project_id: &str, group: &GroupName) -> Result<(), Error> {
        let sql = "DELETE FROM group_roles WHERE project_id = $1 AND group_name = $2";
        on_pool!(self, |pool| {
            sqlx::query(sql).bind(project_id).bind(group.as_str()).execute(pool).await.map(|_| ())
        })
        .map_err(internal)
    }
}
