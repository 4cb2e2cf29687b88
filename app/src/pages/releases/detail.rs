//! One release: what it made and how that is, its values, notes and history, and what changes or ends it.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;
use model::access::Action;
use model::live::{Ended, News, Topic};
use model::releases::{ReleaseDetail, ReleaseRef, Resource as Object, Revision, health};
use model::roles::Permissions;

use super::use_release;
use crate::api::releases::{roll_back_release, uninstall_release, view_release};
use crate::i18n::{t, use_i18n};
use crate::layouts::frame::Allowed;
use crate::live::{LiveMark, use_live};
use crate::paths;
use crate::ui::address::use_part;
use crate::ui::confirm::Confirmed;
use crate::ui::form::{Submit, use_sending};
use crate::ui::load::Load;
use crate::ui::moment::Moment;
use crate::ui::table::{Column, Table};
use crate::ui::text::text;
use crate::ui::words;

#[component]
pub fn ReleasePage() -> impl IntoView {
    let (name, target) = (use_part("release"), use_release());
    let release = Resource::new(move || target.get(), |target| async move { view_release(target?).await });
    view! {
        <Title text=move || name.get() />
        <div class="head">
            <h1>{name}</h1>
            <LiveMark />
        </div>
        <Load what=release show=|release| view! { <Release release /> }.into_any() />
    }
}

#[component]
fn Release(release: ReleaseDetail) -> impl IntoView {
    let i18n = use_i18n();
    let ReleaseDetail {
        target,
        project,
        may,
        status,
        chart,
        chart_version,
        app_version,
        values,
        notes,
        resources,
        history,
    } = release;
    let asked = project.clone();
    let project = project.map(|project| {
        view! { " · " {text!(i18n, projects.project)} " " <A href=paths::project(&project)>{project.to_string()}</A> }
    });
    let pending = status.starts_with("pending").then(|| {
        view! { <p class="note quiet">{text!(i18n, releases.pending)}</p> }
    });
    let mark = words::health_mark(health(&status));
    let values = match values.is_empty() {
        true => view! { <p class="muted">{text!(i18n, releases.no_values)}</p> }.into_any(),
        false => view! {
            <pre class="card yaml" tabindex="0" role="region" aria-label=text!(i18n, releases.set_values)>{values}</pre>
        }
        .into_any(),
    };
    let notes = (!notes.trim().is_empty()).then(|| {
        view! {
            <h2>{text!(i18n, releases.notes)}</h2>
            <pre class="card yaml" tabindex="0" role="region" aria-label=text!(i18n, releases.notes)>{notes}</pre>
        }
    });
    let app_version = (!app_version.is_empty()).then(|| format!(" ({app_version})"));
    let upgrade = paths::upgrade(&target);
    let (namespace, cluster) = (target.namespace.to_string(), target.cluster.to_string());
    let of = StoredValue::new(target.clone());
    // What somebody is typing below stays: only the objects and their states follow.
    let (resources, ended) = (RwSignal::new(resources), RwSignal::new(None::<Ended>));
    use_live(
        move || Some(Topic::Release(of.get_value())),
        move |news| match news {
            News::Release(newer) => {
                ended.set(None);
                resources.set(newer.resources);
            }
            News::Ended(why) => ended.set(Some(why)),
            _ => {}
        },
    );
    view! {
        <p class="muted">
            <span class=mark>{status}</span> " · " {text!(i18n, releases.chart)} " " {chart} " " {chart_version}
            {app_version} {project} " · " {text!(i18n, releases.namespace)} " "
            <A href=paths::namespace(&target.cluster, &target.namespace)>{namespace}</A> " · "
            {text!(i18n, projects.cluster)} " " {cluster}
        </p>
        {pending}
        {move || ended.get().map(|why| view! { <p class="note failed" role="status">{words::ended(i18n, why)}</p> })}
        <Allowed action=Action::UpgradeRelease project=may of=asked>
            <div class="actions">
                <A href=upgrade.clone() attr:class="button primary">{text!(i18n, releases.upgrade)}</A>
            </div>
        </Allowed>
        <h2>{text!(i18n, releases.resources)}</h2>
        {move || view! { <Resources resources=resources.get() target=of.get_value() /> }}
        {notes}
        <h2>{text!(i18n, releases.set_values)}</h2>
        {values}
        <h2>{text!(i18n, releases.history)}</h2>
        <History history target may />
        <Allowed action=Action::UninstallRelease project=may quiet=true>
            <Uninstall target=of.get_value() />
        </Allowed>
    }
}

