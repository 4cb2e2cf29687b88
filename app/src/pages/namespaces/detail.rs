//! One namespace: use against quota, members, and what changes or ends it.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;
use model::access::Action;
use model::monitoring::Scope;
use model::namespaces::{BoundsForm, NamespaceDetail, QuotaUse};
use model::panel::Panel;
use model::rows::{Listing, RowQuery};

use super::bounds::{Bounds, label, read};
use crate::api::namespaces::{delete_namespace, detach_namespace, edit_namespace, view_namespace};
use crate::i18n::use_i18n;
use crate::layouts::frame::Allowed;
use crate::paths;
use crate::ui::absent::Absent;
use crate::ui::address::{named, use_part};
use crate::ui::chart::{HistoryView, Use, use_history};
use crate::ui::confirm::Confirmed;
use crate::ui::form::{Submit, use_sending};
use crate::ui::load::Load;
use crate::ui::moment::Moment;
use crate::ui::table::{Column, Table};
use crate::ui::text::text;
use crate::ui::words;

#[component]
pub fn NamespacePage() -> impl IntoView {
    let (cluster, name) = (use_part("cluster"), use_part("namespace"));
    // Loads the page again after a change.
    let version = RwSignal::new(0_u32);
    let namespace = Resource::new(
        move || (cluster.get(), name.get(), version.get()),
        |(cluster, name, _)| async move {
            view_namespace(named("cluster", cluster)?, named("namespace", name)?).await
        },
    );
    let history = use_history(move || {
        let (cluster, name) = (named("cluster", cluster.get()).ok()?, named("namespace", name.get()).ok()?);
        Some(Scope::Namespace(cluster, name))
    });
    view! {
        <Title text=move || name.get() />
        <h1>{name}</h1>
        <Load what=namespace show=move |namespace| view! { <Namespace namespace version history /> }.into_any() />
    }
}

#[component]
fn Namespace(namespace: NamespaceDetail, version: RwSignal<u32>, history: Use) -> impl IntoView {
    let i18n = use_i18n();
    let (phase, may, project) = (namespace.phase, namespace.may, namespace.project.clone());
    let whole = StoredValue::new(namespace.clone());
    let filter = format!("namespace:{} cluster:{}", namespace.name, namespace.cluster);
    let in_namespace = paths::rows(&RowQuery::new(Listing::Workloads, filter));
    let quota = match namespace.quota {
        Panel::Ready(quota) => view! { <Quota quota /> }.into_any(),
        Panel::Unavailable { reason } => view! { <Absent reason /> }.into_any(),
    };
    let members = namespace.members.into_iter().map(|member| {
        let (role, way) = (member.role, member.way);
        vec![
            member.username.to_string().into_any(),
            view! { {move || words::role_name(i18n, &role)} }.into_any(),
            view! { {move || words::way(i18n, &way)} }.into_any(),
        ]
    });
    view! {
        <p class="muted">
            <span class=words::phase_mark(phase)>{move || words::phase(i18n, phase)}</span> " · "
            {text!(i18n, projects.project)} " " <A href=paths::project(&namespace.project)>{namespace.project.to_string()}</A>
            " · " {text!(i18n, projects.cluster)} " " {namespace.cluster.to_string()} " · "
            {text!(i18n, identity.created)} " " <Moment at=namespace.created_at />
            " · " {text!(i18n, namespaces.security)} " " {namespace.bounds.security.as_str()}
        </p>
        <div class="actions">
            <Allowed action=Action::CreateWorkload project=may quiet=true>
                <A href=paths::deploy(&whole.get_value().cluster, &whole.get_value().name) attr:class="button primary">
                    {text!(i18n, workloads.deploy)}
                </A>
            </Allowed>
            <A href=in_namespace attr:class="button">{text!(i18n, workloads.in_namespace)}</A>
        </div>
        <h2>{text!(i18n, namespaces.quota)}</h2>
        {quota}
        <h2>{text!(i18n, common.used_over_time)}</h2>
        <HistoryView history />
        <h2>{text!(i18n, projects.members)}</h2>
        <Table
            label=text!(i18n, projects.members)
            columns=vec![
                Column::Words(text!(i18n, license.username)),
                Column::Words(text!(i18n, common.role)),
                Column::Words(text!(i18n, access.way)),
            ]
            rows=members.collect()
            empty=text!(i18n, projects.no_members)
        />
        <Allowed action=Action::EditNamespace project=may of=Some(project)>
            <Edit namespace=whole.get_value() version />
            <Detach namespace=whole.get_value() />
            <Delete namespace=whole.get_value() />
        </Allowed>
    }
}

