//! From the session to the person: every request carries an [`Actor`], signed in or not.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use contract::identity::SignedIn;
use contract::{Actor, Console};
use gate::Clock;
use http::StatusCode;
use store::USER;
use tokio::sync::broadcast;
use tower_sessions::Session;
use tower_sessions::session::Id;

use super::request_id::RequestId;

/// Longest life of a session, however busy. Milliseconds.
const LONGEST: i64 = 24 * 3_600_000;
/// A session's last use is written at most this often. Milliseconds.
const SEEN_EVERY: i64 = 60_000;

const SINCE: &str = "since";
const SEEN: &str = "seen";

/// Sessions' meaning: who, since when, last seen.
#[derive(Clone)]
pub struct People {
    pub console: Console,
    pub clock: Arc<dyn Clock>,
    /// Tells of sessions that were ended by hand, so that their sockets close at once.
    pub ended: broadcast::Sender<Id>,
}

pub async fn recognise(
    State(people): State<People>,
    session: Session,
    mut request: Request,
    next: Next,
) -> Result<Response, StatusCode> {
    let id = request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    let user = people.user(&session).await.map_err(|error| {
        tracing::error!(event = "session.unreadable", error = error.to_string());
        StatusCode::SERVICE_UNAVAILABLE
    })?;
    request.extensions_mut().insert(Actor { user, request_id: id });
    Ok(next.run(request).await)
}

impl People {
    pub fn new(console: Console, clock: Arc<dyn Clock>) -> Self {
        Self { console, clock, ended: broadcast::Sender::new(64) }
    }

    /// Whose session it is now, as the database has it. None when it ended, or cannot be read.
    pub async fn look(&self, session: &Session) -> Option<SignedIn> {
        let looked = async {
            session.load().await?;
            self.user(session).await
        };
        looked.await.unwrap_or_else(|error| {
            tracing::warn!(event = "session.unreadable", error = error.to_string());
            None
        })
    }

    /// Ends a session for good.
    pub async fn leave(&self, session: &Session) -> Result<(), tower_sessions::session::Error> {
        let id = session.id();
        session.flush().await?;
        if let Some(id) = id {
            // Nobody listens when there is no socket.
            let _none = self.ended.send(id);
        }
        Ok(())
    }

    /// Puts a person into the session, under a new id so that one planted before sign-in is worthless.
    pub async fn enter(&self, session: &Session, user: &SignedIn) -> anyhow::Result<()> {
        let now = self.clock.now();
        session.cycle_id().await?;
        session.insert(USER, &user.id).await?;
        session.insert(SINCE, now).await?;
        session.insert(SEEN, now).await?;
        Ok(())
    }

    async fn user(&self, session: &Session) -> anyhow::Result<Option<SignedIn>> {
        let Some(user_id) = session.get::<String>(USER).await? else {
            return Ok(None);
        };
        let now = self.clock.now();
        let since = session.get::<i64>(SINCE).await?.unwrap_or(0);
        let account = self.console.identity.account(&user_id).await?;
        let Some(account) = account.filter(|_| now.saturating_sub(since) < LONGEST) else {
            session.flush().await?;
            return Ok(None);
        };
        let seen = session.get::<i64>(SEEN).await?.unwrap_or(0);
        if now.saturating_sub(seen) >= SEEN_EVERY {
            session.insert(SEEN, now).await?;
        }
        Ok(Some(account))
    }
}
