//! One workload: how it is and why, its pods, events, revisions, log and YAML; followed while it is looked at.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;
use leptos_router::hooks::use_query_map;
use model::access::Action;
use model::live::{Ended, News, Topic};
use model::monitoring::Scope;
use model::panel::Panel;
use model::projects::ProjectRole;
use model::workloads::{
    Cause, Change, Diagnosis, Event, LogSource, ObjectName, Pod, Revision, Usage, WorkloadDetail, WorkloadRef,
};

use super::change::{Actions, Changing, use_changing};
use super::list::Status;
use super::log::LogTab;
use crate::api::workloads::{read_log, view_manifest, view_workload};
use crate::error::ApiError;
use crate::i18n::{t, t_string, use_i18n};
use crate::layouts::frame::Allowed;
use crate::live::{LiveMark, use_live};
use crate::paths;
use crate::ui::absent::Absent;
use crate::ui::address::{named, use_part};
use crate::ui::chart::{HistoryView, Use, use_history};
use crate::ui::error::ErrorNote;
use crate::ui::load::Load;
use crate::ui::moment::Moment;
use crate::ui::table::{Column, Table};
use crate::ui::text::{Text, text};

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
    let (target, role) = (workload.target.clone(), workload.role);
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
            found.map(|diagnosis| view! { <Why diagnosis target role changing /> })
        }}
        <Allowed action=Action::EditWorkload project=role>
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
        let words: Text = match ended.get()? {
            Ended::NotFound => text!(i18n, workloads.gone),
            Ended::NotPermitted => text!(i18n, workloads.not_permitted),
            Ended::Complete | Ended::ClusterSilent | Ended::Failed => text!(i18n, problem.absent_failed),
        };
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

fn log_of(shown: &WorkloadDetail, pod: &str, container: &str, previous: bool) -> Option<String> {
    let source = LogSource {
        cluster: shown.target.cluster.clone(),
        namespace: shown.target.namespace.clone(),
        pod: ObjectName::parse(pod).ok()?,
        container: ObjectName::parse(container).ok()?,
        previous,
    };
    Some(paths::log(&shown.target, &source))
}

/// Why it is not ready, with the next step.
#[component]
fn Why(
    diagnosis: Diagnosis,
    target: WorkloadRef,
    #[prop(optional_no_strip)] role: Option<ProjectRole>,
    changing: Changing,
) -> impl IntoView {
    let i18n = use_i18n();
    let Diagnosis { cause, pods, of, object, message, back_to } = diagnosis;
    let log = match &cause {
        Cause::Crash { container, .. } | Cause::OutOfMemory { container } | Cause::Probe { container } => {
            let previous = !matches!(cause, Cause::Probe { .. });
            let pod = object.strip_prefix("Pod/").and_then(|pod| ObjectName::parse(pod).ok());
            pod.zip(ObjectName::parse(container).ok()).map(|(pod, container)| {
                let (cluster, namespace) = (target.cluster.clone(), target.namespace.clone());
                let source = LogSource { cluster, namespace, pod, container, previous };
                let words: Text = match previous {
                    true => text!(i18n, workloads.see_previous_log),
                    false => text!(i18n, workloads.see_log),
                };
                view! { <A href=paths::log(&target, &source) attr:class="button">{words}</A> }
            })
        }
        _ => None,
    };
    let sentence = match cause {
        Cause::Image { image } => t!(i18n, workloads.cause_image, image = image.clone()).into_any(),
        Cause::Crash { container, code } => {
            t!(i18n, workloads.cause_crash, container = container.clone(), code = code).into_any()
        }
        Cause::OutOfMemory { container } => {
            t!(i18n, workloads.cause_memory, container = container.clone()).into_any()
        }
        Cause::Configuration { container } => {
            t!(i18n, workloads.cause_configuration, container = container.clone()).into_any()
        }
        Cause::Unschedulable => text!(i18n, workloads.cause_unschedulable).into_any(),
        Cause::Refused => text!(i18n, workloads.cause_refused).into_any(),
        Cause::Probe { container } => {
            t!(i18n, workloads.cause_probe, container = container.clone()).into_any()
        }
        Cause::Deadline => text!(i18n, workloads.cause_deadline).into_any(),
    };
    let back = back_to.map(|revision| {
        let ask = move |_| changing.ask(Change::RollBack { revision });
        view! {
            <Allowed action=Action::RollBackWorkload project=role quiet=true>
                <button type="button" class="button primary" on:click=ask>
                    {move || t!(i18n, workloads.go_back_to, number = revision)}
                </button>
            </Allowed>
        }
    });
    view! {
        <section class="note failed why">
            <h2>{text!(i18n, workloads.why)}</h2>
            <p>{sentence}</p>
            <p class="hint">
                {t!(i18n, workloads.held_up, pods = pods, of = of)} " · " {object} " · " {message}
            </p>
            <div class="actions">{log} {back}</div>
        </section>
    }
}

