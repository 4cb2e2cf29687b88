//! The releases that a person may see.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;
use model::releases::{ReleaseList, health};

use crate::api::releases::list_releases;
use crate::i18n::{t, t_string, use_i18n};
use crate::paths;
use crate::ui::load::Load;
use crate::ui::moment::Moment;
use crate::ui::table::{Column, Table};
use crate::ui::text::text;
use crate::ui::words;

#[component]
pub fn ReleasesPage() -> impl IntoView {
    let i18n = use_i18n();
    let releases = Resource::new(|| (), |()| list_releases());
    view! {
        <Title text=move || t_string!(i18n, releases.title) />
        <h1>{text!(i18n, releases.title)}</h1>
        <Load what=releases show=|releases| view! { <Lines releases /> }.into_any() />
    }
}

#[component]
fn Lines(releases: ReleaseList) -> impl IntoView {
    let i18n = use_i18n();
    let ReleaseList { rows, hidden, silent } = releases;
    let rows = rows.into_iter().map(|row| {
        let mark = words::health_mark(health(&row.status));
        let project = row.project.map(|project| {
            view! { <A href=paths::project(&project)>{project.to_string()}</A> }
        });
        vec![
            view! { <A href=paths::release(&row.target)>{row.target.name.to_string()}</A> }.into_any(),
            view! { <span class=mark>{row.status}</span> }.into_any(),
            view! {
                <A href=paths::namespace(&row.target.cluster, &row.target.namespace)>
                    {row.target.namespace.to_string()}
                </A>
            }
            .into_any(),
            project.into_any(),
            row.target.cluster.to_string().into_any(),
            row.revision.to_string().into_any(),
            view! { <Moment at=row.updated_at /> }.into_any(),
        ]
    });
    let hidden = hidden.into_iter().map(|namespace| {
        view! { <p class="note quiet">{t!(i18n, releases.hidden, namespace = namespace.to_string())}</p> }
    });
    let silent = silent.into_iter().map(|cluster| {
        view! { <p class="note quiet">{t!(i18n, releases.silent, cluster = cluster.to_string())}</p> }
    });
    view! {
        {silent.collect_view()}
        {hidden.collect_view()}
        <Table
            label=text!(i18n, releases.title)
            columns=vec![
                Column::Words(text!(i18n, common.name)),
                Column::Words(text!(i18n, releases.status)),
                Column::Words(text!(i18n, releases.namespace)),
                Column::Words(text!(i18n, projects.project)),
                Column::Words(text!(i18n, projects.cluster)),
                Column::Number(text!(i18n, releases.revision)),
                Column::Words(text!(i18n, releases.updated)),
            ]
            rows=rows.collect()
            empty=text!(i18n, releases.none)
        />
    }
}
