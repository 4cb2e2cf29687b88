//! Upgrading a release: another version of its chart, or other values.

use leptos::prelude::*;
use leptos_meta::Title;
use model::catalog::ChartSummary;
use model::releases::{ChartRef, ReleaseDetail, ReleaseForm};

use super::form::ReviewedForm;
use super::use_release;
use crate::api::catalog::list_charts;
use crate::api::releases::view_release;
use crate::i18n::{t, t_string, use_i18n};
use crate::ui::address::use_part;
use crate::ui::field::Field;
use crate::ui::form::use_sending;
use crate::ui::load::Load;
use crate::ui::text::text;

#[component]
pub fn UpgradePage() -> impl IntoView {
    let i18n = use_i18n();
    let (name, target) = (use_part("release"), use_release());
    let both = Resource::new(
        move || target.get(),
        |target| async move {
            let release = view_release(target?).await?;
            let charts = list_charts(release.chart.clone()).await?;
            Ok((release, charts))
        },
    );
    view! {
        <Title text=move || t_string!(i18n, releases.upgrade) />
        <h1>{move || t!(i18n, releases.upgrade_title, name = name.get())}</h1>
        <Load what=both show=|(release, charts)| view! { <Upgrade release charts /> }.into_any() />
    }
}

#[component]
fn Upgrade(release: ReleaseDetail, charts: Vec<ChartSummary>) -> impl IntoView {
    let i18n = use_i18n();
    let sending = use_sending();
    let answer = sending.answer;
    let charts: Vec<_> = charts.into_iter().filter(|chart| chart.name == release.chart).collect();
    let Some(first) = charts.first().cloned() else {
        let name = release.chart;
        return view! { <p class="note quiet">{t!(i18n, releases.no_chart, name = name)}</p> }.into_any();
    };
    let options = charts.iter().map(|chart| {
        let repository = chart.repository.to_string();
        view! { <option value=repository.clone()>{repository.clone()} "/" {chart.name.clone()}</option> }
    });
    let options = options.collect_view();
    let (target, newest) = (release.target, first.version.clone());
    let read = move |values: &crate::ui::form::Values| {
        let chosen = values.text("repository");
        let chart = charts.iter().find(|chart| chart.repository.as_str() == chosen).unwrap_or(&first);
        Some(ReleaseForm {
            chart: ChartRef {
                repository: chart.repository.clone(),
                name: chart.name.clone(),
                version: values.text("version").trim().to_owned(),
            },
            cluster: target.cluster.clone(),
            namespace: target.namespace.clone(),
            name: target.name.to_string(),
            values: values.text("values"),
        })
    };
    view! {
        <p class="muted">{release.chart} " " {release.chart_version} " → " {newest.clone()}</p>
        <ReviewedForm sending exists=true values=release.values read>
            <div class="field">
                <label for="repository">{text!(i18n, releases.repository)}</label>
                <select id="repository" name="repository">
                    {options}
                </select>
            </div>
            <Field name="version" label=move || text!(i18n, releases.version) value=newest answer />
        </ReviewedForm>
    }
    .into_any()
}
