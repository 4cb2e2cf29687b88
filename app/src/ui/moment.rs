//! A point in time: UTC in the server's HTML, the person's zone once scripts run.

use leptos::prelude::*;
use model::moment::{age, rfc3339};

#[component]
pub fn Moment(
    /// RFC 3339, UTC.
    at: String,
) -> impl IntoView {
    let text = RwSignal::new(at.replace('T', " ").replace('Z', " UTC"));
    #[cfg(feature = "hydrate")]
    {
        let at = at.clone();
        Effect::new(move || text.set(local(&at)));
    }
    view! { <time datetime=at.clone() title=at>{text}</time> }
}

/// How long ago it was, with the exact time for whoever points at it; without scripts the day.
#[component]
pub fn Age(
    /// Unix seconds.
    since: u32,
    now: Now,
) -> impl IntoView {
    let at = rfc3339(since);
    let exact = {
        let at = at.clone();
        // Lists have hundreds of these: none of them waits for scripts by itself.
        move || if now.is_known() { local(&at) } else { at.clone() }
    };
    let day = at.split('T').next().unwrap_or_default().to_owned();
    let age = move || now.0.get().map_or_else(|| day.clone(), |now| age(now.saturating_sub(since)));
    view! { <time datetime=at title=exact>{age}</time> }
}

/// The time for all ages of a page, in Unix seconds; none before scripts run.
#[derive(Clone, Copy)]
pub struct Now(RwSignal<Option<u32>>, Memo<bool>);

impl Now {
    /// Whether scripts run.
    fn is_known(self) -> bool {
        self.1.get()
    }
}

pub fn use_now() -> Now {
    let now = RwSignal::new(None);
    #[cfg(feature = "hydrate")]
    {
        Effect::new(move || now.set(Some(seconds())));
        let tick = move || now.set(Some(seconds()));
        if let Ok(handle) = set_interval_with_handle(tick, std::time::Duration::from_secs(5)) {
            on_cleanup(move || handle.clear());
        }
    }
    Now(now, Memo::new(move |_| now.with(Option::is_some)))
}

/// Whole seconds, which fit for another eighty years.
#[cfg(feature = "hydrate")]
fn seconds() -> u32 {
    (js_sys::Date::now() / 1000.0) as u32
}

#[cfg(not(feature = "hydrate"))]
fn local(at: &str) -> String {
    at.to_owned()
}

#[cfg(feature = "hydrate")]
fn local(at: &str) -> String {
    let date = js_sys::Date::new(&at.into());
    if date.get_time().is_nan() {
        return at.to_owned();
    }
    let two = |number: u32| format!("{number:02}");
    format!(
        "{}-{}-{} {}:{}:{}",
        date.get_full_year(),
        two(date.get_month() + 1),
        two(date.get_date()),
        two(date.get_hours()),
        two(date.get_minutes()),
        two(date.get_seconds())
    )
}
