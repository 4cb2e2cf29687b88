//! From the session to the person: every request carries an [`Actor`], signed in or not.

use std::sync::Arc;

use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use contract::identity::SignedIn;
use contract::{Actor, Console};
use gate::Clock;
use http::StatusCode;
use store::{AGENT, HANDLE, SEEN, SINCE, USER};
use tokio::sync::broadcast;
use tower_sessions::Session;

use super::request_id::RequestId;

/// Longest life of a session, however busy. Milliseconds.
const LONGEST: i64 = 24 * 3_600_000;
/// A session's last use is written at most this often. Milliseconds.
const SEEN_EVERY: i64 = 60_000;

/// What is kept of a browser's name for itself. Characters.
const LONGEST_AGENT: usize = 300;

/// Sessions' meaning: who, since when, last seen.
#[derive(Clone)]
pub struct People {
    pub console: Console,
    pub clock: Arc<dyn Clock>,
    /// Tells the handles of sessions that were ended by hand, so that their sockets close at once.
    pub ended: broadcast::Sender<String>,
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
    let handle = session.get::<String>(HANDLE).await.ok().flatten().unwrap_or_default();
    request.extensions_mut().insert(Actor { user, request_id: id, session: handle });
    Ok(next.run(request).await)
}

impl People {
    pub fn new(console: Console, clock: Arc<dyn Clock>, ended: broadcast::Sender<String>) -> Self {
        Self { console, clock, ended }
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
        let handle = session.get::<String>(HANDLE).await?;
        session.flush().await?;
        if let Some(handle) = handle {
            // Nobody listens when there is no socket.
            let _none = self.ended.send(handle);
        }
        Ok(())
    }

    /// Puts a person into the session, which gets a handle.
    pub async fn enter_anew(&self, session: &Session, user: &SignedIn, agent: &str) -> anyhow::Result<()> {
        self.enter(session, user, agent, console::random_id()?).await
    }

    /// Puts a person into the session, under a new id so that one planted before sign-in is worthless.
    pub async fn enter(
        &self,
        session: &Session,
        user: &SignedIn,
        agent: &str,
        handle: String,
    ) -> anyhow::Result<()> {
        let now = self.clock.now();
        session.cycle_id().await?;
        session.insert(HANDLE, handle).await?;
        session.insert(AGENT, agent.chars().take(LONGEST_AGENT).collect::<String>()).await?;
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
        // Without a handle it could not be ended by its owner.
        let handle = session.get::<String>(HANDLE).await?;
        let mut whole = now.saturating_sub(since) < LONGEST && handle.is_some();
        if let (true, Some(handle), Some(account)) = (whole, &handle, &account)
            && !account.provider.is_empty()
        {
            whole = self.console.providers.answers_for(handle).await?;
        }
        let Some(account) = account.filter(|_| whole) else {
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