#[component]
fn Resources(resources: Vec<Object>, target: ReleaseRef) -> impl IntoView {
    let i18n = use_i18n();
    let rows = resources.into_iter().map(|resource| {
        let Object { object, namespace, health, reason } = resource;
        let name = match namespace {
            Some(namespace) => view! { {object} " " <small class="muted">{namespace}</small> }.into_any(),
            None => match paths::workload_of(&target, &object) {
                Some(href) => view! { <A href>{object}</A> }.into_any(),
                None => object.into_any(),
            },
        };
        let state = match reason.as_str() {
            "Missing" => text!(i18n, releases.missing),
            "NotPermitted" => text!(i18n, releases.not_permitted),
            _ => words::health(i18n, health),
        };
        vec![name, view! { <span class=words::health_mark(health)>{state}</span> }.into_any()]
    });
    view! {
        <Table
            label=text!(i18n, releases.resources)
            columns=vec![
                Column::Words(text!(i18n, common.name)),
                Column::Words(text!(i18n, common.state)),
            ]
            rows=rows.collect()
            empty=text!(i18n, releases.no_resources)
        />
    }
}

#[component]
fn History(history: Vec<Revision>, target: ReleaseRef, may: Permissions) -> impl IntoView {
    let i18n = use_i18n();
    let chosen = RwSignal::new(None::<u32>);
    let newest = history.first().map(|revision| revision.number);
    let rows = history.into_iter().map(|revision| {
        let Revision { number, status, chart, updated_at, description } = revision;
        let mark = words::health_mark(health(&status));
        let back = (Some(number) != newest).then(|| {
            view! {
                <Allowed action=Action::RollBackRelease project=may quiet=true>
                    <button type="button" class="button small" on:click=move |_| chosen.set(Some(number))>
                        {text!(i18n, releases.roll_back)}
                    </button>
                </Allowed>
            }
        });
        vec![
            number.to_string().into_any(),
            view! { <span class=mark>{status}</span> }.into_any(),
            chart.into_any(),
            view! { <Moment at=updated_at /> }.into_any(),
            view! { <span class="prose">{description}</span> }.into_any(),
            back.into_any(),
        ]
    });
    let target = StoredValue::new(target);
    view! {
        <Table
            label=text!(i18n, releases.history)
            columns=vec![
                Column::Words(text!(i18n, releases.revision)),
                Column::Words(text!(i18n, releases.status)),
                Column::Words(text!(i18n, releases.chart)),
                Column::Words(text!(i18n, releases.updated)),
                Column::Words(text!(i18n, releases.description)),
                Column::Words(text!(i18n, common.actions)),
            ]
            rows=rows.collect()
            empty=text!(i18n, releases.none)
        />
        {move || chosen.get().map(|revision| view! { <RollBack target=target.get_value() revision /> })}
    }
}

#[component]
fn RollBack(target: ReleaseRef, revision: u32) -> impl IntoView {
    let i18n = use_i18n();
    let sending = use_sending();
    let navigate = use_navigate();
    let send = sending.keep(move |_values| {
        let (target, navigate) = (target.clone(), navigate.clone());
        async move {
            let job = roll_back_release(target, revision).await?;
            navigate(&paths::job(&job), Default::default());
            Ok(())
        }
    });
    view! {
        <form class="card wide" method="post" on:submit=send>
            <strong>{t!(i18n, releases.roll_back_to, number = revision)}</strong>
            <p>{text!(i18n, releases.roll_back_hint)}</p>
            <Submit sending label=move || t!(i18n, releases.roll_back_to, number = revision) />
        </form>
    }
}

#[component]
fn Uninstall(target: ReleaseRef) -> impl IntoView {
    let i18n = use_i18n();
    let navigate = use_navigate();
    let shown = target.name.to_string();
    let send = move |typed| {
        let (target, navigate) = (target.clone(), navigate.clone());
        async move {
            let job = uninstall_release(target, typed).await?;
            navigate(&paths::job(&job), Default::default());
            Ok(())
        }
    };
    let (title, hint) = (text!(i18n, releases.uninstall), text!(i18n, releases.uninstall_hint));
    view! { <Confirmed title hint name=shown send /> }
}
