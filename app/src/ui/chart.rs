//! Small charts of use over time, with direct labels.

use leptos::prelude::*;
use model::monitoring::{Chart, History, Scope, Series};
use model::panel::Panel;

use crate::api::monitoring::view_history;
use crate::error::ApiError;
use crate::i18n::{t, use_i18n};
use crate::ui::absent::Absent;
use crate::ui::error::ErrorNote;
use crate::ui::text::{Text, text};

/// Of the drawing, in its own units.
const WIDTH: f32 = 400.0;
const HEIGHT: f32 = 72.0;

pub type Use = Resource<Option<Result<Panel<History>, ApiError>>>;

/// The use of what the scope names; none loads nothing. To be made by the page.
pub fn use_history(scope: impl Fn() -> Option<Scope> + Send + Sync + 'static) -> Use {
    let history = Resource::new(scope, |scope| async move { Some(view_history(scope?).await) });
    #[cfg(feature = "hydrate")]
    {
        // As often as samples are taken.
        let again = set_interval_with_handle(move || history.refetch(), std::time::Duration::from_secs(30));
        on_cleanup(move || again.into_iter().for_each(|again| again.clear()));
    }
    history
}

/// CPU and memory side by side.
#[component]
pub fn HistoryView(history: Use) -> impl IntoView {
    let i18n = use_i18n();
    view! {
        <Transition fallback=move || view! { <p class="muted">{text!(i18n, common.loading)}</p> }>
            {move || Suspend::new(async move {
                match history.await {
                    Some(Ok(Panel::Ready(History { cpu, .. }))) if cpu.lines.is_empty() => {
                        view! { <p class="note quiet">{text!(i18n, common.nothing_measured)}</p> }.into_any()
                    }
                    Some(Ok(Panel::Ready(History { step, cpu, memory }))) => view! {
                        <div class="charts">
                            <ChartView label=text!(i18n, clusters.cpu) chart=cpu step />
                            <ChartView label=text!(i18n, clusters.memory) chart=memory step />
                        </div>
                    }
                    .into_any(),
                    Some(Ok(Panel::Unavailable { reason })) => view! { <Absent reason /> }.into_any(),
                    Some(Err(error)) => view! { <ErrorNote error /> }.into_any(),
                    None => ().into_any(),
                }
            })}
        </Transition>
    }
}

#[component]
fn ChartView(label: Text, chart: Chart, step: u32) -> impl IntoView {
    let i18n = use_i18n();
    let Chart { top, lines, hidden } = chart;
    let samples = lines.first().map_or(0, |line| line.points.len());
    let minutes = u32::try_from(samples).unwrap_or(0).saturating_mul(step).div_ceil(60);
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
                <small>{t!(i18n, common.last_minutes, minutes = minutes, top = top)}</small>
            </figcaption>
            <svg viewBox=format!("0 0 {WIDTH} {HEIGHT}") preserveAspectRatio="none" aria-hidden="true">
                <path class="grid" d="M0 .5H400M0 36H400M0 71.5H400" vector-effect="non-scaling-stroke"></path>
                {drawn}
            </svg>
            <ul>{labels.collect_view()} {rest}</ul>
        </figure>
    }
}

/// Gaps are gaps; a point without neighbours is a short stroke.
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
            path.push_str(&format!("M{x:.0} {y:.1}h1"));
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
        assert_eq!(path(&[Some(0.0), Some(1.0), None, Some(0.5)]), "M0 71.0h1L133 1.0M400 36.0h1");
        assert_eq!(path(&[]), "");
    }
}
