//! Projects, what they have of clusters, and who belongs to them.

use async_trait::async_trait;
use contract::{Error, Kind};
use gate::Memberships;
use model::clusters::ClusterName;
use model::identity::Username;
use model::projects::{Allotment, ProjectName, ProjectRole};
use model::quantity::Quantity;

use crate::backend::{Store, on_pool};
use crate::error::internal;

/// A row of `projects` with its clusters.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Project {
    pub id: String,
    pub name: ProjectName,
    pub display_name: String,
    pub description: String,
    /// Unix milliseconds.
    pub created_at: i64,
    /// By name.
    pub clusters: Vec<(ClusterName, Allotment)>,
}

/// Somebody in a project.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Membership {
    pub user_id: String,
    pub username: Username,
    /// The name in clusters.
    pub slug: String,
    /// The strongest that is given.
    pub role: ProjectRole,
    /// The provider whose rules give it; [`BY_HAND`] when they do not, or give less.
    pub source: String,
    /// Unix milliseconds.
    pub since: i64,
}

/// The source of a membership that somebody gave.
pub const BY_HAND: &str = "";

type Row = (String, String, String, String, i64);
type ClusterRow = (String, String, Option<String>, Option<String>, Option<String>);

impl Store {
    /// All projects by name.
    pub async fn projects(&self) -> Result<Vec<Project>, Error> {
        let sql = "SELECT id, name, display_name, description, created_at FROM projects ORDER BY name";
        let rows: Vec<Row> =
            on_pool!(self, |pool| sqlx::query_as(sql).fetch_all(pool).await).map_err(internal)?;
        let sql = "SELECT project_id, cluster, cpu, memory, pods FROM project_clusters ORDER BY project_id, cluster";
        let clusters: Vec<ClusterRow> =
            on_pool!(self, |pool| sqlx::query_as(sql).fetch_all(pool).await).map_err(internal)?;
        rows.into_iter().map(|row| project(row, &clusters)).collect()
    }

    /// Errors: `NotFound`.
    pub async fn project(&self, name: &ProjectName) -> Result<Project, Error> {
        let found = self.projects().await?.into_iter().find(|project| project.name == *name);
        found.ok_or_else(|| Kind::NotFound { what: format!("project {name}") }.into())
    }

    /// Errors: `Conflict` when the name is taken.
    pub async fn add_project(&self, project: &Project) -> Result<(), Error> {
        let add = "INSERT INTO projects (id, name, display_name, description, created_at) \
                   VALUES ($1, $2, $3, $4, $5) ON CONFLICT (name) DO NOTHING";
        let allot = "INSERT INTO project_clusters (project_id, cluster, cpu, memory, pods) VALUES ($1, $2, $3, $4, $5)";
        let text = |amount: Option<Quantity>| amount.map(|amount| amount.to_string());
        let added = on_pool!(self, |pool| {
            let mut tx = pool.begin().await.map_err(internal)?;
            let added = sqlx::query(add)
                .bind(&project.id)
                .bind(project.name.as_str())
                .bind(&project.display_name)
                .bind(&project.description)
                .bind(project.created_at)
                .execute(&mut *tx)
                .await
                .map_err(internal)?
                .rows_affected();
            if added == 1 {
                for (cluster, allotment) in &project.clusters {
                    sqlx::query(allot)
                        .bind(&project.id)
                        .bind(cluster.as_str())
                        .bind(text(allotment.cpu))
                        .bind(text(allotment.memory))
                        .bind(text(allotment.pods))
                        .execute(&mut *tx)
                        .await
                        .map_err(internal)?;
                }
                tx.commit().await.map_err(internal)?;
            }
            added
        });
        if added == 0 {
            return Err(Kind::Conflict { what: format!("project {}", project.name) }.into());
        }
        Ok(())
    }

