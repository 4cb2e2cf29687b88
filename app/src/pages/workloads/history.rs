//! The revisions of a workload, and the way back to one.

use leptos::prelude::*;
use model::access::Action;
use model::workloads::{Change, Revision, WorkloadDetail};

use super::change::Changing;
use crate::i18n::use_i18n;
use crate::layouts::frame::Allowed;
use crate::ui::moment::Moment;
use crate::ui::table::{Column, Table};
use crate::ui::text::text;

#[component]
pub(super) fn History(shown: RwSignal<WorkloadDetail>, changing: Changing) -> impl IntoView {
    let i18n = use_i18n();
    let may = shown.with_untracked(|shown| shown.may);
    move || {
        let rows = shown.with(|shown| shown.revisions.clone()).into_iter().map(|revision| {
            let Revision { number, images, created_at, current } = revision;
            let action = match current {
                true => view! { <span class="status ok">{text!(i18n, workloads.current)}</span> }.into_any(),
                false => {
                    let ask = move |_| changing.ask(Change::RollBack { revision: number });
                    view! {
                        <Allowed action=Action::RollBackWorkload project=may quiet=true>
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
