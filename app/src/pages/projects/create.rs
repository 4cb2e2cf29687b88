//! Making a project.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_navigate;
use model::clusters::{ClusterName, ClusterSummary};
use model::projects::ProjectName;

use super::allotments::{Allotments, read};
use crate::api::clusters::list_clusters;
use crate::api::projects::create_project;
use crate::i18n::{t_string, use_i18n};
use crate::paths;
use crate::ui::field::Field;
use crate::ui::form::{Submit, use_sending};
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
            <Allotments names before=vec![] all=single answer />
            <Submit sending label=move || text!(i18n, projects.create) />
        </form>
    }
}
