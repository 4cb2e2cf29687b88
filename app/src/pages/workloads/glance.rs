//! A workload at a glance: how far it is, what it uses, its pods and conditions.

use leptos::prelude::*;
use leptos_router::components::A;
use model::panel::Panel;
use model::workloads::{Pod, Usage, WorkloadDetail};

use super::log::log_of;
use crate::i18n::{t, t_string, use_i18n};
use crate::ui::absent::Absent;
use crate::ui::moment::Moment;
use crate::ui::table::{Column, Table};
use crate::ui::text::text;
use crate::ui::words;

#[component]
pub(super) fn Glance(shown: RwSignal<WorkloadDetail>) -> impl IntoView {
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
            view! { <span class=words::health_mark(health)>{reason}</span> }.into_any(),
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
