//! Identity providers, and the sign-ins that are under way with them.

use contract::{Error, Kind};
use model::providers::{Connection, ProviderName, Rule, Tested};
use serde::Serialize;
use serde::de::DeserializeOwned;

use crate::backend::{Store, on_pool};
use crate::error::internal;

/// A row of `providers`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Provider {
    pub name: ProviderName,
    pub connection: Connection,
    pub rules: Vec<Rule>,
    /// Nobody gets in to whom no rule gives anything.
    pub only_matched: bool,
    pub enabled: bool,
    /// The last test with this connection.
    pub tested: Option<Tested>,
}

/// A sign-in that began.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct SignOn {
    pub provider: String,
    /// Signs nobody in.
    pub test: bool,
    pub nonce: String,
    pub verifier: String,
    /// Where the provider sends the browser back to.
    pub redirect: String,
    /// Where the person goes on.
    pub next: String,
    /// Unix milliseconds.
    pub began_at: i64,
}

type Row = (String, String, String, i64, i64, Option<String>);
type SignOnRow = (String, i64, String, String, String, String, i64);

impl Store {
    /// All providers by name.
    pub async fn providers(&self) -> Result<Vec<Provider>, Error> {
        let sql =
            "SELECT name, connection, rules, only_matched, enabled, tested FROM providers ORDER BY name";
        let rows: Vec<Row> =
            on_pool!(self, |pool| sqlx::query_as(sql).fetch_all(pool).await).map_err(internal)?;
        rows.into_iter().map(provider).collect()
    }

    /// Errors: `NotFound`.
    pub async fn provider(&self, name: &ProviderName) -> Result<Provider, Error> {
        let found = self.providers().await?.into_iter().find(|provider| provider.name == *name);
        found.ok_or_else(|| Kind::NotFound { what: format!("provider {name}") }.into())
    }

    /// Adds a provider, disabled and without rules. Errors: `Conflict` when the name is taken.
    pub async fn add_provider(&self, name: &ProviderName, connection: &Connection) -> Result<(), Error> {
        let sql = "INSERT INTO providers (name, connection, rules, only_matched, enabled) \
                   VALUES ($1, $2, '[]', 0, 0) ON CONFLICT DO NOTHING";
        let connection = json(connection)?;
        let added = on_pool!(self, |pool| {
            let query = sqlx::query(sql).bind(name.as_str()).bind(&connection);
            query.execute(pool).await.map(|done| done.rows_affected())
        });
        match added.map_err(internal)? {
            0 => Err(Kind::Conflict { what: format!("provider {name}") }.into()),
            _ => Ok(()),
        }
    }

    /// Another connection; it has to be tested anew.
    pub async fn set_connection(&self, name: &ProviderName, connection: &Connection) -> Result<(), Error> {
        let sql = "UPDATE providers SET connection = $2, tested = NULL, enabled = 0 WHERE name = $1";
        self.update_provider(sql, name, json(connection)?).await
    }

    pub async fn set_rules(
        &self,
        name: &ProviderName,
        rules: &[Rule],
        only_matched: bool,
    ) -> Result<(), Error> {
        let sql = match only_matched {
            true => "UPDATE providers SET rules = $2, only_matched = 1 WHERE name = $1",
            false => "UPDATE providers SET rules = $2, only_matched = 0 WHERE name = $1",
        };
        self.update_provider(sql, name, json(rules)?).await
    }

    /// What a test showed, unless the connection is another one by now.
    pub async fn set_tested(
        &self,
        name: &ProviderName,
        connection: &Connection,
        tested: &Tested,
    ) -> Result<(), Error> {
        let sql = "UPDATE providers SET tested = $2 WHERE name = $1 AND connection = $3";
        let (tested, connection) = (json(tested)?, json(connection)?);
        on_pool!(self, |pool| {
            let query = sqlx::query(sql).bind(name.as_str()).bind(tested).bind(connection);
            query.execute(pool).await.map(|_| ())
        })
        .map_err(internal)
    }

    pub async fn set_provider_enabled(&self, name: &ProviderName, enabled: bool) -> Result<(), Error> {
        let sql = "UPDATE providers SET enabled = $2 WHERE name = $1";
        on_pool!(self, |pool| {
            let query = sqlx::query(sql).bind(name.as_str()).bind(i64::from(enabled));
            query.execute(pool).await.map(|_| ())
        })
        .map_err(internal)
    }

