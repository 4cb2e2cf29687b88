//! One's own sessions, and ending them.

use leptos::prelude::*;
use model::identity::OwnSession;

use crate::api::identity::{end_other_sessions, end_session, list_sessions};
use crate::error::ApiError;
use crate::i18n::use_i18n;
use crate::ui::change::{ChangeButton, Changes, Refused, use_changes};
use crate::ui::load::Load;
use crate::ui::moment::Moment;
use crate::ui::table::{Column, Table};
use crate::ui::text::text;

#[derive(Clone, Copy)]
pub(super) struct Sessions {
    list: Resource<Result<Vec<OwnSession>, ApiError>>,
    changes: Changes,
}

/// To be made by the page.
pub(super) fn use_sessions() -> Sessions {
    let changes = use_changes();
    Sessions { list: Resource::new(move || changes.version(), |_| list_sessions()), changes }
}

#[component]
pub(super) fn SessionsView(sessions: Sessions) -> impl IntoView {
    let i18n = use_i18n();
    let Sessions { list, changes } = sessions;
    view! {
        <h2>{text!(i18n, identity.sessions)}</h2>
        <p class="muted">{text!(i18n, identity.sessions_hint)}</p>
        <Load what=list show=move |list| view! { <Lines list changes /> }.into_any() />
        <Refused changes />
    }
}

#[component]
fn Lines(list: Vec<OwnSession>, changes: Changes) -> impl IntoView {
    let i18n = use_i18n();
    let alone = list.len() < 2;
    let rows = list.into_iter().map(|OwnSession { handle, current, since, seen, browser }| {
        let browser = match browser.is_empty() {
            true => text!(i18n, identity.unknown_browser).into_any(),
            false => browser.into_any(),
        };
        let end = move |()| changes.send(end_session(handle.clone()));
        let action = match current {
            true => view! { <span class="status ok">{text!(i18n, identity.this_session)}</span> }.into_any(),
            false => {
                view! { <ChangeButton changes label=text!(i18n, identity.end_session) of="" press=end /> }
                    .into_any()
            }
        };
        vec![
            browser,
            view! { <Moment at=since /> }.into_any(),
            view! { <Moment at=seen /> }.into_any(),
            action,
        ]
    });
    view! {
        <Table
            label=text!(i18n, identity.sessions)
            columns=vec![
                Column::Words(text!(i18n, identity.browser)),
                Column::Words(text!(i18n, identity.signed_in)),
                Column::Words(text!(i18n, identity.last_used)),
                Column::Words(text!(i18n, common.actions)),
            ]
            rows=rows.collect()
            empty=text!(i18n, identity.no_sessions)
        />
        {(!alone).then(|| view! {
            <p>
                <button type="button" class="button" disabled=move || changes.busy() on:click=move |_| changes.send(end_other_sessions())>
                    {text!(i18n, identity.end_others)}
                </button>
            </p>
        })}
    }
}
