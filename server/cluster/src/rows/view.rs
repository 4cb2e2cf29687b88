//! The rows that pass a filter, in order, over several clusters; kept up with by what changed, not by sorting again.

use std::cmp::Ordering;
use std::collections::BTreeSet;
use std::sync::{Arc, RwLockReadGuard};

use model::rows::{
    ClusterRows, Column, Custom, LONGEST, Listing, Printed, RowCell, RowFilter, RowQuery, RowState, RowView,
    RowWindow, SortBy, Term, has_label,
};
use model::workloads::Health;

use super::order::cells;
use super::places::Places;
use super::shared::Shared;
use super::table::{Cell, Row, Since, Slot, Table};
use super::{Missing, Sources};

/// Most changes that are put into an order one by one.
const MENDED: usize = 256;

/// One list of somebody's.
pub struct View {
    kind: Listing,
    /// What the list looks like, where clusters were taught its kind: as the first of them says.
    custom: Option<Custom>,
    filter: RowFilter,
    sort: Vec<(SortBy, bool)>,
    sources: Vec<Source>,
    missing: Vec<Missing>,
    /// Passes everything but what the filter says of the status.
    order: Vec<Entry>,
    /// How many of these pass it whole, and how many have which health; none after a change.
    figures: Option<(u32, Vec<(Health, u32)>)>,
}

struct Source {
    shared: Arc<Shared>,
    places: Places,
    /// The sequence of the table up to which the order is right; none before the first time.
    seen: Option<u64>,
    /// Where its cells stand, of each column of the list; none where they are in the order of the columns.
    cells: Option<Vec<Option<usize>>>,
}

#[derive(Clone, Copy)]
struct Entry {
    source: u32,
    slot: Slot,
    health: Option<Health>,
}

impl View {
    pub fn new(query: &RowQuery, sources: Sources) -> Self {
        let custom = custom(&sources);
        let filter = RowFilter::parse(&query.kind, custom.as_ref(), &query.filter);
        let missing = sources.missing;
        let sources = sources.tables.into_iter().map(|(shared, places)| {
            let cells = cells_of(custom.as_ref(), &shared);
            Source { shared, places, seen: None, cells }
        });
        let sources = sources.collect();
        Self {
            kind: query.kind.clone(),
            custom,
            filter,
            sort: query.sort.clone(),
            sources,
            missing,
            order: vec![],
            figures: None,
        }
    }

    /// Of everything that has all words.
    pub(super) fn searching(kind: Listing, typed: &str, sources: Sources) -> Self {
        let view = Self::new(&RowQuery::new(kind, ""), sources);
        let filter = RowFilter::parse_search(&view.kind, view.custom.as_ref(), typed);
        Self { filter, ..view }
    }

    pub(super) fn filter(&self) -> &RowFilter {
        &self.filter
    }

    pub(super) fn tables(&self) -> impl Iterator<Item = (u32, Arc<Shared>)> {
        (0_u32..).zip(self.sources.iter().map(|source| source.shared.clone()))
    }

    pub(super) fn told(&self) -> Vec<ClusterRows> {
        told(&self.sources, &self.missing)
    }

    pub(super) fn namespaced(&self) -> bool {
        self.kind.namespaced(self.custom.as_ref())
    }

