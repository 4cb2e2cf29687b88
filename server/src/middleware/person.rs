//! From the session to the person: every request carries an [`Actor`], signed in or not.

use std::sync::Arc;

use app::paths;
use axum::extract::{Request, State};
use axum::middleware::Next;
use axum::response::Response;
use contract::identity::SignedIn;
use contract::{Actor, Console};
use gate::Clock;
use http::StatusCode;
use model::access::{Action, Standing, allows};
use model::identity::{SessionLeft, Username};
use store::{AGENT, HANDLE, SEEN, SINCE, USER};
use tokio::sync::{broadcast, watch};
use tower_sessions::Session;

use super::address::ClientAddress;
use super::request_id::RequestId;

/// Longest life of a session, however busy. Milliseconds.
const LONGEST: i64 = 24 * 3_600_000;
/// A session's last use is written at most this often. Milliseconds.
const SEEN_EVERY: i64 = 60_000;

/// Before a session ends by itself, its owner is told. Milliseconds.
const WARN: i64 = 5 * 60_000;
/// What is kept of a browser's name for itself. Characters.
const LONGEST_AGENT: usize = 300;

/// Whom the session sees the console as, when that is somebody else.
const VIEWING: &str = "viewing";

/// Whose pages a session shows.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Seen {
    pub user: SignedIn,
    /// Whose session it is, when they look as `user`.
    pub viewer: Option<Username>,
    pub left: SessionLeft,
}

/// Sessions' meaning: who, since when, last seen.
#[derive(Clone)]
pub struct People {
    pub console: Console,
    pub clock: Arc<dyn Clock>,
    /// After so long without use a session ends. Milliseconds.
    pub idle: i64,
    /// Tells the handles of sessions that were ended by hand, so that their sockets close at once.
    pub ended: broadcast::Sender<String>,
    /// Becomes true when the console is told to stop, so that sockets close before it is gone.
    pub stopping: watch::Receiver<bool>,
}

pub async fn recognise(
    State(people): State<People>,
    session: Session,
    mut request: Request,
    next: Next,
) -> Result<Response, StatusCode> {
    let id = request.extensions().get::<RequestId>().map(|id| id.0.clone()).unwrap_or_default();
    let used = request.uri().path() != paths::SESSION_LEFT;
    let user = people.user(&session, used).await.map_err(|error| {
        tracing::error!(event = "session.unreadable", error = error.to_string());
        StatusCode::SERVICE_UNAVAILABLE
    })?;
    let handle = session.get::<String>(HANDLE).await.ok().flatten().unwrap_or_default();
    let address = request.extensions().get::<ClientAddress>().and_then(|address| address.0);
    let actor = match user {
        Some(Seen { user, viewer, left }) => {
            Actor { user: Some(user), request_id: id, session: handle, viewer, left, address }
        }
        None => Actor { session: handle, address, ..Actor::stranger(&id) },
    };
    request.extensions_mut().insert(actor);
    Ok(next.run(request).await)
}

impl People {
    pub fn new(
        console: Console,
        clock: Arc<dyn Clock>,
        idle: i64,
        ended: broadcast::Sender<String>,
        stopping: watch::Receiver<bool>,
    ) -> Self {
        Self { console, clock, idle, ended, stopping }
    }

    /// Whose session it is now, as the database has it. None when it ended, or cannot be read.
    pub async fn look(&self, session: &Session) -> Option<Seen> {
        let looked = async {
            session.load().await?;
            self.user(session, true).await
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
        session.remove::<String>(VIEWING).await?;
        session.insert(HANDLE, handle).await?;
        session.insert(AGENT, agent.chars().take(LONGEST_AGENT).collect::<String>()).await?;
        session.insert(USER, &user.id).await?;
        session.insert(SINCE, now).await?;
        session.insert(SEEN, now).await?;
        Ok(())
    }

    /// From now on the session sees the console as somebody else, or as itself again. Its id changes with what it may do.
    pub async fn see_as(&self, session: &Session, user: Option<&SignedIn>) -> anyhow::Result<()> {
        session.cycle_id().await?;
        match user {
            Some(user) => session.insert(VIEWING, &user.id).await?,
            None => {
                session.remove::<String>(VIEWING).await?;
            }
        }
        Ok(())
    }

    /// `used` when somebody does something, rather than asks how long they may do nothing.
    async fn user(&self, session: &Session, used: bool) -> anyhow::Result<Option<Seen>> {
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
        let mut seen = seen;
        if used && now.saturating_sub(seen) >= SEEN_EVERY.min(self.idle / 4) {
            session.insert(SEEN, now).await?;
            seen = now;
        }
        let left = SessionLeft {
            idle: seconds(seen.saturating_add(self.idle).saturating_sub(now)),
            whole: seconds(since.saturating_add(LONGEST).saturating_sub(now)),
            warn: seconds(WARN.min(self.idle / 2)),
        };
        let Some(viewing) = session.get::<String>(VIEWING).await? else {
            return Ok(Some(Seen { user: account, viewer: None, left }));
        };
        let may = allows(Standing::on_platform(account.role), Action::ViewAs);
        let shown = if may { self.console.identity.account(&viewing).await? } else { None };
        match shown {
            Some(shown) => Ok(Some(Seen { user: shown, viewer: Some(account.username), left })),
            None => {
                session.remove::<String>(VIEWING).await?;
                Ok(Some(Seen { user: account, viewer: None, left }))
            }
        }
    }
}

fn seconds(milliseconds: i64) -> u32 {
    u32::try_from(milliseconds / 1000).unwrap_or(0)
}
