//! Personal tokens, with which kubectl and other programs reach clusters through the console.

use serde::{Deserialize, Serialize};

use crate::clusters::ClusterName;
use crate::problem::{FieldProblem, Problem};

/// Longest life of a token, in days.
pub const LONGEST: u32 = 90;
/// Most tokens of one person.
pub const MOST: usize = 50;
/// Every token begins so, which lets scanners of secrets find one that leaked.
pub const PREFIX: &str = "pht_";

/// A new token, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct TokenForm {
    pub name: String,
    /// Until it ends.
    pub days: String,
    pub read_only: bool,
}

impl TokenForm {
    /// Name and days. Every field that is wrong, at once.
    pub fn check(&self) -> Result<(String, u32), Vec<FieldProblem>> {
        let name = self.name.trim();
        let days = self.days.trim().parse().ok().filter(|days| (1..=LONGEST).contains(days));
        let name_problem = match name {
            "" => Some(Problem::Required),
            name if name.chars().count() > 64 => Some(Problem::TooLong { max: 64 }),
            name if name.chars().any(char::is_control) => Some(Problem::BadCharacters),
            _ => None,
        };
        let wrong = [
            ("name", name_problem),
            ("days", days.is_none().then_some(Problem::NotANumber { min: 1, max: LONGEST })),
        ];
        let wrong: Vec<_> = wrong
            .into_iter()
            .filter_map(|(field, problem)| Some(FieldProblem::new(field, problem?)))
            .collect();
        match days {
            Some(days) if wrong.is_empty() => Ok((name.to_owned(), days)),
            _ => Err(wrong),
        }
    }
}

/// A token as its owner sees it later.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Token {
    pub id: String,
    pub name: String,
    /// Its beginning.
    pub prefix: String,
    pub read_only: bool,
    /// RFC 3339, UTC, as the next.
    pub created_at: String,
    pub expires_at: String,
    pub last_used_at: Option<String>,
}

/// A token when it is made; its text is told this once.
#[derive(Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewToken {
    pub text: String,
    /// What it can be used for.
    pub clusters: Vec<ClusterName>,
}

/// The text is nobody's to read.
impl std::fmt::Debug for NewToken {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        write!(f, "token for {:?}", self.clusters)
    }
}

/// A kubeconfig with a context per cluster. `base` is the address of the console.
pub fn kubeconfig(base: &str, path: impl Fn(&ClusterName) -> String, token: &NewToken) -> String {
    let mut text = String::from("apiVersion: v1\nkind: Config\n");
    if let Some(first) = token.clusters.first() {
        text.push_str(&format!("current-context: {first}\n"));
    }
    text.push_str("clusters:\n");
    for cluster in &token.clusters {
        text.push_str(&format!("- name: {cluster}\n  cluster:\n    server: {base}{}\n", path(cluster)));
    }
    text.push_str("contexts:\n");
    for cluster in &token.clusters {
        text.push_str(&format!(
            "- name: {cluster}\n  context:\n    cluster: {cluster}\n    user: pilothouse\n"
        ));
    }
    text.push_str(&format!("users:\n- name: pilothouse\n  user:\n    token: {}\n", token.text));
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_has_a_name_and_ends_within_ninety_days() {
        let check = |name: &str, days: &str| {
            TokenForm { name: name.into(), days: days.into(), read_only: false }.check()
        };
        let fields = |name: &str, days: &str| {
            let wrong = check(name, days).err().unwrap_or_default();
            wrong.into_iter().map(|wrong| wrong.field).collect::<Vec<_>>()
        };

        assert_eq!(check(" laptop ", "90"), Ok(("laptop".to_owned(), 90)));
        assert_eq!(fields("", "0"), ["name", "days"]);
        for days in ["91", "-1", "x", "", "1.5", "99999999999"] {
            assert_eq!(fields("laptop", days), ["days"], "{days}");
        }
        assert_eq!(fields("a\nb", "1"), ["name"]);
    }

    #[test]
    fn what_is_logged_of_a_new_token_has_no_text() {
        let token = NewToken { text: "canary".into(), clusters: vec![] };

        assert!(!format!("{token:?}").contains("canary"));
    }
}
