//! What has the words that were typed, of everything that a person may see.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;
use leptos_router::hooks::use_query_map;
use model::clusters::ClusterName;
use model::namespaces::NamespaceName;
use model::releases::{ReleaseName, ReleaseRef};
use model::rows::{CustomName, Found, Hit, Listing, RowKind, RowQuery};
use model::workloads::{ObjectName, WorkloadRef};

use super::cells::{kind, list};
use super::state::State;
use crate::api::rows::search_rows;
use crate::i18n::{t, t_string, use_i18n};
use crate::layouts::frame::{me, use_person};
use crate::layouts::places::{administration, common};
use crate::paths;
use crate::ui::load::Load;
use crate::ui::table::{Column, Table};
use crate::ui::text::{Text, text};
use crate::ui::words as sentences;

#[component]
pub fn SearchPage() -> impl IntoView {
    let i18n = use_i18n();
    let address = use_query_map();
    let words = Memo::new(move |_| address.read().get("words").unwrap_or_default());
    let found = Resource::new(
        move || words.get(),
        |words| async move {
            let found = search_rows(words.clone()).await?;
            Ok((words, found))
        },
    );
    view! {
        <Title text=move || t_string!(i18n, rows.search) />
        <h1>{text!(i18n, rows.search)}</h1>
        <p class="muted">{text!(i18n, rows.search_help)}</p>
        <Load what=found show=move |(words, found)| view! { <Hits words found /> }.into_any() />
    }
}

#[component]
fn Hits(words: String, found: Found) -> impl IntoView {
    let i18n = use_i18n();
    let empty = match words.trim().is_empty() {
        true => text!(i18n, rows.search_nothing_typed),
        false => text!(i18n, rows.none),
    };
    let clusters = found.clusters.into_iter().map(|cluster| view! { <State cluster /> });
    let (shown, total) = (found.hits.len(), found.total);
    let more = (total as usize > shown).then(|| {
        view! { <p class="muted">{t!(i18n, rows.search_more, shown = shown, total = total)}</p> }
    });
    let rows = found.hits.into_iter().map(|hit| {
        let mark = hit.health.map(|health| {
            view! {
                <span class=sentences::health_mark(health)>
                    <span class="spoken">{sentences::health(i18n, health)}</span>
                </span>
                " "
            }
        });
        vec![
            view! { {mark} <A href=page(&hit)>{hit.name.clone()}</A> }.into_any(),
            {
                let kind = hit.kind.clone();
                view! { {move || list(i18n, &kind)} }.into_any()
            },
            hit.namespace.clone().into_any(),
            hit.cluster.to_string().into_any(),
            view! { <code class="image">{hit.why.clone()}</code> }.into_any(),
        ]
    });
    view! {
        <Pages words />
        {clusters.collect_view()}
        <Table
            label=text!(i18n, rows.search)
            columns=vec![
                Column::Words(text!(i18n, common.name)),
                Column::Words(text!(i18n, workloads.kind)),
                Column::Words(text!(i18n, workloads.namespace)),
                Column::Words(text!(i18n, projects.cluster)),
                Column::Words(text!(i18n, rows.search_why)),
            ]
            rows=rows.collect()
            empty
        />
        {more}
    }
}

/// Pages of the console with these words in their titles.
#[component]
fn Pages(words: String) -> impl IntoView {
    let i18n = use_i18n();
    let person = use_person();
    let words: StoredValue<Vec<_>> =
        StoredValue::new(words.split_whitespace().map(str::to_lowercase).collect());
    let part = text!(i18n, rows.title);
    let lists = RowKind::ALL.iter().map(|one| {
        let address = paths::rows_of(&Listing::Kind(*one));
        (kind(i18n, *one), address, Some(part))
    });
    // The others are places of their own.
    let lists = lists.filter(|(_, address, _)| address.starts_with(paths::RESOURCES));
    let lists = StoredValue::new(lists.collect::<Vec<_>>());
    let has_them = move |(title, ..): &(Text, String, Option<Text>)| {
        let title = title.get().to_lowercase();
        words.with_value(|words| !words.is_empty() && words.iter().all(|word| title.contains(word)))
    };
    let found = move || {
        Suspend::new(async move {
            let role = me(person).await?.role;
            let places = common(i18n).into_iter().chain(administration(i18n, role));
            let all = places.map(|place| (place.title, place.address, None)).chain(lists.get_value());
            let found: Vec<_> = all.filter(has_them).collect();
            (!found.is_empty()).then(|| {
                let link = |(title, address, part): (Text, String, Option<Text>)| {
                    view! { <li><a href=address>{title}</a> " " <span class="muted">{part}</span></li> }
                };
                view! {
                    <h2>{text!(i18n, rows.search_pages)}</h2>
                    <ul class="plain">{found.into_iter().map(link).collect_view()}</ul>
                }
            })
        })
    };
    view! { <Suspense>{found}</Suspense> }
}

/// What has no page of its own is shown alone in its list.
fn page(hit: &Hit) -> String {
    let alone = || {
        let mut filter = format!("name:{} cluster:{}", hit.name, hit.cluster);
        if !hit.namespace.is_empty() {
            filter.push_str(&format!(" namespace:{}", hit.namespace));
        }
        paths::rows(&RowQuery::new(hit.kind.clone(), filter))
    };
    page_of(&hit.kind, &hit.cluster, &hit.namespace, &hit.name).unwrap_or_else(alone)
}

/// The page of an object, where there is one; of a workload in a list of several kinds it is for who knows its kind.
pub(super) fn page_of(kind: &Listing, cluster: &ClusterName, namespace: &str, name: &str) -> Option<String> {
    let Listing::Kind(kind) = kind else { return None };
    let (cluster, place) = (cluster.clone(), NamespaceName::parse(namespace).ok());
    match kind {
        RowKind::Namespaces => Some(paths::namespace(&cluster, &NamespaceName::parse(name).ok()?)),
        RowKind::CustomResourceDefinitions => {
            Some(paths::rows_of(&Listing::Custom(CustomName::parse(name)?)))
        }
        RowKind::Releases => {
            let name = ReleaseName::parse(name).ok()?;
            Some(paths::release(&ReleaseRef { cluster, namespace: place?, name }))
        }
        kind => Some(paths::workload(&WorkloadRef {
            cluster,
            namespace: place?,
            kind: kind.workload()?,
            name: ObjectName::parse(name).ok()?,
        })),
    }
}
