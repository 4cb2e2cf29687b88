//! The list of clusters and how each answers.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;
use model::access::Action;
use model::clusters::{ClusterState, ClusterSummary};

use crate::api::clusters::list_clusters;
use crate::i18n::{t_string, use_i18n};
use crate::layouts::frame::Allowed;
use crate::paths;
use crate::ui::list::{Cell, List};
use crate::ui::load::Load;
use crate::ui::moment::Moment;
use crate::ui::table::Column;
use crate::ui::text::{Text, text};

#[component]
pub fn ClusterList() -> impl IntoView {
    let i18n = use_i18n();
    let clusters = Resource::new(|| (), |()| list_clusters());
    view! {
        <Title text=move || t_string!(i18n, clusters.title) />
        <h1>{text!(i18n, clusters.title)}</h1>
        <Load what=clusters show=|clusters| view! { <Lines clusters /> }.into_any() />
        <Allowed action=Action::AddCluster>
            <A href=paths::NEW_CLUSTER attr:class="button primary">{text!(i18n, clusters.add)}</A>
        </Allowed>
    }
}

#[component]
fn Lines(clusters: Vec<ClusterSummary>) -> impl IntoView {
    let i18n = use_i18n();
    let row = move |cluster: ClusterSummary| {
        let mut ends = None;
        let origin: Text = match cluster.registered {
            true => text!(i18n, clusters.in_console),
            false => text!(i18n, clusters.from_settings),
        };
        let (mark, words, version): (_, Text, _) = match cluster.state {
            ClusterState::Connected { version } => ("status ok", text!(i18n, clusters.connected), version),
            ClusterState::Unauthorized => {
                ("status failed", text!(i18n, clusters.unauthorized), String::new())
            }
            ClusterState::Unreachable => ("status failed", text!(i18n, clusters.unreachable), String::new()),
            ClusterState::Expiring { version, at } => {
                ends = Some(at);
                ("status warning", text!(i18n, clusters.expiring), version)
            }
            ClusterState::Unsupported { version } => {
                ("status warning", text!(i18n, clusters.unsupported), version)
            }
            ClusterState::LostKey => ("status failed", text!(i18n, clusters.lost_key), String::new()),
        };
        vec![
            Cell::link(cluster.name.as_str(), paths::cluster(&cluster.name)),
            Cell::marked(
                mark,
                view! {
                    <span class=mark>{words}</span>
                    {ends.map(|at| view! { " " {text!(i18n, clusters.ends)} " " <Moment at /> })}
                },
            ),
            Cell::word(version),
            Cell::of(&cluster.server, view! { <code>{cluster.server.clone()}</code> }),
            Cell::plain(origin),
        ]
    };
    view! {
        <List
            label=text!(i18n, clusters.title)
            columns=vec![
                Column::Words(text!(i18n, common.name)),
                Column::Words(text!(i18n, common.state)),
                Column::Words(text!(i18n, clusters.version)),
                Column::Words(text!(i18n, clusters.server)),
                Column::Words(text!(i18n, clusters.origin)),
            ]
            items=clusters
            row
            empty=text!(i18n, clusters.none)
        />
    }
}
