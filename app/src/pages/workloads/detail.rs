//! One workload: how it is and why, its pods, events, revisions, log and YAML; followed while it is looked at.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;
use leptos_router::hooks::use_query_map;
use model::access::Action;
use model::live::{Ended, News, Topic};
use model::monitoring::Scope;
use model::workloads::{LogSource, ObjectName, WorkloadDetail, WorkloadRef};

use super::change::{Actions, use_changing};
use super::events::Events;
use super::glance::Glance;
use super::history::History;
use super::log::{LogTab, log_of};
use super::why::Why;
use crate::api::workloads::{read_log, view_manifest, view_workload};
use crate::error::ApiError;
use crate::i18n::{t, t_string, use_i18n};
use crate::layouts::frame::Allowed;
use crate::live::{LiveMark, use_live};
use crate::paths;
use crate::ui::address::{named, use_part};
use crate::ui::chart::{HistoryView, Use, use_history};
use crate::ui::error::ErrorNote;
use crate::ui::load::Load;
use crate::ui::moment::Moment;
use crate::ui::status::Status;
use crate::ui::text::{Text, text};
use crate::ui::words;

const TABS: [&str; 6] = ["", "metrics", "events", "history", "yaml", "log"];

#[component]
pub fn WorkloadPage() -> impl IntoView {
    let (cluster, namespace) = (use_part("cluster"), use_part("namespace"));
    let (kind, name) = (use_part("kind"), use_part("name"));
    let target = Memo::new(move |_| target(cluster.get(), namespace.get(), kind.get(), name.get()));
    let address = use_query_map();
    let tab = Memo::new(move |_| {
        let chosen = address.read().get("tab").unwrap_or_default();
        TABS.into_iter().find(|tab| *tab == chosen).unwrap_or_default()
    });
    let source = Memo::new(move |_| {
        let (address, target) = (address.read(), target.get().ok()?);
        let part = |name: &str| ObjectName::parse(&address.get(name).unwrap_or_default()).ok();
        let previous = address.get("previous").is_some();
        let (pod, container) = (part("pod")?, part("container")?);
        Some(LogSource { cluster: target.cluster, namespace: target.namespace, pod, container, previous })
    });
    let workload = Resource::new(move || target.get(), |target| async move { view_workload(target?).await });
    let extra = Resource::new(
        move || (target.get(), tab.get(), source.get()),
        |(target, tab, source)| async move {
            match (tab, target, source) {
                ("yaml", Ok(target), _) => (Some(view_manifest(target).await), None),
                ("log", _, Some(source)) => (None, Some(read_log(source).await)),
                _ => (None, None),
            }
        },
    );
    let history = use_history(move || match tab.get() {
        "metrics" => target.get().ok().map(Scope::Workload),
        _ => None,
    });
    view! {
        <Title text=move || name.get() />
        <div class="head">
            <h1>{name}</h1>
            <LiveMark />
        </div>
        <Load
            what=workload
            show=move |workload| view! { <Workload workload tab source extra history /> }.into_any()
        />
    }
}

fn target(cluster: String, namespace: String, kind: String, name: String) -> Result<WorkloadRef, ApiError> {
    Ok(WorkloadRef {
        cluster: named("cluster", cluster)?,
        namespace: named("namespace", namespace)?,
        kind: named("kind", kind)?,
        name: named("workload", name)?,
    })
}

/// What a tab loads besides the workload: its YAML, or the last lines of a log.
type Loaded = (Option<Result<String, ApiError>>, Option<Result<Vec<String>, ApiError>>);

#[component]
fn Workload(
    workload: WorkloadDetail,
    tab: Memo<&'static str>,
    source: Memo<Option<LogSource>>,
    extra: Resource<Loaded>,
    history: Use,
) -> impl IntoView {
    let (target, may, project) = (workload.target.clone(), workload.may, workload.project.clone());
    let changing = use_changing(target.clone());
    let shown = RwSignal::new(workload);
    let ended = RwSignal::new(None::<Ended>);
    let followed = target.clone();
    use_live(
        move || Some(Topic::Workload(followed.clone())),
        move |news| match news {
            News::Workload(newer) => {
                ended.set(None);
                shown.set(*newer);
            }
            News::Ended(why) => ended.set(Some(why)),
            _ => {}
        },
    );
    view! {
        <Head shown ended />
        {move || {
            let (found, target) = shown.with(|shown| (shown.diagnosis.clone(), shown.target.clone()));
            found.map(|diagnosis| view! { <Why diagnosis target may changing /> })
        }}
        <Allowed action=Action::ScaleWorkload project=may of=project>
            <Actions changing shown />
        </Allowed>
        <Tabs target shown tab />
        {move || match tab.get() {
            "metrics" => view! { <HistoryView history /> }.into_any(),
            "events" => view! { <Events shown /> }.into_any(),
            "history" => view! { <History shown changing /> }.into_any(),
            "yaml" | "log" => view! { <Loading shown tab source extra /> }.into_any(),
            _ => view! { <Glance shown /> }.into_any(),
        }}
    }
}

