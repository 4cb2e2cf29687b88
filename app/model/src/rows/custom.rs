//! Kinds that a cluster was taught by a CustomResourceDefinition.

use std::fmt;

use serde::{Deserialize, Serialize};

use super::Column;

/// Most columns that are printed of one.
pub const MOST_PRINTED: usize = 16;

/// Their places; which of them a kind has is told with its rows.
pub(super) const PRINTED: [Column; MOST_PRINTED] = [
    Column::Printed(0),
    Column::Printed(1),
    Column::Printed(2),
    Column::Printed(3),
    Column::Printed(4),
    Column::Printed(5),
    Column::Printed(6),
    Column::Printed(7),
    Column::Printed(8),
    Column::Printed(9),
    Column::Printed(10),
    Column::Printed(11),
    Column::Printed(12),
    Column::Printed(13),
    Column::Printed(14),
    Column::Printed(15),
];

/// The words of these places in addresses.
pub(super) const PLACES: [&str; MOST_PRINTED] =
    ["1", "2", "3", "4", "5", "6", "7", "8", "9", "10", "11", "12", "13", "14", "15", "16"];

/// What a CustomResourceDefinition is called: `certificates.cert-manager.io`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct CustomName(String);

impl CustomName {
    pub fn parse(typed: &str) -> Option<Self> {
        let label = |part: &str| {
            let plain = |byte: u8| byte.is_ascii_lowercase() || byte.is_ascii_digit() || byte == b'-';
            !part.is_empty() && part.len() <= 63 && part.bytes().all(plain)
        };
        let good = typed.len() <= 253 && typed.contains('.') && typed.split('.').all(label);
        good.then(|| Self(typed.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for CustomName {
    type Error = String;
    fn try_from(value: String) -> Result<Self, Self::Error> {
        Self::parse(&value).ok_or(value)
    }
}

impl From<CustomName> for String {
    fn from(value: CustomName) -> Self {
        value.0
    }
}

impl fmt::Display for CustomName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a list of such a kind looks like.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Custom {
    /// In the words of its author: `Certificate`.
    pub kind: String,
    pub namespaced: bool,
    /// At most [`MOST_PRINTED`], in the order of their cells.
    pub printed: Vec<Printed>,
}

/// A column as its author named it.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct Printed {
    pub name: String,
    pub shape: Shape,
    /// Left out unless somebody asks for it.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub wide: bool,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Shape {
    Text,
    Number,
    /// Unix seconds.
    Moment,
}

impl Printed {
    /// Its word in filters: in lower case, without spaces.
    pub fn word(&self) -> String {
        self.name.chars().filter(|letter| !letter.is_whitespace()).flat_map(char::to_lowercase).collect()
    }
}

impl Custom {
    /// The column with this word.
    pub fn column(&self, word: &str) -> Option<Column> {
        let at = self.printed.iter().position(|printed| printed.word() == word)?;
        PRINTED.get(at).copied()
    }

    pub fn columns(&self) -> &'static [Column] {
        PRINTED.get(..self.printed.len()).unwrap_or(&PRINTED)
    }

    pub fn printed(&self, column: Column) -> Option<&Printed> {
        match column {
            Column::Printed(at) => self.printed.get(usize::from(at)),
            _ => None,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_definition_is_named_by_plural_and_group() {
        assert!(CustomName::parse("certificates.cert-manager.io").is_some());
        for bad in [
            "pods",
            "",
            ".",
            "a..b",
            "../secrets.x",
            "A.b",
            "a.b/c",
            "a.b?c",
            &format!("{}.b", "a".repeat(64)),
        ] {
            assert_eq!(CustomName::parse(bad), None, "{bad}");
        }
    }
}
