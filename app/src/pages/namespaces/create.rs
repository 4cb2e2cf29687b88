//! Making a namespace in a project.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_navigate;
use model::clusters::ClusterName;
use model::namespaces::{BoundsForm, NamespaceForm, PodSecurity};
use model::panel::Panel;
use model::projects::{ProjectCluster, ProjectDetail};

use super::bounds::{Bounds, read};
use crate::api::namespaces::create_namespace;
use crate::api::projects::view_project;
use crate::i18n::{t, t_string, use_i18n};
use crate::paths;
use crate::ui::address::{named, use_part};
use crate::ui::field::{Field, FieldError};
use crate::ui::form::{Submit, use_sending};
use crate::ui::load::Load;
use crate::ui::text::text;

/// What containers get that say nothing themselves, so that a quota of limits refuses none of them.
const RANGE: [(&str, &str); 4] = [
    ("defaultRequest.cpu", "50m"),
    ("default.cpu", "500m"),
    ("defaultRequest.memory", "64Mi"),
    ("default.memory", "512Mi"),
];

#[component]
pub fn CreateNamespace() -> impl IntoView {
    let i18n = use_i18n();
    let name = use_part("project");
    let project =
        Resource::new(move || name.get(), |name| async move { view_project(named("project", name)?).await });
    view! {
        <Title text=move || t_string!(i18n, namespaces.create) />
        <div class="head">
            <h1>{text!(i18n, namespaces.create)}</h1>
            <span class="muted">{name}</span>
        </div>
        <Load what=project show=|project| view! { <Form project /> }.into_any() />
    }
}

#[component]
fn Form(project: ProjectDetail) -> impl IntoView {
    let i18n = use_i18n();
    let sending = use_sending();
    let answer = sending.answer;
    let navigate = use_navigate();
    let name = project.name.clone();
    let prefix = format!("{name}-");
    let first = project.clusters.first().map(|cluster| cluster.cluster.clone());
    let send = sending.submit(move |values| {
        let (project, first, navigate) = (name.clone(), first.clone(), navigate.clone());
        let chosen = ClusterName::parse(&values.text("cluster")).ok().or(first);
        async move {
            let Some(cluster) = chosen else { return Ok(()) };
            let form = NamespaceForm {
                project,
                cluster: cluster.clone(),
                name: values.text("name"),
                bounds: read(&values),
            };
            let made = create_namespace(form).await?;
            navigate(&paths::namespace(&cluster, &made), Default::default());
            Ok(())
        }
    });
    let options = project.clusters.iter().map(|cluster| {
        let name = cluster.cluster.to_string();
        view! { <option value=name.clone()>{name.clone()}</option> }
    });
    let options = options.collect_view();
    let left = project.clusters.into_iter().map(|cluster| view! { <Left cluster /> });
    let amounts = RANGE.map(|(key, amount)| (key.to_owned(), amount.to_owned()));
    let now = BoundsForm { amounts: amounts.into(), security: PodSecurity::default() };
    view! {
        <form class="card wide" method="post" on:submit=send>
            <div class="field">
                <label for="cluster">{text!(i18n, projects.cluster)}</label>
                <select id="cluster" name="cluster">
                    {options}
                </select>
                <FieldError name="cluster" answer />
                <div class="help">{left.collect_view()}</div>
            </div>
            <Field
                name="name"
                label=move || text!(i18n, common.name)
                prefix=prefix
                hint=move || view! { <p class="hint">{text!(i18n, namespaces.name_hint)}</p> }
                answer
            />
            <Bounds now answer />
            <Submit sending label=move || text!(i18n, namespaces.create) />
        </form>
    }
}

/// What the project has left on a cluster, before anything is asked for.
#[component]
fn Left(cluster: ProjectCluster) -> impl IntoView {
    let i18n = use_i18n();
    let Panel::Ready(shares) = cluster.shares else { return None };
    let no_limit = move || t_string!(i18n, common.no_limit).to_owned();
    let left = |index: usize| shares.get(index).and_then(|share| share.left.clone());
    let (cpu, memory, pods) = (left(0), left(1), left(2));
    let name = cluster.cluster.to_string();
    Some(view! {
        <p class="hint">
            {move || {
                let words = |left: &Option<String>| left.clone().unwrap_or_else(no_limit);
                t!(
                    i18n, projects.left, cluster = name.clone(), cpu = words(&cpu), memory = words(&memory),
                    pods = words(&pods)
                )
            }}
        </p>
    })
}
