//! Long work on releases.

use contract::{Error, Kind};
use model::clusters::ClusterName;
use model::namespaces::NamespaceName;
use model::releases::{JobState, ReleaseName, ReleaseRef};

use crate::backend::{Store, on_pool};
use crate::error::internal;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Job {
    pub id: String,
    pub user_id: String,
    pub work: String,
    pub target: ReleaseRef,
    pub state: JobState,
    pub said: String,
    /// Unix milliseconds.
    pub started_at: i64,
    pub ended_at: Option<i64>,
}

type Row = (String, String, String, String, String, String, String, String, i64, Option<i64>);

impl Store {
    /// Errors: `Conflict` when another job works on the same release.
    pub async fn add_job(&self, job: &Job) -> Result<(), Error> {
        // One statement, so that of two at once one wins.
        let sql = "INSERT INTO jobs (id, user_id, work, cluster, namespace, release, state, said, started_at) \
                   SELECT $1, $2, $3, $4, $5, $6, $7, $8, $9 WHERE NOT EXISTS (SELECT 1 FROM jobs \
                   WHERE cluster = $4 AND namespace = $5 AND release = $6 AND ended_at IS NULL)";
        let added = on_pool!(self, |pool| {
            sqlx::query(sql)
                .bind(&job.id)
                .bind(&job.user_id)
                .bind(&job.work)
                .bind(job.target.cluster.as_str())
                .bind(job.target.namespace.as_str())
                .bind(job.target.name.as_str())
                .bind(job.state.as_str())
                .bind(&job.said)
                .bind(job.started_at)
                .execute(pool)
                .await
                .map(|done| done.rows_affected())
        })
        .map_err(internal)?;
        if added == 0 {
            return Err(Kind::Conflict { what: format!("work on the {}", job.target) }.into());
        }
        Ok(())
    }

    /// `ended_at` is set for a state that is over.
    pub async fn set_job(
        &self,
        id: &str,
        state: JobState,
        said: &str,
        ended_at: Option<i64>,
    ) -> Result<(), Error> {
        let sql = "UPDATE jobs SET state = $1, said = $2, ended_at = $3 WHERE id = $4";
        on_pool!(self, |pool| {
            let update = sqlx::query(sql).bind(state.as_str()).bind(said).bind(ended_at).bind(id);
            update.execute(pool).await.map(|_| ())
        })
        .map_err(internal)
    }

    /// Errors: `NotFound`.
    pub async fn job(&self, id: &str) -> Result<Job, Error> {
        let sql = "SELECT id, user_id, work, cluster, namespace, release, state, said, started_at, ended_at \
                   FROM jobs WHERE id = $1";
        let row: Option<Row> = on_pool!(self, |pool| sqlx::query_as(sql).bind(id).fetch_optional(pool).await)
            .map_err(internal)?;
        job(row.ok_or_else(|| Kind::NotFound { what: format!("job {id}") })?)
    }

    /// What an ended process left undone; returns how much it was.
    pub async fn interrupt_jobs(&self, now: i64) -> Result<u64, Error> {
        let sql = "UPDATE jobs SET state = $1, ended_at = $2 WHERE ended_at IS NULL";
        let state = JobState::Interrupted.as_str();
        on_pool!(self, |pool| {
            let update = sqlx::query(sql).bind(state).bind(now);
            update.execute(pool).await.map(|done| done.rows_affected())
        })
        .map_err(internal)
    }
}

fn job(row: Row) -> Result<Job, Error> {
    let (id, user_id, work, cluster, namespace, release, state, said, started_at, ended_at) = row;
    let target = ReleaseRef {
        cluster: ClusterName::try_from(cluster).map_err(Error::internal)?,
        namespace: NamespaceName::try_from(namespace).map_err(Error::internal)?,
        name: ReleaseName::try_from(release).map_err(Error::internal)?,
    };
    let state = JobState::parse(&state).ok_or_else(|| Error::internal(format!("bad job state {state}")))?;
    Ok(Job { id, user_id, work, target, state, said, started_at, ended_at })
}
