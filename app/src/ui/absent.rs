//! Why a part of a page has nothing to show, with the next step.

use leptos::prelude::*;
use model::panel::Absence;

use crate::i18n::use_i18n;
use crate::ui::text::text;
use crate::ui::words;

#[component]
pub fn Absent(reason: Absence) -> impl IntoView {
    let i18n = use_i18n();
    let words = match reason {
        Absence::NoMetricsApi => text!(i18n, problem.absent_metrics).into_any(),
        Absence::NotPermitted => text!(i18n, problem.absent_permission).into_any(),
        Absence::Failed => text!(i18n, problem.absent_failed).into_any(),
        Absence::NoPrometheus => text!(i18n, monitoring.no_prometheus).into_any(),
        Absence::Prometheus(problem) => {
            view! { "Prometheus: " {words::fetch_problem(i18n, &problem)} }.into_any()
        }
    };
    view! { <p class="note quiet">{words}</p> }
}
