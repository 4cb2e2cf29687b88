//! Tells before a session ends by itself, and when it has.

use std::time::Duration;

use leptos::prelude::*;
use leptos_router::hooks::use_location;
use model::identity::SessionLeft;

use crate::api::identity::{ask_session_left, get_me};
use crate::error::ApiError;
use crate::i18n::{t, use_i18n};
use crate::paths;
use crate::ui::text::text;

/// First question after a page was loaded, and pause between two while the end is near.
const SOON: Duration = Duration::from_secs(15);

#[derive(Clone, Copy, PartialEq, Eq)]
enum End {
    Far,
    /// Minutes, rounded up; whether using the console moves it.
    Near {
        minutes: u32,
        idle: bool,
    },
    Over,
}

#[component]
pub fn SessionEnd() -> impl IntoView {
    let i18n = use_i18n();
    let end = RwSignal::new(End::Far);
    let timer = StoredValue::new(None::<TimeoutHandle>);
    Effect::new(move || wait(end, timer, SOON));
    on_cleanup(move || {
        if let Some(timer) = timer.try_get_value().flatten() {
            timer.clear();
        }
    });
    let stay = move |_| {
        leptos::task::spawn_local(async move {
            // Whatever it answers, the console was used; how long there is yet is asked next.
            let _used = get_me().await;
            look(end, timer).await;
        });
    };
    let location = use_location();
    let again = move || paths::sign_in_then(&location.pathname.get());
    move || {
        match end.get() {
        End::Far => None,
        End::Near { minutes, idle: true } => Some(
            view! {
                <div class="note warning ending" role="alert">
                    <p>{t!(i18n, access.idle_soon, minutes = minutes)}</p>
                    <button type="button" class="button small" on:click=stay>{text!(i18n, access.stay)}</button>
                </div>
            }
            .into_any(),
        ),
        End::Near { minutes, idle: false } => Some(
            view! {
                <div class="note warning ending" role="alert">
                    <p>{t!(i18n, access.ends_soon, minutes = minutes)}</p>
                </div>
            }
            .into_any(),
        ),
        End::Over => Some(
            view! {
                <div class="note failed ending" role="alert">
                    <p>{text!(i18n, access.session_over)}</p>
                    <a href=again rel="external">{text!(i18n, problem.sign_in_again)}</a>
                </div>
            }
            .into_any(),
        ),
    }
    }
}

type Timer = StoredValue<Option<TimeoutHandle>>;

fn wait(end: RwSignal<End>, timer: Timer, pause: Duration) {
    let ask = move || leptos::task::spawn_local(look(end, timer));
    let handle = set_timeout_with_handle(ask, pause).ok();
    timer.try_set_value(handle);
}

async fn look(end: RwSignal<End>, timer: Timer) {
    let (found, pause) = match ask_session_left().await {
        Ok(left) => judged(left),
        Err(ApiError::Unauthenticated) => (End::Over, None),
        // Perhaps the network is away for a moment.
        Err(_) => (end.try_get_untracked().unwrap_or(End::Far), Some(SOON)),
    };
    if end.try_get_untracked() != Some(found) {
        end.try_set(found);
    }
    // The frame may be gone by now.
    if let (Some(pause), false) = (pause, end.is_disposed()) {
        wait(end, timer, pause);
    }
}

/// What to say, and when to ask again.
fn judged(left: SessionLeft) -> (End, Option<Duration>) {
    let (seconds, idle) = if left.idle < left.whole { (left.idle, true) } else { (left.whole, false) };
    if seconds > left.warn {
        let pause = Duration::from_secs(u64::from(seconds - left.warn));
        return (End::Far, Some(pause.max(SOON)));
    }
    (End::Near { minutes: seconds.div_ceil(60), idle }, Some(SOON))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_nearer_end_is_told_and_only_when_it_is_near() {
        let far = SessionLeft { idle: 3600, whole: 7200, warn: 300 };
        assert!(judged(far) == (End::Far, Some(Duration::from_secs(3300))));
        let idle = SessionLeft { idle: 61, ..far };
        assert!(judged(idle).0 == End::Near { minutes: 2, idle: true });
        let whole = SessionLeft { whole: 30, ..far };
        assert!(judged(whole).0 == End::Near { minutes: 1, idle: false });
    }
}
