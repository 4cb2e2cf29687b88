//! One project: what it has of its clusters, and its namespaces.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;
use leptos_router::hooks::use_navigate;
use model::access::Action;
use model::namespaces::NamespaceSummary;
use model::panel::Panel;
use model::projects::{ProjectCluster, ProjectDetail, ProjectName, Share};

use crate::api::namespaces::list_namespaces;
use crate::api::projects::{delete_project, view_project};
use crate::i18n::{t, use_i18n};
use crate::layouts::frame::Allowed;
use crate::pages::namespaces::list::Lines;
use crate::paths;
use crate::ui::absent::Absent;
use crate::ui::address::{named, use_part};
use crate::ui::confirm::Confirmed;
use crate::ui::load::Load;
use crate::ui::text::{Text, text};

type Content = (ProjectDetail, Vec<NamespaceSummary>);

#[component]
pub fn ProjectPage() -> impl IntoView {
    let name = use_part("project");
    let content = Resource::new(
        move || name.get(),
        |name| async move {
            let project = view_project(named("project", name)?).await?;
            let mut namespaces = list_namespaces().await?;
            namespaces.retain(|namespace| namespace.project == project.name);
            Ok((project, namespaces))
        },
    );
    view! {
        <Title text=move || name.get() />
        <h1>{name}</h1>
        <Load what=content show=|content| view! { <Project content /> }.into_any() />
    }
}

#[component]
fn Project(content: Content) -> impl IntoView {
    let i18n = use_i18n();
    let (project, namespaces) = content;
    let name = StoredValue::new(project.name.clone());
    let may = project.may;
    let empty = namespaces.is_empty();
    let clusters = project.clusters.into_iter().map(|cluster| view! { <Shares cluster /> });
    view! {
        <div class="head">
            <strong>{project.display_name}</strong>
            <A href=name.with_value(paths::members) attr:class="button">
                {text!(i18n, projects.members)}
            </A>
            <A href=name.with_value(paths::roles) attr:class="button">
                {text!(i18n, access.roles)}
            </A>
            <Allowed action=Action::ChangeProject quiet=true>
                <A href=name.with_value(paths::change_project) attr:class="button">
                    {text!(i18n, access.change_project)}
                </A>
            </Allowed>
        </div>
        <p>{project.description}</p>
        <div class="figures">{clusters.collect_view()}</div>
        <h2>{text!(i18n, namespaces.title)}</h2>
        <Lines namespaces />
        <Allowed action=Action::CreateNamespace project=may of=Some(name.get_value())>
            <A href=name.with_value(paths::new_namespace) attr:class="button primary">
                {text!(i18n, namespaces.create)}
            </A>
        </Allowed>
        {empty.then(|| view! { <Allowed action=Action::DeleteProject><Delete name=name.get_value() /></Allowed> })}
    }
}

/// What namespaces were given of the project's part of one cluster.
#[component]
fn Shares(cluster: ProjectCluster) -> impl IntoView {
    let i18n = use_i18n();
    let shares = match cluster.shares {
        Panel::Ready(shares) => {
            let line = |share: Share| view! { <ShareLine share /> };
            view! { <dl class="facts">{shares.into_iter().map(line).collect_view()}</dl> }.into_any()
        }
        Panel::Unavailable { reason } => view! { <Absent reason /> }.into_any(),
    };
    view! {
        <section class="card">
            <h2>{text!(i18n, projects.cluster)} " " {cluster.cluster.to_string()}</h2>
            {shares}
        </section>
    }
}

#[component]
fn ShareLine(share: Share) -> impl IntoView {
    let i18n = use_i18n();
    let label: Text = match share.resource.as_str() {
        "cpu" => text!(i18n, clusters.cpu),
        "memory" => text!(i18n, clusters.memory),
        _ => text!(i18n, clusters.pods),
    };
    let percent = share.percent;
    let words = match (share.total, share.left) {
        (Some(total), Some(left)) => {
            let given = share.given;
            view! {
                <meter min="0" max="100" value=percent aria-label=label></meter>
                {t!(i18n, projects.given_of, given = given, total = total, left = left)}
            }
            .into_any()
        }
        _ => view! { {share.given} " · " {text!(i18n, common.no_limit)} }.into_any(),
    };
    view! {
        <dt>{label}</dt>
        <dd>{words}</dd>
    }
}

#[component]
fn Delete(name: ProjectName) -> impl IntoView {
    let i18n = use_i18n();
    let navigate = use_navigate();
    let shown = name.to_string();
    let send = move |typed| {
        let (name, navigate) = (name.clone(), navigate.clone());
        async move {
            delete_project(name, typed).await?;
            navigate(paths::PROJECTS, Default::default());
            Ok(())
        }
    };
    let (title, hint) = (text!(i18n, projects.delete), text!(i18n, projects.delete_hint));
    view! { <Confirmed title hint name=shown send /> }
}
