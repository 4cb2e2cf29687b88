//! The rows of one kind in one cluster, and what changed last.

use std::collections::VecDeque;
use std::hash::{BuildHasher as _, Hash as _, Hasher as _, RandomState};

use hashbrown::HashTable;
use model::workloads::Health;

use super::strings::{Strings, Word};
use super::trouble::Troubles;

/// Changes that are remembered. Whoever is further behind looks at everything anew.
const RING: usize = 8192;

/// Counters of what happens in namespaces; those that share one wake each other in vain.
const COUNTERS: usize = 256;

/// Where a row is in its table. Another row may come to it after this one is gone.
pub(crate) type Slot = u32;

/// What the cluster says of an object, as it is read.
#[derive(Clone, Debug, Default, PartialEq)]
pub(crate) struct Draft {
    /// Empty where objects have none.
    pub(crate) namespace: String,
    pub(crate) name: String,
    /// `key=value`, sorted, with commas.
    pub(crate) labels: String,
    /// Unix seconds.
    pub(crate) created: i64,
    pub(crate) health: Option<Health>,
    /// In the order of the kind's columns.
    pub(crate) cells: Vec<Value>,
}

#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Value {
    Nothing,
    Text(String),
    Number(i64),
    /// So many of so many.
    Part(u32, u32),
}

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Cell {
    Nothing,
    Text(Word),
    Number(i64),
    Part(u32, u32),
}

pub(crate) struct Row {
    pub(crate) name: Box<str>,
    pub(crate) cells: Box<[Cell]>,
    pub(crate) namespace: Word,
    pub(crate) labels: Word,
    /// Unix seconds.
    pub(crate) created: u32,
    /// The list that it was last seen in.
    seen: u32,
    pub(crate) health: Option<Health>,
}

pub(crate) struct Table {
    rows: Vec<Option<Row>>,
    free: Vec<Slot>,
    index: HashTable<Slot>,
    hasher: RandomState,
    pub(crate) strings: Strings,
    /// Counts lists.
    list: u32,
    changes: VecDeque<Slot>,
    /// Grows with every change of a row.
    sequence: u64,
    /// Of workloads.
    troubles: Troubles,
    touched: [u64; COUNTERS],
}

/// What happened since a sequence number.
pub(crate) enum Since {
    /// To these rows, some of which may be gone, and some named more than once.
    Changed(Vec<Slot>),
    /// More than is remembered.
    TooLong,
}

impl Default for Table {
    fn default() -> Self {
        Self {
            rows: vec![],
            free: vec![],
            index: HashTable::default(),
            hasher: RandomState::default(),
            strings: Strings::default(),
            list: 0,
            changes: VecDeque::new(),
            sequence: 0,
            troubles: Troubles::default(),
            touched: [0; COUNTERS],
        }
    }
}

impl Table {
    pub(crate) fn sequence(&self) -> u64 {
        self.sequence
    }

    /// Number of rows.
    pub(crate) fn len(&self) -> usize {
        self.index.len()
    }

    /// What it needs of memory, about.
    pub(crate) fn bytes(&self) -> usize {
        let row = |row: &Row| row.name.len() + size_of_val(&*row.cells);
        self.rows.capacity() * size_of::<Option<Row>>()
            + self.rows().map(|(_, one)| row(one)).sum::<usize>()
            + (self.index.capacity() + self.changes.capacity() + self.free.capacity()) * size_of::<Slot>()
            + self.strings.bytes()
    }

    pub(crate) fn row(&self, slot: Slot) -> Option<&Row> {
        self.rows.get(slot as usize)?.as_ref()
    }

    pub(crate) fn rows(&self) -> impl Iterator<Item = (Slot, &Row)> {
        (0..).zip(&self.rows).filter_map(|(slot, row)| Some((slot, row.as_ref()?)))
    }

    pub(crate) fn since(&self, sequence: u64) -> Since {
        let behind = usize::try_from(self.sequence.saturating_sub(sequence)).unwrap_or(usize::MAX);
        match self.changes.len().checked_sub(behind) {
            Some(known) => Since::Changed(self.changes.range(known..).copied().collect()),
            None => Since::TooLong,
        }
    }

