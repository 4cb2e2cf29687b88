//! Looks through the rows of all kinds.

use std::cmp::Reverse;
use std::sync::RwLockReadGuard;

use model::rows::{ClusterRows, Found, Hit, Listing, MOST_FOUND, RowState, Term};

use super::Sources;
use super::shared::Shared;
use super::table::{Row, Table};
use super::view::{View, place_in_name};

/// How well a row is met: the better the smaller.
#[derive(Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
enum Rank {
    Name,
    Beginning,
    Part,
    Elsewhere,
}

/// What has all words, of what somebody may see.
pub fn search(sources: &Sources, typed: &str) -> Found {
    let mut found = Found::default();
    let mut best: Vec<(Rank, Reverse<Option<u8>>, Hit)> = Vec::new();
    for part in sources.parts() {
        let view = View::searching(part.clone(), typed, sources.of(&part));
        for (number, shared) in view.tables() {
            let table = shared.read();
            for (_, row) in table.rows() {
                if view.finds(number, &table, row) {
                    found.total = found.total.saturating_add(1);
                    let rank = rank(&view, row);
                    // Of many that are no better none is kept.
                    if best.len() < 4 * MOST_FOUND || rank < Rank::Elsewhere {
                        best.push((rank, Reverse(attention(row)), hit(&view, &part, &shared, &table, row)));
                    }
                    if best.len() >= 8 * MOST_FOUND {
                        keep_best(&mut best);
                    }
                }
            }
        }
        for told in view.told() {
            note(&mut found.clusters, told);
        }
    }
    keep_best(&mut best);
    found.hits = best.into_iter().map(|(_, _, hit)| hit).collect();
    found
}

fn keep_best(best: &mut Vec<(Rank, Reverse<Option<u8>>, Hit)>) {
    fn place(hit: &Hit) -> (&Listing, &str, &str, &str) {
        (&hit.kind, &hit.name, &hit.namespace, hit.cluster.as_str())
    }
    best.sort_by(|a, b| (a.0, a.1).cmp(&(b.0, b.1)).then_with(|| place(&a.2).cmp(&place(&b.2))));
    best.truncate(MOST_FOUND);
}

/// What failed comes before what is well.
fn attention(row: &Row) -> Option<u8> {
    row.health.map(|health| u8::from(health == model::workloads::Health::Failed))
}

fn rank(view: &View, row: &Row) -> Rank {
    let words = view.filter().0.iter().filter_map(|term| match term {
        Term::Anywhere(word) | Term::Name(word) => Some(word.as_str()),
        _ => None,
    });
    let each = words.map(|word| match place_in_name(row, word) {
        Some(0) if row.name.len() == word.len() => Rank::Name,
        Some(0) => Rank::Beginning,
        Some(_) => Rank::Part,
        None => Rank::Elsewhere,
    });
    each.min().unwrap_or(Rank::Elsewhere)
}

fn hit(view: &View, part: &Listing, shared: &Shared, table: &RwLockReadGuard<'_, Table>, row: &Row) -> Hit {
    let elsewhere = view.filter().0.iter().find_map(|term| match term {
        Term::Anywhere(word) if place_in_name(row, word).is_none() => view.place_of(table, row, word),
        _ => None,
    });
    let namespace = if view.namespaced() { table.strings.get(row.namespace) } else { "" };
    Hit {
        kind: part.clone(),
        cluster: shared.cluster.clone(),
        namespace: namespace.to_owned(),
        name: row.name.to_string(),
        health: row.health,
        why: elsewhere.unwrap_or_default(),
    }
}

/// Of each cluster the worst; that it lacks a kind is nothing that is missing.
fn note(clusters: &mut Vec<ClusterRows>, told: ClusterRows) {
    if matches!(told.state, RowState::Live | RowState::Absent) {
        return;
    }
    match clusters.iter_mut().find(|known| known.cluster == told.cluster) {
        Some(known) if told.state.is_worse_than(known.state) => known.state = told.state,
        Some(_) => {}
        None => clusters.push(told),
    }
}
