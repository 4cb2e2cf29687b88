//! The clusters that a project may use, and how much of each; in the forms that make and change one.

use leptos::prelude::*;
use model::clusters::ClusterName;
use model::projects::{AllotmentForm, ProjectForm, allotment_field};

use crate::i18n::use_i18n;
use crate::ui::field::{Answer, Field, FieldError};
use crate::ui::form::Values;
use crate::ui::text::text;

#[component]
pub(super) fn Allotments(
    names: Vec<ClusterName>,
    /// What it has now.
    before: Vec<AllotmentForm>,
    /// All are chosen at first.
    all: bool,
    answer: Answer,
) -> impl IntoView {
    let i18n = use_i18n();
    let choices = names.into_iter().map(|name| {
        let before = before.iter().find(|allotment| allotment.cluster == name).cloned();
        view! { <Cluster name chosen=all || before.is_some() before answer /> }
    });
    view! {
        <fieldset>
            <legend>{text!(i18n, projects.on_clusters)}</legend>
            <p class="hint">{text!(i18n, projects.allotment_hint)}</p>
            <FieldError name="clusters" answer />
            {choices.collect_view()}
        </fieldset>
    }
}

/// One cluster that the project may use, and how much of it.
#[component]
fn Cluster(
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
