//! The catalog: chart repositories and the charts in them.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::name::check_label;
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
    pub url: String,
    /// Its address may be one of a private network.
    pub private_addresses: bool,
}

impl RepositoryForm {
    /// Name and address, which has no `/` at its end. Every field that is wrong, at once.
    pub fn check(&self) -> Result<(RepositoryName, String), Vec<FieldProblem>> {
        let name = RepositoryName::parse(&self.name);
        let url = check_address(&self.url);
        match (name, url) {
            (Ok(name), Ok(url)) => Ok((name, url)),
            (name, url) => {
                let wrong = [("name", name.err()), ("url", url.err())].into_iter();
                Err(wrong.filter_map(|(field, problem)| Some(FieldProblem::new(field, problem?))).collect())
            }
        }
    }
}

/// An address over http or https, without a name, a password or a fragment in it.
fn check_address(typed: &str) -> Result<String, Problem> {
    let url = typed.trim().trim_end_matches('/');
    if url.is_empty() {
        return Err(Problem::Required);
    }
    let rest = url.strip_prefix("https://").or_else(|| url.strip_prefix("http://"));
    let host = rest.map(|rest| rest.split('/').next().unwrap_or_default()).unwrap_or_default();
    let plain = url.chars().all(|c| c.is_ascii_graphic() && !matches!(c, '"' | '<' | '>' | '\\' | '#'));
    if host.is_empty() || host.contains('@') || !plain {
        return Err(Problem::NotAnAddress);
    }
    Ok(url.to_owned())
}

/// A line of the list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Repository {
    pub name: RepositoryName,
    pub url: String,
    pub private_addresses: bool,
    /// When its index was last read; RFC 3339, UTC.
    pub synced_at: String,
    /// Why the newest try failed. What was read before is kept.
    pub problem: Option<SyncProblem>,
    pub charts: u32,
}

/// Why a repository or an archive in it cannot be read. Each has a sentence with the next step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SyncProblem {
    /// No answer, or none over TLS that can be trusted.
    Unreachable,
    /// It answered with this status.
    Status(u16),
    /// The address is one of a private network, and that is not allowed for this repository.
    PrivateAddress,
    TooLarge,
    /// No index of a chart repository, or no chart archive.
    Unreadable,
    /// The archive is not the one that the index promises.
    WrongDigest,
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
    pub archive: Result<Archive, SyncProblem>,
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
    fn an_address_is_http_and_has_no_credentials_in_it() {
        for good in ["https://charts.example/stable", "http://10.0.0.1:8879", "https://charts.example/"] {
            assert_eq!(check_address(good).as_deref(), Ok(good.trim_end_matches('/')));
        }
        for bad in [
            "charts.example",
            "ftp://x",
            "https://",
            "https://a:b@charts.example",
            "https://x/#y",
            "https://x y",
        ] {
            assert_eq!(check_address(bad), Err(Problem::NotAnAddress), "{bad}");
        }
    }

    #[test]
    fn both_fields_are_told_at_once() {
        let form = RepositoryForm { name: "Stable".into(), ..RepositoryForm::default() };

        let fields: Vec<_> = form.check().unwrap_err().into_iter().map(|problem| problem.field).collect();

        assert_eq!(fields, ["name", "url"]);
    }
}
