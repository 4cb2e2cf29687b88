//! Small charts of use over time, with direct labels. How far back is part of the page's address.

use leptos::prelude::*;
use leptos_router::hooks::{use_location, use_query_map};
use model::monitoring::{Chart, History, Scope, Series, Span};
use model::panel::Panel;

use crate::api::monitoring::view_history;
use crate::error::ApiError;
use crate::i18n::{t, use_i18n};
use crate::paths;
use crate::ui::absent::Absent;
use crate::ui::error::ErrorNote;
use crate::ui::text::{Text, text};
use crate::ui::words;

/// Of the drawing, in its own units.
const WIDTH: f32 = 400.0;
const HEIGHT: f32 = 72.0;
/// Length of a single point.
const DOT: f32 = 2.0;

/// Half minutes until a long span is loaded again.
#[cfg(feature = "hydrate")]
const SELDOM: u32 = 10;

/// What charts show.
#[derive(Clone, Copy)]
pub struct Use {
    history: Resource<Option<Result<Panel<History>, ApiError>>>,
    span: Memo<Span>,
}

/// The use of what the scope names; none loads nothing. To be made by the page.
pub fn use_history(scope: impl Fn() -> Option<Scope> + Send + Sync + 'static) -> Use {
    let address = use_query_map();
    let span = Memo::new(move |_| Span::parse(&address.read().get("span").unwrap_or_default()));
    let history = Resource::new(
        move || (scope(), span.get()),
        |(scope, span)| async move { Some(view_history(scope?, span).await) },
    );
    #[cfg(feature = "hydrate")]
    {
        // As often as samples are taken; a day does not look different after half a minute.
        let beats = std::cell::Cell::new(0_u32);
        let beat = move || {
            beats.set(beats.get().wrapping_add(1));
            let often = matches!(span.get_untracked(), Span::Recent | Span::Hour);
            if often || beats.get().is_multiple_of(SELDOM) {
                history.refetch();
            }
        };
        let again = set_interval_with_handle(beat, std::time::Duration::from_secs(30));
        on_cleanup(move || again.into_iter().for_each(|again| again.clear()));
    }
    Use { history, span }
}

/// CPU and memory side by side, and how far back.
#[component]
pub fn HistoryView(history: Use) -> impl IntoView {
    let i18n = use_i18n();
    let Use { history, span } = history;
    view! {
        <Spans span />
        <Transition fallback=move || view! { <p class="muted">{text!(i18n, common.loading)}</p> }>
            {move || Suspend::new(async move {
                match history.await {
                    Some(Ok(Panel::Ready(History { cpu, .. }))) if cpu.lines.is_empty() => {
                        let words: Text = match span.get_untracked() {
                            Span::Recent => text!(i18n, common.nothing_measured),
                            _ => text!(i18n, monitoring.nothing),
                        };
                        view! { <p class="note quiet">{words}</p> }.into_any()
                    }
                    Some(Ok(Panel::Ready(History { step, cpu, memory }))) => {
                        let span = span.get_untracked();
                        view! {
                            <div class="charts">
                                <ChartView label=text!(i18n, clusters.cpu) chart=cpu step span />
                                <ChartView label=text!(i18n, clusters.memory) chart=memory step span />
                            </div>
                        }
                        .into_any()
                    }
                    Some(Ok(Panel::Unavailable { reason })) => view! { <Absent reason /> }.into_any(),
                    Some(Err(error)) => view! { <ErrorNote error /> }.into_any(),
                    None => ().into_any(),
                }
            })}
        </Transition>
    }
}

/// Each span is an address of its own, so it can be sent to somebody.
#[component]
fn Spans(span: Memo<Span>) -> impl IntoView {
    let i18n = use_i18n();
    let (place, address) = (use_location().pathname, use_query_map());
    let links = Span::ALL.map(|each| {
        let to = move || {
            let tab = address.read().get("tab").unwrap_or_default();
            paths::with_span(&place.get(), &tab, each)
        };
        let here = move || (span.get() == each).then_some("true");
        view! {
            <a href=to aria-current=here data-noscroll="">
                {words::span(i18n, each)}
            </a>
        }
    });
    view! {
        <nav class="spans" aria-label=text!(i18n, monitoring.span)>
            {links.collect_view()}
        </nav>
    }
}

#[component]
fn ChartView(label: Text, chart: Chart, step: u32, span: Span) -> impl IntoView {
    let i18n = use_i18n();
    let Chart { top, lines, hidden } = chart;
    let samples = lines.first().map_or(0, |line| line.points.len());
    let minutes = u32::try_from(samples).unwrap_or(0).saturating_mul(step).div_ceil(60);
    let told = match span {
        Span::Recent => t!(i18n, common.last_minutes, minutes = minutes, top = top).into_any(),
        _ => t!(i18n, monitoring.last, span = words::span(i18n, span), top = top).into_any(),
    };
    let drawn = lines.iter().enumerate().map(|(index, line)| {
        view! { <path class=format!("line-{index}") d=path(&line.points) vector-effect="non-scaling-stroke"></path> }
    });
    let drawn = drawn.collect_view();
    let labels = lines.into_iter().enumerate().map(|(index, Series { name, now, .. })| {
        view! {
            <li>
                <span class=format!("key line-{index}")></span>
                <span class="name">{name}</span>
                <strong>{now}</strong>
            </li>
        }
    });
    let rest =
        (hidden > 0).then(|| view! { <li class="muted">{t!(i18n, common.and_more, count = hidden)}</li> });
    view! {
        <figure class="card chart">
            <figcaption>
                <strong>{label}</strong>
                <small>{told}</small>
            </figcaption>
            <svg viewBox=format!("0 0 {WIDTH} {HEIGHT}") preserveAspectRatio="none" aria-hidden="true">
                <path class="grid" d="M0 .5H400M0 36H400M0 71.5H400" vector-effect="non-scaling-stroke"></path>
                {drawn}
            </svg>
            <ul>{labels.collect_view()} {rest}</ul>
        </figure>
    }
}

/// Gaps are gaps; a point without neighbours is a short stroke, also at the right edge.
fn path(points: &[Option<f32>]) -> String {
    let last = points.len().saturating_sub(1).max(1) as f32;
    let mut path = String::new();
    let mut drawing = false;
    for (index, point) in points.iter().enumerate() {
        let Some(share) = point else {
            drawing = false;
            continue;
        };
        let (x, y) = (index as f32 / last * WIDTH, HEIGHT - 1.0 - share.clamp(0.0, 1.0) * (HEIGHT - 2.0));
        if drawing {
            path.push_str(&format!("L{x:.0} {y:.1}"));
        } else {
            path.push_str(&format!("M{:.0} {y:.1}h{DOT}", x.min(WIDTH - DOT)));
        }
        drawing = true;
    }
    path
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_gap_interrupts_the_line() {
        assert_eq!(path(&[Some(0.0), Some(1.0), None, Some(0.5)]), "M0 71.0h2L133 1.0M398 36.0h2");
        assert_eq!(path(&[]), "");
    }
}
