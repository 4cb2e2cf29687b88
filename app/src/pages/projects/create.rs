//! Making a project.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_navigate;
use model::clusters::{ClusterName, ClusterSummary};
use model::projects::{AllotmentForm, ProjectForm, ProjectName, allotment_field};

use crate::api::clusters::list_clusters;
use crate::api::projects::create_project;
use crate::i18n::{t_string, use_i18n};
use crate::paths;
use crate::ui::field::{Answer, Field, FieldError};
use crate::ui::form::{Submit, Values, use_sending};
use crate::ui::load::Load;
use crate::ui::text::text;

#[component]
pub fn CreateProject() -> impl IntoView {
    let i18n = use_i18n();
    let clusters = Resource::new(|| (), |()| list_clusters());
    view! {
        <Title text=move || t_string!(i18n, projects.create) />
        <h1>{text!(i18n, projects.create)}</h1>
        <Load what=clusters show=|clusters| view! { <Form clusters /> }.into_any() />
    }
}

#[component]
fn Form(clusters: Vec<ClusterSummary>) -> impl IntoView {
    let i18n = use_i18n();
    let sending = use_sending();
    let answer = sending.answer;
    let navigate = use_navigate();
    let names: Vec<ClusterName> = clusters.into_iter().map(|cluster| cluster.name).collect();
    let single = names.len() == 1;
    let offered = names.clone();
    let send = sending.submit(move |values| {
        let form = read(&values, &offered);
        let navigate = navigate.clone();
        async move {
            let made = ProjectName::parse(&form.name);
            create_project(form).await?;
            if let Ok(name) = made {
                navigate(&paths::project(&name), Default::default());
            }
            Ok(())
        }
    });
    let choices = names.into_iter().map(|name| view! { <Cluster name chosen=single before=None answer /> });
    view! {
        <form class="card wide" method="post" on:submit=send>
            <Field
                name="name"
                label=move || text!(i18n, common.name)
                hint=move || view! { <p class="hint">{text!(i18n, projects.name_hint)}</p> }
                answer
            />
            <Field name="display_name" label=move || text!(i18n, projects.display_name) answer />
            <Field name="description" label=move || text!(i18n, projects.description) answer />
            <fieldset>
                <legend>{text!(i18n, projects.on_clusters)}</legend>
                <p class="hint">{text!(i18n, projects.allotment_hint)}</p>
                <FieldError name="clusters" answer />
                {choices.collect_view()}
            </fieldset>
            <Submit sending label=move || text!(i18n, projects.create) />
        </form>
    }
}

/// One cluster that the project may use, and how much of it.
#[component]
pub(super) fn Cluster(
    name: ClusterName,
    chosen: bool,
    /// What stands in the fields at first.
    #[prop(optional_no_strip)]
    before: Option<AllotmentForm>,
    answer: Answer,
) -> impl IntoView {
    let i18n = use_i18n();
    let field = |resource: &str| allotment_field(resource, &name);
    let (cpu, memory, pods) = before.map(|one| (one.cpu, one.memory, one.pods)).unwrap_or_default();
    view! {
        <div class="amounts">
            <label class="choice">
                <input type="checkbox" name=field("use") value="yes" checked=chosen />
                {name.to_string()}
            </label>
            <Field name=field("cpu") label=move || text!(i18n, clusters.cpu) value=cpu answer />
            <Field name=field("memory") label=move || text!(i18n, clusters.memory) value=memory answer />
            <Field name=field("pods") label=move || text!(i18n, clusters.pods) value=pods answer />
        </div>
    }
}

pub(super) fn read(values: &Values, offered: &[ClusterName]) -> ProjectForm {
    let chosen = offered.iter().filter(|name| !values.text(&allotment_field("use", name)).is_empty());
    let allotment = |cluster: &ClusterName| AllotmentForm {
        cpu: values.text(&allotment_field("cpu", cluster)),
        memory: values.text(&allotment_field("memory", cluster)),
        pods: values.text(&allotment_field("pods", cluster)),
        cluster: cluster.clone(),
    };
    ProjectForm {
        name: values.text("name"),
        display_name: values.text("display_name"),
        description: values.text("description"),
        clusters: chosen.map(allotment).collect(),
    }
}