#[component]
fn Glance(shown: RwSignal<WorkloadDetail>) -> impl IntoView {
    let i18n = use_i18n();
    let progress = Memo::new(move |_| shown.with(|shown| (shown.target.kind, shown.progress)));
    let usage = Memo::new(move |_| shown.with(|shown| shown.usage.clone()));
    view! {
        <div class="figures">
            {move || {
                let (_, progress) = progress.get();
                view! {
                    <div class="card figure">
                        <span>{text!(i18n, workloads.ready)}</span>
                        <strong>{progress.ready} " / " {progress.wanted}</strong>
                        <meter
                            min="0"
                            max=progress.wanted.max(1)
                            value=progress.ready
                            aria-label=t_string!(i18n, workloads.ready)
                        ></meter>
                        <small>
                            {t!(i18n, workloads.rollout, updated = progress.updated, available = progress.available)}
                        </small>
                    </div>
                }
            }}
            {move || usage.get().ready().cloned().map(|Usage { cpu, memory }| {
                view! {
                    <div class="card figure">
                        <span>{text!(i18n, workloads.used_cpu)}</span>
                        <strong>{cpu}</strong>
                    </div>
                    <div class="card figure">
                        <span>{text!(i18n, workloads.used_memory)}</span>
                        <strong>{memory}</strong>
                    </div>
                }
            })}
        </div>
        {move || match usage.get() {
            Panel::Ready(_) => None,
            Panel::Unavailable { reason } => Some(view! { <Absent reason /> }),
        }}
        <h2>{text!(i18n, workloads.pods)}</h2>
        {move || match shown.with(|shown| shown.pods.clone()) {
            Panel::Ready(pods) => view! { <Pods pods shown /> }.into_any(),
            Panel::Unavailable { reason } => view! { <Absent reason /> }.into_any(),
        }}
        <h2>{text!(i18n, workloads.conditions)}</h2>
        {move || {
            let rows = shown.with(|shown| shown.conditions.clone()).into_iter().map(|condition| {
                vec![
                    condition.kind.into_any(),
                    condition.status.into_any(),
                    condition.reason.into_any(),
                    view! { <span class="prose">{condition.message}</span> }.into_any(),
                ]
            });
            view! {
                <Table
                    label=text!(i18n, workloads.conditions)
                    columns=vec![
                        Column::Words(text!(i18n, workloads.condition)),
                        Column::Words(text!(i18n, common.state)),
                        Column::Words(text!(i18n, workloads.reason)),
                        Column::Words(text!(i18n, workloads.message)),
                    ]
                    rows=rows.collect()
                    empty=text!(i18n, workloads.no_conditions)
                />
            }
        }}
    }
}

