//! A list of any length, of which only what is seen is there: rows of one height, and gaps as high as those that are not.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use leptos::prelude::*;
use leptos_router::components::A;
use model::moment::rfc3339;
use model::namespaces::NamespaceName;
use model::rows::{Column, LONGEST, RowCell, RowKind, RowQuery, RowView, RowWindow, SortBy};
use model::workloads::{ObjectName, WorkloadKind, WorkloadRef};

use super::cells::{is_number, title, width, words};
use crate::i18n::{t_string, use_i18n};
use crate::paths;
use crate::ui::moment::Moment;
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
pub(super) fn Grid(label: Text, query: RowQuery, window: RwSignal<RowWindow>, range: Range) -> impl IntoView {
    let i18n = use_i18n();
    let kind = query.kind;
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
    let told = Told::default();
    #[cfg(feature = "hydrate")]
    Effect::new(move || window.with(|window| told.keep(&window.rows)));
    // Only a row that is there.
    let chosen = move || {
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
            _ => return,
        };
        event.prevent_default();
        active.set(next.min(last));
        #[cfg(feature = "hydrate")]
        if let Some(place) = place.get_untracked() {
            show(&place, next.min(last));
        }
    };
    let columns = kind.columns();
    let count = columns.len() + 4;
    let head = columns.iter().map(|column| {
        let class = format!("{} {}", width(*column), if is_number(*column) { "number" } else { "" });
        view! { <Head title=title(i18n, *column) by=SortBy::Column(*column) query=query.clone() class /> }
    });
    let age = match kind {
        RowKind::Events => text!(i18n, rows.last_seen),
        _ => text!(i18n, workloads.age),
    };
    view! {
        <div class="card grid" node_ref=place on:scroll=scrolled>
            <table
                role="grid"
                tabindex="0"
                aria-label=label
                aria-describedby="grid-help"
                aria-rowcount=move || total.get().saturating_add(1)
                aria-activedescendant=chosen
                on:keydown=pressed
            >
                <thead>
                    <tr aria-rowindex="1">
                        <Head title=text!(i18n, common.name) by=SortBy::Name query=query.clone() class="name".to_owned() />
                        {kind.namespaced().then(|| {
                            let title = text!(i18n, workloads.namespace);
                            view! { <Head title by=SortBy::Namespace query=query.clone() class="usual".to_owned() /> }
                        })}
                        <Head title=text!(i18n, projects.cluster) by=SortBy::Cluster query=query.clone() class="usual".to_owned() />
                        {head.collect_view()}
                        <Head title=age by=SortBy::Age query=query.clone() class="time".to_owned() />
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
                            view! {
                                <tr
                                    id=move || format!("row-{}", at())
                                    aria-rowindex=move || at().saturating_add(2)
                                    class:active=move || active.get() == at()
                                    on:click=move |_| active.set(at())
                                >
                                    <Cells kind row told />
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
        <p id="grid-help" class="spoken">{move || t_string!(i18n, rows.grid_hint)}</p>
    }
}

/// Sorts by itself, and turns around when it does already.
#[component]
fn Head(title: Text, by: SortBy, query: RowQuery, class: String) -> impl IntoView {
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

#[component]
fn Cells(kind: RowKind, row: RowView, told: Told) -> impl IntoView {
    let i18n = use_i18n();
    let health = row.health;
    let before = told.before(&row);
    let cell = |(at, (column, cell)): (usize, (&Column, &RowCell))| {
        let text = words(*column, cell);
        let fresh = before.as_ref().is_some_and(|before| before.get(at) != Some(cell));
        let class = match (is_number(*column), fresh) {
            (true, true) => "number fresh",
            (true, false) => "number",
            (false, true) => "fresh",
            (false, false) => "",
        };
        let shown = match (column, health) {
            (Column::Status, Some(health)) => {
                view! { <span class=sentences::health_mark(health)>{text.clone()}</span> }.into_any()
            }
            (Column::Owner, _) => match workload(&row, &text) {
                Some(target) => {
                    let text = text.clone();
                    view! { <A href=paths::workload(&target)>{text}</A> }.into_any()
                }
                None => text.clone().into_any(),
            },
            _ => text.clone().into_any(),
        };
        view! { <td class=class title=text>{shown}</td> }
    };
    let cells = kind.columns().iter().zip(&row.cells).enumerate().map(cell).collect_view();
    // A kind without a column for it shows it beside the name.
    let mark = health.filter(|_| !kind.has(Column::Status)).map(|health| {
        view! {
            <span class=sentences::health_mark(health)>
                <span class="spoken">{sentences::health(i18n, health)}</span>
            </span>
        }
    });
    view! {
        <th scope="row" title=row.name.clone()>{mark} {row.name.clone()}</th>
        {kind.namespaced().then(|| view! { <td title=row.namespace.clone()>{row.namespace.clone()}</td> })}
        <td>{row.cluster.to_string()}</td>
        {cells}
        <td><Moment at=rfc3339(row.created) /></td>
    }
}

/// The workload that a cell names, as `Deployment/web`, when it is one.
fn workload(row: &RowView, owner: &str) -> Option<WorkloadRef> {
    let (kind, name) = owner.split_once('/')?;
    Some(WorkloadRef {
        cluster: row.cluster.clone(),
        namespace: NamespaceName::parse(&row.namespace).ok()?,
        kind: WorkloadKind::ALL.into_iter().find(|known| known.as_str() == kind)?,
        name: ObjectName::parse(name).ok()?,
    })
}

/// A row that became another is made anew; the others stay as they are.
fn key(row: &RowView) -> u64 {
    let mut hasher = DefaultHasher::new();
    row.hash(&mut hasher);
    hasher.finish()
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
