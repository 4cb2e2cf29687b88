//! Sessions for tower-sessions: ids hashed, indexed by user, expired ones gone.

use std::sync::Arc;

use async_trait::async_trait;
use gate::Clock;
use sha2::{Digest as _, Sha256};
use time::OffsetDateTime;
use tower_sessions::session::{Id, Record};
use tower_sessions::session_store::{Error, Result};
use tower_sessions::{ExpiredDeletion, SessionStore};

use crate::backend::{Store, on_pool};

/// The keys in a session's data: the id of its user, what names it to its owner, since when and when last it was used (Unix
/// milliseconds), and what its browser calls itself.
pub const USER: &str = "user";
pub const HANDLE: &str = "handle";
pub const SINCE: &str = "since";
pub const SEEN: &str = "seen";
pub const AGENT: &str = "agent";

/// A session as its owner may know it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct StoredSession {
    pub handle: String,
    /// Unix milliseconds, as the next.
    pub since: i64,
    pub seen: i64,
    pub agent: String,
}

/// The session table as tower-sessions wants it.
#[derive(Clone)]
pub struct Sessions {
    store: Store,
    clock: Arc<dyn Clock>,
    idle: i64,
}

impl std::fmt::Debug for Sessions {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.write_str("Sessions")
    }
}

impl Sessions {
    /// `idle` is how long a session lasts after it was last written, in milliseconds.
    ///
    /// Counted here, by our clock: the record's own expiry comes from the machine's.
    pub fn new(store: Store, clock: Arc<dyn Clock>, idle: i64) -> Self {
        Self { store, clock, idle }
    }

    async fn write(&self, sql: &'static str, record: &Record) -> Result<()> {
        let data = serde_json::to_string(&record.data).map_err(|error| Error::Encode(error.to_string()))?;
        let text = |key| record.data.get(key).and_then(|value| value.as_str());
        let (user, handle) = (text(USER), text(HANDLE));
        on_pool!(self.store, |pool| {
            sqlx::query(sql)
                .bind(hash(&record.id))
                .bind(user)
                .bind(data)
                .bind(self.clock.now().saturating_add(self.idle))
                .bind(handle)
                .execute(pool)
                .await
                .map(|_| ())
        })
        .map_err(backend)
    }
}

#[async_trait]
impl SessionStore for Sessions {
    async fn create(&self, record: &mut Record) -> Result<()> {
        // 128 random bits do not collide; a second session under one id would still be refused.
        while self.load(&record.id).await?.is_some() {
            record.id = Id::default();
        }
        let sql =
            "INSERT INTO sessions (id_hash, user_id, data, expires_at, handle) VALUES ($1, $2, $3, $4, $5)";
        self.write(sql, record).await
    }

    /// One that was ended meanwhile stays ended: a request under way does not bring it back.
    async fn save(&self, record: &Record) -> Result<()> {
        let sql =
            "UPDATE sessions SET user_id = $2, data = $3, expires_at = $4, handle = $5 WHERE id_hash = $1";
        self.write(sql, record).await
    }

    async fn load(&self, id: &Id) -> Result<Option<Record>> {
        let sql = "SELECT data, expires_at FROM sessions WHERE id_hash = $1 AND expires_at > $2";
        let row: Option<(String, i64)> = on_pool!(self.store, |pool| {
            sqlx::query_as(sql).bind(hash(id)).bind(self.clock.now()).fetch_optional(pool).await
        })
        .map_err(backend)?;
        let Some((data, expires_at)) = row else {
            return Ok(None);
        };
        let expiry_date = OffsetDateTime::from_unix_timestamp_nanos(i128::from(expires_at) * 1_000_000)
            .map_err(|error| Error::Decode(error.to_string()))?;
        let data = serde_json::from_str(&data).map_err(|error| Error::Decode(error.to_string()))?;
        Ok(Some(Record { id: *id, data, expiry_date }))
    }

    async fn delete(&self, id: &Id) -> Result<()> {
        let sql = "DELETE FROM sessions WHERE id_hash = $1";
        on_pool!(self.store, |pool| sqlx::query(sql).bind(hash(id)).execute(pool).await.map(|_| ()))
            .map_err(backend)
    }
}

#[async_trait]
impl ExpiredDeletion for Sessions {
    async fn delete_expired(&self) -> Result<()> {
        let sql = "DELETE FROM sessions WHERE expires_at <= $1";
        on_pool!(self.store, |pool| sqlx::query(sql).bind(self.clock.now()).execute(pool).await.map(|_| ()))
            .map_err(backend)
    }
}

impl Store {
    /// Those of a person that have not ended at this time, the last seen first.
    pub async fn sessions_of(
        &self,
        user_id: &str,
        now: i64,
    ) -> std::result::Result<Vec<StoredSession>, contract::Error> {
        let rows = self.session_rows(user_id, now).await?;
        let mut all: Vec<_> = rows.into_iter().map(|(_, session)| session).collect();
        all.sort_by_key(|session| std::cmp::Reverse(session.seen));
        Ok(all)
    }

    /// Ends those of a person whose handle passes. Returns the handles of what ended.
    pub async fn end_sessions_of(
        &self,
        user_id: &str,
        now: i64,
        passes: impl Fn(&str) -> bool,
    ) -> std::result::Result<Vec<String>, contract::Error> {
        let mut ended = Vec::new();
        for (id_hash, session) in self.session_rows(user_id, now).await? {
            if passes(&session.handle) {
                let sql = "DELETE FROM sessions WHERE id_hash = $1";
                on_pool!(self, |pool| sqlx::query(sql).bind(id_hash).execute(pool).await.map(|_| ()))
                    .map_err(crate::error::internal)?;
                ended.push(session.handle);
            }
        }
        Ok(ended)
    }

    async fn session_rows(
        &self,
        user_id: &str,
        now: i64,
    ) -> std::result::Result<Vec<(String, StoredSession)>, contract::Error> {
        let sql = "SELECT id_hash, data FROM sessions WHERE user_id = $1 AND expires_at > $2";
        let rows: Vec<(String, String)> =
            on_pool!(self, |pool| sqlx::query_as(sql).bind(user_id).bind(now).fetch_all(pool).await)
                .map_err(crate::error::internal)?;
        let read = |(id_hash, data): (String, String)| {
            let data: serde_json::Value = serde_json::from_str(&data).map_err(contract::Error::internal)?;
            let text =
                |key: &str| data.get(key).and_then(|value| value.as_str()).unwrap_or_default().to_owned();
            let time = |key: &str| data.get(key).and_then(|value| value.as_i64()).unwrap_or_default();
            let (handle, agent) = (text(HANDLE), text(AGENT));
            Ok((id_hash, StoredSession { handle, since: time(SINCE), seen: time(SEEN), agent }))
        };
        rows.into_iter().map(read).collect()
    }

    /// Ends every session of a person.
    pub async fn end_sessions(&self, user_id: &str) -> std::result::Result<(), contract::Error> {
        let sql = "DELETE FROM sessions WHERE user_id = $1";
        on_pool!(self, |pool| sqlx::query(sql).bind(user_id).execute(pool).await.map(|_| ()))
            .map_err(crate::error::internal)
    }
}

fn hash(id: &Id) -> String {
    let mut text = String::with_capacity(64);
    for byte in Sha256::digest(id.0.to_be_bytes()) {
        text.push_str(&format!("{byte:02x}"));
    }
    text
}

fn backend(error: sqlx::Error) -> Error {
    Error::Backend(error.to_string())
}
