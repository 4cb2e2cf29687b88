//! Chart repositories and what their indexes list.

use contract::{Error, Kind};
use model::catalog::RepositoryName;
use model::outside::FetchProblem;

use crate::backend::{Store, on_pool};
use crate::error::internal;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Repository {
    pub name: RepositoryName,
    pub url: String,
    pub private_addresses: bool,
    /// Unix milliseconds.
    pub synced_at: i64,
    pub problem: Option<FetchProblem>,
}

/// One version of a chart.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Chart {
    pub repository: String,
    pub name: String,
    /// 0 is the newest version.
    pub position: i64,
    pub version: String,
    pub app_version: String,
    pub description: String,
    pub icon: String,
    pub url: String,
    pub digest: String,
    pub created_at: String,
    /// 1 when it is.
    pub deprecated: i64,
}

const CHART: &str = "repository, name, position, version, app_version, description, icon, url, digest, created_at, deprecated";

type Row = (String, String, i64, i64, Option<String>);
/// In the order of [`CHART`].
type ChartRow = (String, String, i64, String, String, String, String, String, String, String, i64);

/// Of the same transaction on either backend.
macro_rules! add_charts {
    ($tx:ident, $charts:expr) => {
        for chart in $charts {
            let sql = "INSERT INTO charts (repository, name, position, version, app_version, description, icon, url, \
                       digest, created_at, deprecated) VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11)";
            sqlx::query(sql)
                .bind(&chart.repository)
                .bind(&chart.name)
                .bind(chart.position)
                .bind(&chart.version)
                .bind(&chart.app_version)
                .bind(&chart.description)
                .bind(&chart.icon)
                .bind(&chart.url)
                .bind(&chart.digest)
                .bind(&chart.created_at)
                .bind(chart.deprecated)
                .execute(&mut *$tx)
                .await
                .map_err(internal)?;
        }
    };
}

impl Store {
    /// All by name.
    pub async fn repositories(&self) -> Result<Vec<Repository>, Error> {
        let sql = "SELECT name, url, private_addresses, synced_at, problem FROM repositories ORDER BY name";
        let rows: Vec<Row> =
            on_pool!(self, |pool| sqlx::query_as(sql).fetch_all(pool).await).map_err(internal)?;
        rows.into_iter().map(repository).collect()
    }

    /// Errors: `NotFound`.
    pub async fn repository(&self, name: &RepositoryName) -> Result<Repository, Error> {
        let found = self.repositories().await?.into_iter().find(|repository| repository.name == *name);
        found.ok_or_else(|| Kind::NotFound { what: format!("repository {name}") }.into())
    }

    /// With what its index lists. Errors: `Conflict` when the name is taken.
    pub async fn add_repository(&self, repository: &Repository, charts: &[Chart]) -> Result<(), Error> {
        let sql = "INSERT INTO repositories (name, url, private_addresses, synced_at) VALUES ($1, $2, $3, $4) \
                   ON CONFLICT (name) DO NOTHING";
        let added = on_pool!(self, |pool| {
            let mut tx = pool.begin().await.map_err(internal)?;
            let added = sqlx::query(sql)
                .bind(repository.name.as_str())
                .bind(&repository.url)
                .bind(i64::from(repository.private_addresses))
                .bind(repository.synced_at)
                .execute(&mut *tx)
                .await
                .map_err(internal)?
                .rows_affected();
            if added == 1 {
                add_charts!(tx, charts);
            }
            tx.commit().await.map_err(internal)?;
            added
        });
        if added == 0 {
            return Err(Kind::Conflict { what: format!("repository {}", repository.name) }.into());
        }
        Ok(())
    }

