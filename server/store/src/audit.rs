//! The audit trail's table.

use async_trait::async_trait;
use contract::Error;
use gate::{AuditLog, NewEntry};
use model::audit::Outcome;

use crate::backend::{Store, on_pool};
use crate::error::internal;

/// A stored line of the trail.
#[derive(Clone, Debug)]
pub struct Entry {
    pub id: i64,
    /// Unix milliseconds.
    pub at: i64,
    pub actor: String,
    pub action: String,
    pub resource: String,
    pub outcome: Outcome,
    pub request_id: String,
}

/// id, at, actor, action, resource, outcome, request id
type Row = (i64, i64, String, String, String, String, String);

#[async_trait]
impl AuditLog for Store {
    async fn open(&self, entry: NewEntry) -> Result<i64, Error> {
        // Two writers may ask for the same next number on Postgres: the loser tries again.
        let sql = "INSERT INTO audit (id, at, actor, action, resource, outcome, request_id) \
                   SELECT COALESCE(MAX(id), 0) + 1, $1, $2, $3, $4, $5, $6 FROM audit WHERE TRUE \
                   ON CONFLICT (id) DO NOTHING RETURNING id";
        for _ in 0..20 {
            let row: Option<(i64,)> = on_pool!(self, |pool| {
                sqlx::query_as(sql)
                    .bind(entry.at)
                    .bind(&entry.actor)
                    .bind(entry.action.as_str())
                    .bind(&entry.resource)
                    .bind(Outcome::Open.as_str())
                    .bind(&entry.request_id)
                    .fetch_optional(pool)
                    .await
            })
            .map_err(internal)?;
            if let Some((id,)) = row {
                return Ok(id);
            }
        }
        Err(Error::internal("no free number for an audit entry after 20 tries"))
    }

    async fn close(&self, id: i64, outcome: Outcome) -> Result<(), Error> {
        let sql = "UPDATE audit SET outcome = $2 WHERE id = $1 AND outcome = 'open'";
        on_pool!(self, |pool| sqlx::query(sql)
            .bind(id)
            .bind(outcome.as_str())
            .execute(pool)
            .await
            .map(|_| ()))
        .map_err(internal)
    }
}

impl Store {
    /// Newest first, with numbers below `before`.
    pub async fn audit_entries(&self, before: Option<i64>, limit: i64) -> Result<Vec<Entry>, Error> {
        let sql = "SELECT id, at, actor, action, resource, outcome, request_id FROM audit \
                   WHERE id < $1 ORDER BY id DESC LIMIT $2";
        let rows: Vec<Row> = on_pool!(self, |pool| {
            sqlx::query_as(sql).bind(before.unwrap_or(i64::MAX)).bind(limit).fetch_all(pool).await
        })
        .map_err(internal)?;
        rows.into_iter().map(entry).collect()
    }
}

fn entry((id, at, actor, action, resource, outcome, request_id): Row) -> Result<Entry, Error> {
    let outcome =
        Outcome::parse(&outcome).ok_or_else(|| Error::internal(format!("unknown outcome {outcome}")))?;
    Ok(Entry { id, at, actor, action, resource, outcome, request_id })
}
