//! Where the longer past of a cluster is measured.

use contract::Error;
use model::clusters::ClusterName;

use crate::backend::{Store, on_pool};
use crate::error::internal;

/// A Prometheus.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct MetricsSource {
    pub url: String,
    pub private_addresses: bool,
}

impl Store {
    pub async fn metrics_source(&self, cluster: &ClusterName) -> Result<Option<MetricsSource>, Error> {
        let sql = "SELECT url, private_addresses FROM metrics_sources WHERE cluster = $1";
        let row: Option<(String, i64)> =
            on_pool!(self, |pool| sqlx::query_as(sql).bind(cluster.as_str()).fetch_optional(pool).await)
                .map_err(internal)?;
        Ok(row.map(|(url, private)| MetricsSource { url, private_addresses: private == 1 }))
    }

    /// In place of any earlier one; none takes it away.
    pub async fn set_metrics_source(
        &self,
        cluster: &ClusterName,
        source: Option<&MetricsSource>,
    ) -> Result<(), Error> {
        let cluster = cluster.as_str();
        let Some(source) = source else {
            let sql = "DELETE FROM metrics_sources WHERE cluster = $1";
            return on_pool!(self, |pool| sqlx::query(sql).bind(cluster).execute(pool).await.map(|_| ()))
                .map_err(internal);
        };
        let sql = "INSERT INTO metrics_sources (cluster, url, private_addresses) VALUES ($1, $2, $3) ON CONFLICT (cluster) \
                   DO UPDATE SET url = excluded.url, private_addresses = excluded.private_addresses";
        on_pool!(self, |pool| {
            let query =
                sqlx::query(sql).bind(cluster).bind(&source.url).bind(i64::from(source.private_addresses));
            query.execute(pool).await.map(|_| ())
        })
        .map_err(internal)
    }
}
