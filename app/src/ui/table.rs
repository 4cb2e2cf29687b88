//! A table in a card that scrolls sideways by itself.

use leptos::prelude::*;

use crate::ui::text::Text;

#[derive(Clone)]
pub enum Column {
    Words(Text),
    /// Aligned to the right.
    Number(Text),
}

/// The first cell of a row names it. `empty` stands in the place of a table without rows.
#[component]
pub fn Table(label: Text, columns: Vec<Column>, rows: Vec<Vec<AnyView>>, empty: Text) -> impl IntoView {
    if rows.is_empty() {
        return view! { <p class="muted">{empty}</p> }.into_any();
    }
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
        view! { <tr>{cells.collect_view()}</tr> }
    });
    let body = body.collect_view();
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
