//! Lists as somebody wants to find them again.

use serde::{Deserialize, Serialize};

use super::Listing;
use crate::problem::{FieldProblem, Problem};

/// Most views that a person keeps.
pub const MOST_SAVED: usize = 100;
/// Longest name, in characters.
const LONGEST_NAME: u32 = 60;
/// Longest part of an address, in bytes.
const LONGEST_ADDRESS: usize = 2_000;

/// A list with its filter, order, columns and scope.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct SavedView {
    /// Its person has no other view of the list with it.
    pub name: String,
    pub listing: Listing,
    /// What stands behind the `?` of the list's address.
    pub query: String,
}

impl SavedView {
    /// With what was typed trimmed. Errors: the field `name`.
    pub fn check(self) -> Result<Self, Vec<FieldProblem>> {
        let name = self.name.trim().to_owned();
        let problem = match name.chars().count() {
            0 => Some(Problem::Required),
            long if long > LONGEST_NAME as usize => Some(Problem::TooLong { max: LONGEST_NAME }),
            _ if name.chars().any(char::is_control) => Some(Problem::BadCharacters),
            _ => None,
        };
        if let Some(problem) = problem {
            return Err(vec![FieldProblem::new("name", problem)]);
        }
        let query = self.query.trim_start_matches('?');
        let plain = |byte: u8| byte.is_ascii_graphic() && !matches!(byte, b'#' | b'"' | b'<' | b'>');
        if query.len() > LONGEST_ADDRESS || !query.bytes().all(plain) {
            return Err(vec![FieldProblem::new("query", Problem::BadCharacters)]);
        }
        Ok(Self { name, query: query.to_owned(), ..self })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn view(name: &str, query: &str) -> SavedView {
        SavedView { name: name.into(), listing: Listing::Workloads, query: query.into() }
    }

    #[test]
    fn a_view_needs_a_name_and_leads_to_its_list_only() {
        let good = view(" What failed ", "?filter=status%3Afailed&sort=-age").check().unwrap();
        assert_eq!(
            (good.name.as_str(), good.query.as_str()),
            ("What failed", "filter=status%3Afailed&sort=-age")
        );
        for (name, query) in [("", ""), (" ", ""), ("a", "x\r\ny"), ("a", "#x"), ("a", "\"><script>")] {
            assert!(view(name, query).check().is_err(), "{name:?} {query:?}");
        }
        assert!(view(&"a".repeat(61), "").check().is_err());
    }
}
