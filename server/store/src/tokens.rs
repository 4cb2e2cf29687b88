//! Personal tokens for the Kubernetes API through the console.

use contract::Error;

use crate::backend::{Store, on_pool};
use crate::error::internal;

/// A row of `api_tokens`, without what recognises it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredToken {
    pub id: String,
    pub user_id: String,
    pub name: String,
    /// The beginning, which is shown.
    pub prefix: String,
    pub read_only: bool,
    /// Unix milliseconds, as the next.
    pub created_at: i64,
    pub expires_at: i64,
    pub last_used_at: Option<i64>,
}

type Row = (String, String, String, String, i64, i64, i64, Option<i64>);

/// The columns of [`Row`], with what selects them.
macro_rules! select_tokens {
    ($rest:literal) => {
        concat!(
            "SELECT id, user_id, name, prefix, read_only, created_at, expires_at, last_used_at FROM api_tokens ",
            $rest
        )
    };
}

impl Store {
    pub async fn add_token(&self, token: &StoredToken, hash: &str) -> Result<(), Error> {
        let sql = "INSERT INTO api_tokens (id, user_id, name, prefix, token_hash, read_only, created_at, expires_at) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8)";
        on_pool!(self, |pool| {
            sqlx::query(sql)
                .bind(&token.id)
                .bind(&token.user_id)
                .bind(&token.name)
                .bind(&token.prefix)
                .bind(hash)
                .bind(i64::from(token.read_only))
                .bind(token.created_at)
                .bind(token.expires_at)
                .execute(pool)
                .await
                .map(|_| ())
        })
        .map_err(internal)
    }

    /// Those of a person that have not ended, the newest first.
    pub async fn tokens_of(&self, user_id: &str, now: i64) -> Result<Vec<StoredToken>, Error> {
        let sql = select_tokens!("WHERE user_id = $1 AND expires_at > $2 ORDER BY created_at DESC, id");
        let rows: Vec<Row> =
            on_pool!(self, |pool| sqlx::query_as(sql).bind(user_id).bind(now).fetch_all(pool).await)
                .map_err(internal)?;
        Ok(rows.into_iter().map(token).collect())
    }

    /// The token that hashes to this, unless it has ended.
    pub async fn token_by_hash(&self, hash: &str, now: i64) -> Result<Option<StoredToken>, Error> {
        let sql = select_tokens!("WHERE token_hash = $1 AND expires_at > $2");
        let row: Option<Row> =
            on_pool!(self, |pool| sqlx::query_as(sql).bind(hash).bind(now).fetch_optional(pool).await)
                .map_err(internal)?;
        Ok(row.map(token))
    }

    pub async fn set_token_used(&self, id: &str, at: i64) -> Result<(), Error> {
        let sql = "UPDATE api_tokens SET last_used_at = $2 WHERE id = $1";
        on_pool!(self, |pool| sqlx::query(sql).bind(id).bind(at).execute(pool).await.map(|_| ()))
            .map_err(internal)
    }

    /// Ends a token of a person. Returns whether there was one.
    pub async fn remove_token(&self, user_id: &str, id: &str) -> Result<bool, Error> {
        let sql = "DELETE FROM api_tokens WHERE user_id = $1 AND id = $2";
        let done = on_pool!(self, |pool| {
            sqlx::query(sql).bind(user_id).bind(id).execute(pool).await.map(|done| done.rows_affected())
        });
        Ok(done.map_err(internal)? == 1)
    }

    pub async fn sweep_tokens(&self, now: i64) -> Result<(), Error> {
        let sql = "DELETE FROM api_tokens WHERE expires_at <= $1";
        on_pool!(self, |pool| sqlx::query(sql).bind(now).execute(pool).await.map(|_| ())).map_err(internal)
    }
}

fn token(row: Row) -> StoredToken {
    let (id, user_id, name, prefix, read_only, created_at, expires_at, last_used_at) = row;
    let read_only = read_only == 1;
    StoredToken { id, user_id, name, prefix, read_only, created_at, expires_at, last_used_at }
}
