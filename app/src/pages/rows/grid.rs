//! A list of any length, of which only what is seen is there: rows of one height, and gaps as high as those that are not.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use leptos::prelude::*;
use leptos_router::components::A;
use model::namespaces::NamespaceName;
use model::rows::{
    Column, Custom, LONGEST, Listing, RowCell, RowKind, RowQuery, RowView, RowWindow, Shape, SortBy,
};
use model::workloads::{ObjectName, WorkloadKind, WorkloadRef};

use super::cells::{head, is_number, width, words};
use super::chosen::Chosen;
use super::menu::{Menu, Opened, RowMenu};
use super::search::page_of;
use crate::i18n::{t_string, use_i18n};
use crate::paths;
use crate::ui::moment::{Age, Now, use_now};
use crate::ui::status::Status;
use crate::ui::text::{Text, text};
use crate::ui::words as sentences;

/// Height of a row, in pixels; the same as `--row` in the style.
const ROW: u32 = 36;
/// Rows that are fetched on both sides of those that are seen.
const MARGIN: u32 = 40;
/// With fewer on one side more are fetched.
const NEAR: u32 = 12;

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
            place.set_scroll_top(i32::try_from(first.saturating_mul(ROW)).unwrap_or(i32::MAX));
        }
    });
    #[cfg(not(feature = "hydrate"))]
    let _ = (range, NEAR, MARGIN, ROW, LONGEST);
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
            "ContextMenu" | "m" => {
                event.prevent_default();
                #[cfg(feature = "hydrate")]
                click(&format!("#row-{now} .more button"));
                return;
            }
            "F10" if event.shift_key() => {
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
                <tbody>
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
                            let (of_click, of_button) = (row.clone(), row.clone());
                            let open = move |row: RowView, left: i32, top: i32| {
                                active.set(at());
                                menu.set(Some(list.with_value(|list| opened(list, row, (left, top)))));
                            };
                            let asked = move |event: leptos::ev::MouseEvent| {
                                event.prevent_default();
                                open(of_click.clone(), event.client_x(), event.client_y());
                            };
                            let pressed = move |event: leptos::ev::MouseEvent| {
                                let (left, top) = place_of(&event);
                                open(of_button.clone(), left, top);
                            };
                            let named = row.name.clone();
                            view! {
                                <tr
                                    on:contextmenu=asked
                                    id=move || format!("row-{}", at())
                                    aria-rowindex=move || at().saturating_add(2)
                                    class:active=move || active.get() == at()
                                    on:click=move |_| active.set(at())
                                >
                                    <Cells list=list.get_value() row told chosen now />
                                    <td class="more">
                                        <button
                                            type="button"
                                            class="quiet"
                                            tabindex="-1"
                                            aria-haspopup="menu"
                                            aria-label=move || format!("{} {named}", t_string!(i18n, rows.actions_of))
                                            on:click=pressed
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

/// What the cells said before, of the rows that are there.
#[derive(Clone, Copy, Default)]
struct Told(StoredValue<HashMap<Id, Vec<RowCell>>>);

/// Cluster, namespace and name.
type Id = (String, String, String);

impl Told {
    #[cfg(feature = "hydrate")]
    fn keep(self, rows: &[RowView]) {
        self.0.set_value(rows.iter().map(|row| (id(row), row.cells.clone())).collect());
    }

    fn before(self, row: &RowView) -> Option<Vec<RowCell>> {
        self.0.with_value(|told| told.get(&id(row)).cloned())
    }
}

fn id(row: &RowView) -> Id {
    (row.cluster.to_string(), row.namespace.clone(), row.name.clone())
}

/// What the list looks like.
#[derive(Clone)]
struct Shown {
    kind: Listing,
    columns: Vec<Column>,
    custom: Option<Custom>,
    namespaced: bool,
}

/// The menu of a row, at a place of what is seen.
fn opened(list: &Shown, row: RowView, at: (i32, i32)) -> Opened {
    let target = target(&list.kind, &list.columns, &row);
    Opened { page: page(&list.kind, &list.columns, &row), target, row, at }
}

#[component]
fn Cells(list: Shown, row: RowView, told: Told, chosen: Option<Chosen>, now: Now) -> impl IntoView {
    let i18n = use_i18n();
    let Shown { kind, columns, custom, namespaced } = list;
    let health = row.health;
    let before = told.before(&row);
    let cell = |(at, (column, cell)): (usize, (&Column, &RowCell))| {
        let text = words(*column, cell);
        let fresh = before.as_ref().is_some_and(|before| before.get(at) != Some(cell));
        let class = match (is_number(*column, custom.as_ref()), fresh) {
            (true, true) => "number fresh",
            (true, false) => "number",
            (false, true) => "fresh",
            (false, false) => "",
        };
        let printed = custom.as_ref().and_then(|custom| custom.printed(*column));
        if let (Some(Shape::Moment), RowCell::Number(at)) = (printed.map(|printed| printed.shape), cell) {
            let since = u32::try_from(*at).unwrap_or_default();
            return view! { <td class=class><Age since now /></td> }.into_any();
        }
        let shown = match (column, health) {
            (Column::Status, Some(health)) if kind == Listing::Workloads => {
                view! { <Status health reason=text.clone() /> }.into_any()
            }
            (Column::Status, Some(health)) => {
                view! { <span class=sentences::health_mark(health)>{text.clone()}</span> }.into_any()
            }
            (Column::Owner, _) => {
                match text.split_once('/').and_then(|(kind, name)| workload(&row, kind, name)) {
                    Some(target) => {
                        let text = text.clone();
                        view! { <A href=paths::workload(&target)>{text}</A> }.into_any()
                    }
                    None => text.clone().into_any(),
                }
            }
            _ => text.clone().into_any(),
        };
        view! { <td class=class title=text>{shown}</td> }.into_any()
    };
    let cells = columns.iter().zip(&row.cells).enumerate().map(cell).collect_view();
    // A kind without a column for it shows it beside the name.
    let mark = health.filter(|_| !columns.contains(&Column::Status)).map(|health| {
        view! {
            <span class=sentences::health_mark(health)>
                <span class="spoken">{sentences::health(i18n, health)}</span>
            </span>
        }
    });
    let choice = chosen.zip(target(&kind, &columns, &row)).map(|(chosen, target)| {
        let (name, other) = (row.name.clone(), target.clone());
        view! {
            <input
                type="checkbox"
                tabindex="-1"
                aria-label=move || format!("{} {name}", t_string!(i18n, rows.choose))
                prop:checked=move || chosen.has(&target)
                on:change=move |event| chosen.set(&other, event_target_checked(&event))
            />
        }
    });
    let name = row.name.clone();
    let named = match page(&kind, &columns, &row) {
        Some(page) => view! { <A href=page>{name}</A> }.into_any(),
        None => name.into_any(),
    };
    let namespace = match NamespaceName::parse(&row.namespace) {
        Ok(name) => view! { <A href=paths::namespace(&row.cluster, &name)>{name.to_string()}</A> }.into_any(),
        Err(_) => row.namespace.clone().into_any(),
    };
    view! {
        <th scope="row" title=row.name.clone()>{choice} {mark} {named}</th>
        {namespaced.then(|| view! { <td title=row.namespace.clone()>{namespace}</td> })}
        <td>{row.cluster.to_string()}</td>
        {cells}
        <td><Age since=row.created now /></td>
    }
}

/// The page of what a row is about, where there is one.
fn page(kind: &Listing, columns: &[Column], row: &RowView) -> Option<String> {
    let own = page_of(kind, &row.cluster, &row.namespace, &row.name);
    own.or_else(|| target(kind, columns, row).map(|target| paths::workload(&target)))
}

/// The workload that a row is about.
fn target(kind: &Listing, columns: &[Column], row: &RowView) -> Option<WorkloadRef> {
    match kind {
        Listing::Workloads => {
            let kind = columns.iter().zip(&row.cells).find(|(column, _)| **column == Column::Kind)?;
            workload(row, &words(Column::Kind, kind.1), &row.name)
        }
        Listing::Kind(kind) => workload(row, kind.workload()?.as_str(), &row.name),
        Listing::Custom(_) => None,
    }
}

/// A workload beside a row, when it is one.
fn workload(row: &RowView, kind: &str, name: &str) -> Option<WorkloadRef> {
    Some(WorkloadRef {
        cluster: row.cluster.clone(),
        namespace: NamespaceName::parse(&row.namespace).ok()?,
        kind: WorkloadKind::ALL.into_iter().find(|known| known.as_str() == kind)?,
        name: ObjectName::parse(name).ok()?,
    })
}

/// Below the button that was pressed.
fn place_of(event: &leptos::ev::MouseEvent) -> (i32, i32) {
    #[cfg(feature = "hydrate")]
    {
        use leptos::wasm_bindgen::JsCast as _;
        let button = event.current_target().and_then(|target| target.dyn_into::<web_sys::Element>().ok());
        if let Some(button) = button {
            let place = button.get_bounding_client_rect();
            return (place.left() as i32, place.bottom() as i32);
        }
    }
    (event.client_x(), event.client_y())
}

/// A row that became another is made anew; the others stay as they are.
fn key(row: &RowView) -> u64 {
    let mut hasher = DefaultHasher::new();
    row.hash(&mut hasher);
    hasher.finish()
}

/// From a link or box in a row, which keys would press otherwise though another row is active.
#[cfg(feature = "hydrate")]
fn take_focus(event: &leptos::ev::KeyboardEvent) {
    use leptos::wasm_bindgen::JsCast as _;
    let table = event.current_target().and_then(|table| table.dyn_into::<web_sys::HtmlElement>().ok());
    if let Some(table) = table.filter(|_| event.target() != event.current_target()) {
        let _ = table.focus();
    }
}

/// Enter opens what the active row is about, Space chooses it. Says whether there was anything.
#[cfg(feature = "hydrate")]
fn press(event: &leptos::ev::KeyboardEvent, row: u32) -> bool {
    // Whoever is on a link or a box presses that.
    let on_grid = event.target() == event.current_target();
    let part = if event.key() == "Enter" { "th a" } else { "th input" };
    on_grid && click(&format!("#row-{row} {part}"))
}

/// Says whether there was one.
#[cfg(feature = "hydrate")]
fn click(selector: &str) -> bool {
    use leptos::wasm_bindgen::JsCast as _;
    let found = document().query_selector(selector).ok().flatten();
    let found = found.and_then(|found| found.dyn_into::<web_sys::HtmlElement>().ok());
    found.iter().for_each(web_sys::HtmlElement::click);
    found.is_some()
}

/// A gap as high as so many rows.
#[cfg(feature = "hydrate")]
fn stretch(gap: NodeRef<leptos::html::Tr>, rows: u32) {
    use wasm_bindgen::JsCast as _;
    let Some(gap) = gap.get_untracked() else { return };
    let gap: &web_sys::HtmlElement = gap.unchecked_ref();
    let _ = gap.style().set_property("height", &format!("{}px", rows.saturating_mul(ROW)));
    let _ = gap.style().set_property("display", if rows == 0 { "none" } else { "table-row" });
}

/// What has to be fetched, when what is seen comes near the end of what is there.
#[cfg(feature = "hydrate")]
fn wanted(place: &web_sys::HtmlDivElement, range: (u32, u32), total: u32) -> Option<(u32, u32)> {
    let pixels = |pixels: i32| u32::try_from(pixels).unwrap_or_default() / ROW;
    let (first, seen) = (pixels(place.scroll_top()), pixels(place.client_height()).saturating_add(1));
    let (offset, length) = range;
    let (end, last) = (offset.saturating_add(length), first.saturating_add(seen));
    let above = offset > 0 && first < offset.saturating_add(NEAR);
    let below = end < total && last.saturating_add(NEAR) > end;
    if !above && !below {
        return None;
    }
    Some((first.saturating_sub(MARGIN), seen.saturating_add(2 * MARGIN).min(LONGEST)))
}

/// Scrolls no further than needed to see a row.
#[cfg(feature = "hydrate")]
fn show(place: &web_sys::HtmlDivElement, row: u32) {
    let pixel = |rows: u32| i32::try_from(rows.saturating_mul(ROW)).unwrap_or(i32::MAX);
    let (top, height) = (place.scroll_top(), place.client_height());
    let (row, next) = (pixel(row), pixel(row.saturating_add(2)));
    if row < top {
        place.set_scroll_top(row);
    } else if next > top.saturating_add(height) {
        place.set_scroll_top(next.saturating_sub(height));
    }
}
