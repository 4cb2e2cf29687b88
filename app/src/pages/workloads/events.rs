//! What the cluster noted about a workload, its ReplicaSets and its pods.

use leptos::prelude::*;
use model::panel::Panel;
use model::workloads::{Event, WorkloadDetail};

use crate::i18n::use_i18n;
use crate::ui::absent::Absent;
use crate::ui::moment::Moment;
use crate::ui::table::{Column, Table};
use crate::ui::text::{Text, text};

#[component]
pub(super) fn Events(shown: RwSignal<WorkloadDetail>) -> impl IntoView {
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
