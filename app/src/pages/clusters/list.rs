//! The list of clusters and how each answers.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;
use model::clusters::{ClusterState, ClusterSummary};

use crate::api::clusters::list_clusters;
use crate::i18n::{t_string, use_i18n};
use crate::paths;
use crate::ui::load::Load;
use crate::ui::table::{Column, Table};
use crate::ui::text::{Text, text};

#[component]
pub fn ClusterList() -> impl IntoView {
    let i18n = use_i18n();
    let clusters = Resource::new(|| (), |()| list_clusters());
    view! {
        <Title text=move || t_string!(i18n, clusters.title) />
        <h1>{text!(i18n, clusters.title)}</h1>
        <Load what=clusters show=|clusters| view! { <Lines clusters /> }.into_any() />
    }
}

#[component]
fn Lines(clusters: Vec<ClusterSummary>) -> impl IntoView {
    let i18n = use_i18n();
    let rows = clusters.into_iter().map(|cluster| {
        let (mark, words, version): (_, Text, _) = match cluster.state {
            ClusterState::Connected { version } => ("status ok", text!(i18n, clusters.connected), version),
            ClusterState::Unauthorized => {
                ("status failed", text!(i18n, clusters.unauthorized), String::new())
            }
            ClusterState::Unreachable => ("status failed", text!(i18n, clusters.unreachable), String::new()),
        };
        vec![
            view! { <A href=paths::cluster(&cluster.name)>{cluster.name.to_string()}</A> }.into_any(),
            view! { <span class=mark>{words}</span> }.into_any(),
            version.into_any(),
        ]
    });
    view! {
        <Table
            label=text!(i18n, clusters.title)
            columns=vec![
                Column::Words(text!(i18n, common.name)),
                Column::Words(text!(i18n, common.state)),
                Column::Words(text!(i18n, clusters.version)),
            ]
            rows=rows.collect()
            empty=text!(i18n, clusters.none)
        />
    }
}
