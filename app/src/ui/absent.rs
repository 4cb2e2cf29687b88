//! Why a part of a page has nothing to show, with the next step.

use leptos::prelude::*;
use model::panel::Absence;

use crate::i18n::use_i18n;
use crate::ui::text::{Text, text};

#[component]
pub fn Absent(reason: Absence) -> impl IntoView {
    let i18n = use_i18n();
    let words: Text = match reason {
        Absence::NoMetricsApi => text!(i18n, problem.absent_metrics),
        Absence::NotPermitted => text!(i18n, problem.absent_permission),
        Absence::Failed => text!(i18n, problem.absent_failed),
    };
    view! { <p class="note quiet">{words}</p> }
}
