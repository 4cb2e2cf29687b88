//! Sessions that an identity provider answers for. Its tokens are sealed, as logins are.

use contract::Error;

use crate::backend::{Store, on_pool};
use crate::error::internal;

/// A session of somebody who signed in with a provider.
#[derive(Clone, PartialEq, Eq)]
pub struct ProviderSession {
    /// The handle of the session.
    pub handle: String,
    pub user_id: String,
    pub provider: String,
    pub subject: String,
    /// What the provider calls it; empty when it does not.
    pub sid: String,
    /// What the provider is asked with. None when it gave none, or the key it was sealed with is gone.
    pub token: Option<String>,
    /// When the provider last answered for it. Unix milliseconds, as the next.
    pub checked_at: i64,
    pub due_at: i64,
}

/// The token is nobody's to read.
impl std::fmt::Debug for ProviderSession {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "session {} of {} at {}", self.handle, self.user_id, self.provider)
    }
}

type Row = (String, String, String, String, String, String, String, i64, i64);

/// The columns of [`Row`], with what selects them.
macro_rules! select_sessions {
    ($rest:literal) => {
        concat!(
            "SELECT handle, user_id, provider, subject, sid, key_id, token, checked_at, due_at FROM provider_sessions ",
            $rest
        )
    };
}

impl Store {
    pub async fn add_provider_session(&self, session: &ProviderSession) -> Result<(), Error> {
        let (key, sealed) = self.sealed(session)?;
        let sql = "INSERT INTO provider_sessions \
                   (handle, user_id, provider, subject, sid, key_id, token, checked_at, due_at, busy_until) \
                   VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, 0)";
        on_pool!(self, |pool| {
            sqlx::query(sql)
                .bind(&session.handle)
                .bind(&session.user_id)
                .bind(&session.provider)
                .bind(&session.subject)
                .bind(&session.sid)
                .bind(key)
                .bind(sealed)
                .bind(session.checked_at)
                .bind(session.due_at)
                .execute(pool)
                .await
                .map(|_| ())
        })
        .map_err(internal)
    }

    pub async fn provider_session(&self, handle: &str) -> Result<Option<ProviderSession>, Error> {
        let sql = select_sessions!("WHERE handle = $1");
        let row: Option<Row> =
            on_pool!(self, |pool| sqlx::query_as(sql).bind(handle).fetch_optional(pool).await)
                .map_err(internal)?;
        Ok(row.map(|row| self.read_session(row)))
    }

    /// Those that the provider is to be asked about now.
    pub async fn due_sessions(&self, now: i64) -> Result<Vec<ProviderSession>, Error> {
        let sql = select_sessions!("WHERE due_at <= $1 AND busy_until <= $1 ORDER BY due_at LIMIT 100");
        let rows: Vec<Row> =
            on_pool!(self, |pool| sqlx::query_as(sql).bind(now).fetch_all(pool).await).map_err(internal)?;
        Ok(rows.into_iter().map(|row| self.read_session(row)).collect())
    }

    /// Those of one session at the provider, or of a person there.
    pub async fn sessions_at_provider(
        &self,
        provider: &str,
        subject: Option<&str>,
        sid: Option<&str>,
    ) -> Result<Vec<ProviderSession>, Error> {
        let sql = select_sessions!(
            "WHERE provider = $1 AND (subject = $2 OR $2 IS NULL) AND (sid = $3 OR $3 IS NULL)"
        );
        let rows: Vec<Row> = on_pool!(self, |pool| {
            sqlx::query_as(sql).bind(provider).bind(subject).bind(sid).fetch_all(pool).await
        })
        .map_err(internal)?;
        Ok(rows.into_iter().map(|row| self.read_session(row)).collect())
    }

    /// Those of a person, the last answered first.
    pub async fn provider_sessions_of(&self, user_id: &str) -> Result<Vec<ProviderSession>, Error> {
        let sql = select_sessions!("WHERE user_id = $1 ORDER BY checked_at DESC");
        let rows: Vec<Row> = on_pool!(self, |pool| sqlx::query_as(sql).bind(user_id).fetch_all(pool).await)
            .map_err(internal)?;
        Ok(rows.into_iter().map(|row| self.read_session(row)).collect())
    }

    /// Takes on asking about a session, for as long as `until`. False when somebody else does, or it has been done.
    pub async fn take_session(
        &self,
        handle: &str,
        checked_at: i64,
        now: i64,
        until: i64,
    ) -> Result<bool, Error> {
        let sql = "UPDATE provider_sessions SET busy_until = $3 \
                   WHERE handle = $1 AND busy_until <= $2 AND checked_at = $4";
        let taken = on_pool!(self, |pool| {
            let query = sqlx::query(sql).bind(handle).bind(now).bind(until).bind(checked_at);
            query.execute(pool).await.map(|done| done.rows_affected())
        });
        Ok(taken.map_err(internal)? == 1)
    }

    /// How the asking ended: the token for the next time, and when that is.
    pub async fn return_session(&self, session: &ProviderSession) -> Result<(), Error> {
        let (key, sealed) = self.sealed(session)?;
        let sql = "UPDATE provider_sessions SET key_id = $2, token = $3, checked_at = $4, due_at = $5, busy_until = 0 \
                   WHERE handle = $1";
        on_pool!(self, |pool| {
            sqlx::query(sql)
                .bind(&session.handle)
                .bind(key)
                .bind(sealed)
                .bind(session.checked_at)
                .bind(session.due_at)
                .execute(pool)
                .await
                .map(|_| ())
        })
        .map_err(internal)
    }

    pub async fn end_provider_session(&self, handle: &str) -> Result<(), Error> {
        let sql = "DELETE FROM provider_sessions WHERE handle = $1";
        on_pool!(self, |pool| sqlx::query(sql).bind(handle).execute(pool).await.map(|_| ())).map_err(internal)
    }

    /// Those whose session is gone go too, once they are older than a minute: a session is written at the end of its first answer.
    /// One of somebody with a token stays, because the provider has to answer for that.
    pub async fn sweep_provider_sessions(&self, now: i64) -> Result<(), Error> {
        let sql = "DELETE FROM provider_sessions WHERE checked_at < $1 AND NOT EXISTS \
                   (SELECT 1 FROM sessions WHERE sessions.handle = provider_sessions.handle) AND NOT EXISTS \
                   (SELECT 1 FROM api_tokens WHERE api_tokens.user_id = provider_sessions.user_id AND api_tokens.expires_at > $2)";
        let minute = now.saturating_sub(60_000);
        on_pool!(self, |pool| sqlx::query(sql).bind(minute).bind(now).execute(pool).await.map(|_| ()))
            .map_err(internal)
    }

    fn sealed(&self, session: &ProviderSession) -> Result<(String, String), Error> {
        match &session.token {
            Some(token) if self.keeps_logins() => self.keys.seal(&place(session), token),
            _ => Ok(Default::default()),
        }
    }

    fn read_session(&self, row: Row) -> ProviderSession {
        let (handle, user_id, provider, subject, sid, key, sealed, checked_at, due_at) = row;
        let session =
            ProviderSession { handle, user_id, provider, subject, sid, token: None, checked_at, due_at };
        let token = self.keys.open(&place(&session), &key, &sealed);
        ProviderSession { token, ..session }
    }
}

/// What a token is bound to: it opens for no other session and no other person.
fn place(session: &ProviderSession) -> String {
    format!("provider_sessions|{}|{}|{}", session.handle, session.provider, session.subject)
}
