//! All charts, found by words.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::components::A;
use leptos_router::hooks::{use_navigate, use_query_map};
use model::catalog::ChartSummary;

use crate::api::catalog::list_charts;
use crate::i18n::{t_string, use_i18n};
use crate::paths;
use crate::ui::form::submitted;
use crate::ui::load::Load;
use crate::ui::text::text;

#[component]
pub fn ChartList() -> impl IntoView {
    let i18n = use_i18n();
    let address = use_query_map();
    let words = Memo::new(move |_| address.read().get("words").unwrap_or_default());
    let charts = Resource::new(move || words.get(), list_charts);
    let navigate = use_navigate();
    let search = submitted(move |values| {
        navigate(&paths::charts(&values.text("words")), NavigateOptions::default());
    });
    view! {
        <Title text=move || t_string!(i18n, catalog.title) />
        <div class="head">
            <h1>{text!(i18n, catalog.title)}</h1>
            <A href=paths::REPOSITORIES attr:class="button">{text!(i18n, catalog.repositories)}</A>
        </div>
        <form class="search" method="get" action=paths::CATALOG on:submit=search role="search">
            <label for="words">{text!(i18n, catalog.search)}</label>
            <input
                id="words"
                name="words"
                type="search"
                aria-describedby="words-help"
                prop:value=move || words.get()
                value=words.get_untracked()
            />
            <button type="submit" class="button">{text!(i18n, catalog.search)}</button>
            <p id="words-help" class="hint">{text!(i18n, catalog.search_hint)}</p>
        </form>
        <Load what=charts show=move |charts| view! { <Cards charts searched=!words.get_untracked().is_empty() /> }.into_any() />
    }
}

#[component]
fn Cards(charts: Vec<ChartSummary>, searched: bool) -> impl IntoView {
    let i18n = use_i18n();
    if charts.is_empty() {
        let words = if searched { text!(i18n, catalog.none) } else { text!(i18n, catalog.none_yet) };
        return view! { <p class="muted">{words}</p> }.into_any();
    }
    let cards = charts.into_iter().map(|chart| {
        let href = paths::chart(&chart.repository, &chart.name);
        let deprecated = chart.deprecated.then(|| {
            view! { <span class="status warning">{text!(i18n, catalog.deprecated)}</span> }
        });
        view! {
            <li class="card">
                <Picture chart=chart.clone() />
                <div>
                    <A href>{chart.name}</A>
                    <small>{chart.repository.to_string()} " · " {chart.version} " " {deprecated}</small>
                    <p>{chart.description}</p>
                </div>
            </li>
        }
    });
    view! { <ul class="cards">{cards.collect_view()}</ul> }.into_any()
}

/// What a chart looks like; its first letter when it has no picture.
#[component]
pub(super) fn Picture(chart: ChartSummary) -> impl IntoView {
    if chart.has_icon {
        let src = paths::icon(&chart.repository, &chart.name);
        view! { <img class="picture" src=src alt="" width="40" height="40" loading="lazy" /> }.into_any()
    } else {
        let letter = chart.name.chars().next().map(String::from).unwrap_or_default();
        view! { <span class="picture" aria-hidden="true">{letter}</span> }.into_any()
    }
}