    /// What a refreshed index lists takes the place of what was listed. Errors: `NotFound`.
    pub async fn set_charts(
        &self,
        name: &RepositoryName,
        synced_at: i64,
        charts: &[Chart],
    ) -> Result<(), Error> {
        let touch = "UPDATE repositories SET synced_at = $1, problem = NULL WHERE name = $2";
        let clear = "DELETE FROM charts WHERE repository = $1";
        let found = on_pool!(self, |pool| {
            let mut tx = pool.begin().await.map_err(internal)?;
            let touched = sqlx::query(touch).bind(synced_at).bind(name.as_str()).execute(&mut *tx);
            let found = touched.await.map_err(internal)?.rows_affected();
            if found == 1 {
                sqlx::query(clear).bind(name.as_str()).execute(&mut *tx).await.map_err(internal)?;
                add_charts!(tx, charts);
            }
            tx.commit().await.map_err(internal)?;
            found
        });
        if found == 0 {
            return Err(Kind::NotFound { what: format!("repository {name}") }.into());
        }
        Ok(())
    }

    /// Keeps what was listed before. A repository that is gone is fine.
    pub async fn set_sync_problem(&self, name: &RepositoryName, problem: &FetchProblem) -> Result<(), Error> {
        let sql = "UPDATE repositories SET problem = $1 WHERE name = $2";
        let problem = serde_json::to_string(problem).map_err(Error::internal)?;
        on_pool!(self, |pool| {
            sqlx::query(sql).bind(&problem).bind(name.as_str()).execute(pool).await.map(|_| ())
        })
        .map_err(internal)
    }

    /// Errors: `NotFound`.
    pub async fn remove_repository(&self, name: &RepositoryName) -> Result<(), Error> {
        let removed = on_pool!(self, |pool| {
            let mut tx = pool.begin().await.map_err(internal)?;
            let clear = sqlx::query("DELETE FROM charts WHERE repository = $1").bind(name.as_str());
            clear.execute(&mut *tx).await.map_err(internal)?;
            let remove = sqlx::query("DELETE FROM repositories WHERE name = $1").bind(name.as_str());
            let removed = remove.execute(&mut *tx).await.map_err(internal)?.rows_affected();
            tx.commit().await.map_err(internal)?;
            removed
        });
        if removed == 0 {
            return Err(Kind::NotFound { what: format!("repository {name}") }.into());
        }
        Ok(())
    }

    /// The newest version of every chart, by name.
    pub async fn newest_charts(&self) -> Result<Vec<Chart>, Error> {
        let sql = format!("SELECT {CHART} FROM charts WHERE position = 0 ORDER BY name, repository");
        let sql = sqlx::AssertSqlSafe(sql);
        let rows: Vec<ChartRow> =
            on_pool!(self, |pool| sqlx::query_as(sql).fetch_all(pool).await).map_err(internal)?;
        Ok(rows.into_iter().map(chart).collect())
    }

    /// All versions of one chart, newest first; none when there is no such chart.
    pub async fn chart_versions(&self, repository: &RepositoryName, name: &str) -> Result<Vec<Chart>, Error> {
        let sql = format!("SELECT {CHART} FROM charts WHERE repository = $1 AND name = $2 ORDER BY position");
        let sql = sqlx::AssertSqlSafe(sql);
        let rows: Vec<ChartRow> = on_pool!(self, |pool| {
            sqlx::query_as(sql).bind(repository.as_str()).bind(name).fetch_all(pool).await
        })
        .map_err(internal)?;
        Ok(rows.into_iter().map(chart).collect())
    }
}

fn repository((name, url, private_addresses, synced_at, problem): Row) -> Result<Repository, Error> {
    let problem = problem.map(|problem| serde_json::from_str(&problem)).transpose();
    Ok(Repository {
        name: RepositoryName::try_from(name).map_err(Error::internal)?,
        url,
        private_addresses: private_addresses == 1,
        synced_at,
        problem: problem.map_err(Error::internal)?,
    })
}

fn chart(row: ChartRow) -> Chart {
    let (
        repository,
        name,
        position,
        version,
        app_version,
        description,
        icon,
        url,
        digest,
        created_at,
        deprecated,
    ) = row;
    Chart {
        repository,
        name,
        position,
        version,
        app_version,
        description,
        icon,
        url,
        digest,
        created_at,
        deprecated,
    }
}
