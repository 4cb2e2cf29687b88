//! The one WebSocket of a tab: subscriptions in, news out.
//!
//! News wait in a short queue. While it is full the subscriptions are not asked, so a slow browser gets fewer and newer
//! states, never a backlog; nor does what lies between fill up, because browsers say what they took in.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::time::Duration;

use axum::Extension;
use axum::extract::State;
use axum::extract::ws::{CloseFrame, Message, WebSocket, WebSocketUpgrade};
use axum::response::{IntoResponse as _, Response};
use contract::workloads::Following;
use contract::{Actor, Console};
use futures::{FutureExt as _, StreamExt as _};
use http::StatusCode;
use model::live::{Ask, Envelope, Topic, close};
use tokio::sync::{mpsc, watch};
use tokio::task::AbortHandle;
use tokio::time::Instant;
use tower_sessions::Session;

use crate::middleware::person::People;

/// Largest message of a browser, in bytes.
const MESSAGE: usize = 64 * 1024;
/// Messages that wait for a browser.
const QUEUE: usize = 16;
/// Messages that a browser is ahead of what it said that it took in: what sleeps is not told what it would only wake up to.
const AHEAD: u32 = 32;
/// Subscriptions of one tab.
const MOST: usize = 32;
/// How often the session is looked at, and the browser asked whether it is there.
const BEAT: Duration = Duration::from_secs(25);
/// A browser that said nothing for so long is gone.
const GONE: Duration = Duration::from_secs(65);
/// Before what panicked begins anew.
const AFTER_PANIC: Duration = Duration::from_secs(1);
const RESTARTS: (u16, &str) = (close::RESTARTS, "the console restarts");
const ENDED: (u16, &str) = (close::SESSION_ENDED, "the session ended");

pub async fn open(
    State(people): State<People>,
    Extension(actor): Extension<Actor>,
    session: Session,
    upgrade: WebSocketUpgrade,
) -> Response {
    if actor.user.is_none() {
        return StatusCode::UNAUTHORIZED.into_response();
    }
    upgrade.max_message_size(MESSAGE).on_upgrade(move |socket| serve(socket, people, actor, session))
}

async fn serve(mut socket: WebSocket, people: People, actor: Actor, session: Session) {
    let reason = talk(&mut socket, &people, &actor, &session).await;
    if let Some((code, reason)) = reason {
        // The browser may be gone already.
        let _gone = socket.send(Message::Close(Some(CloseFrame { code, reason: reason.into() }))).await;
    }
}

/// Until one side has enough; returns what to close with when that is ours.
async fn talk(
    socket: &mut WebSocket,
    people: &People,
    actor: &Actor,
    session: &Session,
) -> Option<(u16, &'static str)> {
    let (sender, mut news) = mpsc::channel(QUEUE);
    let mut subscriptions = Subscriptions { console: people.console.clone(), running: HashMap::new() };
    let mut ended = people.ended.subscribe();
    let mut stopping = people.stopping.clone();
    let mut heard = Instant::now();
    // Of a browser that says what it took in.
    let (mut ahead, mut says) = (0_u32, false);
    let mut beat = tokio::time::interval_at(Instant::now() + BEAT, BEAT);
    loop {
        tokio::select! {
            message = socket.recv() => {
                heard = Instant::now();
                match message {
                    Some(Ok(Message::Text(text))) => match serde_json::from_str(&text) {
                        Ok(Ask::Subscribe { id, topic }) => {
                            if !subscriptions.add(actor, id, topic, sender.clone()) {
                                return Some((close::TOO_MANY, "too many subscriptions"));
                            }
                        }
                        Ok(Ask::Unsubscribe { id }) => subscriptions.remove(id),
                        Ok(Ask::Heard { count }) => {
                            says = true;
                            ahead = ahead.saturating_sub(count);
                        }
                        Err(_) => return Some((close::BAD_MESSAGE, "not understood")),
                    },
                    Some(Ok(Message::Ping(_) | Message::Pong(_))) => {}
                    Some(Ok(Message::Binary(_))) => return Some((close::BAD_MESSAGE, "not understood")),
                    Some(Ok(Message::Close(_)) | Err(_)) | None => return None,
                }
            }
            Some(envelope) = news.recv(), if !says || ahead < AHEAD => {
                ahead = ahead.saturating_add(1);
                let Ok(text) = serde_json::to_string::<Envelope>(&envelope) else { return None };
                if socket.send(Message::Text(text.into())).await.is_err() {
                    return None;
                }
            }
            over = ended.recv() => {
                // When the notes came too fast, the next beat tells.
                if over.is_ok_and(|handle| handle == actor.session) {
                    return Some(ENDED);
                }
            }
            () = stopped(&mut stopping) => return Some(RESTARTS),
            _ = beat.tick() => {
                match people.look(session).await {
                    None => return Some(ENDED),
                    // With another role, another socket.
                    Some(seen) if Some(&seen.user) != actor.user.as_ref() || seen.viewer != actor.viewer => return None,
                    Some(_) => {}
                }
                if heard.elapsed() > GONE || socket.send(Message::Ping(Default::default())).await.is_err() {
                    return None;
                }
            }
        }
    }
}

async fn stopped(stopping: &mut watch::Receiver<bool>) {
    if stopping.wait_for(|stopping| *stopping).await.is_err() {
        // Nobody stops it any more.
        std::future::pending::<()>().await;
    }
}

/// What a tab follows; ends with it.
struct Subscriptions {
    console: Console,
    running: HashMap<u32, AbortHandle>,
}

impl Subscriptions {
    /// The same number again replaces what it was for. False when there are too many.
    fn add(&mut self, actor: &Actor, id: u32, topic: Topic, sender: mpsc::Sender<Envelope>) -> bool {
        self.remove(id);
        self.running.retain(|_, running| !running.is_finished());
        if self.running.len() >= MOST {
            return false;
        }
        let (console, actor) = (self.console.clone(), actor.clone());
        let task = tokio::spawn(async move {
            let mut sequence = 0_u64;
            loop {
                let mut following = follow(&console, &actor, topic.clone());
                let telling = async {
                    while let Some(news) = following.next().await {
                        sequence = sequence.saturating_add(1);
                        if sender.send(Envelope { id, sequence, news }).await.is_err() {
                            return;
                        }
                    }
                };
                // What panicked begins anew, with everything: whoever looks would never know.
                if AssertUnwindSafe(telling).catch_unwind().await.is_ok() {
                    return;
                }
                tracing::error!(event = "live.panicked", request = actor.request_id);
                tokio::time::sleep(AFTER_PANIC).await;
            }
        });
        self.running.insert(id, task.abort_handle());
        true
    }

    fn remove(&mut self, id: u32) {
        if let Some(running) = self.running.remove(&id) {
            running.abort();
        }
    }
}

fn follow(console: &Console, actor: &Actor, topic: Topic) -> Following {
    match topic {
        Topic::Job(_) | Topic::Release(_) => console.releases.follow(actor, topic),
        Topic::Rows(query) => console.rows.follow(actor, query),
        topic => console.workloads.follow(actor, topic),
    }
}

impl Drop for Subscriptions {
    fn drop(&mut self) {
        self.running.values().for_each(AbortHandle::abort);
    }
}
