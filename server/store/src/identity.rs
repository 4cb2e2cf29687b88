//! Accounts and the counting of failed sign-ins.

use contract::{Error, Kind};
use model::identity::{PlatformRole, Username};

use crate::backend::{Store, on_pool};
use crate::error::internal;

/// A row of `users`. Never leaves the server: it holds the password's hash.
#[derive(Clone, Debug)]
pub struct Account {
    pub id: String,
    pub username: Username,
    /// The name in clusters; a DNS label, never reused.
    pub slug: String,
    pub role: PlatformRole,
    pub password_hash: String,
    /// Unix milliseconds.
    pub created_at: i64,
    /// Unix milliseconds.
    pub last_seen_at: Option<i64>,
    /// Nobody signs in with it.
    pub disabled: bool,
}

/// What the failures of a name add up to.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Lock {
    pub failures: i64,
    /// Unix milliseconds; in the past when not locked.
    pub locked_until: i64,
}

type Row = (String, String, String, String, String, i64, Option<i64>, i64);

/// The columns of [`Row`], with what selects and orders them.
macro_rules! select_accounts {
    ($rest:literal) => {
        concat!(
            "SELECT id, name, slug, role, password_hash, created_at, last_seen_at, disabled FROM users ",
            $rest
        )
    };
}

impl Store {
    pub async fn account_by_name(&self, name_key: &str) -> Result<Option<Account>, Error> {
        self.one_account(select_accounts!("WHERE name_key = $1"), name_key).await
    }

    pub async fn account_by_id(&self, id: &str) -> Result<Option<Account>, Error> {
        self.one_account(select_accounts!("WHERE id = $1"), id).await
    }

    /// All accounts by name.
    pub async fn accounts(&self) -> Result<Vec<Account>, Error> {
        let sql = select_accounts!("ORDER BY name_key");
        let rows: Vec<Row> =
            on_pool!(self, |pool| sqlx::query_as(sql).fetch_all(pool).await).map_err(internal)?;
        rows.into_iter().map(account).collect()
    }

    /// Those that are not disabled.
    pub async fn count_accounts(&self) -> Result<i64, Error> {
        let sql = "SELECT COUNT(*) FROM users WHERE disabled = 0";
        let (count,): (i64,) =
            on_pool!(self, |pool| sqlx::query_as(sql).fetch_one(pool).await).map_err(internal)?;
        Ok(count)
    }

    /// Errors: `Conflict` when the name is taken.
    pub async fn add_account(&self, account: &Account) -> Result<(), Error> {
        let sql = "INSERT INTO users (id, name, name_key, slug, role, password_hash, created_at) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7) ON CONFLICT (name_key) DO NOTHING";
        let added = on_pool!(self, |pool| {
            sqlx::query(sql)
                .bind(&account.id)
                .bind(account.username.as_str())
                .bind(account.username.key())
                .bind(&account.slug)
                .bind(account.role.as_str())
                .bind(&account.password_hash)
                .bind(account.created_at)
                .execute(pool)
                .await
                .map(|done| done.rows_affected())
        })
        .map_err(internal)?;
        if added == 0 {
            return Err(Kind::Conflict { what: format!("user {}", account.username) }.into());
        }
        Ok(())
    }

    pub async fn set_password(&self, id: &str, hash: &str) -> Result<(), Error> {
        let sql = "UPDATE users SET password_hash = $2 WHERE id = $1";
        on_pool!(self, |pool| sqlx::query(sql).bind(id).bind(hash).execute(pool).await.map(|_| ()))
            .map_err(internal)
    }

    pub async fn set_disabled(&self, id: &str, disabled: bool) -> Result<(), Error> {
        let sql = "UPDATE users SET disabled = $2 WHERE id = $1";
        on_pool!(self, |pool| {
            sqlx::query(sql).bind(id).bind(i64::from(disabled)).execute(pool).await.map(|_| ())
        })
        .map_err(internal)
    }

    pub async fn set_last_seen(&self, id: &str, at: i64) -> Result<(), Error> {
        let sql = "UPDATE users SET last_seen_at = $2 WHERE id = $1";
        on_pool!(self, |pool| sqlx::query(sql).bind(id).bind(at).execute(pool).await.map(|_| ()))
            .map_err(internal)
    }

    pub async fn lock(&self, name_key: &str) -> Result<Lock, Error> {
        let sql = "SELECT failures, locked_until FROM sign_in_failures WHERE name_key = $1";
        let row: Option<(i64, i64)> =
            on_pool!(self, |pool| sqlx::query_as(sql).bind(name_key).fetch_optional(pool).await)
                .map_err(internal)?;
        Ok(row.map_or_else(Lock::default, |(failures, locked_until)| Lock { failures, locked_until }))
    }

    /// Counts one more failure and returns the new count.
    pub async fn add_failure(&self, name_key: &str) -> Result<i64, Error> {
        let sql = "INSERT INTO sign_in_failures (name_key, failures, locked_until) VALUES ($1, 1, 0) \
                   ON CONFLICT (name_key) DO UPDATE SET failures = sign_in_failures.failures + 1 RETURNING failures";
        let (failures,): (i64,) =
            on_pool!(self, |pool| sqlx::query_as(sql).bind(name_key).fetch_one(pool).await)
                .map_err(internal)?;
        Ok(failures)
    }

    pub async fn lock_until(&self, name_key: &str, until: i64) -> Result<(), Error> {
        let sql = "UPDATE sign_in_failures SET locked_until = $2 WHERE name_key = $1";
        on_pool!(self, |pool| sqlx::query(sql).bind(name_key).bind(until).execute(pool).await.map(|_| ()))
            .map_err(internal)
    }

    pub async fn clear_failures(&self, name_key: &str) -> Result<(), Error> {
        let sql = "DELETE FROM sign_in_failures WHERE name_key = $1";
        on_pool!(self, |pool| sqlx::query(sql).bind(name_key).execute(pool).await.map(|_| ()))
            .map_err(internal)
    }

    async fn one_account(&self, sql: &'static str, value: &str) -> Result<Option<Account>, Error> {
        let row: Option<Row> =
            on_pool!(self, |pool| sqlx::query_as(sql).bind(value).fetch_optional(pool).await)
                .map_err(internal)?;
        row.map(account).transpose()
    }
}

fn account(row: Row) -> Result<Account, Error> {
    let (id, name, slug, role, password_hash, created_at, last_seen_at, disabled) = row;
    let username = Username::try_from(name).map_err(Error::internal)?;
    let role = PlatformRole::parse(&role).ok_or_else(|| Error::internal(format!("unknown role {role}")))?;
    let disabled = disabled == 1;
    Ok(Account { id, username, slug, role, password_hash, created_at, last_seen_at, disabled })
}
