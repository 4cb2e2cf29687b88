//! The language of the filter box: `status:failed label:app=web node:node-1 checkout`.

use super::{Column, Custom, Listing};
use crate::workloads::Health;

/// Terms that all have to hold.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash)]
pub struct RowFilter(pub Vec<Term>);

/// Holds when one of its words does. Words are in lower case.
#[derive(Clone, Debug, PartialEq, Eq, Hash)]
pub enum Term {
    /// Part of the name.
    Name(String),
    /// Part of anything that is shown, or a label.
    Anywhere(String),
    Status(Vec<String>),
    Namespace(Vec<String>),
    Cluster(Vec<String>),
    /// What a list of several kinds calls them.
    Kind(Vec<String>),
    /// A label with this value, or with any.
    Label(String),
    /// Part of what stands in a column.
    Cell(Column, String),
}

impl RowFilter {
    /// Of a kind, whose columns are words of the language. A word that none knows is part of a name.
    pub fn parse(kind: &Listing, custom: Option<&Custom>, typed: &str) -> Self {
        let terms = typed.split_whitespace().map(|word| {
            let (key, value) = word.split_once(':').unwrap_or(("", word));
            let any = || value.split(',').map(str::to_lowercase).collect();
            let column = match custom {
                Some(custom) => custom.column(&key.to_lowercase()),
                None => Column::parse(key).filter(|column| kind.has(*column)),
            };
            match (key, column) {
                ("status", None) => Term::Status(any()),
                ("status", Some(_)) if custom.is_none() => Term::Status(any()),
                ("namespace" | "ns", _) => Term::Namespace(any()),
                ("cluster", _) => Term::Cluster(any()),
                ("kind", Some(Column::Kind)) => Term::Kind(any()),
                // Labels tell capitals apart.
                ("label", _) => Term::Label(value.to_owned()),
                ("image", _) if kind.has(Column::Images) => Term::Cell(Column::Images, value.to_lowercase()),
                ("ip", _) if kind.has(Column::Address) => Term::Cell(Column::Address, value.to_lowercase()),
                ("name", _) => Term::Name(value.to_lowercase()),
                (_, Some(column)) => Term::Cell(column, value.to_lowercase()),
                _ => Term::Name(word.to_lowercase()),
            }
        });
        Self(terms.collect())
    }

    /// As [`RowFilter::parse`]; what is not said to be something is looked for everywhere.
    pub fn parse_search(kind: &Listing, custom: Option<&Custom>, typed: &str) -> Self {
        let Self(terms) = Self::parse(kind, custom, typed);
        let said = typed.split_whitespace().map(|word| word.starts_with("name:"));
        let terms = terms.into_iter().zip(said).map(|(term, said)| match term {
            Term::Name(word) if !said => Term::Anywhere(word),
            term => term,
        });
        Self(terms.collect())
    }

    pub fn says_status(&self) -> bool {
        self.0.iter().any(|term| matches!(term, Term::Status(_)))
    }

    /// Whether a row with this health may be shown.
    pub fn matches_status(&self, health: Option<Health>) -> bool {
        self.0.iter().all(|term| match term {
            Term::Status(any) => health.is_some_and(|health| any.iter().any(|word| word == health.as_str())),
            _ => true,
        })
    }
}

/// Whether labels, as `key=value` with commas, have one: `app`, or `app=web`.
pub fn has_label(labels: &str, wanted: &str) -> bool {
    labels.split(',').any(|label| {
        label == wanted
            || (!wanted.contains('=') && label.split_once('=').is_some_and(|(key, _)| key == wanted))
    })
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::rows::{Printed, RowKind, Shape};

    #[test]
    fn what_a_kind_shows_is_a_word_of_its_filter() {
        let parse = |kind, typed| RowFilter::parse(&Listing::Kind(kind), None, typed).0;

        assert_eq!(
            parse(RowKind::Pods, "status:Failed node:Node-1 image:Nginx label:App=web web"),
            [
                Term::Status(vec!["failed".into()]),
                Term::Cell(Column::Node, "node-1".into()),
                Term::Cell(Column::Images, "nginx".into()),
                Term::Label("App=web".into()),
                Term::Name("web".into()),
            ]
        );
        assert_eq!(
            RowFilter::parse(&Listing::Workloads, None, "kind:Job").0,
            [Term::Kind(vec!["job".into()])]
        );
        assert_eq!(parse(RowKind::ConfigMaps, "node:x"), [Term::Name("node:x".into())]);
        assert_eq!(parse(RowKind::Services, "ip:10.0"), [Term::Cell(Column::Address, "10.0".into())]);
    }

    #[test]
    fn columns_that_an_author_named_are_words_of_the_filter() {
        let kind = Listing::parse("widgets.example.dev").unwrap();
        let printed = |name: &str| Printed { name: name.into(), shape: Shape::Text, wide: false };
        let printed = vec![printed("Ready"), printed("Last Run"), printed("Status")];
        let custom = Custom { kind: "Widget".into(), namespaced: true, printed };

        let terms = RowFilter::parse(&kind, Some(&custom), "lastrun:2026 Ready:True status:Bad other:x").0;

        assert_eq!(
            terms,
            [
                Term::Cell(Column::Printed(1), "2026".into()),
                Term::Cell(Column::Printed(0), "true".into()),
                Term::Cell(Column::Printed(2), "bad".into()),
                Term::Name("other:x".into()),
            ]
        );
    }

    #[test]
    fn a_label_is_found_whole() {
        let labels = "app=web,tier=front-end";
        for there in ["app", "app=web", "tier=front-end"] {
            assert!(has_label(labels, there), "{there}");
        }
        for not in ["ap", "app=we", "web", "front-end", ""] {
            assert!(!has_label(labels, not), "{not}");
        }
    }
}
