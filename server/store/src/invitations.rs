//! Invitations to choose a password.

use contract::Error;

use crate::backend::{Store, on_pool};
use crate::error::internal;

impl Store {
    /// Instead of the one before.
    pub async fn set_invitation(
        &self,
        user_id: &str,
        token_hash: &str,
        expires_at: i64,
    ) -> Result<(), Error> {
        let sql = "INSERT INTO invitations (user_id, token_hash, expires_at) VALUES ($1, $2, $3) \
                   ON CONFLICT (user_id) DO UPDATE SET token_hash = $2, expires_at = $3";
        on_pool!(self, |pool| {
            sqlx::query(sql).bind(user_id).bind(token_hash).bind(expires_at).execute(pool).await.map(|_| ())
        })
        .map_err(internal)
    }

    /// Whose it is, and when it ends (Unix milliseconds).
    pub async fn invitation(&self, token_hash: &str) -> Result<Option<(String, i64)>, Error> {
        let sql = "SELECT user_id, expires_at FROM invitations WHERE token_hash = $1";
        on_pool!(self, |pool| sqlx::query_as(sql).bind(token_hash).fetch_optional(pool).await)
            .map_err(internal)
    }

    /// Sets the password of whose invitation it is, and takes the invitation. Returns whether it was there: of two at once one is first.
    pub async fn take_invitation(&self, token_hash: &str, user_id: &str, hash: &str) -> Result<bool, Error> {
        let take = "DELETE FROM invitations WHERE token_hash = $1";
        let set = "UPDATE users SET password_hash = $2 WHERE id = $1";
        Ok(on_pool!(self, |pool| {
            let mut tx = pool.begin().await.map_err(internal)?;
            let taken = sqlx::query(take).bind(token_hash).execute(&mut *tx).await.map_err(internal)?;
            let taken = taken.rows_affected() == 1;
            if taken {
                sqlx::query(set).bind(user_id).bind(hash).execute(&mut *tx).await.map_err(internal)?;
                tx.commit().await.map_err(internal)?;
            }
            taken
        }))
    }
}
