//! What a change would do, before it is done.

use leptos::prelude::*;
use model::review::{Check, Line, QuotaChange, Review, ReviewedObject, Verdict};

use crate::i18n::{t, use_i18n};
use crate::ui::table::{Column, Table};
use crate::ui::text::{Text, text};

#[component]
pub fn ReviewView(review: Review) -> impl IntoView {
    let i18n = use_i18n();
    let passes = review.passes();
    let Review { objects, checks, quota, .. } = review;
    let checks = checks.into_iter().map(|check| view! { <CheckView check /> }).collect_view();
    let refused = (!passes).then(|| {
        view! { <p class="note failed" role="alert">{text!(i18n, workloads.refused_hint)}</p> }
    });
    view! {
        <section class="review">
            <h2>{text!(i18n, workloads.checks)}</h2>
            <ul class="checks">{checks}</ul>
            {refused}
            {(!quota.is_empty()).then(|| view! { <Quota quota /> })}
            <h2>{text!(i18n, workloads.changes)}</h2>
            {objects.into_iter().map(|object| view! { <Diff object /> }).collect_view()}
        </section>
    }
}

#[component]
fn CheckView(check: Check) -> impl IntoView {
    let i18n = use_i18n();
    let (mark, words, message): (_, Text, _) = match check.verdict {
        Verdict::Accepted => ("status ok", text!(i18n, workloads.accepted), String::new()),
        Verdict::Warned { message } => ("status warning", text!(i18n, workloads.warned), message),
        Verdict::Refused { message } => ("status failed", text!(i18n, workloads.refused), message),
    };
    view! {
        <li>
            <span class=mark>
                <code>{check.object}</code>
                " "
                {words}
            </span>
            {(!message.is_empty()).then(|| view! { <p class="prose">{message}</p> })}
        </li>
    }
}

#[component]
fn Quota(quota: Vec<QuotaChange>) -> impl IntoView {
    let i18n = use_i18n();
    let rows = quota.into_iter().map(|line| {
        let note = line.exceeds.then(|| {
            view! { <span class="status warning">{text!(i18n, workloads.exceeds)}</span> }
        });
        vec![
            view! { <code>{line.key}</code> }.into_any(),
            line.before.into_any(),
            line.after.into_any(),
            line.total.into_any(),
            note.into_any(),
        ]
    });
    view! {
        <h2>{text!(i18n, workloads.quota)}</h2>
        <Table
            label=text!(i18n, workloads.quota)
            columns=vec![
                Column::Words(text!(i18n, namespaces.resource)),
                Column::Number(text!(i18n, workloads.quota_before)),
                Column::Number(text!(i18n, workloads.quota_after)),
                Column::Number(text!(i18n, workloads.quota_total)),
                Column::Words(text!(i18n, common.state)),
            ]
            rows=rows.collect()
            empty=text!(i18n, workloads.nothing_changes)
        />
    }
}

#[component]
fn Diff(object: ReviewedObject) -> impl IntoView {
    let i18n = use_i18n();
    let ReviewedObject { object, lines } = object;
    if lines.iter().all(|line| matches!(line, Line::Skipped(_))) {
        return view! { <p class="muted"><code>{object}</code> ": " {text!(i18n, workloads.nothing_changes)}</p> }
            .into_any();
    }
    let label = object.clone();
    view! {
        <section class="card diff">
            <h3>{object}</h3>
            <Lines lines label />
        </section>
    }
    .into_any()
}

/// What differs, line by line.
#[component]
pub fn Lines(lines: Vec<Line>, #[prop(into)] label: String) -> impl IntoView {
    let i18n = use_i18n();
    let lines = lines.into_iter().map(|line| {
        // The sign says it without colours.
        let (class, sign, text) = match line {
            Line::Same(text) => ("", "  ", text),
            Line::Added(text) => ("added", "+ ", text),
            Line::Removed(text) => ("removed", "- ", text),
            Line::Skipped(count) => {
                return view! { <span class="skipped">"  " {t!(i18n, workloads.lines_same, count = count)} "\n"</span> }
                    .into_any();
            }
        };
        view! { <span class=class>{sign} {text} "\n"</span> }.into_any()
    });
    view! { <pre tabindex="0" role="region" aria-label=label>{lines.collect_view()}</pre> }
}
