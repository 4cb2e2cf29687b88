//! The namespaces of the projects that a person may see.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;
use model::namespaces::NamespaceSummary;

use crate::api::namespaces::list_namespaces;
use crate::i18n::{t_string, use_i18n};
use crate::paths;
use crate::ui::load::Load;
use crate::ui::table::{Column, Table};
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
    let rows = namespaces.into_iter().map(|namespace| {
        let phase = namespace.phase;
        vec![
            view! {
                <A href=paths::namespace(&namespace.cluster, &namespace.name)>{namespace.name.to_string()}</A>
            }
            .into_any(),
            view! { <A href=paths::project(&namespace.project)>{namespace.project.to_string()}</A> }
                .into_any(),
            namespace.cluster.to_string().into_any(),
            view! { <span class=words::phase_mark(phase)>{move || words::phase(i18n, phase)}</span> }
                .into_any(),
            namespace.cpu.into_any(),
            namespace.memory.into_any(),
            namespace.pods.into_any(),
        ]
    });
    view! {
        <Table
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
            rows=rows.collect()
            empty=text!(i18n, namespaces.none)
        />
    }
}
