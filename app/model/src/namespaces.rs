//! Namespaces: part of a project on one cluster, with quota, limit range and Pod Security level.

use std::collections::BTreeMap;
use std::fmt;

use serde::{Deserialize, Serialize};

use crate::clusters::ClusterName;
use crate::name::check_label;
use crate::panel::Panel;
use crate::problem::{FieldProblem, Problem};
use crate::projects::{Member, ProjectName, amount};
use crate::quantity::Quantity;
use crate::roles::Permissions;

/// Keys of a `ResourceQuota` that the console edits (A1:NS-05). Also the names of the form's fields.
pub const QUOTA: [&str; 5] = ["requests.cpu", "limits.cpu", "requests.memory", "limits.memory", "pods"];
/// Paths in a `LimitRange` item of the type `Container` (A1:NS-06). Also the names of the form's fields.
pub const RANGE: [&str; 6] =
    ["defaultRequest.cpu", "default.cpu", "max.cpu", "defaultRequest.memory", "default.memory", "max.memory"];
const NAME_MAX: u32 = 63;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct NamespaceName(String);

impl NamespaceName {
    pub fn parse(typed: &str) -> Result<Self, Problem> {
        check_label(typed.trim(), NAME_MAX)?;
        Ok(Self(typed.trim().to_owned()))
    }

    /// The project's name, `-`, and what was typed (A1:NS-01).
    pub fn in_project(project: &ProjectName, typed: &str) -> Result<Self, Problem> {
        let prefix = u32::try_from(project.as_str().len()).unwrap_or(NAME_MAX).saturating_add(1);
        check_label(typed.trim(), NAME_MAX.saturating_sub(prefix))?;
        Ok(Self(format!("{project}-{}", typed.trim())))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// Names are ordered as their letters are.
impl std::borrow::Borrow<str> for NamespaceName {
    fn borrow(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for NamespaceName {
    type Error = String;
    fn try_from(value: String) -> Result<Self, Self::Error> {
        Self::parse(&value).map_err(|problem| format!("bad namespace name: {problem:?}"))
    }
}

impl From<NamespaceName> for String {
    fn from(value: NamespaceName) -> Self {
        value.0
    }
}

impl fmt::Display for NamespaceName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What the `pod-security.kubernetes.io` labels are set to (A1:NS-07).
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum PodSecurity {
    Privileged,
    #[default]
    Baseline,
    Restricted,
}

impl PodSecurity {
    pub const ALL: [Self; 3] = [Self::Privileged, Self::Baseline, Self::Restricted];

    /// The value of the label.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Privileged => "privileged",
            Self::Baseline => "baseline",
            Self::Restricted => "restricted",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|level| level.as_str() == word)
    }
}

/// What a namespace is bounded by, as typed: [`QUOTA`] and [`RANGE`] to amounts. What is missing or empty is no limit.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BoundsForm {
    pub amounts: BTreeMap<String, String>,
    pub security: PodSecurity,
}

/// A checked [`BoundsForm`].
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Bounds {
    /// By keys of [`QUOTA`].
    pub quota: BTreeMap<String, Quantity>,
    /// By paths of [`RANGE`].
    pub range: BTreeMap<String, Quantity>,
    pub security: PodSecurity,
}

/// The smaller of each pair must not exceed the larger.
const ORDERED: [(&str, &str); 8] = [
    ("requests.cpu", "limits.cpu"),
    ("requests.memory", "limits.memory"),
    ("defaultRequest.cpu", "default.cpu"),
    ("default.cpu", "max.cpu"),
    ("defaultRequest.cpu", "max.cpu"),
    ("defaultRequest.memory", "default.memory"),
    ("default.memory", "max.memory"),
    ("defaultRequest.memory", "max.memory"),
];

impl BoundsForm {
    /// Every field that is wrong, at once. Keys that the console does not edit are refused.
    pub fn check(&self) -> Result<Bounds, Vec<FieldProblem>> {
        let mut problems = Vec::new();
        let mut all = BTreeMap::new();
        for (key, typed) in &self.amounts {
            if !QUOTA.contains(&key.as_str()) && !RANGE.contains(&key.as_str()) {
                problems.push(FieldProblem::new(key, Problem::BadCharacters));
                continue;
            }
            match amount(typed) {
                Ok(Some(amount)) => {
                    all.insert(key.clone(), amount);
                }
                Ok(None) => {}
                Err(problem) => problems.push(FieldProblem::new(key, problem)),
            }
        }
        for (small, large) in ORDERED {
            if let (Some(smaller), Some(larger)) = (all.get(small), all.get(large))
                && smaller > larger
                && !problems.iter().any(|problem| problem.field == small)
            {
                problems.push(FieldProblem::new(small, Problem::MoreThanLimit));
            }
        }
        if !problems.is_empty() {
            return Err(problems);
        }
        let (quota, range) = all.into_iter().partition(|(key, _)| QUOTA.contains(&key.as_str()));
        Ok(Bounds { quota, range, security: self.security })
    }
}

/// A new namespace, as typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamespaceForm {
    pub project: ProjectName,
    pub cluster: ClusterName,
    /// Without the project's prefix.
    pub name: String,
    pub bounds: BoundsForm,
}

