//! Requests for access to a project, for those who decide.

use leptos::prelude::*;
use model::projects::ProjectName;
use model::requests::{Decision, Request, RequestState, SPANS};

use crate::api::requests::decide_request;
use crate::i18n::{t_string, use_i18n};
use crate::pages::requests::{Hours, State};
use crate::ui::change::{ChangeButton, Changes};
use crate::ui::form::submitted;
use crate::ui::moment::Moment;
use crate::ui::table::{Column, Table};
use crate::ui::text::text;
use crate::ui::words;

#[component]
pub(super) fn Requests(project: ProjectName, requests: Vec<Request>, changes: Changes) -> impl IntoView {
    let i18n = use_i18n();
    if requests.is_empty() {
        return None;
    }
    let rows = requests.into_iter().map(|request| {
        let role = request.role.clone();
        let deciding = match request.state {
            // Somebody else decides.
            RequestState::Open if !request.own => {
                let (project, id, who) = (project.clone(), request.id, request.username.to_string());
                view! { <Decide project id who hours=request.hours changes /> }.into_any()
            }
            state => view! { <State state by=request.decided_by /> }.into_any(),
        };
        vec![
            request.username.to_string().into_any(),
            view! { {move || words::role_name(i18n, &role)} }.into_any(),
            request.reason.into_any(),
            view! { <Moment at=request.asked_at /> }.into_any(),
            deciding,
        ]
    });
    let rows: Vec<_> = rows.collect();
    Some(view! {
        <h2>{text!(i18n, access.requests)}</h2>
        <Table
            label=text!(i18n, access.requests)
            columns=vec![
                Column::Words(text!(i18n, license.username)),
                Column::Words(text!(i18n, common.role)),
                Column::Words(text!(i18n, access.reason)),
                Column::Words(text!(i18n, access.asked_at)),
                Column::Words(text!(i18n, common.actions)),
            ]
            rows=rows
            empty=text!(i18n, access.no_requests)
        />
    })
}

/// Approves for a time, or refuses.
#[component]
fn Decide(project: ProjectName, id: String, who: String, hours: u32, changes: Changes) -> impl IntoView {
    let i18n = use_i18n();
    let target = StoredValue::new((project, id));
    let decide = move |decision: Decision| {
        let (project, id) = target.get_value();
        changes.send(decide_request(project, id, decision));
    };
    let approve = submitted(move |values| {
        decide(Decision::Approve { hours: values.text("hours").parse().unwrap_or_default() });
    });
    let mut spans: Vec<u32> = SPANS.into_iter().chain([hours]).collect();
    spans.sort_unstable();
    spans.dedup();
    let span = move |span: u32| {
        view! { <option value=span.to_string() selected=span == hours><Hours hours=span /></option> }
    };
    let label = StoredValue::new(who);
    view! {
        <form class="decide" method="post" on:submit=approve>
            <select
                name="hours"
                aria-label=move || format!("{}: {}", t_string!(i18n, access.for_how_long), label.get_value())
            >
                {spans.into_iter().map(span).collect_view()}
            </select>
            <button type="submit" class="button small primary" disabled=move || changes.busy()>
                {text!(i18n, access.approve)}
                <span class="spoken">" " {label.get_value()}</span>
            </button>
            <ChangeButton
                changes
                label=text!(i18n, access.refuse)
                of=label.get_value()
                press=move |()| decide(Decision::Refuse)
            />
        </form>
    }
}
