//! What changed from one window to the next.

use std::collections::HashMap;

use serde::{Deserialize, Serialize};

use super::{ClusterRows, RowView, RowWindow};
use crate::workloads::Health;

/// Makes the newer window of the one before. What is not named stayed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowDelta {
    pub pieces: Vec<Piece>,
    pub total: u32,
    /// In the order of those that were told before.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub counts: Option<Vec<u32>>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub clusters: Option<Vec<ClusterRows>>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Piece {
    /// So many rows of the window before, from this one on.
    Keep(u32, u32),
    Row(RowView),
}

impl RowWindow {
    /// None when it is of another place, or when it is not worth it.
    pub fn delta(&self, newer: &Self) -> Option<RowDelta> {
        let of = |window: &Self| window.counts.iter().map(|(health, _)| *health).collect::<Vec<Health>>();
        if self.offset != newer.offset || self.custom != newer.custom || of(self) != of(newer) {
            return None;
        }
        let known: HashMap<_, _> = self.rows.iter().zip(0_u32..).collect();
        let mut pieces = Vec::new();
        let mut new = 0;
        for row in &newer.rows {
            match (known.get(row), pieces.last_mut()) {
                (Some(at), Some(Piece::Keep(from, count))) if *from + *count == *at => *count += 1,
                (Some(at), _) => pieces.push(Piece::Keep(*at, 1)),
                (None, _) => {
                    new += 1;
                    pieces.push(Piece::Row(row.clone()));
                }
            }
        }
        // Nearly everything is another: the whole is simpler.
        if new > 8 && new * 2 > newer.rows.len() {
            return None;
        }
        Some(RowDelta {
            pieces,
            total: newer.total,
            counts: (self.counts != newer.counts)
                .then(|| newer.counts.iter().map(|(_, count)| *count).collect()),
            clusters: (self.clusters != newer.clusters).then(|| newer.clusters.clone()),
        })
    }

    /// The window after `delta`, which was made of this one.
    pub fn after(&self, delta: RowDelta) -> Self {
        let mut rows = Vec::new();
        for piece in delta.pieces {
            match piece {
                Piece::Keep(from, count) => {
                    rows.extend(self.rows.iter().skip(from as usize).take(count as usize).cloned());
                }
                Piece::Row(row) => rows.push(row),
            }
        }
        let counts = match delta.counts {
            Some(counts) => self.counts.iter().map(|(health, _)| *health).zip(counts).collect(),
            None => self.counts.clone(),
        };
        Self {
            rows,
            offset: self.offset,
            total: delta.total,
            counts,
            clusters: delta.clusters.unwrap_or_else(|| self.clusters.clone()),
            custom: self.custom.clone(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clusters::ClusterName;
    use crate::rows::RowCell;

    fn window(names: &[(&str, i64)]) -> RowWindow {
        let row = |(name, restarts): &(&str, i64)| RowView {
            cluster: ClusterName::parse("local").unwrap(),
            namespace: "shop".into(),
            name: (*name).into(),
            health: Some(Health::Healthy),
            created: 1,
            cells: vec![RowCell::Number(*restarts)],
        };
        let total = u32::try_from(names.len()).unwrap();
        let counts = vec![(Health::Failed, 0), (Health::Healthy, total)];
        RowWindow { rows: names.iter().map(row).collect(), total, counts, ..RowWindow::default() }
    }

    #[test]
    fn a_delta_makes_the_newer_window_of_the_older_one() {
        let old = window(&[("a", 0), ("b", 0), ("c", 0), ("d", 0)]);
        for (new, pieces) in [
            (window(&[("a", 0), ("b", 0), ("c", 0), ("d", 0)]), 1),
            (window(&[("a", 0), ("b", 1), ("c", 0), ("d", 0)]), 3),
            (window(&[("0", 0), ("a", 0), ("b", 0), ("c", 0)]), 2),
            (window(&[("c", 0), ("a", 0)]), 2),
            (window(&[]), 0),
        ] {
            let delta = old.delta(&new).unwrap();
            assert_eq!(delta.pieces.len(), pieces);
            assert_eq!(old.after(delta), new);
        }
    }

    #[test]
    fn another_place_is_another_window() {
        let old = window(&[("a", 0)]);
        assert_eq!(old.delta(&RowWindow { offset: 50, ..old.clone() }), None);
        assert_eq!(
            old.delta(&RowWindow { counts: vec![], ..old.clone() }),
            None,
            "other counts are told whole"
        );
    }
}
