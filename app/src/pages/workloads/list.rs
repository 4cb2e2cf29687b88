//! The workloads that a person may see, on all clusters; followed while it is looked at.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::components::A;
use leptos_router::hooks::{use_navigate, use_query_map};
use model::live::{News, Topic};
use model::workloads::{Health, Sort, WINDOW, WorkloadQuery, WorkloadRow, WorkloadWindow};

use crate::api::workloads::list_workloads;
use crate::i18n::{t, t_string, use_i18n};
use crate::live::{LiveMark, use_live};
use crate::paths;
use crate::ui::counts::Counts;
use crate::ui::load::Load;
use crate::ui::moment::Moment;
use crate::ui::search::Search;
use crate::ui::table::{Column, Table};
use crate::ui::text::text;
use crate::ui::words;

#[component]
pub fn WorkloadList() -> impl IntoView {
    let i18n = use_i18n();
    let address = use_query_map();
    let query = Memo::new(move |_| {
        let address = address.read();
        let part = |name: &str| address.get(name).unwrap_or_default();
        WorkloadQuery {
            filter: part("filter"),
            sort: Sort::parse(&part("sort")).unwrap_or_default(),
            descending: part("order") == "desc",
            offset: part("offset").parse().unwrap_or_default(),
        }
    });
    let first = Resource::new(move || query.get(), list_workloads);
    let navigate = use_navigate();
    let search = move |filter: String| {
        let next = WorkloadQuery { filter, offset: 0, ..query.get_untracked() };
        navigate(&paths::workload_list(&next), NavigateOptions::default());
    };
    view! {
        <Title text=move || t_string!(i18n, workloads.title) />
        <div class="head">
            <h1>{text!(i18n, workloads.title)}</h1>
            <LiveMark />
        </div>
        <Search
            action=paths::WORKLOADS.to_owned()
            filter=Signal::derive(move || query.with(|query| query.filter.clone()))
            hint=text!(i18n, workloads.filter_hint)
            search
        />
        <Load what=first show=move |first| view! { <Window first query /> }.into_any() />
    }
}

#[component]
fn Window(first: WorkloadWindow, query: Memo<WorkloadQuery>) -> impl IntoView {
    let i18n = use_i18n();
    let window = RwSignal::new(first);
    use_live(
        move || Some(Topic::Workloads(query.get())),
        move |news| {
            if let News::Workloads(newer) = news {
                window.set(newer);
            }
        },
    );
    let silent = move || {
        let silent = window.with(|window| window.silent.clone());
        let note = |cluster: model::clusters::ClusterName| {
            view! { <p class="note quiet">{t!(i18n, workloads.silent, cluster = cluster.to_string())}</p> }
        };
        silent.into_iter().map(note).collect_view()
    };
    view! {
        {silent}
        {move || {
            let query = query.get();
            let (counts, filter) = (window.with(|window| window.counts.clone()), query.filter.clone());
            let address = move |filter| paths::workload_list(&WorkloadQuery { filter, offset: 0, ..query.clone() });
            view! { <Counts counts filter address /> }
        }}
        {move || view! { <Rows rows=window.with(|window| window.rows.clone()) query=query.get() /> }}
        {move || {
            let (offset, total) = window.with(|window| (window.offset, window.total));
            view! { <Pages offset total query=query.get() /> }
        }}
    }
}

#[component]
fn Rows(rows: Vec<WorkloadRow>, query: WorkloadQuery) -> impl IntoView {
    let i18n = use_i18n();
    let empty = match query.filter.is_empty() {
        true => text!(i18n, workloads.none_yet),
        false => text!(i18n, workloads.none),
    };
    let sorted = |title, sort| {
        let mine = query.sort == sort;
        let next = WorkloadQuery { sort, descending: mine && !query.descending, offset: 0, ..query.clone() };
        Column::Sorted {
            title,
            href: paths::workload_list(&next),
            descending: mine.then_some(query.descending),
        }
    };
    let columns = vec![
        sorted(text!(i18n, common.name), Sort::Name),
        sorted(text!(i18n, workloads.kind), Sort::Kind),
        sorted(text!(i18n, workloads.namespace), Sort::Namespace),
        Column::Words(text!(i18n, projects.cluster)),
        sorted(text!(i18n, workloads.status), Sort::Health),
        Column::Number(text!(i18n, workloads.ready)),
        Column::Words(text!(i18n, workloads.image)),
        sorted(text!(i18n, workloads.age), Sort::Age),
    ];
    let rows = rows.into_iter().map(|row| {
        let WorkloadRow { target, health, reason, ready, images, created_at } = row;
        vec![
            view! { <A href=paths::workload(&target)>{target.name.to_string()}</A> }.into_any(),
            target.kind.as_str().into_any(),
            view! {
                <A href=paths::namespace(&target.cluster, &target.namespace)>{target.namespace.to_string()}</A>
            }
            .into_any(),
            target.cluster.to_string().into_any(),
            view! { <Status health reason /> }.into_any(),
            ready.into_any(),
            view! { <code class="image">{images}</code> }.into_any(),
            view! { <Moment at=created_at /> }.into_any(),
        ]
    });
    view! { <Table label=text!(i18n, workloads.title) columns rows=rows.collect() empty /> }
}

/// A health in words, with the cluster's reason.
#[component]
pub(super) fn Status(health: Health, reason: String) -> impl IntoView {
    let i18n = use_i18n();
    let reason = (!reason.is_empty()).then(|| format!(": {reason}"));
    view! { <span class=words::health_mark(health)>{words::health(i18n, health)} {reason}</span> }
}

#[component]
fn Pages(offset: u32, total: u32, query: WorkloadQuery) -> impl IntoView {
    let i18n = use_i18n();
    if total <= WINDOW && offset == 0 {
        return ().into_any();
    }
    let at = |offset: u32| paths::workload_list(&WorkloadQuery { offset, ..query.clone() });
    let end = offset.saturating_add(WINDOW);
    let before = (offset > 0).then(|| {
        view! { <a class="button small" href=at(offset.saturating_sub(WINDOW))>{text!(i18n, workloads.previous)}</a> }
    });
    let after = (end < total)
        .then(|| view! { <a class="button small" href=at(end)>{text!(i18n, workloads.next)}</a> });
    view! {
        <p class="pages">
            {before} {t!(i18n, workloads.of_total, from = offset.saturating_add(1), to = end.min(total), total = total)}
            {after}
        </p>
    }
    .into_any()
}
