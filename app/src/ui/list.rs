//! A list of the console's own: sorted by its heads and narrowed down by words, both in the address. One in a page.

use std::cmp::Ordering;
use std::time::Duration;

use leptos::prelude::*;
use leptos_router::NavigateOptions;
use leptos_router::components::A;
use leptos_router::hooks::{use_location, use_navigate, use_query_map};
use leptos_router::params::ParamsMap;
use model::quantity::Quantity;

use super::table::{Column, Head, Table};
use crate::paths;
use crate::ui::text::Text;

/// The words in the address.
const FIND: &str = "find";
/// After the last letter, until the address has it: browsers refuse to change it for each.
const PAUSE: Duration = Duration::from_millis(300);
/// The column in the address, from one on; `-2` turns it around.
const SORT: &str = "sort";

/// What stands in a list, and what it is sorted by.
pub struct Cell {
    shown: AnyView,
    by: Key,
}

#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Amount(Quantity),
    Word(String),
    /// Comes last, however it is sorted.
    Nothing,
}

impl Cell {
    pub fn word(word: impl Into<String>) -> Self {
        let word = word.into();
        Self::of(word.clone(), word)
    }

    /// A word that leads somewhere.
    pub fn link(word: impl Into<String>, href: String) -> Self {
        let word = word.into();
        Self::of(word.clone(), view! { <A href>{word}</A> })
    }

    pub fn number(number: impl Into<u64>) -> Self {
        let number = number.into();
        Self::sized(Quantity::whole(i64::try_from(number).unwrap_or(i64::MAX)), number.to_string())
    }

    /// As Kubernetes writes it, `500m`; another word is one.
    pub fn amount(written: String) -> Self {
        match Quantity::parse(&written) {
            Some(amount) => Self::sized(amount, written),
            None => Self::word(written),
        }
    }

    /// An amount in other words.
    pub fn sized(amount: Quantity, shown: impl IntoView + 'static) -> Self {
        Self { shown: shown.into_any(), by: Key::Amount(amount) }
    }

    /// A status by its mark, the worst first.
    pub fn marked(mark: &str, shown: impl IntoView + 'static) -> Self {
        let rank = ["failed", "warning", "progressing", "unknown"].iter().position(|bad| mark.ends_with(bad));
        Self::sized(Quantity::whole(rank.map_or(9, |rank| rank as i64)), shown)
    }

    /// Something else, sorted by a word: of a moment its RFC 3339.
    pub fn of(word: impl AsRef<str>, shown: impl IntoView + 'static) -> Self {
        let word = natural(word.as_ref());
        Self { shown: shown.into_any(), by: if word.is_empty() { Key::Nothing } else { Key::Word(word) } }
    }

    /// Nothing is sorted by it.
    pub fn plain(shown: impl IntoView + 'static) -> Self {
        Self { shown: shown.into_any(), by: Key::Nothing }
    }
}

/// To be shown by `Load`. The first cell of a row names it. `empty` stands in the place of a list without rows.
#[component]
pub fn List<T, F>(label: Text, columns: Vec<Column>, items: Vec<T>, row: F, empty: Text) -> impl IntoView
where
    T: Send + 'static,
    F: Fn(T) -> Vec<Cell> + Send + 'static,
{
    let address = use_query_map();
    let words = use_words(address);
    // `Load` shows it anew when it is another: the table is changed in place, where somebody may be in it.
    let sort = use_sort().get_untracked();
    let mut rows: Vec<_> = items.into_iter().map(row).collect();
    if let Some((at, descending)) = sort {
        rows.sort_by(|one, other| order(one.get(at), other.get(at), descending));
    }
    let sorts =
        |at: usize| rows.iter().any(|cells| cells.get(at).is_some_and(|cell| cell.by != Key::Nothing));
    let heads = (0..columns.len()).map(|at| sorts(at).then(|| head(at, sort, address))).collect();
    let rows = rows.into_iter().map(|cells| cells.into_iter().map(|cell| cell.shown).collect()).collect();
    view! { <Table label columns rows empty heads words /> }
}

/// The column that the list of a page is sorted by, and whether it is turned around.
pub fn use_sort() -> Memo<Option<(usize, bool)>> {
    let address = use_query_map();
    Memo::new(move |_| address.read().get(SORT).as_deref().and_then(read))
}

/// As people count: `team-9` before `team-10`.
fn natural(word: &str) -> String {
    let mut out = String::new();
    let mut digits = String::new();
    for letter in word.chars().flat_map(char::to_lowercase).chain(std::iter::once('\0')) {
        if letter.is_ascii_digit() {
            digits.push(letter);
            continue;
        }
        if !digits.is_empty() {
            out.push_str(&format!("{digits:0>12}"));
            digits.clear();
        }
        if letter != '\0' {
            out.push(letter);
        }
    }
    out
}