    /// No rows any more, and no memory of any.
    pub(crate) fn forget(&mut self) {
        let touched = self.touched.map(|count| count.saturating_add(1));
        *self = Self { sequence: self.sequence.saturating_add(1), touched, ..Self::default() };
    }

    /// A list of everything begins. Rows stay until it is whole.
    pub(crate) fn begin_list(&mut self) {
        self.list = self.list.wrapping_add(1);
    }

    /// The list is whole: what was not in it, nor seen since it began, is gone.
    pub(crate) fn end_list(&mut self) {
        let gone: Vec<_> =
            self.rows().filter(|(_, row)| row.seen != self.list).map(|(slot, _)| slot).collect();
        for slot in gone {
            self.drop_row(slot);
        }
    }

    /// An object as it is now. Says whether its row became another.
    pub(crate) fn put(&mut self, draft: &Draft) -> bool {
        self.touch(&draft.namespace);
        let shown = self.troubles.over(draft);
        self.put_row(shown.as_ref().unwrap_or(draft))
    }

    /// What a pod of a workload is stuck at; none when all go on.
    pub(crate) fn set_trouble(&mut self, (namespace, name): (String, String), word: Option<String>) {
        let slot = self.find(self.hash(&namespace, &name), &namespace, &name);
        let known = self.troubles.set((namespace, name), word);
        let Some(slot) = slot else { return };
        let Some(own) = known.or_else(|| self.draft(slot)) else { return };
        let seen = self.row(slot).map(|row| row.seen);
        self.put(&own);
        // That a list names it is told by the list only.
        if let (Some(Some(row)), Some(seen)) = (self.rows.get_mut(slot as usize), seen) {
            row.seen = seen;
        }
    }

    /// Grows with every object of a namespace that is seen, also when its row says nothing new.
    pub(crate) fn touched(&self, namespace: &str) -> u64 {
        self.touched.get(self.counter(namespace)).copied().unwrap_or_default()
    }

    /// What a row was made of.
    pub(super) fn draft(&self, slot: Slot) -> Option<Draft> {
        let row = self.row(slot)?;
        let value = |cell: &Cell| match cell {
            Cell::Nothing => Value::Nothing,
            Cell::Text(word) => Value::Text(self.strings.get(*word).to_owned()),
            Cell::Number(number) => Value::Number(*number),
            Cell::Part(some, all) => Value::Part(*some, *all),
        };
        Some(Draft {
            namespace: self.strings.get(row.namespace).to_owned(),
            name: row.name.to_string(),
            labels: self.strings.get(row.labels).to_owned(),
            created: i64::from(row.created),
            health: row.health,
            cells: row.cells.iter().map(value).collect(),
        })
    }

    fn put_row(&mut self, draft: &Draft) -> bool {
        let list = self.list;
        let hash = self.hash(&draft.namespace, &draft.name);
        let Some(slot) = self.find(hash, &draft.namespace, &draft.name) else {
            self.insert(hash, draft);
            return true;
        };
        let same = self.row(slot).is_some_and(|row| self.is_same(row, draft));
        if same {
            if let Some(Some(row)) = self.rows.get_mut(slot as usize) {
                row.seen = list;
            }
            return false;
        }
        let new = self.make(draft);
        if let Some(old) = self.rows.get_mut(slot as usize).and_then(|place| place.replace(new)) {
            self.release(&old);
        }
        self.note(slot);
        true
    }

    /// Says whether there was such an object.
    pub(crate) fn remove(&mut self, namespace: &str, name: &str) -> bool {
        let found = self.find(self.hash(namespace, name), namespace, name);
        if let Some(slot) = found {
            self.drop_row(slot);
        }
        found.is_some()
    }

    pub(crate) fn slot_of(&self, namespace: &str, name: &str) -> Option<Slot> {
        self.find(self.hash(namespace, name), namespace, name)
    }