#[component]
fn Head(shown: RwSignal<WorkloadDetail>, ended: RwSignal<Option<Ended>>) -> impl IntoView {
    let i18n = use_i18n();
    let gone = move || {
        let words = words::ended(i18n, ended.get()?);
        Some(view! { <p class="note failed" role="status">{words}</p> })
    };
    view! {
        {gone}
        {move || {
            let WorkloadDetail { target, project, health, reason, created_at, release, .. } = shown.get();
            let project = project.map(|project| {
                view! { " · " {text!(i18n, projects.project)} " " <A href=paths::project(&project)>{project.to_string()}</A> }
            });
            let release = release.map(|name| view! { " · " {t!(i18n, workloads.release, name = name.clone())} });
            view! {
                <p class="muted">
                    <Status health reason /> " · " {target.kind.as_str()} {project} " · "
                    {text!(i18n, workloads.namespace)} " "
                    <A href=paths::namespace(&target.cluster, &target.namespace)>{target.namespace.to_string()}</A>
                    " · " {text!(i18n, projects.cluster)} " " {target.cluster.to_string()} {release} " · "
                    {text!(i18n, workloads.age)} " " <Moment at=created_at />
                </p>
            }
        }}
    }
}

#[component]
fn Tabs(target: WorkloadRef, shown: RwSignal<WorkloadDetail>, tab: Memo<&'static str>) -> impl IntoView {
    let i18n = use_i18n();
    let link = move |name: &'static str| {
        let words: Text = match name {
            "events" => text!(i18n, workloads.tab_events),
            "history" => text!(i18n, workloads.tab_history),
            "yaml" => text!(i18n, workloads.tab_yaml),
            "log" => text!(i18n, workloads.tab_log),
            "metrics" => text!(i18n, workloads.tab_metrics),
            _ => text!(i18n, workloads.tab_overview),
        };
        let target = target.clone();
        // A log is one container's: the first one's, until another is chosen.
        let href = move || match name {
            "log" => shown.with(first_log).unwrap_or_else(|| paths::workload_tab(&target, name)),
            name => paths::workload_tab(&target, name),
        };
        // Not the router's own link, which takes every tab of the page for the current one.
        view! { <a href=href aria-current=move || (tab.get() == name).then_some("page")>{words}</a> }
    };
    view! { <nav class="tabs" aria-label=move || t_string!(i18n, workloads.title)>{TABS.map(link).collect_view()}</nav> }
}

fn first_log(shown: &WorkloadDetail) -> Option<String> {
    let pod = shown.pods.ready()?.first()?;
    log_of(shown, &pod.name, pod.containers.first()?, false)
}

/// The tabs that load something of their own.
#[component]
fn Loading(
    shown: RwSignal<WorkloadDetail>,
    tab: Memo<&'static str>,
    source: Memo<Option<LogSource>>,
    extra: Resource<Loaded>,
) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Transition fallback=move || view! { <p class="muted">{text!(i18n, common.loading)}</p> }>
            {move || Suspend::new(async move {
                let (yaml, log) = extra.await;
                match (tab.get_untracked(), yaml) {
                    ("yaml", Some(Ok(yaml))) => view! {
                        <pre class="card yaml" tabindex="0" role="region" aria-label="YAML">{yaml}</pre>
                    }
                    .into_any(),
                    ("yaml", Some(Err(error))) => view! { <ErrorNote error /> }.into_any(),
                    ("log", _) => view! { <LogTab shown source first=log /> }.into_any(),
                    _ => ().into_any(),
                }
            })}
        </Transition>
    }
}
