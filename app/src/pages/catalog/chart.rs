//! One version of a chart: what it is, its default values, its other versions.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;
use leptos_router::hooks::use_query_map;
use model::catalog::{ChartDetail, ChartVersion};

use super::charts::Picture;
use crate::api::catalog::view_chart;
use crate::i18n::use_i18n;
use crate::paths;
use crate::ui::address::{named, use_part};
use crate::ui::load::Load;
use crate::ui::moment::Moment;
use crate::ui::table::{Column, Table};
use crate::ui::text::text;
use crate::ui::words;

#[component]
pub fn ChartPage() -> impl IntoView {
    let (repository, name) = (use_part("repository"), use_part("chart"));
    let address = use_query_map();
    let version = Memo::new(move |_| address.read().get("version"));
    let chart = Resource::new(
        move || (repository.get(), name.get(), version.get()),
        |(repository, name, version)| async move {
            view_chart(named("repository", repository)?, name, version).await
        },
    );
    view! {
        <Title text=move || name.get() />
        <h1>{name}</h1>
        <Load what=chart show=|chart| view! { <Chart chart /> }.into_any() />
    }
}

#[component]
fn Chart(chart: ChartDetail) -> impl IntoView {
    let i18n = use_i18n();
    let ChartDetail { chart, versions, archive } = chart;
    let deprecated = chart.deprecated.then(|| {
        view! { " · " <span class="status warning">{text!(i18n, catalog.deprecated)}</span> }
    });
    let app_version = (!chart.app_version.is_empty()).then(|| {
        view! { " · " {text!(i18n, catalog.app_version)} " " {chart.app_version.clone()} }
    });
    let contents = match archive {
        Ok(archive) => {
            let values = match archive.values.trim().is_empty() {
                true => view! { <p class="muted">{text!(i18n, catalog.no_values)}</p> }.into_any(),
                false => view! {
                    <pre class="card yaml" tabindex="0" role="region" aria-label=text!(i18n, catalog.values)>{archive.values}</pre>
                }
                .into_any(),
            };
            let readme = (!archive.readme.is_empty()).then(|| {
                view! {
                    <details class="card">
                        <summary>{text!(i18n, catalog.readme)}</summary>
                        <pre class="readme">{archive.readme}</pre>
                    </details>
                }
            });
            view! {
                <h2>{text!(i18n, catalog.values)}</h2>
                {values}
                {readme}
            }
            .into_any()
        }
        Err(problem) => {
            view! { <p class="note failed">{move || words::fetch_problem(i18n, &problem)}</p> }.into_any()
        }
    };
    view! {
        <div class="about">
            <Picture chart=chart.clone() />
            <div>
                <p>{chart.description.clone()}</p>
                <p class="muted">
                    {text!(i18n, catalog.repository)} " " {chart.repository.to_string()} " · "
                    {text!(i18n, catalog.version)} " " {chart.version.clone()} {app_version} {deprecated}
                </p>
            </div>
        </div>
        <div class="actions">
            <A href=paths::install(&chart.repository, &chart.name, &chart.version) attr:class="button primary">
                {text!(i18n, releases.install)}
            </A>
        </div>
        {contents}
        <h2>{text!(i18n, catalog.versions)}</h2>
        <Versions versions repository=chart.repository name=chart.name />
    }
}

#[component]
fn Versions(
    versions: Vec<ChartVersion>,
    repository: model::catalog::RepositoryName,
    name: String,
) -> impl IntoView {
    let i18n = use_i18n();
    let rows = versions.into_iter().map(|version| {
        let href = paths::chart_version(&repository, &name, &version.version);
        vec![
            view! { <a href=href>{version.version}</a> }.into_any(),
            version.app_version.into_any(),
            view! { <Moment at=version.created_at /> }.into_any(),
        ]
    });
    view! {
        <Table
            label=text!(i18n, catalog.versions)
            columns=vec![
                Column::Words(text!(i18n, catalog.version)),
                Column::Words(text!(i18n, catalog.app_version)),
                Column::Words(text!(i18n, catalog.created)),
            ]
            rows=rows.collect()
            empty=text!(i18n, catalog.none)
        />
    }
}
