//! The audit trail.

use leptos::prelude::*;
use leptos_meta::Title;
use leptos_router::components::A;
use leptos_router::hooks::use_query_map;
use model::audit::{AuditEntry, AuditQuery, Outcome, Verified};

use crate::api::audit::{export_audit, list_audit, verify_audit};
use crate::error::ApiError;
use crate::i18n::{t, t_string, use_i18n};
use crate::paths;
use crate::ui::error::ErrorNote;
use crate::ui::load::Load;
use crate::ui::moment::Moment;
use crate::ui::review::Lines;
use crate::ui::text::{Text, text};
use crate::ui::words;

#[component]
pub fn AuditTrail() -> impl IntoView {
    let i18n = use_i18n();
    let address = use_query_map();
    let query = Memo::new(move |_| {
        let address = address.read();
        let text = |name: &str| address.get(name).unwrap_or_default();
        AuditQuery {
            who: text("who"),
            action: text("action"),
            object: text("object"),
            outcome: Outcome::parse(&text("outcome")),
            before: text("before").parse().ok(),
        }
    });
    let entries = Resource::new(move || query.get(), list_audit);
    view! {
        <Title text=move || t_string!(i18n, audit.title) />
        <h1>{text!(i18n, audit.title)}</h1>
        <p class="muted">{text!(i18n, audit.intro)}</p>
        {move || view! { <Filter query=query.get() /> }}
        <Tools query />
        <Load
            what=entries
            show=move |entries| view! { <Entries entries query=query.get_untracked() /> }.into_any()
        />
    }
}

/// Works without scripts: it leads to the address of the view.
#[component]
fn Filter(query: AuditQuery) -> impl IntoView {
    let i18n = use_i18n();
    let field = |name: &'static str, label: Text, value: String| {
        view! {
            <div class="field">
                <label for=name>{label}</label>
                <input id=name name=name value=value autocomplete="off" autocapitalize="none" spellcheck="false" />
            </div>
        }
    };
    let AuditQuery { who, action, object, outcome: chosen, .. } = query;
    let option = move |outcome: Outcome| {
        view! {
            <option value=outcome.as_str() selected=chosen == Some(outcome)>
                {move || words::outcome(i18n, outcome)}
            </option>
        }
    };
    view! {
        <form class="filter" method="get" action=paths::AUDIT>
            {field("who", text!(i18n, audit.filter_who), who)}
            {field("action", text!(i18n, audit.filter_action), action)}
            {field("object", text!(i18n, audit.filter_object), object)}
            <div class="field">
                <label for="outcome">{text!(i18n, audit.filter_outcome)}</label>
                <select id="outcome" name="outcome">
                    <option value="">{text!(i18n, audit.any)}</option>
                    {Outcome::ALL.map(option).collect_view()}
                </select>
            </div>
            <button type="submit" class="button">{text!(i18n, audit.filter)}</button>
            <A href=paths::AUDIT>{text!(i18n, audit.all)}</A>
        </form>
    }
}

/// Taking what is looked at elsewhere, and proving the trail.
#[component]
fn Tools(query: Memo<AuditQuery>) -> impl IntoView {
    let i18n = use_i18n();
    let busy = RwSignal::new(true);
    Effect::new(move || busy.set(false));
    let refused = RwSignal::new(None::<ApiError>);
    let table = RwSignal::new(None::<String>);
    let verified = RwSignal::new(None::<Verified>);
    // Another view is another table.
    Effect::new(move || {
        query.track();
        table.set(None);
    });
    let export = move |_| {
        busy.set(true);
        refused.set(None);
        let asked = query.get_untracked();
        leptos::task::spawn_local(async move {
            match export_audit(AuditQuery { before: None, ..asked.clone() }).await {
                Ok(_) if query.get_untracked() != asked => {}
                Ok(text) => table.set(Some(paths::download("text/csv", &text))),
                Err(error) => refused.set(Some(error)),
            }
            busy.set(false);
        });
    };
    let verify = move |_| {
        busy.set(true);
        refused.set(None);
        leptos::task::spawn_local(async move {
            match verify_audit().await {
                Ok(told) => verified.set(Some(told)),
                Err(error) => refused.set(Some(error)),
            }
            busy.set(false);
        });
    };
    let told = move || {
        verified.get().map(|verified| match verified {
            Verified::Whole { links, head } => view! {
                <p class="note ok prose" role="status">{t!(i18n, audit.whole, links = links, head = head)}</p>
            }
            .into_any(),
            Verified::Broken { entry } => {
                view! { <p class="note failed" role="alert">{t!(i18n, audit.broken, entry = entry)}</p> }
                    .into_any()
            }
        })
    };
    view! {
        <div class="row-actions">
            <button type="button" class="button small" disabled=busy on:click=export>
                {text!(i18n, audit.export)}
            </button>
            {move || table.get().map(|address| view! {
                <a class="button small" download="audit.csv" href=address>{text!(i18n, audit.export_ready)}</a>
            })}
            <button type="button" class="button small" disabled=busy on:click=verify>
                {text!(i18n, audit.verify)}
            </button>
        </div>
        {told}
        {move || refused.get().map(|error| view! { <ErrorNote error /> })}
    }
}

/// A table of entries, newest first, with the way to older ones.
#[component]
pub fn Entries(
    entries: Vec<AuditEntry>,
    /// What they were asked for with.
    #[prop(optional)]
    query: AuditQuery,
) -> impl IntoView {
    let i18n = use_i18n();
    let oldest = entries.last().map(|entry| entry.id).filter(|id| *id > 1);
    let older = oldest.map(|id| {
        let older = AuditQuery { before: Some(id), ..query.clone() };
        view! { <A href=paths::audit(&older) attr:class="button">{text!(i18n, audit.older)}</A> }
    });
    if entries.is_empty() {
        let words: Text = match query == AuditQuery::default() {
            true => text!(i18n, audit.empty),
            false => text!(i18n, audit.none_fit),
        };
        return view! { <p class="muted">{words}</p> }.into_any();
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
    let label = format!("{} {}", entry.id, entry.action);
    let changed = (!entry.changed.is_empty()).then(|| {
        view! {
            <details class="diff changed">
                <summary>{text!(i18n, audit.changed)}</summary>
                <Lines lines=entry.changed label />
            </details>
        }
    });
    view! {
        <tr>
            <td><Moment at=entry.at /></td>
            <td>
                {entry.actor}
                {(!entry.address.is_empty()).then(|| view! { <p class="muted">{entry.address}</p> })}
            </td>
            <td><code>{entry.action}</code></td>
            <td>
                {entry.resource}
                {changed}
            </td>
            <td><span class=words::outcome_mark(outcome)>{move || words::outcome(i18n, outcome)}</span></td>
            <td><code class="muted">{entry.request_id}</code></td>
        </tr>
    }
}
