//! What the console keeps of clusters, and how well.

use leptos::prelude::*;
use leptos_meta::Title;
use model::quantity::Quantity;
use model::rows::{RowState, TableHealth};

use super::cells::list;
use crate::api::rows::row_health;
use crate::i18n::{t_string, use_i18n};
use crate::ui::list::{Cell, List};
use crate::ui::load::Load;
use crate::ui::table::Column;
use crate::ui::text::{Text, text};

#[component]
pub fn RowHealth() -> impl IntoView {
    let i18n = use_i18n();
    let tables = Resource::new(|| (), |()| row_health());
    view! {
        <Title text=move || t_string!(i18n, rows.health) />
        <h1>{text!(i18n, rows.health)}</h1>
        <p class="muted">{text!(i18n, rows.health_hint)}</p>
        <Load what=tables show=move |tables| view! { <Lines tables /> }.into_any() />
    }
}

#[component]
fn Lines(tables: Vec<TableHealth>) -> impl IntoView {
    let i18n = use_i18n();
    let row = move |table: TableHealth| {
        let bytes = i64::try_from(table.bytes).unwrap_or(i64::MAX);
        let (kind, word) = (table.kind.clone(), untrack(|| list(i18n, &table.kind)));
        let of = table.namespace.map(|namespace| format!(" ({namespace})"));
        vec![
            Cell::of(word, view! { {move || list(i18n, &kind)} {of} }),
            Cell::word(table.cluster.as_str()),
            Cell::plain(view! { <State state=table.state /> }),
            Cell::number(table.rows),
            Cell::sized(Quantity::whole(bytes), Quantity::whole(bytes).bytes()),
            Cell::number(table.events),
            Cell::number(table.relists),
            Cell::number(table.skipped),
            Cell::number(table.followers),
            Cell::sized(Quantity::whole(i64::from(table.quiet)), format!("{} s", table.quiet)),
        ]
    };
    view! {
        <List
            label=text!(i18n, rows.health)
            columns=vec![
                Column::Words(text!(i18n, workloads.kind)),
                Column::Words(text!(i18n, projects.cluster)),
                Column::Words(text!(i18n, common.state)),
                Column::Number(text!(i18n, rows.rows)),
                Column::Number(text!(i18n, rows.memory)),
                Column::Number(text!(i18n, rows.changes)),
                Column::Number(text!(i18n, rows.relists)),
                Column::Number(text!(i18n, rows.skipped)),
                Column::Number(text!(i18n, rows.followers)),
                Column::Number(text!(i18n, rows.quiet)),
            ]
            items=tables
            row
            empty=text!(i18n, rows.nothing_kept)
        />
    }
}

#[component]
fn State(state: RowState) -> impl IntoView {
    let i18n = use_i18n();
    let (mark, words): (_, Text) = match state {
        RowState::Live => ("status ok", text!(i18n, rows.is_live)),
        RowState::Reading => ("status progressing", text!(i18n, rows.is_reading)),
        RowState::Stale { .. } => ("status warning", text!(i18n, rows.is_stale)),
        RowState::Forbidden => ("status failed", text!(i18n, rows.is_forbidden)),
        RowState::Absent => ("status unknown", text!(i18n, rows.is_absent)),
        RowState::Unread => ("status warning", text!(i18n, rows.is_stale)),
    };
    let age = match state {
        RowState::Stale { seconds } => format!(" ({seconds} s)"),
        _ => String::new(),
    };
    view! { <span class=mark>{words} {age}</span> }
}
