//! Changing a project: its words, its clusters, and what it may have of them.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;
use model::clusters::ClusterName;
use model::projects::{ProjectForm, ProjectName};

use super::allotments::{Allotments, read};
use crate::api::clusters::list_clusters;
use crate::api::projects::{change_project, get_project_form};
use crate::i18n::{t_string, use_i18n};
use crate::paths;
use crate::ui::address::{named, use_part};
use crate::ui::field::Field;
use crate::ui::form::{Submit, use_sending};
use crate::ui::load::Load;
use crate::ui::text::text;

type Content = (ProjectName, ProjectForm, Vec<ClusterName>);

#[component]
pub fn ChangeProject() -> impl IntoView {
    let i18n = use_i18n();
    let name = use_part("project");
    let content = Resource::new(
        move || name.get(),
        |name| async move {
            let name: ProjectName = named("project", name)?;
            let form = get_project_form(name.clone()).await?;
            let clusters = list_clusters().await?.into_iter().map(|cluster| cluster.name);
            Ok((name, form, clusters.collect()))
        },
    );
    view! {
        <Title text=move || format!("{} · {}", t_string!(i18n, access.change_project), name.get()) />
        <h1>{text!(i18n, access.change_project)}</h1>
        <Load what=content show=|content| view! { <Form content /> }.into_any() />
    }
}

#[component]
fn Form(content: Content) -> impl IntoView {
    let i18n = use_i18n();
    let (name, form, mut clusters) = content;
    // One that was disconnected can still be taken out.
    for allotment in &form.clusters {
        if !clusters.contains(&allotment.cluster) {
            clusters.push(allotment.cluster.clone());
        }
    }
    let sending = use_sending();
    let answer = sending.answer;
    let navigate = use_navigate();
    let (project, offered) = (name.clone(), clusters.clone());
    let send = sending.keep(move |values| {
        let (name, navigate, form) = (project.clone(), navigate.clone(), read(&values, &offered));
        async move {
            change_project(name.clone(), form).await?;
            navigate(&paths::project(&name), Default::default());
            Ok(())
        }
    });
    view! {
        <p class="muted">
            {text!(i18n, projects.project)} " " <A href=paths::project(&name)>{name.to_string()}</A>
        </p>
        <form class="card wide" method="post" on:submit=send>
            <Field
                name="display_name"
                label=move || text!(i18n, projects.display_name)
                value=form.display_name.clone()
                answer
            />
            <Field
                name="description"
                label=move || text!(i18n, projects.description)
                value=form.description.clone()
                answer
            />
            <Allotments names=clusters before=form.clusters all=false answer />
            <Submit sending label=move || text!(i18n, access.save_project) />
        </form>
    }
}
