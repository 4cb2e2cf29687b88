//! A table in a card that scrolls sideways by itself.

use leptos::prelude::*;

#[cfg(feature = "hydrate")]
use crate::ui::long::use_short;
use crate::ui::long::{LONG, Narrow};
use crate::ui::text::Text;

#[derive(Clone)]
pub enum Column {
    Words(Text),
    /// Aligned to the right.
    Number(Text),
}

/// Where a head leads that sorts, and how it sorts now.
#[derive(Clone, Copy)]
pub struct Head {
    pub(super) href: Signal<String>,
    pub(super) descending: Option<bool>,
}

/// The first cell of a row names it. `empty` stands in the place of a table without rows. Of a long one only the rows that are
/// seen are laid out, and words narrow it down.
#[component]
pub fn Table(
    label: Text,
    columns: Vec<Column>,
    rows: Vec<Vec<AnyView>>,
    empty: Text,
    /// Of a table that is sorted, in the order of its columns.
    #[prop(optional)]
    heads: Vec<Option<Head>>,
    /// What narrows it down, where that outlives it.
    #[prop(optional)]
    words: Option<RwSignal<String>>,
) -> impl IntoView {
    if rows.is_empty() {
        return view! { <p class="muted">{empty}</p> }.into_any();
    }
    let total = rows.len();
    let head = columns.iter().enumerate().map(|(at, column)| {
        let (title, class) = match column {
            Column::Words(title) => (*title, ""),
            Column::Number(title) => (*title, "number"),
        };
        let Some(Head { href, descending }) = heads.get(at).copied().flatten() else {
            return view! { <th scope="col" class=class>{title}</th> }.into_any();
        };
        let order = descending.map(|descending| if descending { "descending" } else { "ascending" });
        let mark = descending.map(|descending| if descending { " ↓" } else { " ↑" });
        view! { <th scope="col" class=class aria-sort=order><a href=href data-noscroll="">{title} {mark}</a></th> }.into_any()
    });
    let head = head.collect::<Vec<_>>();
    let body = rows.into_iter().map(|cells| {
        let cells = cells.into_iter().zip(&columns).enumerate().map(|(index, (cell, column))| match column {
            _ if index == 0 => view! { <th scope="row">{cell}</th> }.into_any(),
            Column::Words(_) => view! { <td>{cell}</td> }.into_any(),
            Column::Number(_) => view! { <td class="number">{cell}</td> }.into_any(),
        });
        view! { <tr>{cells.collect_view()}</tr> }.into_any()
    });
    let body = body.collect::<Vec<_>>();
    let is_narrowed = words.is_some_and(|words| words.with_untracked(|words| !words.is_empty()));
    if total > LONG || is_narrowed {
        let words = words.unwrap_or_else(|| RwSignal::new(String::new()));
        return view! { <Long label columns=columns.len() head body words /> }.into_any();
    }
    view! {
        <div class="card scroll" tabindex="0" role="region" aria-label=label>
            <table>
                <thead>
                    <tr>{head}</tr>
                </thead>
                <tbody>{body}</tbody>
            </table>
        </div>
    }
    .into_any()
}

#[component]
fn Long(
    label: Text,
    columns: usize,
    head: Vec<AnyView>,
    body: Vec<AnyView>,
    words: RwSignal<String>,
) -> impl IntoView {
    let (total, place) = (body.len(), NodeRef::<leptos::html::Div>::new());
    let found = RwSignal::new(None);
    #[cfg(feature = "hydrate")]
    let show = use_short(place, words, found);
    let scrolled = move |_| {
        #[cfg(feature = "hydrate")]
        show();
    };
    let gap = || view! { <tr class="gap" hidden=true aria-hidden="true"><td colspan=columns></td></tr> };
    view! {
        <Narrow words found total />
        <div class="card scroll long" tabindex="0" role="region" aria-label=label node_ref=place on:scroll=scrolled>
            <table aria-rowcount=total + 1>
                <thead>
                    <tr>{head}</tr>
                </thead>
                <tbody>{gap()} {body} {gap()}</tbody>
            </table>
        </div>
    }
}