    /// Removes a provider and what its rules gave. The accounts stay, and nobody signs in with them.
    pub async fn remove_provider(&self, name: &ProviderName) -> Result<(), Error> {
        let steps = [
            "DELETE FROM memberships WHERE source = $1",
            "UPDATE users SET given_role = 'member' WHERE provider = $1",
            "DELETE FROM sign_ons WHERE provider = $1",
            "DELETE FROM provider_sessions WHERE provider = $1",
            "DELETE FROM providers WHERE name = $1",
        ];
        self.together(&steps, name.as_str()).await
    }

    /// Removes accounts that wait for somebody from a provider, with their memberships. Nobody came for them.
    pub async fn remove_waiting(&self, name: &ProviderName) -> Result<(), Error> {
        let steps = [
            "DELETE FROM memberships WHERE user_id IN (SELECT id FROM users WHERE provider = $1 AND subject IS NULL)",
            "DELETE FROM group_members WHERE user_id IN (SELECT id FROM users WHERE provider = $1 AND subject IS NULL)",
            "DELETE FROM users WHERE provider = $1 AND subject IS NULL",
        ];
        self.together(&steps, name.as_str()).await
    }

    /// Keeps a sign-in until it comes back. Those that began before `oldest` go, and the oldest of more than `most`.
    pub async fn add_sign_on(
        &self,
        state_hash: &str,
        browser_hash: &str,
        sign_on: &SignOn,
        oldest: i64,
        most: i64,
    ) -> Result<(), Error> {
        let sweep = "DELETE FROM sign_ons WHERE began_at < $1 OR state_hash IN \
                     (SELECT state_hash FROM sign_ons ORDER BY began_at DESC LIMIT 1000 OFFSET $2)";
        let add = "INSERT INTO sign_ons (state_hash, browser_hash, provider, test, nonce, verifier, redirect, next, began_at) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9)";
        on_pool!(self, |pool| {
            sqlx::query(sweep).bind(oldest).bind(most).execute(pool).await.map_err(internal)?;
            sqlx::query(add)
                .bind(state_hash)
                .bind(browser_hash)
                .bind(&sign_on.provider)
                .bind(i64::from(sign_on.test))
                .bind(&sign_on.nonce)
                .bind(&sign_on.verifier)
                .bind(&sign_on.redirect)
                .bind(&sign_on.next)
                .bind(sign_on.began_at)
                .execute(pool)
                .await
                .map_err(internal)?;
        });
        Ok(())
    }

    /// The sign-in with this state, if it began in this browser. It is there once.
    pub async fn take_sign_on(&self, state_hash: &str, browser_hash: &str) -> Result<Option<SignOn>, Error> {
        let sql = "DELETE FROM sign_ons WHERE state_hash = $1 AND browser_hash = $2 \
                   RETURNING provider, test, nonce, verifier, redirect, next, began_at";
        let row: Option<SignOnRow> = on_pool!(self, |pool| {
            sqlx::query_as(sql).bind(state_hash).bind(browser_hash).fetch_optional(pool).await
        })
        .map_err(internal)?;
        Ok(row.map(|(provider, test, nonce, verifier, redirect, next, began_at)| SignOn {
            provider,
            test: test == 1,
            nonce,
            verifier,
            redirect,
            next,
            began_at,
        }))
    }

    async fn update_provider(
        &self,
        sql: &'static str,
        name: &ProviderName,
        value: String,
    ) -> Result<(), Error> {
        on_pool!(self, |pool| {
            sqlx::query(sql).bind(name.as_str()).bind(value).execute(pool).await.map(|_| ())
        })
        .map_err(internal)
    }
}

fn provider((name, connection, rules, only_matched, enabled, tested): Row) -> Result<Provider, Error> {
    Ok(Provider {
        name: ProviderName::try_from(name).map_err(Error::internal)?,
        connection: from_json(&connection)?,
        rules: from_json(&rules)?,
        only_matched: only_matched == 1,
        enabled: enabled == 1,
        tested: tested.as_deref().map(from_json).transpose()?,
    })
}

fn json(value: &(impl Serialize + ?Sized)) -> Result<String, Error> {
    serde_json::to_string(value).map_err(Error::internal)
}

fn from_json<T: DeserializeOwned>(text: &str) -> Result<T, Error> {
    serde_json::from_str(text).map_err(Error::internal)
}