    /// What a row shows besides name, namespace, cluster and age.
    fn columns(&self) -> &'static [Column] {
        self.kind.columns(self.custom.as_ref())
    }

    /// Whether a row passes everything that was said.
    pub(super) fn finds(&self, source: u32, table: &Table, row: &Row) -> bool {
        self.filter.matches_status(row.health) && self.passes(source, table, row)
    }

    /// The label or text of a row that has a word, other than its name.
    pub(super) fn place_of(&self, table: &Table, row: &Row, word: &str) -> Option<String> {
        let has = |text: &&str| text.to_lowercase().contains(word);
        let labels = table.strings.get(row.labels);
        if let Some(label) = labels.split(',').find(has) {
            return Some(label.to_owned());
        }
        let texts = row.cells.iter().take(self.columns().len()).filter_map(|cell| match cell {
            Cell::Text(text) => Some(table.strings.get(*text)),
            _ => None,
        });
        let namespace = std::iter::once(table.strings.get(row.namespace));
        texts.chain(namespace).find(has).map(str::to_owned)
    }

    /// The part that a query asks for, which is of this list, as it is now.
    pub fn window(&mut self, query: &RowQuery) -> RowWindow {
        let (offset, length) = (query.offset, query.length);
        let (shown, namespaced) = (query.columns(self.custom.as_ref()), self.namespaced());
        let columns: Vec<_> =
            self.columns().iter().copied().filter(|column| shown.contains(column)).collect();
        let place = |source: &Source| columns.iter().map(|column| self.place(source, *column)).collect();
        let places: Vec<Vec<_>> = self.sources.iter().map(place).collect();
        let shared: Vec<_> = self.sources.iter().map(|source| source.shared.clone()).collect();
        let tables: Vec<_> = shared.iter().map(|shared| shared.read()).collect();
        self.keep_up(&tables);
        let (total, counts) = self.figures.get_or_insert_with(|| figures(&self.order, &self.filter)).clone();
        let (offset_of, length) = (offset as usize, length.min(LONGEST) as usize);
        let entries: Vec<_> = match self.filter.says_status() {
            true => {
                let passing = self.order.iter().filter(|entry| self.filter.matches_status(entry.health));
                passing.skip(offset_of).take(length).copied().collect()
            }
            // All of them pass, so the place is known.
            false => self.order.iter().skip(offset_of).take(length).copied().collect(),
        };
        let rows = entries.into_iter().filter_map(|entry| {
            let source = self.sources.get(entry.source as usize)?;
            let (table, places) = (tables.get(entry.source as usize)?, places.get(entry.source as usize)?);
            Some(shown_row(places, namespaced, table, table.row(entry.slot)?, &source.shared))
        });
        let (clusters, custom) = (told(&self.sources, &self.missing), self.custom.clone());
        RowWindow { rows: rows.collect(), offset, total, counts, clusters, custom }
    }

    /// Takes in what changed since the last time.
    fn keep_up(&mut self, tables: &[RwLockReadGuard<'_, Table>]) {
        let mut changed = BTreeSet::new();
        let mut anew = false;
        for (number, (source, table)) in (0_u32..).zip(self.sources.iter_mut().zip(tables)) {
            let since = source.seen.map_or(Since::TooLong, |seen| table.since(seen));
            source.seen = Some(table.sequence());
            match since {
                Since::Changed(slots) => changed.extend(slots.into_iter().map(|slot| (number, slot))),
                Since::TooLong => anew = true,
            }
        }
        // Of many the order is made faster than it is mended.
        if anew || changed.len() > MENDED {
            self.order = self.all(tables);
            self.figures = None;
            return;
        }
        if changed.is_empty() {
            return;
        }
        self.figures = None;
        self.order.retain(|entry| !changed.contains(&(entry.source, entry.slot)));
        for (number, slot) in changed {
            let Some(table) = tables.get(number as usize) else { continue };
            let Some(row) = table.row(slot) else { continue };
            if !self.passes(number, table, row) {
                continue;
            }
            let entry = Entry { source: number, slot, health: row.health };
            let at =
                self.order.partition_point(|other| self.compare(tables, other, &entry) == Ordering::Less);
            self.order.insert(at, entry);
        }
    }

    fn all(&self, tables: &[RwLockReadGuard<'_, Table>]) -> Vec<Entry> {
        let mut order = Vec::new();
        for (number, table) in (0_u32..).zip(tables) {
            let passing = table.rows().filter(|(_, row)| self.passes(number, table, row));
            order.extend(passing.map(|(slot, row)| Entry { source: number, slot, health: row.health }));
        }
        order.sort_unstable_by(|a, b| self.compare(tables, a, b));
        order
    }

    fn passes(&self, source: u32, table: &Table, row: &Row) -> bool {
        let Some(source) = self.sources.get(source as usize) else { return false };
        let namespace = table.strings.get(row.namespace);
        let allowed = match &source.places {
            Places::Everywhere => true,
            Places::In(seen) => {
                let named = || seen.named.get(namespace).is_some_and(|names| names.contains(&*row.name));
                seen.whole.contains(namespace) || named()
            }
            Places::Unknown => false,
        };
        allowed && self.filter.0.iter().all(|term| self.holds(term, source, table, row))
    }

    /// What is said of the status counts elsewhere.
    fn holds(&self, term: &Term, source: &Source, table: &Table, row: &Row) -> bool {
        match term {
            Term::Status(_) => true,
            Term::Name(part) => place_in_name(row, part).is_some(),
            Term::Anywhere(part) => {
                place_in_name(row, part).is_some() || self.place_of(table, row, part).is_some()
            }
            Term::Namespace(any) => any.iter().any(|word| *word == table.strings.get(row.namespace)),
            Term::Cluster(any) => any.iter().any(|word| word == source.shared.cluster.as_str()),
            Term::Kind(any) => self
                .text(source, table, row, Column::Kind)
                .is_some_and(|kind| any.iter().any(|word| kind.eq_ignore_ascii_case(word))),
            Term::Label(wanted) => has_label(table.strings.get(row.labels), wanted),
            Term::Cell(column, part) => match self.cell(source, row, *column) {
                Some(Cell::Text(word)) => table.strings.get(*word).to_lowercase().contains(part.as_str()),
                Some(Cell::Number(number)) => number.to_string() == *part,
                Some(Cell::Part(some, all)) => format!("{some}/{all}") == *part,
                Some(Cell::Nothing) | None => false,
            },
        }
    }

    /// Where the cells of a column are in the rows of a table.
    fn place(&self, source: &Source, column: Column) -> Option<usize> {
        let at = self.columns().iter().position(|known| *known == column)?;
        match &source.cells {
            Some(cells) => *cells.get(at)?,
            None => Some(at),
        }
    }

    fn cell<'a>(&self, source: &Source, row: &'a Row, column: Column) -> Option<&'a Cell> {
        row.cells.get(self.place(source, column)?)
    }

    fn text<'a>(&self, source: &Source, table: &'a Table, row: &Row, column: Column) -> Option<&'a str> {
        match self.cell(source, row, column)? {
            Cell::Text(word) => Some(table.strings.get(*word)),
            _ => None,
        }
    }

    /// Equal ones by name, so that the order is always the same.
    fn compare(&self, tables: &[RwLockReadGuard<'_, Table>], a: &Entry, b: &Entry) -> Ordering {
        let find = |entry: &Entry| {
            let (table, source) =
                (tables.get(entry.source as usize)?, self.sources.get(entry.source as usize)?);
            Some((source, &**table, table.row(entry.slot)?))
        };
        let (Some((from, one, first)), Some((from_other, other, second))) = (find(a), find(b)) else {
            return Ordering::Equal;
        };
        let names = || first.name.cmp(&second.name);
        let spaces = || one.strings.get(first.namespace).cmp(other.strings.get(second.namespace));
        let clusters = || self.cluster(a).cmp(self.cluster(b));
        for (by, descending) in &self.sort {
            let order = match by {
                SortBy::Name => names(),
                SortBy::Namespace => spaces(),
                SortBy::Cluster => clusters(),
                // The youngest first.
                SortBy::Age => second.created.cmp(&first.created),
                SortBy::Health => first.health.cmp(&second.health),
                SortBy::Column(column) => {
                    // What needs attention first, then by what it is called.
                    let health = match column {
                        Column::Status => first.health.cmp(&second.health),
                        _ => Ordering::Equal,
                    };
                    health.then_with(|| {
                        let (first, second) =
                            (self.cell(from, first, *column), self.cell(from_other, second, *column));
                        cells(one, first, other, second)
                    })
                }
            };
            match order {
                Ordering::Equal => {}
                order if *descending => return order.reverse(),
                order => return order,
            }
        }
        names().then_with(spaces).then_with(clusters).then_with(|| a.source.cmp(&b.source))
    }

    fn cluster(&self, entry: &Entry) -> &str {
        self.sources.get(entry.source as usize).map_or("", |source| source.shared.cluster.as_str())
    }
}

