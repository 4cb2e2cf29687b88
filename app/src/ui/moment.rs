//! A point in time: UTC in the server's HTML, the person's zone once scripts run.

use leptos::prelude::*;

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
