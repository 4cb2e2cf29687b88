//! One's own requests for access, and a new one.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use model::requests::{Request, RequestForm, RequestState, SPANS};
use model::roles::ProjectRole;

use crate::api::requests::{ask_for_access, own_requests, withdraw_request};
use crate::i18n::{t, t_string, use_i18n};
use crate::ui::change::{ChangeButton, Changes, Refused, use_changes};
use crate::ui::field::{Field, FieldError};
use crate::ui::form::{Submit, use_sending};
use crate::ui::list::{Cell, List};
use crate::ui::load::Load;
use crate::ui::moment::Moment;
use crate::ui::table::Column;
use crate::ui::text::{Text, text};
use crate::ui::words;

#[component]
pub fn RequestsPage() -> impl IntoView {
    let i18n = use_i18n();
    let changes = use_changes();
    let requests = Resource::new(move || changes.version(), |_| own_requests());
    view! {
        <Title text=move || t_string!(i18n, access.my_requests) />
        <h1>{text!(i18n, access.my_requests)}</h1>
        <p class="muted">{text!(i18n, access.requests_hint)}</p>
        <Load what=requests show=move |requests| view! { <Lines requests changes /> }.into_any() />
        <Refused changes />
        <Ask changes />
    }
}

#[component]
fn Lines(requests: Vec<Request>, changes: Changes) -> impl IntoView {
    let i18n = use_i18n();
    let row = move |request: Request| {
        let role = request.role.clone();
        let withdraw = (request.state == RequestState::Open).then(|| {
            let (of, id) = (request.project.to_string(), request.id);
            let press = move |()| changes.send(withdraw_request(id.clone()));
            view! { <ChangeButton changes label=text!(i18n, access.withdraw) of press /> }
        });
        vec![
            Cell::word(request.project.as_str()),
            Cell::of(
                untrack(|| words::role_name(i18n, &role)),
                view! { {move || words::role_name(i18n, &role)} },
            ),
            Cell::of(request.hours.to_string(), view! { <Hours hours=request.hours /> }),
            Cell::word(request.reason),
            Cell::of(&request.asked_at, view! { <Moment at=request.asked_at.clone() /> }),
            Cell::of(request.state.as_str(), view! { <State state=request.state by=request.decided_by /> }),
            Cell::plain(withdraw),
        ]
    };
    view! {
        <List
            label=text!(i18n, access.requests)
            columns=vec![
                Column::Words(text!(i18n, access.project)),
                Column::Words(text!(i18n, access.role)),
                Column::Words(text!(i18n, access.for_how_long)),
                Column::Words(text!(i18n, access.reason)),
                Column::Words(text!(i18n, access.asked_at)),
                Column::Words(text!(i18n, common.state)),
                Column::Words(text!(i18n, common.actions)),
            ]
            items=requests
            row
            empty=text!(i18n, access.no_requests)
        />
    }
}

#[component]
fn Ask(changes: Changes) -> impl IntoView {
    let i18n = use_i18n();
    let query = use_query_map();
    let project = query.with_untracked(|query| query.get("project").unwrap_or_default());
    let sending = use_sending();
    let answer = sending.answer;
    let send = sending.submit(move |values| async move {
        let form = RequestForm {
            project: values.text("project"),
            role: values.text("role"),
            hours: values.text("hours").parse().unwrap_or_default(),
            reason: values.text("reason"),
        };
        ask_for_access(form).await?;
        changes.changed();
        Ok(())
    });
    let role = move |role: ProjectRole| {
        view! { <option value=role.as_str()>{move || words::project_role(i18n, role)}</option> }
    };
    let span = |hours: u32| view! { <option value=hours.to_string()><Hours hours /></option> };
    view! {
        <form class="card narrow" method="post" on:submit=send>
            <h2>{text!(i18n, access.ask)}</h2>
            <Field name="project" label=move || text!(i18n, access.project) value=project answer />
            <div class="field">
                <label for="role">{text!(i18n, access.role)}</label>
                <select id="role" name="role" aria-describedby="role-help">
                    {ProjectRole::ALL.map(role).collect_view()}
                </select>
                <div id="role-help" class="help">
                    <FieldError name="role" answer />
                </div>
            </div>
            <div class="field">
                <label for="hours">{text!(i18n, access.for_how_long)}</label>
                <select id="hours" name="hours" aria-describedby="hours-help">
                    {SPANS.map(span).collect_view()}
                </select>
                <div id="hours-help" class="help">
                    <FieldError name="hours" answer />
                </div>
            </div>
            <Field
                name="reason"
                label=move || text!(i18n, access.reason)
                hint=move || view! { <p class="hint">{text!(i18n, access.reason_hint)}</p> }
                answer
            />
            <p class="note ok" role="status" hidden=move || !sending.done.get()>{text!(i18n, access.ask_sent)}</p>
            <Submit sending label=move || text!(i18n, access.ask) />
        </form>
    }
}

/// A time in words.
#[component]
pub fn Hours(hours: u32) -> impl IntoView {
    let i18n = use_i18n();
    match (hours, hours % 24) {
        (1, _) => text!(i18n, access.one_hour).into_any(),
        (24, _) => text!(i18n, access.one_day).into_any(),
        (_, 0) => t!(i18n, access.days, days = hours / 24).into_any(),
        _ => t!(i18n, access.hours, hours = hours).into_any(),
    }
}

/// How a request stands.
#[component]
pub fn State(state: RequestState, by: String) -> impl IntoView {
    let i18n = use_i18n();
    match state {
        RequestState::Open => {
            let open: Text = text!(i18n, access.open);
            view! { <span class="status progressing">{open}</span> }.into_any()
        }
        RequestState::Approved => {
            view! { <span class="status ok">{t!(i18n, access.approved, by = by)}</span> }.into_any()
        }
        RequestState::Refused => {
            view! { <span class="status unknown">{t!(i18n, access.refused, by = by)}</span> }.into_any()
        }
        RequestState::Withdrawn => {
            let withdrawn: Text = text!(i18n, access.withdrawn);
            view! { <span class="status unknown">{withdrawn}</span> }.into_any()
        }
    }
}
