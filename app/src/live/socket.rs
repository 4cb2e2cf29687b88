//! The socket itself: opened by the first who follows something, opened again when it is lost, closed after the last.

use std::cell::RefCell;
use std::collections::BTreeMap;
use std::rc::Rc;

use futures::channel::mpsc::{UnboundedReceiver, UnboundedSender, unbounded};
use futures::future::{Either, select};
use futures::{SinkExt as _, StreamExt as _};
use gloo_net::websocket::futures::WebSocket;
use gloo_net::websocket::{Message, WebSocketError};
use leptos::prelude::{ArcRwSignal, Get as _, GetUntracked as _, Set as _};
use leptos::task::spawn_local;
use model::live::{Ask, Envelope, News, Topic, close};
use wasm_bindgen_futures::JsFuture;

use super::Connection;
use crate::paths;

/// First and longest pause before the socket is opened again, in milliseconds.
const FIRST_PAUSE: f64 = 500.0;
const LONGEST_PAUSE: f64 = 15_000.0;

/// How long a socket stays that nothing is followed over. Milliseconds.
const LINGER: f64 = 10_000.0;

type Take = Rc<dyn Fn(News)>;

struct Followed {
    topic: Topic,
    take: Take,
    /// Whether the first message has come. What comes before belongs to a topic that was replaced.
    begun: bool,
}

struct Tab {
    next: u32,
    followed: BTreeMap<u32, Followed>,
    /// To the task that holds the socket; none when there is no such task.
    asks: Option<UnboundedSender<Ask>>,
    connection: ArcRwSignal<Connection>,
}

thread_local! {
    static TAB: RefCell<Tab> = RefCell::new(Tab {
        next: 0,
        followed: BTreeMap::new(),
        asks: None,
        connection: ArcRwSignal::new(Connection::Off),
    });
}

pub(super) fn connection() -> Connection {
    TAB.with_borrow(|tab| tab.connection.clone()).get()
}

pub(super) fn number() -> u32 {
    TAB.with_borrow_mut(|tab| {
        tab.next += 1;
        tab.next
    })
}

pub(super) fn follow(id: u32, topic: Topic, take: Take) {
    let start = TAB.with_borrow_mut(|tab| {
        tab.followed.insert(id, Followed { topic: topic.clone(), take, begun: false });
        if let Some(asks) = &tab.asks {
            // The task asks for everything itself when it has just ended or not begun.
            let _over = asks.unbounded_send(Ask::Subscribe { id, topic });
            return None;
        }
        if tab.connection.get_untracked() == Connection::Outdated {
            return None;
        }
        let (sender, asks) = unbounded();
        tab.asks = Some(sender);
        Some(asks)
    });
    if let Some(asks) = start {
        spawn_local(hold(asks));
    }
}

pub(super) fn leave(id: u32) {
    TAB.with_borrow_mut(|tab| {
        if tab.followed.remove(&id).is_some()
            && let Some(asks) = &tab.asks
        {
            let _over = asks.unbounded_send(Ask::Unsubscribe { id });
        }
    });
}

/// Opens the socket again and again while something is followed.
async fn hold(mut asks: UnboundedReceiver<Ask>) {
    let mut pause = FIRST_PAUSE;
    loop {
        show(Connection::Connecting);
        let heard = talk(&mut asks).await;
        if TAB.with_borrow(|tab| tab.followed.is_empty()) {
            show(Connection::Off);
            break;
        }
        match heard {
            Heard::SessionEnded => {
                show(Connection::SessionEnded);
                break;
            }
            Heard::Another => {
                show(Connection::Outdated);
                break;
            }
            Heard::Something => pause = FIRST_PAUSE,
            Heard::Nothing => pause = (pause * 2.0).min(LONGEST_PAUSE),
        }
        // Not all tabs at once after a restart of the server.
        sleep(pause * (0.5 + js_sys::Math::random())).await;
    }
    TAB.with_borrow_mut(|tab| tab.asks = None);
}

enum Heard {
    Nothing,
    Something,
    SessionEnded,
    /// A console of another version: what it says or hears is not what we speak.
    Another,
}

/// One socket, from its opening to its end.
async fn talk(asks: &mut UnboundedReceiver<Ask>) -> Heard {
    let Ok(socket) = WebSocket::open(paths::LIVE) else { return Heard::Nothing };
    let (mut out, mut news) = socket.split();
    let mut heard = Heard::Nothing;
    // What was asked for while there was no socket is part of what is followed.
    while asks.try_recv().is_ok() {}
    let followed: Vec<_> = TAB.with_borrow_mut(|tab| {
        let anew = |(id, followed): (&u32, &mut Followed)| {
            followed.begun = false;
            (*id, followed.topic.clone())
        };
        tab.followed.iter_mut().map(anew).collect()
    });
    for (id, topic) in followed {
        if !send(&mut out, &Ask::Subscribe { id, topic }).await {
            return heard;
        }
    }
    loop {
        match select(news.next(), asks.next()).await {
            Either::Left((Some(Ok(Message::Text(text))), _)) => {
                let Ok(envelope) = serde_json::from_str::<Envelope>(&text) else { return Heard::Another };
                heard = Heard::Something;
                show(Connection::Live);
                let take = TAB.with_borrow_mut(|tab| {
                    let followed = tab.followed.get_mut(&envelope.id)?;
                    followed.begun |= envelope.sequence == 1;
                    followed.begun.then(|| followed.take.clone())
                });
                if let Some(take) = take {
                    take(envelope.news);
                }
                if !send(&mut out, &Ask::Heard { count: 1 }).await {
                    return heard;
                }
            }
            Either::Left((Some(Ok(Message::Bytes(_))), _)) => {}
            Either::Left((Some(Err(WebSocketError::ConnectionClose(closed))), _)) => {
                return match closed.code {
                    close::SESSION_ENDED => Heard::SessionEnded,
                    close::BAD_MESSAGE => Heard::Another,
                    _ => heard,
                };
            }
            Either::Left((Some(Err(_)) | None, _)) => return heard,
            Either::Right((Some(ask), _)) => {
                if !send(&mut out, &ask).await {
                    return heard;
                }
                // The next page loads what it shows before it follows it.
                while TAB.with_borrow(|tab| tab.followed.is_empty()) {
                    let pause = std::pin::pin!(sleep(LINGER));
                    match select(asks.next(), pause).await {
                        Either::Left((Some(ask), _)) if send(&mut out, &ask).await => {}
                        _ => return heard,
                    }
                }
            }
            Either::Right((None, _)) => return heard,
        }
    }
}

async fn send(out: &mut futures::stream::SplitSink<WebSocket, Message>, ask: &Ask) -> bool {
    let Ok(text) = serde_json::to_string(ask) else { return false };
    out.send(Message::Text(text)).await.is_ok()
}

fn show(connection: Connection) {
    let shown = TAB.with_borrow(|tab| tab.connection.clone());
    shown.set(connection);
}

async fn sleep(milliseconds: f64) {
    let mut wait = |done: js_sys::Function, _: js_sys::Function| {
        let milliseconds = milliseconds as i32;
        if let Some(window) = web_sys::window() {
            let _id = window.set_timeout_with_callback_and_timeout_and_arguments_0(&done, milliseconds);
        }
    };
    let _done = JsFuture::from(js_sys::Promise::new(&mut wait)).await;
}
