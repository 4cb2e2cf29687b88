//! Measured values as charts.

use model::monitoring::{Chart, History, LINES, Series};
use model::quantity::Quantity;

/// Whose, and one value per step until now; all lines of a chart are equally long.
pub(super) type Line = (String, Vec<Option<Quantity>>);

/// `step` in seconds.
pub(super) fn history(step: u32, cpu: Vec<Line>, memory: Vec<Line>) -> History {
    History { step, cpu: chart(cpu, Quantity::cores), memory: chart(memory, Quantity::bytes) }
}

fn chart(mut lines: Vec<Line>, words: fn(Quantity) -> String) -> Chart {
    let now = |points: &[Option<Quantity>]| points.last().copied().flatten();
    lines.sort_by(|(a_name, a), (b_name, b)| now(b).cmp(&now(a)).then_with(|| a_name.cmp(b_name)));
    let hidden = lines.len().saturating_sub(LINES);
    lines.truncate(LINES);
    let top = lines.iter().flat_map(|(_, points)| points.iter().copied().flatten()).max().unwrap_or_default();
    let series = |(name, points): Line| Series {
        name,
        now: now(&points).map(words).unwrap_or_default(),
        points: points.into_iter().map(|point| Some(point?.share_of(top))).collect(),
    };
    Chart {
        lines: lines.into_iter().map(series).collect(),
        top: words(top),
        hidden: u32::try_from(hidden).unwrap_or(u32::MAX),
    }
}
