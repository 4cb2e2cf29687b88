//! A list of any length, of which only what is seen is there: rows of one height, and gaps as high as those that are not.

use leptos::prelude::*;
use model::rows::{Custom, Listing, RowKind, RowQuery, RowWindow, SortBy};

use super::cells::{head, is_number, width};
use super::chosen::Chosen;
use super::menu::{Menu, RowMenu};
#[cfg(feature = "hydrate")]
use super::moving::{click, press, pressed_button, row_of, show, stretch, take_focus, top_of, wanted};
#[cfg(feature = "hydrate")]
use super::row::opened;
use super::row::{Cells, Shown, Told, key};
use crate::i18n::{t_string, use_i18n};
use crate::paths;
use crate::ui::moment::use_now;
use crate::ui::text::{Text, text};

/// The rows that are asked for: the first, and how many.
pub(super) type Range = RwSignal<(u32, u32)>;

#[component]
pub(super) fn Grid(
    label: Signal<String>,
    query: RowQuery,
    /// What the list looks like, where clusters were taught its kind.
    #[prop(optional_no_strip)]
    custom: Option<Custom>,
    window: RwSignal<RowWindow>,
    range: Range,
    /// Where rows can be chosen.
    chosen: Option<Chosen>,
) -> impl IntoView {
    let i18n = use_i18n();
    let place = NodeRef::<leptos::html::Div>::new();
    let (above, below) = (NodeRef::<leptos::html::Tr>::new(), NodeRef::<leptos::html::Tr>::new());
    let active = RwSignal::new(0_u32);
    let total = Memo::new(move |_| window.with(|window| window.total));
    let offset = Memo::new(move |_| window.with(|window| window.offset));
    #[cfg(feature = "hydrate")]
    Effect::new(move || {
        let shown = window.with(|window| u32::try_from(window.rows.len()).unwrap_or_default());
        let (offset, total) = (offset.get(), total.get());
        stretch(above, offset.min(total));
        stretch(below, total.saturating_sub(offset.saturating_add(shown)));
        if shown == 0 && total > 0 {
            // What was looked at is gone: the end is what is left.
            let (_, length) = range.get_untracked();
            range.set((total.saturating_sub(length), length));
        }
    });
    #[cfg(feature = "hydrate")]
    Effect::new(move || {
        // A page in the middle begins there.
        if let (Some(place), first) = (place.get(), offset.get_untracked())
            && first > 0
        {
            place.set_scroll_top(top_of(first));
        }
    });
    #[cfg(not(feature = "hydrate"))]
    let _ = range;
    let (told, now) = (Told::default(), use_now());
    #[cfg(feature = "hydrate")]
    Effect::new(move || window.with(|window| told.keep(&window.rows)));
    // Only a row that is there.
    let marked = move || {
        let (active, offset) = (active.get(), offset.get());
        let shown = window.with(|window| u32::try_from(window.rows.len()).unwrap_or_default());
        (offset..offset.saturating_add(shown)).contains(&active).then(|| format!("row-{active}"))
    };
    let scrolled = move |_| {
        #[cfg(feature = "hydrate")]
        if let Some(wanted) = place
            .get_untracked()
            .and_then(|place| wanted(&place, range.get_untracked(), total.get_untracked()))
        {
            range.set(wanted);
        }
    };
    let pressed = move |event: leptos::ev::KeyboardEvent| {
        let (now, last) = (active.get_untracked(), total.get_untracked().saturating_sub(1));
        let next = match event.key().as_str() {
            "ArrowDown" => now.saturating_add(1),
            "ArrowUp" => now.saturating_sub(1),
            "PageDown" => now.saturating_add(12),
            "PageUp" => now.saturating_sub(12),
            "Home" => 0,
            "End" => last,
            _ if asks_for_menu(&event) => {
                event.prevent_default();
                #[cfg(feature = "hydrate")]
                click(&format!("#row-{now} .more button"));
                return;
            }
            "Enter" | " " => {
                #[cfg(feature = "hydrate")]
                if press(&event, now) {
                    event.prevent_default();
                }
                return;
            }
            _ => return,
        };
        event.prevent_default();
        #[cfg(feature = "hydrate")]
        take_focus(&event);
        active.set(next.min(last));
        #[cfg(feature = "hydrate")]
        if let Some(place) = place.get_untracked() {
            show(&place, next.min(last));
        }
    };
    let menu: Menu = RwSignal::new(None);
    let columns = query.columns(custom.as_ref());
    let namespaced = query.kind.namespaced(custom.as_ref());
    let count = columns.len() + 5;
    let heads = columns.iter().map(|column| {
        let (column, of) = (*column, custom.clone());
        let number = if is_number(column, of.as_ref()) { "number" } else { "" };
        let class = format!("{} {number}", width(column));
        let title = Signal::derive(move || head(i18n, column, of.as_ref()));
        view! { <Head title by=SortBy::Column(column) query=query.clone() class /> }
    });
    let heads = heads.collect_view();
    let titled = |text: Text| Signal::derive(move || text.get().to_owned());
    let age = titled(match query.kind {
        Listing::Kind(RowKind::Events) => text!(i18n, rows.last_seen),
        _ => text!(i18n, rows.age),
    });
    let of_menu = query.clone();
    let list = StoredValue::new(Shown { kind: query.kind.clone(), columns, custom, namespaced });
    // Once for all rows: there may be hundreds, and they come and go.
    #[cfg(feature = "hydrate")]
    let open = move |event: &leptos::ev::MouseEvent, at: Option<(i32, i32)>| {
        let Some(number) = row_of(event) else { return };
        active.set(offset.get_untracked().saturating_add(u32::try_from(number).unwrap_or_default()));
        let row = window.with_untracked(|window| window.rows.get(number).cloned());
        if let (Some(row), Some(at)) = (row, at) {
            menu.set(Some(list.with_value(|list| opened(list, row, at))));
        }
    };
    let clicked = move |event: leptos::ev::MouseEvent| {
        #[cfg(feature = "hydrate")]
        open(&event, pressed_button(&event));
        let _ = event;
    };
    let asked = move |event: leptos::ev::MouseEvent| {
        event.prevent_default();
        #[cfg(feature = "hydrate")]
        open(&event, Some((event.client_x(), event.client_y())));
    };
    view! {
        <div class="card grid" node_ref=place on:scroll=scrolled>
            <table
                role="grid"
                tabindex="0"
                aria-label=label
                aria-describedby="grid-help"
                aria-rowcount=move || total.get().saturating_add(1)
                aria-activedescendant=marked
                on:keydown=pressed
            >
                <thead>
                    <tr aria-rowindex="1">
                        <Head title=titled(text!(i18n, common.name)) by=SortBy::Name query=query.clone() class="name".to_owned() />
                        {namespaced.then(|| {
                            let title = titled(text!(i18n, workloads.namespace));
                            view! { <Head title by=SortBy::Namespace query=query.clone() class="usual".to_owned() /> }
                        })}
                        <Head title=titled(text!(i18n, projects.cluster)) by=SortBy::Cluster query=query.clone() class="usual".to_owned() />
                        {heads}
                        <Head title=age by=SortBy::Age query=query.clone() class="time".to_owned() />
                        <th scope="col" class="more">
                            <span class="spoken">{text!(i18n, common.actions)}</span>
                        </th>
                    </tr>
                </thead>
                <tbody on:click=clicked on:contextmenu=asked>
                    <tr class="gap" aria-hidden="true" node_ref=above>
                        <td colspan=count></td>
                    </tr>
                    <ForEnumerate
                        each=move || window.with(|window| window.rows.clone())
                        key=key
                        children=move |index, row| {
                            let at = move || {
                                offset.get().saturating_add(u32::try_from(index.get()).unwrap_or_default())
                            };
                            let named = row.name.clone();
                            view! {
                                <tr
                                    id=move || format!("row-{}", at())
                                    aria-rowindex=move || at().saturating_add(2)
                                    class:active=move || active.get() == at()
                                >
                                    <Cells list row told chosen now />
                                    <td class="more">
                                        <button
                                            type="button"
                                            class="quiet"
                                            tabindex="-1"
                                            aria-haspopup="menu"
                                            aria-label=move || format!("{} {named}", t_string!(i18n, rows.actions_of))
                                        >
                                            "⋮"
                                        </button>
                                    </td>
                                </tr>
                            }
                        }
                    />
                    <tr class="gap" aria-hidden="true" node_ref=below>
                        <td colspan=count></td>
                    </tr>
                </tbody>
            </table>
        </div>
        <RowMenu menu query=of_menu chosen />
        <p id="grid-help" class="spoken">{move || t_string!(i18n, rows.grid_hint)}</p>
    }
}

/// Sorts by itself, and turns around when it does already.
#[component]
fn Head(title: Signal<String>, by: SortBy, query: RowQuery, class: String) -> impl IntoView {
    let first = query.sort.first().copied().unwrap_or_default();
    let mine = first.0 == by;
    let rest = query.sort.iter().copied().filter(|(other, _)| *other != by);
    let sort = std::iter::once((by, mine && !first.1)).chain(rest).take(3).collect();
    let href = paths::rows(&RowQuery { sort, offset: 0, ..query.clone() });
    let order = mine.then_some(if first.1 { "descending" } else { "ascending" });
    let mark = mine.then_some(if first.1 { " ↓" } else { " ↑" });
    view! {
        <th scope="col" class=class aria-sort=order>
            <a href=href>{title} {mark}</a>
        </th>
    }
}

/// By the key for it, or by one that every keyboard has.
fn asks_for_menu(event: &leptos::ev::KeyboardEvent) -> bool {
    let plain = !event.ctrl_key() && !event.meta_key() && !event.alt_key();
    match event.key().as_str() {
        "ContextMenu" => true,
        "m" => plain,
        "F10" => event.shift_key(),
        _ => false,
    }
}
