//! One cluster at a glance: version, nodes, pods, warnings.

use leptos::prelude::*;
use leptos_meta::Title;
use model::access::Action;
use model::clusters::{ClusterName, ClusterOverview, Nodes, PodCounts, Room, Warning};
use model::monitoring::Scope;
use model::panel::Panel;

use super::metrics::{MetricsSource, Sources, use_sources};
use super::registered::{Remove, Renew};
use super::rights::Rights;
use crate::api::clusters::{list_clusters, list_rights, view_cluster};
use crate::i18n::{t, use_i18n};
use crate::layouts::frame::Allowed;
use crate::ui::absent::Absent;
use crate::ui::address::{named, use_part};
use crate::ui::chart::{HistoryView, Use, use_history};
use crate::ui::load::Load;
use crate::ui::moment::Moment;
use crate::ui::table::{Column, Table};
use crate::ui::text::{Text, text};

#[component]
pub fn ClusterPage() -> impl IntoView {
    let name = use_part("cluster");
    let overview =
        Resource::new(move || name.get(), |name| async move { view_cluster(named("cluster", name)?).await });
    let history = use_history(move || Some(Scope::Nodes(named("cluster", name.get()).ok()?)));
    let sources = use_sources(name);
    let rights =
        Resource::new(move || name.get(), |name| async move { list_rights(named("cluster", name)?).await });
    let registered = Resource::new(
        move || name.get(),
        |name| async move {
            let known = list_clusters().await?.into_iter().find(|known| known.name.as_str() == name);
            Ok(known.filter(|known| known.registered).map(|known| known.name))
        },
    );
    view! {
        <Title text=move || name.get() />
        <h1>{name}</h1>
        <Load what=overview show=move |overview| view! { <Glance overview history sources /> }.into_any() />
        <Allowed action=Action::ViewCluster quiet=true>
            <Load what=rights show=|rights| view! { <Rights rights /> }.into_any() />
            <Load what=registered show=|registered| registered.map(|name| view! { <Owned name /> }).into_any() />
        </Allowed>
    }
}

/// What an administrator does with a cluster that was connected in the console.
#[component]
fn Owned(name: ClusterName) -> impl IntoView {
    let name = StoredValue::new(name);
    view! {
        <Allowed action=Action::RemoveCluster quiet=true>
            <Renew name=name.get_value() />
            <Remove name=name.get_value() />
        </Allowed>
    }
}

#[component]
fn Glance(overview: ClusterOverview, history: Use, sources: Sources) -> impl IntoView {
    let i18n = use_i18n();
    let ClusterOverview { name, version, administrators, nodes, pods, warnings, .. } = overview;
    let administrators: Option<Text> = administrators.map(|bound| match bound {
        true => text!(i18n, clusters.administrators_bound),
        false => text!(i18n, clusters.administrators_not_bound),
    });
    let figures = nodes.ready().map(|nodes| view! { <Figures nodes=nodes.clone() /> });
    let pods = match pods {
        Panel::Ready(pods) => view! { <Pods pods /> }.into_any(),
        Panel::Unavailable { reason } => view! { <Absent reason /> }.into_any(),
    };
    let nodes = match nodes {
        Panel::Ready(nodes) => view! { <NodeTable nodes /> }.into_any(),
        Panel::Unavailable { reason } => view! { <Absent reason /> }.into_any(),
    };
    let warnings = match warnings {
        Panel::Ready(warnings) => view! { <Warnings warnings /> }.into_any(),
        Panel::Unavailable { reason } => view! { <Absent reason /> }.into_any(),
    };
    view! {
        <p class="muted">"Kubernetes " {version} " · " {administrators}</p>
        {figures}
        {pods}
        <h2>{text!(i18n, clusters.nodes)}</h2>
        {nodes}
        <h2>{text!(i18n, common.used_over_time)}</h2>
        <HistoryView history />
        <h2>{text!(i18n, clusters.warnings)}</h2>
        {warnings}
        <MetricsSource cluster=name sources />
    }
}

#[component]
fn Figures(nodes: Nodes) -> impl IntoView {
    let i18n = use_i18n();
    let Nodes { nodes, cpu, memory } = nodes;
    let (ready, all) = (nodes.iter().filter(|node| node.ready).count(), nodes.len());
    let mark = if ready == all { "status ok" } else { "status warning" };
    view! {
        <div class="figures">
            <div class="card figure">
                <span>{text!(i18n, clusters.nodes_ready)}</span>
                <strong>{ready} " / " {all}</strong>
                <small class=mark>
                    {if ready == all { text!(i18n, clusters.all_ready) } else { text!(i18n, clusters.not_all_ready) }}
                </small>
            </div>
            <Figure label=text!(i18n, clusters.cpu) room=cpu />
            <Figure label=text!(i18n, clusters.memory) room=memory />
        </div>
    }
}