    /// Removes a project with its memberships. Errors: `Conflict` while it has namespaces.
    pub async fn delete_project(&self, id: &str) -> Result<(), Error> {
        let used = "SELECT COUNT(*) FROM namespaces WHERE project_id = $1";
        let steps = [
            "DELETE FROM memberships WHERE project_id = $1",
            "DELETE FROM project_clusters WHERE project_id = $1",
            "DELETE FROM projects WHERE id = $1",
        ];
        let namespaces = on_pool!(self, |pool| {
            let mut tx = pool.begin().await.map_err(internal)?;
            let (namespaces,): (i64,) =
                sqlx::query_as(used).bind(id).fetch_one(&mut *tx).await.map_err(internal)?;
            if namespaces == 0 {
                for step in steps {
                    sqlx::query(step).bind(id).execute(&mut *tx).await.map_err(internal)?;
                }
                tx.commit().await.map_err(internal)?;
            }
            namespaces
        });
        if namespaces > 0 {
            return Err(Kind::Conflict { what: "a project that still has namespaces".to_owned() }.into());
        }
        Ok(())
    }

    /// By name of the person, each once.
    pub async fn members(&self, project_id: &str) -> Result<Vec<Membership>, Error> {
        type Row = (String, String, String, String, String, i64);
        let sql = "SELECT users.id, users.name, users.slug, memberships.role, memberships.source, memberships.since \
                   FROM memberships JOIN users ON users.id = memberships.user_id WHERE memberships.project_id = $1 \
                   ORDER BY users.name_key, memberships.source";
        let rows: Vec<Row> =
            on_pool!(self, |pool| sqlx::query_as(sql).bind(project_id).fetch_all(pool).await)
                .map_err(internal)?;
        let mut members: Vec<Membership> = Vec::new();
        for (user_id, name, slug, role, source, since) in rows {
            let username = Username::try_from(name).map_err(Error::internal)?;
            let next = Membership { user_id, username, slug, role: parse_role(&role)?, source, since };
            match members.last_mut().filter(|last| last.user_id == next.user_id) {
                Some(last) if next.role > last.role => *last = next,
                Some(_) => {}
                None => members.push(next),
            }
        }
        Ok(members)
    }

    /// Adds a membership by hand or changes its role.
    pub async fn set_member(
        &self,
        project_id: &str,
        user_id: &str,
        role: ProjectRole,
        since: i64,
    ) -> Result<(), Error> {
        let sql = "INSERT INTO memberships (project_id, user_id, source, role, since) VALUES ($1, $2, '', $3, $4) \
                   ON CONFLICT (project_id, user_id, source) DO UPDATE SET role = $3";
        on_pool!(self, |pool| {
            let query = sqlx::query(sql).bind(project_id).bind(user_id).bind(role.as_str()).bind(since);
            query.execute(pool).await.map(|_| ())
        })
        .map_err(internal)
    }

    /// Ends a membership that was given by hand.
    pub async fn remove_member(&self, project_id: &str, user_id: &str) -> Result<(), Error> {
        let sql = "DELETE FROM memberships WHERE project_id = $1 AND user_id = $2 AND source = ''";
        on_pool!(self, |pool| sqlx::query(sql).bind(project_id).bind(user_id).execute(pool).await.map(|_| ()))
            .map_err(internal)
    }

    /// The projects of a person, with the strongest role in each.
    pub async fn roles_of(&self, user_id: &str) -> Result<Vec<(String, ProjectRole)>, Error> {
        let sql = "SELECT project_id, role FROM memberships WHERE user_id = $1";
        let rows: Vec<(String, String)> =
            on_pool!(self, |pool| sqlx::query_as(sql).bind(user_id).fetch_all(pool).await)
                .map_err(internal)?;
        strongest(rows)
    }

    /// What the rules of a provider give to a person, by project.
    pub async fn given_to(&self, user_id: &str, source: &str) -> Result<Vec<(String, ProjectRole)>, Error> {
        let sql = "SELECT project_id, role FROM memberships WHERE user_id = $1 AND source = $2";
        let rows: Vec<(String, String)> =
            on_pool!(self, |pool| sqlx::query_as(sql).bind(user_id).bind(source).fetch_all(pool).await)
                .map_err(internal)?;
        strongest(rows)
    }

