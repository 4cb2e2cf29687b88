//! Clusters that were connected in the console.

use contract::{Error, Kind};
use model::clusters::ClusterName;

use crate::backend::{Store, on_pool};
use crate::error::internal;

/// A row of `clusters`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredCluster {
    pub name: ClusterName,
    pub server: String,
    /// Its owner makes platform administrators cluster administrators.
    pub administrators: bool,
    /// Unix milliseconds.
    pub added_at: i64,
    /// When the credential ends; none when it does not say.
    pub expires_at: Option<i64>,
}

type Row = (String, String, i64, i64, Option<i64>);

impl Store {
    /// In the order they were added.
    pub async fn clusters(&self) -> Result<Vec<StoredCluster>, Error> {
        let sql =
            "SELECT name, server, administrators, added_at, expires_at FROM clusters ORDER BY added_at, name";
        let rows: Vec<Row> =
            on_pool!(self, |pool| sqlx::query_as(sql).fetch_all(pool).await).map_err(internal)?;
        let cluster = |(name, server, administrators, added_at, expires_at): Row| {
            let name = ClusterName::try_from(name).map_err(Error::internal)?;
            Ok(StoredCluster { name, server, administrators: administrators == 1, added_at, expires_at })
        };
        rows.into_iter().map(cluster).collect()
    }

    /// Errors: `Conflict` when the name is taken.
    pub async fn add_cluster(&self, cluster: &StoredCluster) -> Result<(), Error> {
        let sql = "INSERT INTO clusters (name, server, administrators, added_at, expires_at) \
                   VALUES ($1, $2, $3, $4, $5) ON CONFLICT DO NOTHING";
        let added = on_pool!(self, |pool| {
            sqlx::query(sql)
                .bind(cluster.name.as_str())
                .bind(&cluster.server)
                .bind(i64::from(cluster.administrators))
                .bind(cluster.added_at)
                .bind(cluster.expires_at)
                .execute(pool)
                .await
                .map(|done| done.rows_affected())
        });
        match added.map_err(internal)? {
            0 => Err(Kind::Conflict { what: format!("cluster {}", cluster.name) }.into()),
            _ => Ok(()),
        }
    }

    pub async fn set_cluster_expiry(&self, name: &ClusterName, expires_at: Option<i64>) -> Result<(), Error> {
        let sql = "UPDATE clusters SET expires_at = $2 WHERE name = $1";
        on_pool!(self, |pool| {
            sqlx::query(sql).bind(name.as_str()).bind(expires_at).execute(pool).await.map(|_| ())
        })
        .map_err(internal)
    }

    /// Removes a cluster, also from what projects may use.
    pub async fn remove_cluster(&self, name: &ClusterName) -> Result<(), Error> {
        let steps =
            ["DELETE FROM project_clusters WHERE cluster = $1", "DELETE FROM clusters WHERE name = $1"];
        self.together(&steps, name.as_str()).await
    }
}