/// What the first of the clusters that were taught the kind says that it looks like.
fn custom(sources: &Sources) -> Option<Custom> {
    let definitions = sources.tables.iter().filter_map(|(shared, _)| shared.subject.definition());
    definitions.map(|definition| definition.custom.clone()).next()
}

/// Clusters may have been taught other columns, or in another order.
fn cells_of(custom: Option<&Custom>, shared: &Shared) -> Option<Vec<Option<usize>>> {
    let (custom, own) = (custom?, &shared.subject.definition()?.custom);
    let same = |one: &Printed, other: &Printed| one.name == other.name && one.shape == other.shape;
    let place = |printed| own.printed.iter().position(|known| same(known, printed));
    let places = custom.printed.iter().map(place);
    (own.printed != custom.printed).then(|| places.collect())
}

/// Of each cluster how much of the truth is known of what is known least.
fn told(sources: &[Source], missing: &[Missing]) -> Vec<ClusterRows> {
    let of_sources = sources.iter().map(|source| {
        let (state, denied) = match &source.places {
            Places::Unknown => (RowState::Unread, 0),
            // No role in a namespace gives what lives in none.
            Places::In(_)
                if source.shared.subject.definition().is_some_and(|known| !known.custom.namespaced) =>
            {
                (source.shared.told(), 0)
            }
            Places::In(seen) => (source.shared.told(), seen.denied),
            Places::Everywhere => (source.shared.told(), 0),
        };
        ClusterRows { cluster: source.shared.cluster.clone(), state, denied }
    });
    let mut all: Vec<ClusterRows> = Vec::new();
    for told in of_sources.chain(missing.iter().map(Missing::told)) {
        match all.iter_mut().find(|known| known.cluster == told.cluster) {
            Some(known) => {
                known.denied = known.denied.max(told.denied);
                if told.state.is_worse_than(known.state) {
                    known.state = told.state;
                }
            }
            None => all.push(told),
        }
    }
    all
}