#[component]
fn Pods(pods: Vec<Pod>, shown: RwSignal<WorkloadDetail>) -> impl IntoView {
    let i18n = use_i18n();
    let rows = pods.into_iter().map(|pod| {
        let Pod { name, health, reason, ready, restarts, node, containers, cpu, memory, created_at } = pod;
        let first = containers.first().map(String::as_str).unwrap_or_default();
        let log = shown.with_untracked(|shown| log_of(shown, &name, first, false));
        let log = log.map(|href| view! { <A href>{text!(i18n, workloads.see_log)}</A> });
        vec![
            name.into_any(),
            view! { <span class=crate::ui::words::health_mark(health)>{reason}</span> }.into_any(),
            ready.into_any(),
            restarts.to_string().into_any(),
            cpu.into_any(),
            memory.into_any(),
            node.into_any(),
            view! { <Moment at=created_at /> }.into_any(),
            log.into_any(),
        ]
    });
    view! {
        <Table
            label=text!(i18n, workloads.pods)
            columns=vec![
                Column::Words(text!(i18n, common.name)),
                Column::Words(text!(i18n, common.state)),
                Column::Number(text!(i18n, workloads.ready)),
                Column::Number(text!(i18n, workloads.restarts)),
                Column::Number(text!(i18n, workloads.cpu)),
                Column::Number(text!(i18n, workloads.memory)),
                Column::Words(text!(i18n, workloads.node)),
                Column::Words(text!(i18n, workloads.age)),
                Column::Words(text!(i18n, workloads.tab_log)),
            ]
            rows=rows.collect()
            empty=text!(i18n, workloads.no_pods)
        />
    }
}

#[component]
fn Events(shown: RwSignal<WorkloadDetail>) -> impl IntoView {
    let i18n = use_i18n();
    move || {
        let events = match shown.with(|shown| shown.events.clone()) {
            Panel::Ready(events) => events,
            Panel::Unavailable { reason } => return view! { <Absent reason /> }.into_any(),
        };
        let rows = events.into_iter().map(|event| {
            let Event { warning, object, reason, message, count, last_at } = event;
            let (mark, words): (_, Text) = match warning {
                true => ("status warning", text!(i18n, workloads.warning)),
                false => ("status unknown", text!(i18n, workloads.normal)),
            };
            vec![
                object.into_any(),
                view! { <span class=mark>{words}</span> }.into_any(),
                reason.into_any(),
                view! { <span class="prose">{message}</span> }.into_any(),
                count.to_string().into_any(),
                view! { <Moment at=last_at /> }.into_any(),
            ]
        });
        view! {
            <Table
                label=text!(i18n, workloads.events)
                columns=vec![
                    Column::Words(text!(i18n, workloads.object)),
                    Column::Words(text!(i18n, workloads.level)),
                    Column::Words(text!(i18n, workloads.reason)),
                    Column::Words(text!(i18n, workloads.message)),
                    Column::Number(text!(i18n, workloads.times)),
                    Column::Words(text!(i18n, workloads.last)),
                ]
                rows=rows.collect()
                empty=text!(i18n, workloads.no_events)
            />
        }
        .into_any()
    }
}

#[component]
fn History(shown: RwSignal<WorkloadDetail>, changing: Changing) -> impl IntoView {
    let i18n = use_i18n();
    let role = shown.with_untracked(|shown| shown.role);
    move || {
        let rows = shown.with(|shown| shown.revisions.clone()).into_iter().map(|revision| {
            let Revision { number, images, created_at, current } = revision;
            let action = match current {
                true => view! { <span class="status ok">{text!(i18n, workloads.current)}</span> }.into_any(),
                false => {
                    let ask = move |_| changing.ask(Change::RollBack { revision: number });
                    view! {
                        <Allowed action=Action::RollBackWorkload project=role quiet=true>
                            <button type="button" class="button small" on:click=ask>
                                {text!(i18n, workloads.roll_back)}
                            </button>
                        </Allowed>
                    }
                    .into_any()
                }
            };
            vec![
                number.to_string().into_any(),
                view! { <code class="image">{images}</code> }.into_any(),
                view! { <Moment at=created_at /> }.into_any(),
                action,
            ]
        });
        view! {
            <Table
                label=text!(i18n, workloads.history)
                columns=vec![
                    Column::Words(text!(i18n, workloads.revision)),
                    Column::Words(text!(i18n, workloads.image)),
                    Column::Words(text!(i18n, workloads.age)),
                    Column::Words(text!(i18n, common.actions)),
                ]
                rows=rows.collect()
                empty=text!(i18n, workloads.no_history)
            />
        }
    }
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
