//! Which namespace belongs to which project.

use contract::{Error, Kind};
use model::clusters::ClusterName;
use model::namespaces::NamespaceName;
use model::projects::ProjectName;

use crate::backend::{Store, on_pool};
use crate::error::internal;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Namespace {
    pub cluster: ClusterName,
    pub name: NamespaceName,
    pub project_id: String,
    /// Unix milliseconds.
    pub created_at: i64,
}

type Row = (String, String, String, i64);

impl Store {
    /// All, by cluster and name.
    pub async fn namespaces(&self) -> Result<Vec<Namespace>, Error> {
        let sql = "SELECT cluster, name, project_id, created_at FROM namespaces ORDER BY cluster, name";
        let rows: Vec<Row> =
            on_pool!(self, |pool| sqlx::query_as(sql).fetch_all(pool).await).map_err(internal)?;
        rows.into_iter().map(namespace).collect()
    }

    /// Errors: `NotFound`.
    pub async fn namespace(&self, cluster: &ClusterName, name: &NamespaceName) -> Result<Namespace, Error> {
        let sql =
            "SELECT cluster, name, project_id, created_at FROM namespaces WHERE cluster = $1 AND name = $2";
        let row: Option<Row> = on_pool!(self, |pool| {
            sqlx::query_as(sql).bind(cluster.as_str()).bind(name.as_str()).fetch_optional(pool).await
        })
        .map_err(internal)?;
        let missing = || Kind::NotFound { what: format!("namespace {name} on the cluster {cluster}") };
        namespace(row.ok_or_else(missing)?)
    }

    /// The project that a namespace belongs to; none of those that no project has.
    pub async fn project_of(
        &self,
        cluster: &ClusterName,
        name: &NamespaceName,
    ) -> Result<Option<ProjectName>, Error> {
        let sql = "SELECT projects.name FROM namespaces JOIN projects ON projects.id = namespaces.project_id \
                   WHERE namespaces.cluster = $1 AND namespaces.name = $2";
        let row: Option<(String,)> = on_pool!(self, |pool| {
            sqlx::query_as(sql).bind(cluster.as_str()).bind(name.as_str()).fetch_optional(pool).await
        })
        .map_err(internal)?;
        row.map(|(name,)| ProjectName::try_from(name).map_err(Error::internal)).transpose()
    }

    /// Claims the name. Errors: `Conflict` when a project has it already.
    pub async fn add_namespace(&self, namespace: &Namespace) -> Result<(), Error> {
        let sql = "INSERT INTO namespaces (cluster, name, project_id, created_at) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT (cluster, name) DO NOTHING";
        let added = on_pool!(self, |pool| {
            sqlx::query(sql)
                .bind(namespace.cluster.as_str())
                .bind(namespace.name.as_str())
                .bind(&namespace.project_id)
                .bind(namespace.created_at)
                .execute(pool)
                .await
                .map(|done| done.rows_affected())
        })
        .map_err(internal)?;
        if added == 0 {
            return Err(Kind::Conflict { what: format!("namespace {}", namespace.name) }.into());
        }
        Ok(())
    }

    pub async fn remove_namespace(&self, cluster: &ClusterName, name: &NamespaceName) -> Result<(), Error> {
        let sql = "DELETE FROM namespaces WHERE cluster = $1 AND name = $2";
        on_pool!(self, |pool| {
            sqlx::query(sql).bind(cluster.as_str()).bind(name.as_str()).execute(pool).await.map(|_| ())
        })
        .map_err(internal)
    }
}

fn namespace((cluster, name, project_id, created_at): Row) -> Result<Namespace, Error> {
    Ok(Namespace {
        cluster: ClusterName::try_from(cluster).map_err(Error::internal)?,
        name: NamespaceName::try_from(name).map_err(Error::internal)?,
        project_id,
        created_at,
    })
}