fn order(one: Option<&Cell>, other: Option<&Cell>, descending: bool) -> Ordering {
    let (one, other) = (one.map(|cell| &cell.by), other.map(|cell| &cell.by));
    let is_nothing = |key: Option<&Key>| key.is_none_or(|key| *key == Key::Nothing);
    let sorted = if descending { other.cmp(&one) } else { one.cmp(&other) };
    is_nothing(one).cmp(&is_nothing(other)).then(sorted)
}

/// Sorts by its column, and turns around what is sorted by it.
fn head(at: usize, sort: Option<(usize, bool)>, address: Memo<ParamsMap>) -> Head {
    let mine = sort.filter(|(by, _)| *by == at).map(|(_, descending)| descending);
    let next = format!("{}{}", if mine == Some(false) { "-" } else { "" }, at.saturating_add(1));
    let href = Signal::derive(move || with(&address.read(), SORT, &next));
    Head { href, descending: mine }
}

fn read(typed: &str) -> Option<(usize, bool)> {
    let (number, descending) = match typed.strip_prefix('-') {
        Some(number) => (number, true),
        None => (typed, false),
    };
    Some((number.parse::<usize>().ok()?.checked_sub(1)?, descending))
}

/// What stands behind the path, with one word of it another.
fn with(address: &ParamsMap, name: &'static str, value: &str) -> String {
    let mut rest = address.clone();
    rest.remove(name);
    let rest = rest.to_query_string();
    // An empty one would leave the address as it is.
    let rest = if rest.is_empty() { "?" } else { &rest };
    match value {
        "" => rest.to_owned(),
        value => format!("{rest}{}{name}={}", if rest == "?" { "" } else { "&" }, paths::encoded(value)),
    }
}

/// The words of the address, which follows what is typed without a step back for each letter.
fn use_words(address: Memo<ParamsMap>) -> RwSignal<String> {
    let found = Memo::new(move |_| address.read().get(FIND).unwrap_or_default());
    let words = RwSignal::new(found.get_untracked());
    let known = StoredValue::new(found.get_untracked());
    let (navigate, path) = (use_navigate(), use_location().pathname);
    let write = move || {
        // The page may be another by now.
        let Some((typed, address)) = words.try_get_untracked().zip(address.try_get_untracked()) else {
            return;
        };
        let to = format!("{}{}", path.get_untracked(), with(&address, FIND, &typed));
        known.set_value(typed);
        navigate(&to, NavigateOptions { replace: true, scroll: false, ..NavigateOptions::default() });
    };
    Effect::new(move |waits: Option<Option<TimeoutHandle>>| {
        let typed = words.get();
        waits.flatten().iter().for_each(TimeoutHandle::clear);
        let is_new = typed != found.get_untracked();
        is_new.then(|| set_timeout_with_handle(write.clone(), PAUSE).ok()).flatten()
    });
    Effect::new(move |_| {
        let found = found.get();
        if found != known.get_value() {
            known.set_value(found.clone());
            words.set(found);
        }
    });
    words
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn nothing_comes_last_however_a_list_is_sorted() {
        let cells = || [Cell::amount("2".into()), Cell::plain(""), Cell::amount("500m".into())];
        let sorted = |descending| {
            let mut cells = cells();
            cells.sort_by(|one, other| order(Some(one), Some(other), descending));
            cells.map(|cell| cell.by)
        };
        let amount = |written| Key::Amount(Quantity::parse(written).unwrap());

        assert_eq!(sorted(false), [amount("500m"), amount("2"), Key::Nothing]);
        assert_eq!(sorted(true), [amount("2"), amount("500m"), Key::Nothing]);
    }

    #[test]
    fn numbers_in_words_are_counted() {
        assert!(natural("team-9") < natural("Team-10") && natural("v1.35.9") < natural("v1.35.10"));
        assert_eq!(natural("a"), "a");
    }

    #[test]
    fn one_word_of_an_address_is_changed_and_the_others_stay() {
        let mut address = ParamsMap::new();
        assert_eq!(with(&address, FIND, "100% a&b"), "?find=100%25%20a%26b");
        address.insert(FIND, "a".into());
        assert_eq!(with(&address, SORT, "-2"), "?find=a&sort=-2");
        assert_eq!(with(&address, FIND, ""), "?");
    }

    #[test]
    fn the_column_of_an_address_is_read_or_left() {
        assert_eq!((read("2"), read("-1")), (Some((1, false)), Some((0, true))));
        assert_eq!((read("0"), read("name"), read("")), (None, None, None));
    }
}
