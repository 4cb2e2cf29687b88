//! Requests for access to projects.

use contract::Error;
use model::identity::Username;
use model::projects::ProjectName;
use model::requests::RequestState;
use model::roles::RoleName;

use crate::backend::{Store, on_pool};
use crate::error::internal;
use crate::memberships::{ASKED, PUT};

/// A row of `access_requests` with the names of what it is about.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredRequest {
    pub id: String,
    /// Perhaps of none that is there.
    pub project: ProjectName,
    pub user_id: String,
    pub username: Username,
    pub role: RoleName,
    pub hours: u32,
    pub reason: String,
    /// Unix milliseconds.
    pub asked_at: i64,
    pub state: RequestState,
    /// Empty while it is open.
    pub decided_by: String,
}

type Row = (String, String, String, String, String, i64, String, i64, String, String);

const DECIDE: &str =
    "UPDATE access_requests SET state = $2, decided_by = $3 WHERE id = $1 AND state = 'open'";

macro_rules! select_requests {
    ($rest:literal) => {
        concat!(
            "SELECT q.id, q.project, q.user_id, users.name, q.role, q.hours, q.reason, q.asked_at, q.state, q.decided_by \
             FROM access_requests q JOIN users ON users.id = q.user_id WHERE ",
            $rest,
            " ORDER BY CASE q.state WHEN 'open' THEN 0 ELSE 1 END, q.asked_at DESC, q.id LIMIT 200"
        )
    };
}

impl Store {
    pub async fn add_request(&self, request: &StoredRequest) -> Result<(), Error> {
        let sql = "INSERT INTO access_requests (id, project, user_id, role, hours, reason, asked_at, state, decided_by) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        on_pool!(self, |pool| {
            sqlx::query(sql)
                .bind(&request.id)
                .bind(request.project.as_str())
                .bind(&request.user_id)
                .bind(request.role.as_str())
                .bind(i64::from(request.hours))
                .bind(&request.reason)
                .bind(request.asked_at)
                .bind(request.state.as_str())
                .bind(&request.decided_by)
                .execute(pool)
                .await
                .map(|_| ())
        })
        .map_err(internal)
    }

    /// The last 200 of a project, the open ones first, then the newest.
    pub async fn requests_in(&self, project: &ProjectName) -> Result<Vec<StoredRequest>, Error> {
        self.requests_where(select_requests!("q.project = $1"), project.as_str()).await
    }

    /// The last 200 of a person, the open ones first, then the newest.
    pub async fn requests_by(&self, user_id: &str) -> Result<Vec<StoredRequest>, Error> {
        self.requests_where(select_requests!("q.user_id = $1"), user_id).await
    }

    /// Decides about an open one that gives nothing. Returns whether it was open.
    pub async fn decide_request(&self, id: &str, state: RequestState, by: &str) -> Result<bool, Error> {
        let done = on_pool!(self, |pool| {
            let query = sqlx::query(DECIDE).bind(id).bind(state.as_str()).bind(by);
            query.execute(pool).await.map(|done| done.rows_affected())
        });
        Ok(done.map_err(internal)? == 1)
    }

    /// Approves an open one, and gives what was asked for in the same step, until then, or as long as it was given before. Returns
    /// whether it was open. Times are Unix milliseconds.
    pub async fn approve_request(
        &self,
        request: &StoredRequest,
        by: &str,
        project_id: &str,
        since: i64,
        until: i64,
    ) -> Result<bool, Error> {
        let (approved, role) = (RequestState::Approved.as_str(), request.role.as_str());
        let source = format!("{ASKED}{role}");
        on_pool!(self, |pool| {
            let mut tx = pool.begin().await.map_err(internal)?;
            let decide = sqlx::query(DECIDE).bind(&request.id).bind(approved).bind(by);
            if decide.execute(&mut *tx).await.map_err(internal)?.rows_affected() != 1 {
                return Ok(false);
            }
            let put = sqlx::query(PUT).bind(project_id).bind(&request.user_id).bind(&source).bind(role);
            put.bind(since).bind(until).execute(&mut *tx).await.map_err(internal)?;
            tx.commit().await.map_err(internal)?;
            Ok(true)
        })
    }

    async fn requests_where(&self, sql: &'static str, value: &str) -> Result<Vec<StoredRequest>, Error> {
        let rows: Vec<Row> =
            on_pool!(self, |pool| sqlx::query_as(sql).bind(value).fetch_all(pool).await).map_err(internal)?;
        rows.into_iter().map(request).collect()
    }
}

fn request(row: Row) -> Result<StoredRequest, Error> {
    let (id, project, user_id, username, role, hours, reason, asked_at, state, decided_by) = row;
    let unknown = || Error::internal(format!("unknown state {state} of a request"));
    Ok(StoredRequest {
        project: ProjectName::try_from(project).map_err(Error::internal)?,
        username: Username::try_from(username).map_err(Error::internal)?,
        role: RoleName::try_from(role).map_err(Error::internal)?,
        hours: u32::try_from(hours).map_err(Error::internal)?,
        state: RequestState::parse(&state).ok_or_else(unknown)?,
        id,
        user_id,
        reason,
        asked_at,
        decided_by,
    })
}