    /// Makes what the rules of a provider give to a person exactly this. Returns the projects where that changed something.
    pub async fn set_given(
        &self,
        user_id: &str,
        source: &str,
        given: &[(String, ProjectRole)],
        since: i64,
    ) -> Result<Vec<String>, Error> {
        let before = self.given_to(user_id, source).await?;
        let gone = before.iter().filter(|(id, _)| !given.iter().any(|(kept, _)| kept == id));
        let gone: Vec<_> = gone.map(|(id, _)| id.clone()).collect();
        let new: Vec<_> = given.iter().filter(|one| !before.contains(one)).collect();
        let remove = "DELETE FROM memberships WHERE project_id = $1 AND user_id = $2 AND source = $3";
        let add = "INSERT INTO memberships (project_id, user_id, source, role, since) VALUES ($1, $2, $3, $4, $5) \
                   ON CONFLICT (project_id, user_id, source) DO UPDATE SET role = $4";
        on_pool!(self, |pool| {
            let mut tx = pool.begin().await.map_err(internal)?;
            for id in &gone {
                let query = sqlx::query(remove).bind(id).bind(user_id).bind(source);
                query.execute(&mut *tx).await.map_err(internal)?;
            }
            for (id, role) in &new {
                let query =
                    sqlx::query(add).bind(id).bind(user_id).bind(source).bind(role.as_str()).bind(since);
                query.execute(&mut *tx).await.map_err(internal)?;
            }
            tx.commit().await.map_err(internal)?;
        });
        Ok(gone.into_iter().chain(new.into_iter().map(|(id, _)| id.clone())).collect())
    }
}

#[async_trait]
impl Memberships for Store {
    async fn role(&self, user_id: &str, project: &ProjectName) -> Result<Option<ProjectRole>, Error> {
        let sql = "SELECT projects.id, memberships.role FROM memberships \
                   JOIN projects ON projects.id = memberships.project_id \
                   WHERE memberships.user_id = $1 AND projects.name = $2";
        let rows: Vec<(String, String)> = on_pool!(self, |pool| {
            sqlx::query_as(sql).bind(user_id).bind(project.as_str()).fetch_all(pool).await
        })
        .map_err(internal)?;
        Ok(strongest(rows)?.pop().map(|(_, role)| role))
    }
}

/// Of each project the strongest role.
fn strongest(rows: Vec<(String, String)>) -> Result<Vec<(String, ProjectRole)>, Error> {
    let mut roles = std::collections::BTreeMap::new();
    for (project, role) in rows {
        let role = parse_role(&role)?;
        let known = roles.entry(project).or_insert(role);
        *known = role.max(*known);
    }
    Ok(roles.into_iter().collect())
}

fn project(row: Row, clusters: &[ClusterRow]) -> Result<Project, Error> {
    let (id, name, display_name, description, created_at) = row;
    let own = clusters.iter().filter(|(project_id, ..)| *project_id == id);
    let clusters = own.map(|(_, cluster, cpu, memory, pods)| {
        let allotment = Allotment { cpu: amount(cpu)?, memory: amount(memory)?, pods: amount(pods)? };
        Ok((ClusterName::try_from(cluster.clone()).map_err(Error::internal)?, allotment))
    });
    let clusters = clusters.collect::<Result<_, Error>>()?;
    let name = ProjectName::try_from(name).map_err(Error::internal)?;
    Ok(Project { id, name, display_name, description, created_at, clusters })
}

fn amount(text: &Option<String>) -> Result<Option<Quantity>, Error> {
    let parse =
        |text: &String| Quantity::parse(text).ok_or_else(|| Error::internal(format!("no quantity: {text}")));
    text.as_ref().map(parse).transpose()
}

fn parse_role(word: &str) -> Result<ProjectRole, Error> {
    ProjectRole::parse(word).ok_or_else(|| Error::internal(format!("unknown role {word}")))
}
