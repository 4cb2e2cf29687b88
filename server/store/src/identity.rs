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
    /// The stronger of what was given by hand and by the rules of a provider.
    pub role: PlatformRole,
    /// Empty when they sign in elsewhere.
    pub password_hash: String,
    /// The identity provider they sign in with; empty for a password here.
    pub provider: String,
    /// Theirs at the provider; none before they came.
    pub subject: Option<String>,
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

type Row = (String, String, String, String, String, String, String, Option<String>, i64, Option<i64>, i64);

/// The columns of [`Row`], with what selects and orders them.
macro_rules! select_accounts {
    ($rest:literal) => {
        concat!(
            "SELECT id, name, slug, role, given_role, password_hash, provider, subject, created_at, last_seen_at, disabled FROM users ",
            $rest
        )
    };
}

const UNINVITE: &str = "DELETE FROM invitations WHERE user_id = $1";

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
        let sql = "INSERT INTO users (id, name, name_key, slug, role, password_hash, provider, subject, created_at) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9) ON CONFLICT DO NOTHING";
        let added = on_pool!(self, |pool| {
            sqlx::query(sql)
                .bind(&account.id)
                .bind(account.username.as_str())
                .bind(account.username.key())
                .bind(&account.slug)
                .bind(account.role.as_str())
                .bind(&account.password_hash)
                .bind(&account.provider)
                .bind(&account.subject)
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

    /// The account of somebody whom a provider knows by this subject.
    pub async fn account_by_subject(&self, provider: &str, subject: &str) -> Result<Option<Account>, Error> {
        let sql = select_accounts!("WHERE provider = $1 AND subject = $2");
        let row: Option<Row> = on_pool!(self, |pool| {
            sqlx::query_as(sql).bind(provider).bind(subject).fetch_optional(pool).await
        })
        .map_err(internal)?;
        row.map(account).transpose()
    }

    /// Notes who somebody is at their provider, once. Returns whether it was the first time.
    pub async fn set_subject(&self, id: &str, subject: &str) -> Result<bool, Error> {
        let sql = "UPDATE users SET subject = $2 WHERE id = $1 AND subject IS NULL";
        let done = on_pool!(self, |pool| {
            sqlx::query(sql).bind(id).bind(subject).execute(pool).await.map(|done| done.rows_affected())
        });
        Ok(done.map_err(internal)? == 1)
    }

    /// What the rules of the provider give on the platform; none of an account that is not there.
    pub async fn given_role(&self, id: &str) -> Result<Option<PlatformRole>, Error> {
        let sql = "SELECT given_role FROM users WHERE id = $1";
        let row: Option<(String,)> =
            on_pool!(self, |pool| sqlx::query_as(sql).bind(id).fetch_optional(pool).await)
                .map_err(internal)?;
        Ok(row.and_then(|(role,)| PlatformRole::parse(&role)))
    }

    pub async fn set_given_role(&self, id: &str, role: PlatformRole) -> Result<(), Error> {
        let sql = "UPDATE users SET given_role = $2 WHERE id = $1";
        on_pool!(self, |pool| sqlx::query(sql).bind(id).bind(role.as_str()).execute(pool).await.map(|_| ()))
            .map_err(internal)
    }

    /// Another password, after which no invitation of before is good.
    pub async fn set_password(&self, id: &str, hash: &str) -> Result<(), Error> {
        let set = "UPDATE users SET password_hash = $2 WHERE id = $1";
        on_pool!(self, |pool| {
            let mut tx = pool.begin().await.map_err(internal)?;
            sqlx::query(set).bind(id).bind(hash).execute(&mut *tx).await.map_err(internal)?;
            sqlx::query(UNINVITE).bind(id).execute(&mut *tx).await.map_err(internal)?;
            tx.commit().await.map_err(internal)
        })
    }

    /// Nobody who was invited comes in by that afterwards.
    pub async fn set_disabled(&self, id: &str, disabled: bool) -> Result<(), Error> {
        let set = "UPDATE users SET disabled = $2 WHERE id = $1";
        on_pool!(self, |pool| {
            let mut tx = pool.begin().await.map_err(internal)?;
            sqlx::query(set).bind(id).bind(i64::from(disabled)).execute(&mut *tx).await.map_err(internal)?;
            sqlx::query(UNINVITE).bind(id).execute(&mut *tx).await.map_err(internal)?;
            tx.commit().await.map_err(internal)
        })
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
    /// Those before `from` (Unix milliseconds) are forgotten.
    pub async fn add_failure(&self, name_key: &str, now: i64, from: i64) -> Result<i64, Error> {
        let sql = "INSERT INTO sign_in_failures (name_key, failures, locked_until, since) VALUES ($1, 1, 0, $2) \
                   ON CONFLICT (name_key) DO UPDATE SET \
                   failures = CASE WHEN sign_in_failures.since < $3 THEN 1 ELSE sign_in_failures.failures + 1 END, \
                   since = CASE WHEN sign_in_failures.since < $3 THEN $2 ELSE sign_in_failures.since END \
                   RETURNING failures";
        let (failures,): (i64,) = on_pool!(self, |pool| {
            sqlx::query_as(sql).bind(name_key).bind(now).bind(from).fetch_one(pool).await
        })
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
    let (id, name, slug, role, given, password_hash, provider, subject, created_at, last_seen_at, disabled) =
        row;
    let username = Username::try_from(name).map_err(Error::internal)?;
    let parse = |word: String| {
        PlatformRole::parse(&word).ok_or_else(|| Error::internal(format!("unknown role {word}")))
    };
    let role = parse(role)?.max(parse(given)?);
    let disabled = disabled == 1;
    Ok(Account {
        id,
        username,
        slug,
        role,
        password_hash,
        provider,
        subject,
        created_at,
        last_seen_at,
        disabled,
    })
}
