//! Projects, and what they have of clusters.

use contract::{Error, Kind};
use model::clusters::ClusterName;
use model::projects::{Allotment, ProjectName};
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

type Row = (String, String, String, String, i64);
type ClusterRow = (String, String, Option<String>, Option<String>, Option<String>);

/// Notes what a project may have of a cluster.
macro_rules! allot {
    ($tx:ident, $project:ident, $cluster:ident, $allotment:ident) => {{
        let sql = "INSERT INTO project_clusters (project_id, cluster, cpu, memory, pods) VALUES ($1, $2, $3, $4, $5)";
        let text = |amount: Option<Quantity>| amount.map(|amount| amount.to_string());
        sqlx::query(sql)
            .bind(&$project.id)
            .bind($cluster.as_str())
            .bind(text($allotment.cpu))
            .bind(text($allotment.memory))
            .bind(text($allotment.pods))
            .execute(&mut *$tx)
            .await
            .map_err(internal)?;
    }};
}

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
                    allot!(tx, project, cluster, allotment);
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
            "DELETE FROM group_roles WHERE project_id = $1",
            "DELETE FROM project_roles WHERE project_id = $1",
            "DELETE FROM access_requests WHERE project = (SELECT name FROM projects WHERE id = $1)",
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

    /// Changes everything but the name, with what it may have of clusters.
    pub async fn change_project(&self, project: &Project) -> Result<(), Error> {
        let change = "UPDATE projects SET display_name = $2, description = $3 WHERE id = $1";
        let clear = "DELETE FROM project_clusters WHERE project_id = $1";
        on_pool!(self, |pool| {
            let mut tx = pool.begin().await.map_err(internal)?;
            let query = sqlx::query(change).bind(&project.id).bind(&project.display_name);
            query.bind(&project.description).execute(&mut *tx).await.map_err(internal)?;
            sqlx::query(clear).bind(&project.id).execute(&mut *tx).await.map_err(internal)?;
            for (cluster, allotment) in &project.clusters {
                allot!(tx, project, cluster, allotment);
            }
            tx.commit().await.map_err(internal)
        })
    }
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