/// Where a word in lower case is in a name; some names have capitals.
pub(super) fn place_in_name(row: &Row, word: &str) -> Option<usize> {
    match row.name.bytes().any(|byte| byte.is_ascii_uppercase()) {
        true => row.name.to_lowercase().find(word),
        false => row.name.find(word),
    }
}

/// How many pass, and how many have which health; none of kinds that have none.
fn figures(order: &[Entry], filter: &RowFilter) -> (u32, Vec<(Health, u32)>) {
    let narrow = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
    let mut counts = [0_usize; Health::ALL.len()];
    let mut passing = 0;
    for entry in order {
        passing += usize::from(filter.matches_status(entry.health));
        let at = Health::ALL.iter().position(|health| entry.health == Some(*health));
        if let Some(count) = at.and_then(|at| counts.get_mut(at)) {
            *count += 1;
        }
    }
    let none = counts.iter().all(|count| *count == 0);
    let counts = Health::ALL.into_iter().zip(counts).map(|(health, count)| (health, narrow(count)));
    (narrow(passing), if none { vec![] } else { counts.collect() })
}

/// What stands behind the columns is nobody's to see.
fn shown_row(
    places: &[Option<usize>],
    namespaced: bool,
    table: &Table,
    row: &Row,
    shared: &Shared,
) -> RowView {
    let cell = |place: &Option<usize>| match place.and_then(|at| row.cells.get(at)) {
        Some(Cell::Text(word)) => RowCell::Text(table.strings.get(*word).to_owned()),
        Some(Cell::Number(number)) => RowCell::Number(*number),
        Some(Cell::Part(some, all)) => RowCell::Part(*some, *all),
        Some(Cell::Nothing) | None => RowCell::Nothing,
    };
    RowView {
        cluster: shared.cluster.clone(),
        namespace: if namespaced { table.strings.get(row.namespace).to_owned() } else { String::new() },
        name: row.name.to_string(),
        health: row.health,
        created: row.created,
        cells: places.iter().map(cell).collect(),
    }
}
