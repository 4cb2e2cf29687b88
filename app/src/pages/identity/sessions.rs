//! One's own sessions, and ending them.

use leptos::prelude::*;
use model::identity::OwnSession;

use crate::api::identity::{end_other_sessions, end_session, list_sessions};
use crate::error::ApiError;
use crate::i18n::use_i18n;
use crate::ui::error::ErrorNote;
use crate::ui::load::Load;
use crate::ui::moment::Moment;
use crate::ui::table::{Column, Table};
use crate::ui::text::text;

/// What is loaded, and what became of the last ending; loads anew after one.
#[derive(Clone, Copy)]
pub(super) struct Sessions {
    list: Resource<Result<Vec<OwnSession>, ApiError>>,
    version: RwSignal<u32>,
    answer: RwSignal<Option<ApiError>>,
    busy: RwSignal<bool>,
}

/// To be made by the page.
pub(super) fn use_sessions() -> Sessions {
    let version = RwSignal::new(0_u32);
    let list = Resource::new(move || version.get(), |_| list_sessions());
    // Nothing can be ended before scripts listen.
    let busy = RwSignal::new(true);
    Effect::new(move || busy.set(false));
    Sessions { list, version, answer: RwSignal::new(None), busy }
}

impl Sessions {
    fn ended(self, result: Result<(), ApiError>) {
        self.busy.set(false);
        match result {
            Ok(()) => {
                self.answer.set(None);
                self.version.update(|version| *version += 1);
            }
            Err(error) => self.answer.set(Some(error)),
        }
    }
}

#[component]
pub(super) fn SessionsView(sessions: Sessions) -> impl IntoView {
    let i18n = use_i18n();
    let answer = sessions.answer;
    view! {
        <h2>{text!(i18n, identity.sessions)}</h2>
        <p class="muted">{text!(i18n, identity.sessions_hint)}</p>
        <Load what=sessions.list show=move |list| view! { <Lines list sessions /> }.into_any() />
        {move || answer.get().map(|error| view! { <ErrorNote error /> })}
    }
}

#[component]
fn Lines(list: Vec<OwnSession>, sessions: Sessions) -> impl IntoView {
    let i18n = use_i18n();
    let alone = list.len() < 2;
    let busy = sessions.busy;
    let rows = list.into_iter().map(|OwnSession { handle, current, since, seen, browser }| {
        let browser = match browser.is_empty() {
            true => text!(i18n, identity.unknown_browser).into_any(),
            false => browser.into_any(),
        };
        let handle = StoredValue::new(handle);
        let end = move |_| {
            busy.set(true);
            leptos::task::spawn_local(async move { sessions.ended(end_session(handle.get_value()).await) });
        };
        let action = match current {
            true => view! { <span class="status ok">{text!(i18n, identity.this_session)}</span> }.into_any(),
            false => view! {
                <button type="button" class="button small" disabled=busy on:click=end>
                    {text!(i18n, identity.end_session)}
                </button>
            }
            .into_any(),
        };
        vec![
            browser,
            view! { <Moment at=since /> }.into_any(),
            view! { <Moment at=seen /> }.into_any(),
            action,
        ]
    });
    let end_others = move |_| {
        busy.set(true);
        leptos::task::spawn_local(async move { sessions.ended(end_other_sessions().await) });
    };
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
                <button type="button" class="button" disabled=busy on:click=end_others>
                    {text!(i18n, identity.end_others)}
                </button>
            </p>
        })}
    }
}
