//! Following what a page shows, over the one WebSocket of the tab. On the server nothing is followed.

use leptos::prelude::*;
use model::live::{News, Topic};

use crate::i18n::use_i18n;
use crate::ui::text::text;

#[cfg(feature = "hydrate")]
mod socket;

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub enum Connection {
    /// Scripts have not started yet, or nothing is followed.
    #[default]
    Off,
    Connecting,
    Live,
    /// Nothing comes any more until somebody signs in again.
    SessionEnded,
    /// Nothing comes any more until the page is loaded again: the console was updated meanwhile.
    Outdated,
}

/// Calls `take` with all news of a topic for as long as the component lives. A topic that changes replaces the one before.
pub fn use_live(topic: impl Fn() -> Option<Topic> + 'static, take: impl Fn(News) + 'static) {
    #[cfg(feature = "hydrate")]
    {
        let take = std::rc::Rc::new(take);
        // The number belongs to this component, so that a new topic takes the place of the old one.
        let id = socket::number();
        Effect::new(move || match topic() {
            Some(topic) => socket::follow(id, topic, take.clone()),
            None => socket::leave(id),
        });
        on_cleanup(move || socket::leave(id));
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = (topic, take);
}

/// Whether news come over the socket now.
#[cfg(feature = "hydrate")]
pub fn is_live() -> bool {
    untrack(socket::connection) == Connection::Live
}

/// Whether what is shown is followed.
#[component]
pub fn LiveMark() -> impl IntoView {
    let i18n = use_i18n();
    #[cfg(feature = "hydrate")]
    let connection = {
        let shown = RwSignal::new(Connection::Off);
        // As on the server at first.
        Effect::new(move || shown.set(socket::connection()));
        shown
    };
    #[cfg(not(feature = "hydrate"))]
    let connection = RwSignal::new(Connection::Off);
    let mark = move || match connection.get() {
        Connection::Off => "live off",
        Connection::Live => "live on",
        Connection::Connecting | Connection::SessionEnded | Connection::Outdated => "live",
    };
    let words = move || match connection.get() {
        Connection::Off | Connection::Outdated => "",
        Connection::Live => text!(i18n, workloads.live).get(),
        Connection::Connecting => text!(i18n, workloads.connecting).get(),
        Connection::SessionEnded => text!(i18n, workloads.session_ended).get(),
    };
    // Past the router, whose scripts are the old ones.
    let anew = move || {
        let link = || {
            view! {
                {text!(i18n, workloads.outdated)} " "
                <a href="" rel="external">{text!(i18n, workloads.load_again)}</a>
            }
        };
        (connection.get() == Connection::Outdated).then(link)
    };
    view! { <span class=mark>{words} <span role="status">{anew}</span></span> }
}
