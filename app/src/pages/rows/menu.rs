//! What can be done with one row: by its button, the right mouse key, or the keyboard.

use leptos::prelude::*;
use leptos_router::components::A;
use model::rows::{RowQuery, RowView};
use model::workloads::WorkloadRef;

use super::bulk::Act;
use super::chosen::Chosen;
use crate::i18n::{t_string, use_i18n};
use crate::paths;
use crate::ui::text::{Text, text};

/// The row whose menu is open, and where it opened: pixels from the left and the top of what is seen.
#[derive(Clone)]
pub(super) struct Opened {
    pub(super) row: RowView,
    pub(super) page: Option<String>,
    pub(super) target: Option<WorkloadRef>,
    pub(super) at: (i32, i32),
}

pub(super) type Menu = RwSignal<Option<Opened>>;

#[component]
pub(super) fn RowMenu(menu: Menu, query: RowQuery, chosen: Option<Chosen>) -> impl IntoView {
    let query = StoredValue::new(query);
    move || menu.get().map(|opened| view! { <Items opened menu query=query.get_value() chosen /> })
}

#[component]
fn Items(opened: Opened, menu: Menu, query: RowQuery, chosen: Option<Chosen>) -> impl IntoView {
    let i18n = use_i18n();
    let Opened { row, page, target, at } = opened;
    let place = NodeRef::<leptos::html::Div>::new();
    let close = move || {
        menu.set(None);
        #[cfg(feature = "hydrate")]
        focus_grid();
    };
    #[cfg(feature = "hydrate")]
    Effect::new(move || {
        if let Some(place) = place.get() {
            put(&place, at);
            step(&place, 0);
        }
    });
    #[cfg(not(feature = "hydrate"))]
    let _ = at;
    let pressed = move |event: leptos::ev::KeyboardEvent| {
        let forward = match event.key().as_str() {
            "ArrowDown" => 1,
            "ArrowUp" => -1,
            "Escape" | "Tab" => {
                event.prevent_default();
                close();
                return;
            }
            _ => return,
        };
        event.prevent_default();
        #[cfg(feature = "hydrate")]
        if let Some(place) = place.get_untracked() {
            step(&place, forward);
        }
        #[cfg(not(feature = "hydrate"))]
        let _ = forward;
    };
    let link = move |href: String, words: Text| {
        view! { <A href=href attr:role="menuitem" attr:tabindex="-1" on:click=move |_| close()>{words}</A> }
    };
    let narrowed = |word: &str| {
        let filter = format!("{} {word}", query.filter);
        paths::rows(&RowQuery { filter: filter.trim().to_owned(), offset: 0, ..query.clone() })
    };
    let open = page.map(|page| link(page, text!(i18n, rows.open)));
    let tabs = target.as_ref().map(|target| {
        let tab = |tab: &str| paths::workload_tab(target, tab);
        view! {
            {link(tab("log"), text!(i18n, workloads.tab_log))}
            {link(tab("events"), text!(i18n, workloads.tab_events))}
            {link(tab("yaml"), text!(i18n, workloads.tab_yaml))}
        }
    });
    let acts = chosen.zip(target).map(|(chosen, target)| {
        let act = |act: Act, words: Text| {
            let target = target.clone();
            let press = move |_| {
                menu.set(None);
                chosen.only(&target, act);
            };
            let busy = chosen.busy;
            view! {
                <button type="button" role="menuitem" tabindex="-1" disabled=busy on:click=press>
                    {words} "…"
                </button>
            }
        };
        view! {
            {act(Act::Restart, text!(i18n, workloads.restart))}
            {act(Act::Delete, text!(i18n, workloads.delete))}
        }
    });
    let inside = (!row.namespace.is_empty())
        .then(|| link(narrowed(&format!("namespace:{}", row.namespace)), text!(i18n, rows.only_namespace)));
    let cluster = link(narrowed(&format!("cluster:{}", row.cluster)), text!(i18n, rows.only_cluster));
    let name = row.name.clone();
    view! {
        <div
            node_ref=place
            class="rowmenu"
            role="menu"
            aria-label=move || format!("{} {}", t_string!(i18n, rows.actions_of), name)
            on:keydown=pressed
            on:contextmenu=move |event| event.prevent_default()
            // Some browsers give a button that is pressed no focus, and the menu would be gone before it is one.
            on:mousedown=move |event| event.prevent_default()
            on:focusout=move |event| leave(&event, menu)
        >
            {open}
            {tabs}
            {acts}
            {inside}
            {cluster}
            <Copy name=row.name menu />
        </div>
    }
}

