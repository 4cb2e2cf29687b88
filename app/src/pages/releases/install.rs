//! Installing a chart: where, under which name, with which values.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::hooks::use_query_map;
use model::catalog::ChartDetail;
use model::clusters::ClusterName;
use model::namespaces::{NamespaceName, NamespaceSummary};
use model::releases::{ChartRef, ReleaseForm};

use super::form::ReviewedForm;
use crate::api::catalog::view_chart;
use crate::api::namespaces::list_namespaces;
use crate::i18n::{t, t_string, use_i18n};
use crate::ui::address::{named, use_part};
use crate::ui::field::{Field, FieldError};
use crate::ui::form::use_sending;
use crate::ui::load::Load;
use crate::ui::text::text;
use crate::ui::words;

#[component]
pub fn InstallPage() -> impl IntoView {
    let i18n = use_i18n();
    let (repository, name) = (use_part("repository"), use_part("chart"));
    let address = use_query_map();
    let version = Memo::new(move |_| address.read().get("version"));
    let both = Resource::new(
        move || (repository.get(), name.get(), version.get()),
        |(repository, name, version)| async move {
            let chart = view_chart(named("repository", repository)?, name, version).await?;
            Ok((chart, list_namespaces().await?))
        },
    );
    view! {
        <Title text=move || t_string!(i18n, releases.install) />
        <h1>{move || t!(i18n, releases.install_title, chart = name.get())}</h1>
        <Load what=both show=|(chart, namespaces)| view! { <Install chart namespaces /> }.into_any() />
    }
}

#[component]
fn Install(chart: ChartDetail, namespaces: Vec<NamespaceSummary>) -> impl IntoView {
    let i18n = use_i18n();
    let sending = use_sending();
    let answer = sending.answer;
    if namespaces.is_empty() {
        return view! { <p class="muted">{text!(i18n, releases.no_namespace)}</p> }.into_any();
    }
    let defaults = match chart.archive {
        Ok(archive) => archive.values,
        Err(problem) => {
            return view! { <p class="note failed">{move || words::fetch_problem(i18n, &problem)}</p> }
                .into_any();
        }
    };
    let chart = chart.chart;
    let of =
        ChartRef { repository: chart.repository, name: chart.name.clone(), version: chart.version.clone() };
    let first =
        namespaces.first().map(|first| format!("{}/{}", first.cluster, first.name)).unwrap_or_default();
    let options = namespaces.into_iter().map(|place| {
        let value = format!("{}/{}", place.cluster, place.name);
        view! { <option value=value>{place.name.to_string()} " · " {place.cluster.to_string()}</option> }
    });
    let read = move |values: &crate::ui::form::Values| {
        let chosen = values.text("place");
        let chosen = if chosen.is_empty() { first.clone() } else { chosen };
        let (cluster, namespace) = chosen.split_once('/')?;
        Some(ReleaseForm {
            chart: of.clone(),
            cluster: ClusterName::parse(cluster).ok()?,
            namespace: NamespaceName::parse(namespace).ok()?,
            name: values.text("name"),
            values: values.text("values"),
        })
    };
    view! {
        <p class="muted">{text!(i18n, releases.version)} " " {chart.version}</p>
        <ReviewedForm sending exists=false values=String::new() read>
            <div class="field">
                <label for="place">{text!(i18n, releases.namespace)}</label>
                <select id="place" name="place">
                    {options.collect_view()}
                </select>
                <FieldError name="place" answer />
            </div>
            <Field
                name="name"
                label=move || text!(i18n, releases.release_name)
                value=chart.name
                hint=move || view! { <p class="hint">{text!(i18n, releases.release_hint)}</p> }
                answer
            />
            <FieldError name="version" answer />
        </ReviewedForm>
        <h2>{text!(i18n, releases.defaults)}</h2>
        <pre class="card yaml" tabindex="0" role="region" aria-label=text!(i18n, releases.defaults)>{defaults}</pre>
    }
    .into_any()
}