/// Where a namespace is in its life, as its cluster says.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Phase {
    Active,
    Terminating,
    /// The cluster has no such namespace any more.
    Gone,
    /// The cluster does not answer.
    Unknown,
}

/// A line of the namespace list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamespaceSummary {
    pub cluster: ClusterName,
    pub name: NamespaceName,
    pub project: ProjectName,
    pub phase: Phase,
    /// Limits of CPU and memory, and pods.
    pub cpu: String,
    pub memory: String,
    pub pods: String,
}

/// A namespace as one of its project's people sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct NamespaceDetail {
    pub cluster: ClusterName,
    pub name: NamespaceName,
    pub project: ProjectName,
    /// What the person who asks may do in the project, as a member.
    pub may: Permissions,
    pub phase: Phase,
    /// RFC 3339, UTC.
    pub created_at: String,
    /// In the order of [`QUOTA`].
    pub quota: Panel<Vec<QuotaUse>>,
    /// As it is, for the form that changes it.
    pub bounds: BoundsForm,
    pub members: Vec<Member>,
}

/// One line of a quota, in Kubernetes units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuotaUse {
    /// One of [`QUOTA`].
    pub key: String,
    pub used: String,
    /// None where there is no limit.
    pub total: Option<String>,
    pub percent: u32,
}

/// An amount of a quota key in the words of its resource.
pub fn in_words(key: &str, amount: Quantity) -> String {
    if key.ends_with("cpu") {
        amount.cores()
    } else if key.ends_with("memory") {
        amount.bytes()
    } else {
        amount.count().to_string()
    }
}

/// An amount as people write it, or exactly where that would round.
pub fn written(key: &str, amount: Quantity) -> String {
    let words = in_words(key, amount);
    if Quantity::parse(&words) == Some(amount) { words } else { amount.to_string() }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(amounts: &[(&str, &str)]) -> BoundsForm {
        let amounts = amounts.iter().map(|(key, value)| ((*key).to_owned(), (*value).to_owned()));
        BoundsForm { amounts: amounts.collect(), security: PodSecurity::Baseline }
    }

    #[test]
    fn the_prefix_is_the_project_and_counts_for_the_length() {
        let project = ProjectName::parse("shop").unwrap();

        assert_eq!(NamespaceName::in_project(&project, "web").unwrap().as_str(), "shop-web");
        assert_eq!(NamespaceName::in_project(&project, &"w".repeat(59)), Err(Problem::TooLong { max: 58 }));
        assert_eq!(NamespaceName::in_project(&project, "Web"), Err(Problem::NotALabel));
    }

    #[test]
    fn a_request_above_its_limit_is_named() {
        let problems =
            form(&[("requests.cpu", "3"), ("limits.cpu", "2500m"), ("pods", "x")]).check().unwrap_err();

        let found: Vec<_> = problems.iter().map(|p| (p.field.as_str(), p.problem.clone())).collect();
        assert_eq!(found, [("pods", Problem::NotAQuantity), ("requests.cpu", Problem::MoreThanLimit)]);
    }

    #[test]
    fn quota_and_range_are_told_apart_and_empty_is_no_limit() {
        let bounds = form(&[("limits.cpu", "2"), ("max.cpu", "1"), ("pods", " ")]).check().unwrap();

        assert_eq!(bounds.quota.keys().collect::<Vec<_>>(), ["limits.cpu"]);
        assert_eq!(bounds.range.keys().collect::<Vec<_>>(), ["max.cpu"]);
    }

    #[test]
    fn keys_that_the_console_does_not_edit_are_refused() {
        assert!(form(&[("requests.storage", "1Gi")]).check().is_err());
    }
}
