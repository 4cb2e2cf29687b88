//! What clusters hold of one kind, as far as a person may see it; followed while it is looked at.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::NavigateOptions;
use leptos_router::hooks::{use_navigate, use_query_map};
use model::live::{News, Topic};
use model::rows::{Custom, Listing, RowKind, RowNews, RowQuery, RowWindow};

use super::bulk::Bulk;
use super::cells::{kind, list};
use super::chosen::Chosen;
use super::columns::Columns;
use super::grid::{Grid, Range};
use super::saved::{SavedViews, use_saved};
use super::scope::{ScopeBar, use_scopes};
use super::state::State;
use crate::api::missing;
use crate::api::rows::list_rows;
use crate::error::ApiError;
use crate::i18n::{t, t_string, use_i18n};
use crate::live::{LiveMark, use_live};
use crate::paths;
use crate::ui::address::use_part;
use crate::ui::counts::Counts;
use crate::ui::load::Load;
use crate::ui::search::Search;
use crate::ui::text::text;

/// Rows of the page as it comes.
const FIRST: u32 = 60;

/// Kinds in the order in which they are offered.
const OFFERED: [&[RowKind]; 6] = [
    &[RowKind::Pods, RowKind::ReplicaSets, RowKind::HorizontalPodAutoscalers, RowKind::Events],
    &[RowKind::Services, RowKind::Ingresses, RowKind::HttpRoutes],
    &[
        RowKind::ConfigMaps,
        RowKind::Secrets,
        RowKind::PersistentVolumeClaims,
        RowKind::PersistentVolumes,
        RowKind::StorageClasses,
    ],
    &[RowKind::Nodes, RowKind::Namespaces, RowKind::ResourceQuotas],
    &[RowKind::Roles, RowKind::RoleBindings, RowKind::ClusterRoles, RowKind::ClusterRoleBindings],
    &[RowKind::CustomResourceDefinitions],
];

/// Of the kind that the address says.
#[component]
pub fn RowList() -> impl IntoView {
    let part = use_part("kind");
    let listing = Signal::derive(move || match Listing::parse(&part.get()) {
        // It has a page of its own.
        Some(Listing::Workloads) => None,
        listing => listing,
    });
    view! {
        <List listing />
    }
}

/// Of everything that runs something.
#[component]
pub fn WorkloadList() -> impl IntoView {
    view! { <List listing=Signal::stored(Some(Listing::Workloads)) /> }
}

/// Of what was installed from charts.
#[component]
pub fn ReleaseList() -> impl IntoView {
    view! { <List listing=Signal::stored(Some(Listing::Kind(RowKind::Releases))) /> }
}

#[component]
fn List(listing: Signal<Option<Listing>>) -> impl IntoView {
    let i18n = use_i18n();
    let address = use_query_map();
    let query = Memo::new(move |_| {
        let address = address.read();
        let word = |name: &str| address.get(name).unwrap_or_default();
        Some(RowQuery {
            kind: listing.get()?,
            filter: word("filter"),
            sort: paths::read_sort(&word("sort")),
            offset: word("offset").parse().unwrap_or_default(),
            length: FIRST,
            hidden: paths::read_hidden(&word("hide")),
            scope: paths::read_scope(word).unwrap_or_default(),
        })
    });
    let misread = Memo::new(move |_| {
        let address = address.read();
        paths::read_scope(|name| address.get(name).unwrap_or_default()).err()
    });
    let first = Resource::new(
        move || (query.get(), misread.get()),
        |(query, misread)| async move {
            if let Some(problem) = misread {
                return Err(ApiError::Invalid { fields: vec![problem] });
            }
            let query = query.ok_or_else(|| missing("resource".to_owned()))?;
            Ok((query.clone(), list_rows(query).await?))
        },
    );
    let (saved, scopes) = (use_saved(), use_scopes());
    // They outlive another filter or sort.
    let chosen = (listing.get_untracked() == Some(Listing::Workloads)).then(Chosen::new);
    let navigate = use_navigate();
    let search = move |filter: String| {
        if let Some(query) = query.get_untracked() {
            let next = RowQuery { filter, offset: 0, ..query };
            navigate(&paths::rows(&next), NavigateOptions::default());
        }
    };
    let title = move || listing.get().map(|listing| list(i18n, &listing)).unwrap_or_default();
    let hint = match listing.get_untracked() {
        Some(Listing::Workloads) => text!(i18n, rows.workloads_hint),
        _ => text!(i18n, rows.filter_hint),
    };
    let has_own_page = |listing: Option<Listing>| {
        matches!(listing, Some(Listing::Workloads | Listing::Kind(RowKind::Releases)))
    };
    let kinds = move || (!has_own_page(listing.get())).then(|| view! { <Kinds query /> });
    let now = Signal::derive(move || query.get());
    view! {
        <Title text=title />
        <div class="head">
            <h1>{title}</h1>
            <LiveMark />
        </div>
        {kinds}
        <Search
            action=Signal::derive(move || listing.get().as_ref().map(paths::rows_of).unwrap_or_default())
            filter=Signal::derive(move || query.get().map(|query| query.filter).unwrap_or_default())
            hint
            search
        />
        <div class="bars">
            <ScopeBar scopes query=now />
            <SavedViews saved query=now />
        </div>
        <Load
            what=first
            show=move |(query, first)| view! { <Window query first chosen /> }.into_any()
        />
        {chosen.map(|chosen| view! { <Bulk chosen /> })}
    }
}

