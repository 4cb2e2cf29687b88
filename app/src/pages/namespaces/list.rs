//! The namespaces of the projects that a person may see.

use leptos::prelude::*;
use leptos_meta::Title;
use model::namespaces::NamespaceSummary;

use crate::api::namespaces::list_namespaces;
use crate::i18n::{t_string, use_i18n};
use crate::paths;
use crate::ui::list::{Cell, List};
use crate::ui::load::Load;
use crate::ui::table::Column;
use crate::ui::text::text;
use crate::ui::words;

#[component]
pub fn NamespaceList() -> impl IntoView {
    let i18n = use_i18n();
    let namespaces = Resource::new(|| (), |()| list_namespaces());
    view! {
        <Title text=move || t_string!(i18n, namespaces.title) />
        <h1>{text!(i18n, namespaces.title)}</h1>
        <Load what=namespaces show=|namespaces| view! { <Lines namespaces /> }.into_any() />
    }
}

/// A table of namespaces.
#[component]
pub fn Lines(namespaces: Vec<NamespaceSummary>) -> impl IntoView {
    let i18n = use_i18n();
    let row = move |namespace: NamespaceSummary| {
        let phase = namespace.phase;
        vec![
            Cell::link(namespace.name.as_str(), paths::namespace(&namespace.cluster, &namespace.name)),
            Cell::link(namespace.project.as_str(), paths::project(&namespace.project)),
            Cell::word(namespace.cluster.as_str()),
            Cell::marked(
                words::phase_mark(phase),
                view! { <span class=words::phase_mark(phase)>{move || words::phase(i18n, phase)}</span> },
            ),
            Cell::amount(namespace.cpu),
            Cell::amount(namespace.memory),
            Cell::amount(namespace.pods),
        ]
    };
    view! {
        <List
            label=text!(i18n, namespaces.title)
            columns=vec![
                Column::Words(text!(i18n, common.name)),
                Column::Words(text!(i18n, projects.project)),
                Column::Words(text!(i18n, projects.cluster)),
                Column::Words(text!(i18n, common.state)),
                Column::Number(text!(i18n, namespaces.limits_cpu)),
                Column::Number(text!(i18n, namespaces.limits_memory)),
                Column::Number(text!(i18n, clusters.pods)),
            ]
            items=namespaces
            row
            empty=text!(i18n, namespaces.none)
        />
    }
}
