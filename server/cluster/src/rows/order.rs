//! Which of two cells comes first.

use std::cmp::Ordering;

use super::table::{Cell, Table};

/// Nothing comes last.
pub(super) fn cells(one: &Table, a: Option<&Cell>, other: &Table, b: Option<&Cell>) -> Ordering {
    match (a, b) {
        (Some(Cell::Text(a)), Some(Cell::Text(b))) => one.strings.get(*a).cmp(other.strings.get(*b)),
        (Some(Cell::Number(a)), Some(Cell::Number(b))) => a.cmp(b),
        (Some(Cell::Part(a, all)), Some(Cell::Part(b, others))) => {
            // By what is missing, the most first.
            let missing = |some: &u32, all: &u32| std::cmp::Reverse(all.saturating_sub(*some));
            missing(a, all).cmp(&missing(b, others)).then(all.cmp(others))
        }
        // What is a number in one row may be a word in another.
        (a, b) => rank(a).cmp(&rank(b)),
    }
}

fn rank(cell: Option<&Cell>) -> u8 {
    match cell {
        Some(Cell::Number(_)) => 0,
        Some(Cell::Part(..)) => 1,
        Some(Cell::Text(_)) => 2,
        Some(Cell::Nothing) | None => 3,
    }
}