#[component]
fn Kinds(query: Memo<Option<RowQuery>>) -> impl IntoView {
    let i18n = use_i18n();
    let titles = [
        text!(i18n, rows.runs),
        text!(i18n, rows.reaches),
        text!(i18n, rows.keeps),
        text!(i18n, rows.holds),
        text!(i18n, rows.permits),
        text!(i18n, rows.taught),
    ];
    // Whoever looks at a part of everything looks at the same part of the next kind.
    let address = move |kind: RowKind| {
        let scope = query.get().map(|query| query.scope).unwrap_or_default();
        paths::rows(&RowQuery { scope, ..RowQuery::new(Listing::Kind(kind), "") })
    };
    let groups = OFFERED.iter().zip(titles).map(|(kinds, title)| {
        let kinds = kinds.iter().map(|one| {
            let one = *one;
            let here = move || query.get().is_some_and(|query| query.kind == Listing::Kind(one));
            view! {
                <a href=move || address(one) aria-current=move || here().then_some("page")>
                    {kind(i18n, one)}
                </a>
            }
        });
        view! {
            <p>
                <span class="muted">{title}</span>
                <span class="kinds">{kinds.collect_view()}</span>
            </p>
        }
    });
    view! { <nav class="tabs groups" aria-label=move || t_string!(i18n, rows.title)>{groups.collect_view()}</nav> }
}

#[component]
fn Window(query: RowQuery, first: RowWindow, chosen: Option<Chosen>) -> impl IntoView {
    let i18n = use_i18n();
    let range: Range = RwSignal::new((query.offset, query.length));
    let window = RwSignal::new(first);
    let asked = StoredValue::new(query.clone());
    let now = move || {
        let (offset, length) = range.get();
        RowQuery { offset, length, ..asked.get_value() }
    };
    use_live(
        move || Some(Topic::Rows(now())),
        move |news| match news {
            News::Rows(RowNews::Window(newer)) => window.set(newer),
            News::Rows(RowNews::Delta(delta)) => window.update(|window| *window = window.after(delta)),
            // Not theirs to see any more.
            News::Ended(_) => window.set(RowWindow::default()),
            _ => {}
        },
    );
    #[cfg(feature = "hydrate")]
    ask_without_socket(now, window);
    // Most news are about rows only.
    let clusters = Memo::new(move |_| window.with(|window| window.clusters.clone()));
    let counts = Memo::new(move |_| window.with(|window| window.counts.clone()));
    let states = move || clusters.get().into_iter().map(|cluster| view! { <State cluster /> }).collect_view();
    let counts = {
        let query = query.clone();
        move || {
            let (counts, query) = (counts.get(), query.clone());
            (!counts.is_empty()).then(|| {
                let filter = query.filter.clone();
                let address = move |filter| paths::rows(&RowQuery { filter, offset: 0, ..query.clone() });
                view! { <Counts counts filter address /> }
            })
        }
    };
    let empty = match (query.filter.is_empty(), &query.kind) {
        (true, Listing::Workloads) => text!(i18n, workloads.none_yet),
        (true, Listing::Kind(RowKind::Releases)) => text!(i18n, releases.none),
        (true, _) => text!(i18n, rows.none_yet),
        (false, _) => text!(i18n, rows.none),
    };
    let nothing = Memo::new(move |_| window.with(|window| window.total == 0));
    let listing = query.kind.clone();
    let label = Signal::derive(move || list(i18n, &listing));
    let custom: Memo<Option<Custom>> = Memo::new(move |_| window.with(|window| window.custom.clone()));
    let columns = query.clone();
    let pages = query.clone();
    let query = StoredValue::new(query);
    view! {
        {states}
        {counts}
        {move || view! { <Columns query=columns.clone() custom=custom.get() /> }}
        {move || match nothing.get() {
            true => view! { <p class="muted">{empty}</p> }.into_any(),
            false => {
                let (query, custom) = (query.get_value(), custom.get());
                view! { <Grid label query custom window range chosen /> }.into_any()
            }
        }}
        <p class="muted" role="status">
            {move || t!(i18n, rows.total, total = window.with(|window| window.total))}
        </p>
        <noscript><Pages query=pages total=window.with_untracked(|window| window.total) /></noscript>
    }
}

/// For those who have no scripts.
#[component]
fn Pages(query: RowQuery, total: u32) -> impl IntoView {
    let i18n = use_i18n();
    let at = |offset: u32| paths::rows(&RowQuery { offset, ..query.clone() });
    let before = (query.offset > 0).then(|| {
        let href = at(query.offset.saturating_sub(FIRST));
        view! { <a class="button small" href=href>{text!(i18n, workloads.previous)}</a> }
    });
    let end = query.offset.saturating_add(FIRST);
    let after = (end < total)
        .then(|| view! { <a class="button small" href=at(end)>{text!(i18n, workloads.next)}</a> });
    view! { <p class="pages">{before} {after}</p> }
}

/// Where there is no socket, what is seen is asked for again and again.
#[cfg(feature = "hydrate")]
fn ask_without_socket(
    now: impl Fn() -> RowQuery + Copy + Send + Sync + 'static,
    window: RwSignal<RowWindow>,
) {
    let ask = move |query: RowQuery| {
        if crate::live::is_live() {
            return;
        }
        leptos::task::spawn_local(async move {
            let answer = list_rows(query.clone()).await;
            // Something else may be looked at by now.
            let wanted = query == untrack(now) && !crate::live::is_live();
            if let (Ok(newer), true) = (answer, wanted) {
                window.set(newer);
            }
        });
    };
    Effect::new(move |before: Option<()>| {
        let query = now();
        // The page has the first window.
        if before.is_some() {
            ask(query);
        }
    });
    super::every(std::time::Duration::from_secs(5), move || ask(untrack(now)));
}
