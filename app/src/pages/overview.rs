//! The first page: how the installation stands, and what changed last.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;
use model::access::{Action, Standing, allows};
use model::audit::AuditEntry;
use model::license::LicenceStatus;
use model::projects::ProjectSummary;

use crate::api::audit::list_audit;
use crate::api::license::license_status;
use crate::api::projects::list_projects;
use crate::error::ApiError;
use crate::i18n::{t, t_string, use_i18n};
use crate::layouts::frame::{me, use_person};
use crate::pages::audit::Entries;
use crate::pages::projects::list::Lines;
use crate::paths;
use crate::ui::error::ErrorNote;
use crate::ui::text::{Text, text};
use crate::ui::words;

/// Changes shown here; the rest is on the audit page.
const RECENT: usize = 6;

/// What only those see who see everything.
type Installed = (Result<LicenceStatus, ApiError>, Result<Vec<AuditEntry>, ApiError>);
type Facts = (Result<Vec<ProjectSummary>, ApiError>, Option<Installed>);

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
            let installed = if sees_all {
                Some((license_status().await, list_audit(Default::default()).await))
            } else {
                None
            };
            (list_projects().await, installed)
        },
    );
    let body = move || {
        Suspend::new(async move {
            view! { <Content facts=facts.await /> }
        })
    };
    view! {
        <Title text=move || t_string!(i18n, common.overview) />
        <h1>{text!(i18n, common.overview)}</h1>
        <Suspense fallback=move || view! { <p class="muted">{text!(i18n, common.loading)}</p> }>{body}</Suspense>
    }
}

#[component]
fn Content(facts: Facts) -> impl IntoView {
    let i18n = use_i18n();
    let (projects, installed) = facts;
    let projects = match projects {
        Ok(projects) => projects,
        Err(error) => return view! { <ErrorNote error /> }.into_any(),
    };
    match installed {
        Some(installed) => {
            let clusters = installed.0.as_ref().map_or(0, |status| status.used.clusters);
            let namespaces = projects.iter().any(|project| project.namespaces > 0);
            let done = [clusters > 0, !projects.is_empty(), namespaces];
            let first = projects.first().map(|project| paths::new_namespace(&project.name));
            view! {
                {done.contains(&false).then(|| view! { <Start done namespace=first /> })}
                <Installation installed />
            }
            .into_any()
        }
        None if projects.is_empty() => view! {
            <section class="card narrow">
                <h2>{text!(i18n, common.no_project)}</h2>
                <p>{text!(i18n, common.no_project_hint)}</p>
            </section>
        }
        .into_any(),
        None => view! {
            <h2>{text!(i18n, projects.title)}</h2>
            <Lines projects />
        }
        .into_any(),
    }
}

/// What to do first; gone when all of it is done.
#[component]
fn Start(done: [bool; 3], namespace: Option<String>) -> impl IntoView {
    let i18n = use_i18n();
    let steps: [(Text, Text, Option<String>); 3] = [
        (text!(i18n, common.start_cluster), text!(i18n, common.start_cluster_hint), None),
        (
            text!(i18n, common.start_project),
            text!(i18n, common.start_project_hint),
            Some(paths::NEW_PROJECT.to_owned()),
        ),
        (text!(i18n, common.start_namespace), text!(i18n, common.start_namespace_hint), namespace),
    ];
    let steps = steps.into_iter().zip(done).map(|((title, hint, address), done)| {
        let mark = if done { "status ok" } else { "status unknown" };
        let state = done.then(|| text!(i18n, common.done));
        let title = match address.filter(|_| !done) {
            Some(address) => view! { <A href=address>{title}</A> }.into_any(),
            None => view! { <span>{title}</span> }.into_any(),
        };
        view! {
            <li>
                <span class=mark>{title} <small>{state}</small></span>
                <p class="hint">{hint}</p>
            </li>
        }
    });
    view! {
        <section class="card wide">
            <h2>{text!(i18n, common.start)}</h2>
            <ol class="steps">{steps.collect_view()}</ol>
        </section>
    }
}

#[component]
fn Installation(installed: Installed) -> impl IntoView {
    let i18n = use_i18n();
    let (status, entries) = installed;
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
    let edition = licence.edition;
    let allowed = move |limit: u32| match limit {
        0 => text!(i18n, common.no_limit).into_any(),
        limit => t!(i18n, common.of_limit, limit = limit).into_any(),
    };
    view! {
        <div class="figures">
            <A href=paths::USERS attr:class="card figure">
                <span>{text!(i18n, common.people)}</span>
                <strong>{used.users}</strong>
                <small>{move || allowed(licence.limits.users)}</small>
            </A>
            <A href=paths::CLUSTERS attr:class="card figure">
                <span>{text!(i18n, clusters.title)}</span>
                <strong>{used.clusters}</strong>
                <small>{move || allowed(licence.limits.clusters)}</small>
            </A>
            <A href=paths::LICENCE attr:class="card figure">
                <span>{text!(i18n, common.licence)}</span>
                <strong>{move || words::edition(i18n, edition)}</strong>
                <small class=words::licence_mark(state)>{move || words::licence_state(i18n, state)}</small>
            </A>
        </div>
    }
}
