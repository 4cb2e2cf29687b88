//! Addresses of lists: what they say of a list, and how it is read again.

use model::problem::{FieldProblem, Problem};
use model::rows::{Column, Listing, RowKind, RowQuery, Scope, SortBy};

use super::{RELEASES, RESOURCES, SEARCH, WORKLOADS, encoded};

/// Instead of columns: not even those are left out that usually are.
const NONE: &str = "none";

/// A whole list.
pub fn rows_of(kind: &Listing) -> String {
    match kind {
        Listing::Workloads => WORKLOADS.to_owned(),
        Listing::Kind(RowKind::Releases) => RELEASES.to_owned(),
        one => format!("{RESOURCES}/{}", one.as_str()),
    }
}

/// A list as it was kept; `query` is what stood behind its `?`.
pub fn saved(kind: &Listing, query: &str) -> String {
    if query.is_empty() { rows_of(kind) } else { format!("{}?{query}", rows_of(kind)) }
}

/// A part of that list, sorted and filtered.
pub fn rows(query: &RowQuery) -> String {
    let parts = row_parts(query).into_iter().map(|(name, value)| format!("{name}={}", encoded(&value)));
    saved(&query.kind, &parts.collect::<Vec<_>>().join("&"))
}

/// What the address of a list says, each under its name.
pub fn row_parts(query: &RowQuery) -> Vec<(&'static str, String)> {
    let sort: Vec<_> = query
        .sort
        .iter()
        .map(|(by, descending)| format!("{}{}", if *descending { "-" } else { "" }, by.as_str()))
        .collect();
    let hidden = query.hidden.as_ref().map(|hidden| match hidden.as_slice() {
        [] => NONE.to_owned(),
        hidden => hidden.iter().map(|column| column.as_str()).collect::<Vec<_>>().join(","),
    });
    let Scope { clusters, projects, namespaces } = &query.scope;
    let parts = [
        ("project", names(projects)),
        ("cluster", names(clusters)),
        ("namespace", names(namespaces)),
        ("filter", query.filter.clone()),
        ("hide", hidden.unwrap_or_default()),
        ("sort", sort.join(",")),
        ("offset", if query.offset > 0 { query.offset.to_string() } else { String::new() }),
    ];
    parts.into_iter().filter(|(_, value)| !value.is_empty()).collect()
}

/// As addresses and fields have them.
pub fn names<T: ToString>(names: &[T]) -> String {
    names.iter().map(ToString::to_string).collect::<Vec<_>>().join(",")
}

/// What has all these words.
pub fn search(words: &str) -> String {
    if words.is_empty() { SEARCH.to_owned() } else { format!("{SEARCH}?words={}", encoded(words)) }
}

/// What [`rows`] writes into an address: `name,-age`. Words that are none are left out.
pub fn read_sort(typed: &str) -> Vec<(SortBy, bool)> {
    let words = typed.split(',').map(|word| match word.strip_prefix('-') {
        Some(word) => (word, true),
        None => (word, false),
    });
    words.filter_map(|(word, descending)| Some((SortBy::parse(word)?, descending))).take(3).collect()
}

/// The same of a scope, of whose parts each has its word. Errors: the field whose names are none, because without them more would
/// be shown than was asked for.
pub fn read_scope(word: impl Fn(&str) -> String) -> Result<Scope, FieldProblem> {
    fn names<T: TryFrom<String>>(field: &str, typed: &str) -> Result<Vec<T>, FieldProblem> {
        let names = typed.split(',').map(str::trim).filter(|name| !name.is_empty());
        let names = names.map(|name| T::try_from(name.to_owned()));
        names.collect::<Result<_, _>>().map_err(|_bad| FieldProblem::new(field, Problem::NotALabel))
    }
    Ok(Scope {
        projects: names("project", &word("project"))?,
        clusters: names("cluster", &word("cluster"))?,
        namespaces: names("namespace", &word("namespace"))?,
    })
}

/// The same of the columns that are left out.
pub fn read_hidden(typed: &str) -> Option<Vec<Column>> {
    (!typed.is_empty()).then(|| typed.split(',').filter_map(Column::parse).collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_address_of_a_list_says_only_what_differs() {
        let query = RowQuery {
            sort: vec![(SortBy::Name, false), (SortBy::Age, true)],
            hidden: Some(vec![Column::Images]),
            offset: 100,
            scope: read_scope(|part| if part == "project" { "shop".into() } else { String::new() }).unwrap(),
            ..RowQuery::new(Listing::Workloads, "status:failed a")
        };

        let address = rows(&query);

        assert_eq!(
            address,
            "/workloads?project=shop&filter=status%3Afailed%20a&hide=images&sort=name,-age&offset=100"
        );
        assert_eq!((read_sort("name,-age,none"), read_hidden("images,none")), (query.sort, query.hidden));
        assert_eq!(rows(&RowQuery::new(Listing::Workloads, "")), "/workloads");
        let everything = RowQuery { hidden: Some(vec![]), ..RowQuery::new(Listing::Workloads, "") };
        assert_eq!(rows(&everything), "/workloads?hide=none");
        assert_eq!((read_hidden("none"), read_hidden("")), (Some(vec![]), None));
        let wrong =
            read_scope(|part| if part == "namespace" { "shop,Bad name".into() } else { String::new() });
        assert_eq!(wrong.unwrap_err().field, "namespace");
    }
}
