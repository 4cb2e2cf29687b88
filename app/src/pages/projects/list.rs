//! The projects that a person may see.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;
use model::access::Action;
use model::projects::ProjectSummary;

use crate::api::projects::list_projects;
use crate::i18n::{t_string, use_i18n};
use crate::layouts::frame::Allowed;
use crate::paths;
use crate::ui::list::{Cell, List};
use crate::ui::load::Load;
use crate::ui::table::Column;
use crate::ui::text::text;

#[component]
pub fn ProjectList() -> impl IntoView {
    let i18n = use_i18n();
    let projects = Resource::new(|| (), |()| list_projects());
    view! {
        <Title text=move || t_string!(i18n, projects.title) />
        <h1>{text!(i18n, projects.title)}</h1>
        <Load what=projects show=|projects| view! { <Lines projects /> }.into_any() />
        <Allowed action=Action::CreateProject>
            <A href=paths::NEW_PROJECT attr:class="button primary">
                {text!(i18n, projects.create)}
            </A>
        </Allowed>
    }
}

/// A table of projects.
#[component]
pub fn Lines(projects: Vec<ProjectSummary>) -> impl IntoView {
    let i18n = use_i18n();
    let row = |project: ProjectSummary| {
        let clusters: Vec<_> = project.clusters.iter().map(ToString::to_string).collect();
        vec![
            Cell::link(project.name.as_str(), paths::project(&project.name)),
            Cell::word(project.display_name),
            Cell::word(clusters.join(", ")),
            Cell::number(project.namespaces),
            Cell::number(project.members),
        ]
    };
    view! {
        <List
            label=text!(i18n, projects.title)
            columns=vec![
                Column::Words(text!(i18n, common.name)),
                Column::Words(text!(i18n, projects.display_name)),
                Column::Words(text!(i18n, clusters.title)),
                Column::Number(text!(i18n, namespaces.title)),
                Column::Number(text!(i18n, projects.members)),
            ]
            items=projects
            row
            empty=text!(i18n, projects.none)
        />
    }
}