/// Only where the browser lets pages write into the clipboard.
#[component]
fn Copy(name: String, menu: Menu) -> impl IntoView {
    let i18n = use_i18n();
    #[cfg(feature = "hydrate")]
    let clipboard = clipboard();
    #[cfg(not(feature = "hydrate"))]
    let clipboard: Option<()> = None;
    clipboard.as_ref()?;
    let press = move |_| {
        menu.set(None);
        #[cfg(feature = "hydrate")]
        {
            focus_grid();
            if let Some(clipboard) = clipboard.clone() {
                let written = clipboard.write_text(&name);
                leptos::task::spawn_local(async move {
                    // Where it is refused nothing is lost but the way.
                    let _refused = wasm_bindgen_futures::JsFuture::from(written).await;
                });
            }
        }
        #[cfg(not(feature = "hydrate"))]
        let _ = &name;
    };
    Some(
        view! { <button type="button" role="menuitem" tabindex="-1" on:click=press>{text!(i18n, rows.copy_name)}</button> },
    )
}

/// Closes when somebody goes on elsewhere.
fn leave(event: &leptos::ev::FocusEvent, menu: Menu) {
    #[cfg(feature = "hydrate")]
    {
        use leptos::wasm_bindgen::JsCast as _;
        let place = event.current_target().and_then(|place| place.dyn_into::<web_sys::Node>().ok());
        let next = event.related_target().and_then(|next| next.dyn_into::<web_sys::Node>().ok());
        let inside = place.is_some_and(|place| place.contains(next.as_ref()));
        if !inside {
            menu.set(None);
        }
    }
    #[cfg(not(feature = "hydrate"))]
    let _ = (event, menu);
}

/// Where it was asked for, as far as it fits.
#[cfg(feature = "hydrate")]
fn put(place: &web_sys::HtmlDivElement, (left, top): (i32, i32)) {
    use wasm_bindgen::JsCast as _;
    let size = |size: Result<wasm_bindgen::JsValue, wasm_bindgen::JsValue>| {
        size.ok().and_then(|size| size.as_f64()).unwrap_or_default() as i32
    };
    let (wide, high) = (size(window().inner_width()), size(window().inner_height()));
    let element: &web_sys::HtmlElement = place.unchecked_ref();
    let left = left.min(wide - element.offset_width() - 8).max(8);
    let top = top.min(high - element.offset_height() - 8).max(8);
    let _ = element.style().set_property("left", &format!("{left}px"));
    let _ = element.style().set_property("top", &format!("{top}px"));
}

/// From the item that has the focus to the next, around the ends; to the first from elsewhere.
#[cfg(feature = "hydrate")]
fn step(place: &web_sys::HtmlDivElement, by: i32) {
    use wasm_bindgen::JsCast as _;
    let Ok(items) = place.query_selector_all("[role=menuitem]") else { return };
    let count = i32::try_from(items.length()).unwrap_or(1).max(1);
    let active = document().active_element();
    let at = (0..count).find(|at| {
        let item = items.item(u32::try_from(*at).unwrap_or_default());
        item.and_then(|item| item.dyn_into::<web_sys::Element>().ok()) == active
    });
    let next = at.map_or(0, |at| (at + by).rem_euclid(count));
    let item = items.item(u32::try_from(next).unwrap_or_default());
    if let Some(item) = item.and_then(|item| item.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = item.focus();
    }
}

#[cfg(feature = "hydrate")]
fn focus_grid() {
    use wasm_bindgen::JsCast as _;
    let grid = document().query_selector("[role=grid]").ok().flatten();
    if let Some(grid) = grid.and_then(|grid| grid.dyn_into::<web_sys::HtmlElement>().ok()) {
        let _ = grid.focus();
    }
}

/// None on pages that came neither over https nor from this machine.
#[cfg(feature = "hydrate")]
fn clipboard() -> Option<web_sys::Clipboard> {
    use wasm_bindgen::JsCast as _;
    let found = js_sys::Reflect::get(&window().navigator(), &"clipboard".into()).ok()?;
    found.dyn_into().ok()
}