#[component]
fn Quota(quota: Vec<QuotaUse>) -> impl IntoView {
    let i18n = use_i18n();
    let rows = quota.into_iter().map(|line| {
        let words = label(i18n, &line.key);
        let percent = line.percent;
        let (total, meter) = match line.total {
            Some(total) => {
                let meter = view! { <meter min="0" max="100" value=percent aria-label=words></meter> };
                (total.into_any(), meter.into_any())
            }
            None => (text!(i18n, namespaces.unlimited).into_any(), ().into_any()),
        };
        vec![words.into_any(), line.used.into_any(), total, meter]
    });
    view! {
        <Table
            label=text!(i18n, namespaces.quota)
            columns=vec![
                Column::Words(text!(i18n, namespaces.resource)),
                Column::Number(text!(i18n, namespaces.used)),
                Column::Number(text!(i18n, namespaces.total)),
                Column::Words(text!(i18n, namespaces.share)),
            ]
            rows=rows.collect()
            empty=text!(i18n, namespaces.unlimited)
        />
    }
}

#[component]
fn Edit(namespace: NamespaceDetail, version: RwSignal<u32>) -> impl IntoView {
    let i18n = use_i18n();
    let sending = use_sending();
    let answer = sending.answer;
    let now: BoundsForm = namespace.bounds.clone();
    let send = sending.submit(move |values| {
        let (cluster, name) = (namespace.cluster.clone(), namespace.name.clone());
        async move {
            edit_namespace(cluster, name, read(&values)).await?;
            version.update(|version| *version += 1);
            Ok(())
        }
    });
    view! {
        <details class="card wide">
            <summary>{text!(i18n, namespaces.edit)}</summary>
            <form method="post" on:submit=send>
                <Bounds now answer />
                <Submit sending label=move || text!(i18n, namespaces.save) />
            </form>
        </details>
    }
}

#[component]
fn Detach(namespace: NamespaceDetail) -> impl IntoView {
    let i18n = use_i18n();
    let sending = use_sending();
    let navigate = use_navigate();
    let send = sending.submit(move |_values| {
        let (namespace, navigate) = (namespace.clone(), navigate.clone());
        async move {
            detach_namespace(namespace.cluster, namespace.name).await?;
            navigate(&paths::project(&namespace.project), Default::default());
            Ok(())
        }
    });
    view! {
        <details class="card wide">
            <summary>{text!(i18n, namespaces.detach)}</summary>
            <form method="post" on:submit=send>
                <p>{text!(i18n, namespaces.detach_hint)}</p>
                <Submit sending label=move || text!(i18n, namespaces.detach) />
            </form>
        </details>
    }
}

#[component]
fn Delete(namespace: NamespaceDetail) -> impl IntoView {
    let i18n = use_i18n();
    let navigate = use_navigate();
    let shown = namespace.name.to_string();
    let send = move |typed| {
        let (namespace, navigate) = (namespace.clone(), navigate.clone());
        async move {
            delete_namespace(namespace.cluster, namespace.name, typed).await?;
            navigate(&paths::project(&namespace.project), Default::default());
            Ok(())
        }
    };
    let (title, hint) = (text!(i18n, namespaces.delete), text!(i18n, namespaces.delete_hint));
    view! { <Confirmed title hint name=shown send /> }
}