/// Allocatable of capacity, with the used share where it is measured.
#[component]
fn Figure(label: Text, room: Room) -> impl IntoView {
    let i18n = use_i18n();
    let Room { capacity, allocatable, used } = room;
    let used = used.map(|used| {
        view! {
            <meter min="0" max="100" value=used.percent aria-label=label></meter>
            <small>{t!(i18n, clusters.used_percent, used = used.amount, percent = used.percent)}</small>
        }
    });
    view! {
        <div class="card figure">
            <span>{label}</span>
            <strong>{allocatable}</strong>
            <small>{t!(i18n, clusters.allocatable_of, capacity = capacity)}</small>
            {used}
        </div>
    }
}

#[component]
fn Pods(pods: PodCounts) -> impl IntoView {
    let i18n = use_i18n();
    let chips: [(&str, Text, u32); 5] = [
        ("status ok", text!(i18n, clusters.pods_running), pods.running),
        ("status warning", text!(i18n, clusters.pods_pending), pods.pending),
        ("status failed", text!(i18n, clusters.pods_failed), pods.failed),
        ("status ok", text!(i18n, clusters.pods_succeeded), pods.succeeded),
        ("status unknown", text!(i18n, clusters.pods_unknown), pods.unknown),
    ];
    let chips = chips.map(|(mark, words, count)| {
        // A state that no pod is in is no news, so it has no colour.
        let mark = if count == 0 { "status unknown" } else { mark };
        view! { <li class="chip"><span class=mark>{words} " " {count}</span></li> }
    });
    view! {
        <h2>{text!(i18n, clusters.pods)}</h2>
        <ul class="chips">{chips.collect_view()}</ul>
    }
}

#[component]
fn NodeTable(nodes: Nodes) -> impl IntoView {
    let i18n = use_i18n();
    let room = |room: Room| match room.used {
        Some(used) => format!("{} / {}", used.amount, room.allocatable),
        None => room.allocatable,
    };
    let rows = nodes.nodes.into_iter().map(|node| {
        let (mark, words): (_, Text) = match node.ready {
            true => ("status ok", text!(i18n, clusters.ready)),
            false => ("status failed", text!(i18n, clusters.not_ready)),
        };
        vec![
            node.name.into_any(),
            view! { <span class=mark title=node.reason>{words}</span> }.into_any(),
            node.version.into_any(),
            room(node.cpu).into_any(),
            room(node.memory).into_any(),
            node.pods.into_any(),
        ]
    });
    view! {
        <Table
            label=text!(i18n, clusters.nodes)
            columns=vec![
                Column::Words(text!(i18n, common.name)),
                Column::Words(text!(i18n, common.state)),
                Column::Words(text!(i18n, clusters.version)),
                Column::Number(text!(i18n, clusters.cpu)),
                Column::Number(text!(i18n, clusters.memory)),
                Column::Number(text!(i18n, clusters.room_for_pods)),
            ]
            rows=rows.collect()
            empty=text!(i18n, clusters.no_nodes)
        />
    }
}

#[component]
fn Warnings(warnings: Vec<Warning>) -> impl IntoView {
    let i18n = use_i18n();
    let rows = warnings.into_iter().map(|warning| {
        vec![
            warning.object.into_any(),
            warning.namespace.into_any(),
            warning.reason.into_any(),
            view! { <span class="prose">{warning.message}</span> }.into_any(),
            warning.count.to_string().into_any(),
            view! { <Moment at=warning.last_at /> }.into_any(),
        ]
    });
    view! {
        <Table
            label=text!(i18n, clusters.warnings)
            columns=vec![
                Column::Words(text!(i18n, clusters.object)),
                Column::Words(text!(i18n, clusters.namespace)),
                Column::Words(text!(i18n, clusters.reason)),
                Column::Words(text!(i18n, clusters.message)),
                Column::Number(text!(i18n, clusters.times)),
                Column::Words(text!(i18n, clusters.last)),
            ]
            rows=rows.collect()
            empty=text!(i18n, clusters.no_warnings)
        />
    }
}