    fn insert(&mut self, hash: u64, draft: &Draft) {
        let row = self.make(draft);
        let slot = match self.free.pop() {
            Some(slot) => {
                if let Some(place) = self.rows.get_mut(slot as usize) {
                    *place = Some(row);
                }
                slot
            }
            None => {
                self.rows.push(Some(row));
                Slot::try_from(self.rows.len() - 1).unwrap_or(Slot::MAX)
            }
        };
        let (rows, strings, hasher) = (&self.rows, &self.strings, &self.hasher);
        let rehash = |slot: &Slot| match rows.get(*slot as usize) {
            Some(Some(row)) => hash_of(hasher, strings.get(row.namespace), &row.name),
            _ => 0,
        };
        self.index.insert_unique(hash, slot, rehash);
        self.note(slot);
    }

    fn drop_row(&mut self, slot: Slot) {
        let Some(row) = self.rows.get_mut(slot as usize).and_then(Option::take) else { return };
        let namespace = self.strings.get(row.namespace).to_owned();
        self.touch(&namespace);
        let hash = self.hash(&namespace, &row.name);
        if let Ok(found) = self.index.find_entry(hash, |known| *known == slot) {
            found.remove();
        }
        self.release(&row);
        self.free.push(slot);
        self.note(slot);
    }

    fn touch(&mut self, namespace: &str) {
        let counter = self.counter(namespace);
        if let Some(count) = self.touched.get_mut(counter) {
            *count = count.saturating_add(1);
        }
    }

    fn counter(&self, namespace: &str) -> usize {
        usize::try_from(self.hasher.hash_one(namespace)).unwrap_or_default() % COUNTERS
    }

    fn note(&mut self, slot: Slot) {
        self.sequence = self.sequence.saturating_add(1);
        if self.changes.len() == RING {
            self.changes.pop_front();
        }
        self.changes.push_back(slot);
    }

    fn make(&mut self, draft: &Draft) -> Row {
        let strings = &mut self.strings;
        let cell = |value: &Value| match value {
            Value::Nothing => Cell::Nothing,
            Value::Text(text) => Cell::Text(strings.hold(text)),
            Value::Number(number) => Cell::Number(*number),
            Value::Part(some, all) => Cell::Part(*some, *all),
        };
        let cells = draft.cells.iter().map(cell).collect();
        Row {
            name: draft.name.as_str().into(),
            cells,
            namespace: self.strings.hold(&draft.namespace),
            labels: self.strings.hold(&draft.labels),
            created: u32::try_from(draft.created).unwrap_or_default(),
            seen: self.list,
            health: draft.health,
        }
    }

    fn release(&mut self, row: &Row) {
        self.strings.release(row.namespace);
        self.strings.release(row.labels);
        for cell in &row.cells {
            if let Cell::Text(word) = cell {
                self.strings.release(*word);
            }
        }
    }

    fn is_same(&self, row: &Row, draft: &Draft) -> bool {
        let cell = |(cell, value): (&Cell, &Value)| match (cell, value) {
            (Cell::Nothing, Value::Nothing) => true,
            (Cell::Text(word), Value::Text(text)) => self.strings.get(*word) == text,
            (Cell::Number(one), Value::Number(other)) => one == other,
            (Cell::Part(some, all), Value::Part(few, others)) => (some, all) == (few, others),
            _ => false,
        };
        row.health == draft.health
            && i64::from(row.created) == draft.created
            && row.cells.len() == draft.cells.len()
            && row.cells.iter().zip(&draft.cells).all(cell)
            && self.strings.get(row.labels) == draft.labels
    }

    fn find(&self, hash: u64, namespace: &str, name: &str) -> Option<Slot> {
        let is = |slot: &Slot| {
            self.row(*slot)
                .is_some_and(|row| *row.name == *name && self.strings.get(row.namespace) == namespace)
        };
        self.index.find(hash, is).copied()
    }

    fn hash(&self, namespace: &str, name: &str) -> u64 {
        hash_of(&self.hasher, namespace, name)
    }
}

fn hash_of(hasher: &RandomState, namespace: &str, name: &str) -> u64 {
    let mut hasher = hasher.build_hasher();
    namespace.hash(&mut hasher);
    name.hash(&mut hasher);
    hasher.finish()
}
