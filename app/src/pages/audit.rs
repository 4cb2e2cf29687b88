//! The audit trail.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;
use leptos_router::hooks::use_query_map;
use model::audit::AuditEntry;

use crate::api::audit::list_audit;
use crate::i18n::{t_string, use_i18n};
use crate::paths;
use crate::ui::error::ErrorNote;
use crate::ui::moment::Moment;
use crate::ui::text::text;
use crate::ui::words;

#[component]
pub fn AuditTrail() -> impl IntoView {
    let i18n = use_i18n();
    let query = use_query_map();
    let before = move || query.read().get("before").and_then(|text| text.parse::<i64>().ok());
    let entries = Resource::new(before, list_audit);
    view! {
        <Title text=move || t_string!(i18n, audit.title) />
        <h1>{text!(i18n, audit.title)}</h1>
        <p class="muted">{text!(i18n, audit.intro)}</p>
        <Transition fallback=move || view! { <p class="muted">{text!(i18n, common.loading)}</p> }>
            {move || Suspend::new(async move {
                match entries.await {
                    Ok(entries) => view! { <Entries entries /> }.into_any(),
                    Err(error) => view! { <ErrorNote error /> }.into_any(),
                }
            })}
        </Transition>
    }
}

/// A table of entries, newest first, with the way to older ones.
#[component]
pub fn Entries(entries: Vec<AuditEntry>) -> impl IntoView {
    let i18n = use_i18n();
    let oldest = entries.last().map(|entry| entry.id).filter(|id| *id > 1);
    let older = oldest.map(|id| {
        view! { <A href=paths::audit_before(id) attr:class="button">{text!(i18n, audit.older)}</A> }
    });
    if entries.is_empty() {
        return view! { <p class="muted">{text!(i18n, audit.empty)}</p> }.into_any();
    }
    view! {
        <div class="card scroll" tabindex="0" role="region" aria-label=move || t_string!(i18n, audit.title)>
            <table>
                <thead>
                    <tr>
                        <th scope="col">{text!(i18n, audit.when)}</th>
                        <th scope="col">{text!(i18n, audit.who)}</th>
                        <th scope="col">{text!(i18n, audit.what)}</th>
                        <th scope="col">{text!(i18n, audit.object)}</th>
                        <th scope="col">{text!(i18n, audit.outcome)}</th>
                        <th scope="col">{text!(i18n, audit.request)}</th>
                    </tr>
                </thead>
                <tbody>{entries.into_iter().map(|entry| view! { <Line entry /> }).collect_view()}</tbody>
            </table>
        </div>
        {older}
    }
    .into_any()
}

#[component]
fn Line(entry: AuditEntry) -> impl IntoView {
    let i18n = use_i18n();
    let outcome = entry.outcome;
    view! {
        <tr>
            <td><Moment at=entry.at /></td>
            <td>{entry.actor}</td>
            <td><code>{entry.action}</code></td>
            <td>{entry.resource}</td>
            <td><span class=words::outcome_mark(outcome)>{move || words::outcome(i18n, outcome)}</span></td>
            <td><code class="muted">{entry.request_id}</code></td>
        </tr>
    }
}
