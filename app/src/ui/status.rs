//! A health in words, with the cluster's reason.

use leptos::prelude::*;
use model::workloads::Health;

use crate::i18n::use_i18n;
use crate::ui::words;

#[component]
pub fn Status(health: Health, reason: String) -> impl IntoView {
    let i18n = use_i18n();
    let reason = (!reason.is_empty()).then(|| format!(": {reason}"));
    view! { <span class=words::health_mark(health)>{words::health(i18n, health)} {reason}</span> }
}
