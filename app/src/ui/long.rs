//! Long tables: rows that are not seen are not laid out, and words narrow them down. All of them are in the page as it comes, so it
//! reads without scripts.

use leptos::prelude::*;

use crate::i18n::{t, use_i18n};
use crate::ui::text::text;

/// Tables with more rows are long.
pub const LONG: usize = 60;

/// How many of a table's rows have the words that were typed; none before something was.
pub type Found = RwSignal<Option<usize>>;

/// Where the words are typed.
#[component]
pub fn Narrow(words: RwSignal<String>, found: Found, total: usize) -> impl IntoView {
    let i18n = use_i18n();
    // Without scripts all of them are there, and nothing narrows them down.
    let listens = RwSignal::new(false);
    Effect::new(move || listens.set(true));
    let count = move || {
        let found = found.get().unwrap_or(total);
        view! { {t!(i18n, common.found_of, found = found, total = total)} }
    };
    view! {
        <div class="search">
            <label>
                <span>{text!(i18n, common.narrow)}</span>
                <input
                    type="search"
                    disabled=move || !listens.get()
                    autocapitalize="none"
                    spellcheck="false"
                    prop:value=words
                    on:input:target=move |event| words.set(event.target().value())
                />
            </label>
            <p class="muted" role="status">{count}</p>
        </div>
    }
}

/// What keeps the rows of a table that are far from what is seen out of the layout; to be called when it is scrolled.
#[cfg(feature = "hydrate")]
pub fn use_short(
    place: NodeRef<leptos::html::Div>,
    words: RwSignal<String>,
    found: Found,
) -> impl Fn() + Copy + 'static {
    let rows = StoredValue::new_local(Vec::<Row>::new());
    let show = move || {
        let Some(place) = place.get_untracked() else { return };
        let words = words.get_untracked().to_lowercase();
        let matching = rows.with_value(|rows| arrange(&place, rows, &words));
        found.set((!words.is_empty()).then_some(matching));
    };
    Effect::new(move || {
        words.track();
        let Some(place) = place.get() else { return };
        if rows.with_value(Vec::is_empty) {
            rows.set_value(read(&place));
        }
        show();
    });
    show
}

/// As it was laid out when the table came.
#[cfg(feature = "hydrate")]
struct Row {
    element: web_sys::HtmlElement,
    text: String,
    /// Pixels.
    height: i32,
}

#[cfg(feature = "hydrate")]
fn read(place: &web_sys::HtmlDivElement) -> Vec<Row> {
    let rows = elements(place, "tbody > tr:not(.gap)");
    // A table that was there before left some of them hidden.
    rows.iter().for_each(|row| row.set_hidden(false));
    let row = |element: web_sys::HtmlElement| Row {
        text: element.text_content().unwrap_or_default().to_lowercase(),
        height: element.offset_height(),
        element,
    };
    rows.into_iter().map(row).collect()
}

/// Shows the rows with all words that are near what is seen. Returns how many have them.
#[cfg(feature = "hydrate")]
fn arrange(place: &web_sys::HtmlDivElement, rows: &[Row], words: &str) -> usize {
    let margin = place.client_height().max(400);
    let (from, to) = (place.scroll_top() - margin, place.scroll_top() + place.client_height() + margin);
    let (mut at, mut above, mut below, mut matching) = (0, 0, 0, 0);
    for row in rows {
        let is_wanted = words.split_whitespace().all(|word| row.text.contains(word));
        let is_near = at + row.height >= from && at <= to;
        if is_wanted {
            matching += 1;
            match at {
                _ if is_near => {}
                at if at < from => above += row.height,
                _ => below += row.height,
            }
            at += row.height;
        }
        // Whoever is in a row stays there.
        let is_used = row.element.matches(":focus-within").unwrap_or_default();
        let is_shown = is_wanted && (is_near || is_used);
        if row.element.hidden() == is_shown {
            row.element.set_hidden(!is_shown);
        }
    }
    for (gap, height) in elements(place, "tbody > tr.gap").iter().zip([above, below]) {
        let _ = gap.style().set_property("height", &format!("{height}px"));
        gap.set_hidden(height == 0);
    }
    matching
}

#[cfg(feature = "hydrate")]
fn elements(place: &web_sys::HtmlDivElement, selector: &str) -> Vec<web_sys::HtmlElement> {
    use wasm_bindgen::JsCast as _;
    let Ok(found) = place.query_selector_all(selector) else { return vec![] };
    let all = (0..found.length()).filter_map(|at| found.item(at)?.dyn_into().ok());
    all.collect()
}
