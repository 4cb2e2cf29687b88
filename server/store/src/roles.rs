//! Projects' own roles.

use contract::{Error, Kind};
use model::roles::{Permissions, Role, RoleName};

use crate::backend::{Store, on_pool};
use crate::error::internal;
use crate::memberships::parse_permissions;

impl Store {
    /// By name. Whoever has a role by several ways counts for each.
    pub async fn roles(&self, project_id: &str) -> Result<Vec<Role>, Error> {
        let sql = "SELECT name, permissions, \
                   (SELECT COUNT(*) FROM memberships m WHERE m.project_id = $1 AND m.role = project_roles.name) + \
                   (SELECT COUNT(*) FROM group_roles g WHERE g.project_id = $1 AND g.role = project_roles.name) \
                   FROM project_roles WHERE project_id = $1 ORDER BY name";
        let rows: Vec<(String, String, i64)> =
            on_pool!(self, |pool| sqlx::query_as(sql).bind(project_id).fetch_all(pool).await)
                .map_err(internal)?;
        let role = |(name, permissions, used): (String, String, i64)| {
            Ok(Role {
                name: RoleName::try_from(name).map_err(Error::internal)?,
                permissions: parse_permissions(&permissions)?,
                used: u32::try_from(used).unwrap_or(u32::MAX),
            })
        };
        rows.into_iter().map(role).collect()
    }

    /// What a role holds in a project; none when it has no such role.
    pub async fn permissions_of(
        &self,
        project_id: &str,
        role: &RoleName,
    ) -> Result<Option<Permissions>, Error> {
        if let Some(shipped) = role.shipped() {
            return Ok(Some(shipped.permissions()));
        }
        let own = self.roles(project_id).await?.into_iter().find(|own| own.name == *role);
        Ok(own.map(|own| own.permissions))
    }

    pub async fn set_role(
        &self,
        project_id: &str,
        name: &RoleName,
        permissions: Permissions,
    ) -> Result<(), Error> {
        let sql = "INSERT INTO project_roles (project_id, name, permissions) VALUES ($1, $2, $3) \
                   ON CONFLICT (project_id, name) DO UPDATE SET permissions = $3";
        on_pool!(self, |pool| {
            let query = sqlx::query(sql).bind(project_id).bind(name.as_str()).bind(permissions.words());
            query.execute(pool).await.map(|_| ())
        })
        .map_err(internal)
    }

    /// Errors: `NotFound` when there is none, or somebody has it.
    pub async fn remove_role(&self, project_id: &str, name: &RoleName) -> Result<(), Error> {
        let sql = "DELETE FROM project_roles WHERE project_id = $1 AND name = $2 \
                   AND NOT EXISTS (SELECT 1 FROM memberships m WHERE m.project_id = $1 AND m.role = $2) \
                   AND NOT EXISTS (SELECT 1 FROM group_roles g WHERE g.project_id = $1 AND g.role = $2)";
        let done = on_pool!(self, |pool| {
            let query = sqlx::query(sql).bind(project_id).bind(name.as_str());
            query.execute(pool).await.map(|done| done.rows_affected())
        });
        match done.map_err(internal)? {
            0 => Err(Kind::NotFound { what: format!("role {name} that nobody has") }.into()),
            _ => Ok(()),
        }
    }
}
