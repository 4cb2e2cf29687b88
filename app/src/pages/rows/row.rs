//! One row of a list: what its cells say, and where they lead.

use std::collections::HashMap;
use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use leptos::prelude::*;
use model::namespaces::NamespaceName;
use model::rows::{Column, Custom, Listing, RowCell, RowView, Shape};
use model::workloads::{ObjectName, WorkloadKind, WorkloadRef};

use super::cells::{is_number, words};
use super::chosen::Chosen;
#[cfg(feature = "hydrate")]
use super::menu::Opened;
use super::search::page_of;
use crate::i18n::{t_string, use_i18n};
use crate::paths;
use crate::ui::moment::{Age, Now};
use crate::ui::status::Status;
use crate::ui::words as sentences;

/// What the cells said before, of the rows that are there.
#[derive(Clone, Copy, Default)]
pub(super) struct Told(StoredValue<HashMap<Id, Vec<RowCell>>>);

/// Cluster, namespace and name.
type Id = (String, String, String);

impl Told {
    #[cfg(feature = "hydrate")]
    pub(super) fn keep(self, rows: &[RowView]) {
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
pub(super) struct Shown {
    pub(super) kind: Listing,
    pub(super) columns: Vec<Column>,
    pub(super) custom: Option<Custom>,
    pub(super) namespaced: bool,
}

/// The menu of a row, at a place of what is seen.
#[cfg(feature = "hydrate")]
pub(super) fn opened(list: &Shown, row: RowView, at: (i32, i32)) -> Opened {
    let target = target(&list.kind, &list.columns, &row);
    Opened { page: page(&list.kind, &list.columns, &row), target, row, at }
}

#[component]
pub(super) fn Cells(
    list: StoredValue<Shown>,
    row: RowView,
    told: Told,
    chosen: Option<Chosen>,
    now: Now,
) -> impl IntoView {
    list.with_value(|list| cells(list, row, told, chosen, now))
}

/// Links are plain: the router sees to them, and none of them is ever where somebody is.
fn cells(list: &Shown, row: RowView, told: Told, chosen: Option<Chosen>, now: Now) -> impl IntoView + use<> {
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
            (Column::Status, Some(health)) if *kind == Listing::Workloads => {
                view! { <Status health reason=text.clone() /> }.into_any()
            }
            (Column::Status, Some(health)) => {
                view! { <span class=sentences::health_mark(health)>{text.clone()}</span> }.into_any()
            }
            (Column::Owner, _) => {
                match text.split_once('/').and_then(|(kind, name)| workload(&row, kind, name)) {
                    Some(target) => {
                        let text = text.clone();
                        view! { <a href=paths::workload(&target)>{text}</a> }.into_any()
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
    let choice = chosen.zip(target(kind, columns, &row)).map(|(chosen, target)| {
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
    let named = match page(kind, columns, &row) {
        Some(page) => view! { <a href=page>{name}</a> }.into_any(),
        None => name.into_any(),
    };
    let namespace = match NamespaceName::parse(&row.namespace) {
        Ok(name) => view! { <a href=paths::namespace(&row.cluster, &name)>{name.to_string()}</a> }.into_any(),
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

/// A row that became another is made anew; the others stay as they are.
pub(super) fn key(row: &RowView) -> u64 {
    let mut hasher = DefaultHasher::new();
    row.hash(&mut hasher);
    hasher.finish()
}
