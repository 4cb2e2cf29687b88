//! The installation itself: instance id, licence, latest time seen, setup token.

use contract::{Error, Kind};

use crate::backend::{Store, on_pool};
use crate::error::internal;
use crate::identity::Account;

/// The one row of `installation`.
#[derive(Clone, Debug)]
pub struct Installation {
    /// Random, made with the database; what a licence can be bound to.
    pub instance: String,
    /// The licence text in force.
    pub licence: Option<String>,
    /// SHA-256 of the setup token in hex, while one is waiting.
    pub setup_token_hash: Option<String>,
    /// Unix milliseconds.
    pub setup_token_until: Option<i64>,
    /// Unix milliseconds.
    pub activated_at: Option<i64>,
}

/// What an activation stores, all or nothing.
#[derive(Clone, Debug)]
pub struct FirstVisit {
    pub token_hash: String,
    pub account: Account,
    pub licence: String,
    /// Unix milliseconds.
    pub now: i64,
}

type Row = (String, Option<String>, Option<String>, Option<i64>, Option<i64>);

impl Store {
    /// The installation, made with `new_instance` as its id when this database is new.
    pub async fn installation(&self, new_instance: &str) -> Result<Installation, Error> {
        let make = "INSERT INTO installation (id, instance, latest_time_s) VALUES (1, $1, 0) ON CONFLICT (id) DO NOTHING";
        on_pool!(self, |pool| sqlx::query(make).bind(new_instance).execute(pool).await.map(|_| ()))
            .map_err(internal)?;
        self.read_installation().await
    }

    pub async fn read_installation(&self) -> Result<Installation, Error> {
        let sql = "SELECT instance, licence, setup_token_hash, setup_token_until, activated_at FROM installation WHERE id = 1";
        let row: Row = on_pool!(self, |pool| sqlx::query_as(sql).fetch_one(pool).await).map_err(internal)?;
        let (instance, licence, setup_token_hash, setup_token_until, activated_at) = row;
        Ok(Installation { instance, licence, setup_token_hash, setup_token_until, activated_at })
    }

    /// Puts a new setup token in place of any earlier one, unless the first visit has happened.
    pub async fn set_setup_token(&self, hash: &str, until: i64) -> Result<(), Error> {
        let sql = "UPDATE installation SET setup_token_hash = $1, setup_token_until = $2 WHERE id = 1 AND activated_at IS NULL";
        let changed = on_pool!(self, |pool| {
            sqlx::query(sql).bind(hash).bind(until).execute(pool).await.map(|done| done.rows_affected())
        })
        .map_err(internal)?;
        if changed == 0 {
            return Err(already_activated());
        }
        Ok(())
    }

    /// Uses up the token and stores account and licence in one transaction.
    ///
    /// Errors: `Conflict` when the token is not the waiting one any more, because somebody else was first.
    pub async fn activate(&self, visit: &FirstVisit) -> Result<(), Error> {
        let take = "UPDATE installation SET setup_token_hash = NULL, setup_token_until = NULL, activated_at = $1, licence = $2 \
                    WHERE id = 1 AND activated_at IS NULL AND setup_token_hash = $3 AND setup_token_until > $1";
        let add = "INSERT INTO users (id, name, name_key, slug, role, password_hash, created_at) VALUES ($1, $2, $3, $4, $5, $6, $7)";
        let account = &visit.account;
        let won = on_pool!(self, |pool| {
            let mut tx = pool.begin().await.map_err(internal)?;
            let taken = sqlx::query(take)
                .bind(visit.now)
                .bind(&visit.licence)
                .bind(&visit.token_hash)
                .execute(&mut *tx)
                .await
                .map_err(internal)?
                .rows_affected();
            if taken == 1 {
                sqlx::query(add)
                    .bind(&account.id)
                    .bind(account.username.as_str())
                    .bind(account.username.key())
                    .bind(&account.slug)
                    .bind(account.role.as_str())
                    .bind(&account.password_hash)
                    .bind(account.created_at)
                    .execute(&mut *tx)
                    .await
                    .map_err(internal)?;
                tx.commit().await.map_err(internal)?;
            }
            taken == 1
        });
        if won { Ok(()) } else { Err(already_activated()) }
    }

    pub async fn set_licence(&self, text: &str) -> Result<(), Error> {
        let sql = "UPDATE installation SET licence = $1 WHERE id = 1";
        on_pool!(self, |pool| sqlx::query(sql).bind(text).execute(pool).await.map(|_| ())).map_err(internal)
    }

    /// Moves the latest time seen forward, never back, and returns it. Unix seconds.
    ///
    /// Written at most once a minute, so that reading pages does not write the database.
    pub async fn advance_time(&self, now: i64) -> Result<i64, Error> {
        let read = "SELECT latest_time_s FROM installation WHERE id = 1";
        let (seen,): (i64,) =
            on_pool!(self, |pool| sqlx::query_as(read).fetch_one(pool).await).map_err(internal)?;
        if now >= seen.saturating_add(60) {
            let write = "UPDATE installation SET latest_time_s = $1 WHERE id = 1 AND latest_time_s < $1";
            on_pool!(self, |pool| sqlx::query(write).bind(now).execute(pool).await.map(|_| ()))
                .map_err(internal)?;
        }
        Ok(seen.max(now))
    }
}

fn already_activated() -> Error {
    Kind::Conflict { what: "activation".to_owned() }.into()
}
