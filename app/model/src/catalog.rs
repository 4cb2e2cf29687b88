//! The catalog: chart repositories and the charts in them.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::name::check_label;
use crate::outside::{AddressForm, FetchProblem};
use crate::problem::{FieldProblem, Problem};

/// Names a repository in every address: a DNS label.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RepositoryName(String);

impl RepositoryName {
    pub fn parse(typed: &str) -> Result<Self, Problem> {
        check_label(typed.trim(), 63)?;
        Ok(Self(typed.trim().to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for RepositoryName {
    type Error = String;
    fn try_from(value: String) -> Result<Self, Self::Error> {
        Self::parse(&value).map_err(|problem| format!("bad repository name: {problem:?}"))
    }
}

impl From<RepositoryName> for String {
    fn from(value: RepositoryName) -> Self {
        value.0
    }
}

impl fmt::Display for RepositoryName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A repository, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RepositoryForm {
    pub name: String,
    pub address: AddressForm,
}

impl RepositoryForm {
    /// Name and address, which has no `/` at its end. Every field that is wrong, at once.
    pub fn check(&self) -> Result<(RepositoryName, String), Vec<FieldProblem>> {
        let name = RepositoryName::parse(&self.name).map_err(|problem| FieldProblem::new("name", problem));
        match (name, self.address.check()) {
            (Ok(name), Ok(url)) => Ok((name, url)),
            (name, url) => Err(name.err().into_iter().chain(url.err().unwrap_or_default()).collect()),
        }
    }
}

/// A line of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repository {
    pub name: RepositoryName,
    pub url: String,
    pub private_addresses: bool,
    /// As whom it is read; empty when as nobody.
    pub username: String,
    /// When its index was last read; RFC 3339, UTC.
    pub synced_at: String,
    /// Why the newest try failed. What was read before is kept.
    pub problem: Option<FetchProblem>,
    pub charts: u32,
}

/// The newest version of a chart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChartSummary {
    pub repository: RepositoryName,
    pub name: String,
    pub version: String,
    pub app_version: String,
    pub description: String,
    pub has_icon: bool,
    pub deprecated: bool,
}

/// One version of a chart with what its archive says.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChartDetail {
    pub chart: ChartSummary,
    /// Newest first.
    pub versions: Vec<ChartVersion>,
    pub archive: Result<Archive, FetchProblem>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChartVersion {
    pub version: String,
    pub app_version: String,
    /// RFC 3339; empty when the index does not say.
    pub created_at: String,
}

#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Archive {
    /// `values.yaml` as it is, comments included.
    pub values: String,
    /// `README.md` as it is.
    pub readme: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn both_fields_are_told_at_once() {
        let form = RepositoryForm { name: "Stable".into(), ..RepositoryForm::default() };

        let fields: Vec<_> = form.check().unwrap_err().into_iter().map(|problem| problem.field).collect();

        assert_eq!(fields, ["name", "url"]);
    }
}
