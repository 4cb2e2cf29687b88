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

/// The first cell of a row names it. `empty` stands in the place of a table without rows. Of a long one only the rows that are
/// seen are laid out, and words narrow it down.
#[component]
pub fn Table(label: Text, columns: Vec<Column>, rows: Vec<Vec<AnyView>>, empty: Text) -> impl IntoView {
    if rows.is_empty() {
        return view! { <p class="muted">{empty}</p> }.into_any();
    }
    let total = rows.len();
    let head = columns.iter().map(|column| match column {
        Column::Words(title) => view! { <th scope="col">{*title}</th> }.into_any(),
        Column::Number(title) => view! { <th scope="col" class="number">{*title}</th> }.into_any(),
    });
    let head = head.collect_view();
    let body = rows.into_iter().map(|cells| {
        let cells = cells.into_iter().zip(&columns).enumerate().map(|(index, (cell, column))| match column {
            _ if index == 0 => view! { <th scope="row">{cell}</th> }.into_any(),
            Column::Words(_) => view! { <td>{cell}</td> }.into_any(),
            Column::Number(_) => view! { <td class="number">{cell}</td> }.into_any(),
        });
        view! { <tr>{cells.collect_view()}</tr> }.into_any()
    });
    let body = body.collect::<Vec<_>>();
    if total > LONG {
        return view! { <Long label columns=columns.len() head body /> }.into_any();
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
fn Long(label: Text, columns: usize, head: Vec<AnyView>, body: Vec<AnyView>) -> impl IntoView {
    let (total, place) = (body.len(), NodeRef::<leptos::html::Div>::new());
    let (words, found) = (RwSignal::new(String::new()), RwSignal::new(None));
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
