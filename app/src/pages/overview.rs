//! The first page: how the installation stands, and what changed last.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;
use model::access::{Action, Standing, allows};
use model::audit::AuditEntry;
use model::license::LicenceStatus;

use crate::api::audit::list_audit;
use crate::api::license::license_status;
use crate::error::ApiError;
use crate::i18n::{t, t_string, use_i18n};
use crate::layouts::frame::{me, use_person};
use crate::pages::audit::Entries;
use crate::paths;
use crate::ui::error::ErrorNote;
use crate::ui::text::text;
use crate::ui::words;

/// Changes shown here; the rest is on the audit page.
const RECENT: usize = 6;

type Facts = (Result<LicenceStatus, ApiError>, Result<Vec<AuditEntry>, ApiError>);

#[component]
pub fn Overview() -> impl IntoView {
    let i18n = use_i18n();
    let person = use_person();
    // Only asked for by those who may see it: a refusal would be the status of the whole page.
    let facts = Resource::new(
        || (),
        move |()| async move {
            let sees_all =
                me(person).await.is_some_and(|me| allows(Standing::on_platform(me.role), Action::ViewAudit));
            if sees_all { Some((license_status().await, list_audit(None).await)) } else { None }
        },
    );
    let body = move || {
        Suspend::new(async move {
            match facts.await {
                Some(facts) => view! { <Installation facts /> }.into_any(),
                None => view! { <Nothing /> }.into_any(),
            }
        })
    };
    view! {
        <Title text=move || t_string!(i18n, common.overview) />
        <h1>{text!(i18n, common.overview)}</h1>
        <Suspense fallback=move || view! { <p class="muted">{text!(i18n, common.loading)}</p> }>{body}</Suspense>
    }
}

#[component]
fn Nothing() -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <section class="card narrow">
            <h2>{text!(i18n, common.no_project)}</h2>
            <p>{text!(i18n, common.no_project_hint)}</p>
        </section>
    }
}

#[component]
fn Installation(facts: Facts) -> impl IntoView {
    let i18n = use_i18n();
    let (status, entries) = facts;
    let recent = entries.map(|entries| entries.into_iter().take(RECENT).collect::<Vec<_>>());
    view! {
        {match status {
            Ok(status) => view! { <Figures status /> }.into_any(),
            Err(error) => view! { <ErrorNote error /> }.into_any(),
        }}
        <h2>{text!(i18n, common.recent)}</h2>
        {match recent {
            Ok(entries) => view! { <Entries entries /> }.into_any(),
            Err(error) => view! { <ErrorNote error /> }.into_any(),
        }}
    }
}

#[component]
fn Figures(status: LicenceStatus) -> impl IntoView {
    let i18n = use_i18n();
    let LicenceStatus { licence, state, used, .. } = status;
    let limit = licence.limits.users;
    let edition = licence.edition;
    let allowed = move || match limit {
        0 => text!(i18n, common.no_limit).into_any(),
        limit => t!(i18n, common.of_limit, limit = limit).into_any(),
    };
    view! {
        <div class="figures">
            <A href=paths::USERS attr:class="card figure">
                <span>{text!(i18n, common.people)}</span>
                <strong>{used.users}</strong>
                <small>{allowed}</small>
            </A>
            <A href=paths::LICENCE attr:class="card figure">
                <span>{text!(i18n, common.licence)}</span>
                <strong>{move || words::edition(i18n, edition)}</strong>
                <small class=words::licence_mark(state)>{move || words::licence_state(i18n, state)}</small>
            </A>
        </div>
    }
}
