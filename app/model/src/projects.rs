//! Projects: who works together, on which clusters, with how much of each.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::clusters::ClusterName;
use crate::identity::Username;
use crate::name::check_label;
use crate::panel::Panel;
use crate::problem::{FieldProblem, Problem};
use crate::quantity::Quantity;
use crate::roles::{Permissions, RoleName};

/// Leaves room for the namespace's own part in the 63 characters of a namespace's name.
const NAME_MAX: u32 = 30;
const DISPLAY_NAME_MAX: u32 = 60;
const DESCRIPTION_MAX: u32 = 500;
/// Prefixes of namespaces that belong to others, and words that addresses use.
const RESERVED: [&str; 5] = ["kube", "pilothouse", "default", "openshift", "new"];

/// A DNS label that begins the name of each of the project's namespaces.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ProjectName(String);

impl ProjectName {
    pub fn parse(typed: &str) -> Result<Self, Problem> {
        let name = typed.trim();
        check_label(name, NAME_MAX)?;
        let reserved = |word: &str| name == word || name.starts_with(&format!("{word}-"));
        if RESERVED.into_iter().any(reserved) {
            return Err(Problem::ReservedName);
        }
        Ok(Self(name.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ProjectName {
    type Error = String;
    fn try_from(value: String) -> Result<Self, Self::Error> {
        Self::parse(&value).map_err(|problem| format!("bad project name: {problem:?}"))
    }
}

impl From<ProjectName> for String {
    fn from(value: ProjectName) -> Self {
        value.0
    }
}

impl fmt::Display for ProjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// What a new project is asked for, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectForm {
    pub name: String,
    pub display_name: String,
    pub description: String,
    /// The chosen clusters.
    pub clusters: Vec<AllotmentForm>,
}

/// What a project may have of a cluster, as typed. Empty is no limit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AllotmentForm {
    pub cluster: ClusterName,
    pub cpu: String,
    pub memory: String,
    pub pods: String,
}

/// The name of an allotment's field in a form: `cpu@local`.
pub fn allotment_field(resource: &str, cluster: &ClusterName) -> String {
    format!("{resource}@{cluster}")
}

/// What a project may have of a cluster; none is no limit.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq)]
pub struct Allotment {
    pub cpu: Option<Quantity>,
    pub memory: Option<Quantity>,
    pub pods: Option<Quantity>,
}

/// A checked [`ProjectForm`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewProject {
    pub name: ProjectName,
    pub display_name: String,
    pub description: String,
    pub clusters: Vec<(ClusterName, Allotment)>,
}

impl ProjectForm {
    /// Every field that is wrong, at once.
    pub fn check(&self) -> Result<NewProject, Vec<FieldProblem>> {
        let mut problems = Vec::new();
        let name = ProjectName::parse(&self.name);
        if let Err(problem) = &name {
            problems.push(FieldProblem::new("name", problem.clone()));
        }
        let mut bounded = |field: &str, text: &str, max: u32| {
            if text.trim().chars().count() > max as usize {
                problems.push(FieldProblem::new(field, Problem::TooLong { max }));
            }
        };
        bounded("display_name", &self.display_name, DISPLAY_NAME_MAX);
        bounded("description", &self.description, DESCRIPTION_MAX);
        if self.clusters.is_empty() {
            problems.push(FieldProblem::new("clusters", Problem::Required));
        }
        let mut clusters = Vec::new();
        for form in &self.clusters {
            let mut amount = |resource: &str, typed: &str| match amount(typed) {
                Ok(amount) => amount,
                Err(problem) => {
                    problems.push(FieldProblem::new(&allotment_field(resource, &form.cluster), problem));
                    None
                }
            };
            let allotment = Allotment {
                cpu: amount("cpu", &form.cpu),
                memory: amount("memory", &form.memory),
                pods: amount("pods", &form.pods),
            };
            clusters.push((form.cluster.clone(), allotment));
        }
        let display_name = match self.display_name.trim() {
            "" => self.name.trim(),
            typed => typed,
        };
        match name {
            Ok(name) if problems.is_empty() => Ok(NewProject {
                name,
                display_name: display_name.to_owned(),
                description: self.description.trim().to_owned(),
                clusters,
            }),
            _ => Err(problems),
        }
    }
}

/// A typed quantity that is not negative; an empty field is none.
pub fn amount(typed: &str) -> Result<Option<Quantity>, Problem> {
    if typed.trim().is_empty() {
        return Ok(None);
    }
    match Quantity::parse(typed) {
        Some(quantity) if !quantity.is_negative() => Ok(Some(quantity)),
        _ => Err(Problem::NotAQuantity),
    }
}

/// A line of the project list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectSummary {
    pub name: ProjectName,
    pub display_name: String,
    pub clusters: Vec<ClusterName>,
    pub namespaces: u32,
    pub members: u32,
}

/// A project as one of its people sees it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectDetail {
    pub name: ProjectName,
    pub display_name: String,
    pub description: String,
    /// RFC 3339, UTC.
    pub created_at: String,
    /// What the person who asks may do in it, as a member.
    pub may: Permissions,
    pub clusters: Vec<ProjectCluster>,
}

/// What the project has of one cluster.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ProjectCluster {
    pub cluster: ClusterName,
    /// CPU, memory and pods, in this order.
    pub shares: Panel<Vec<Share>>,
}

/// How much of something the project's namespaces were given, in Kubernetes units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Share {
    /// `cpu`, `memory`, `pods`.
    pub resource: String,
    pub given: String,
    /// None when the project has no limit.
    pub total: Option<String>,
    /// None when the project has no limit.
    pub left: Option<String>,
    pub percent: u32,
}

/// Who belongs to a project, as typed: a person or a group.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Subject {
    pub name: String,
    pub group: bool,
}

/// A role for somebody, as typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct MemberForm {
    pub who: Subject,
    pub role: String,
}

/// Somebody in a project, once for each way that leads there.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Member {
    pub username: Username,
    pub role: RoleName,
    pub way: Way,
    /// RFC 3339, UTC.
    pub since: String,
    /// When it ends by itself; RFC 3339, UTC.
    pub until: Option<String>,
}

/// How somebody came to a role in a project.
#[derive(Clone, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Way {
    ByHand,
    /// They asked, and it ends by itself.
    Asked,
    /// The group has it.
    Group(String),
    /// The rules of the provider give it.
    Rules(String),
}

#[cfg(test)]
mod tests {
    use super::*;

    fn form(name: &str, cpu: &str) -> ProjectForm {
        let cluster = ClusterName::parse("local").unwrap();
        let allotment =
            AllotmentForm { cluster, cpu: cpu.into(), memory: String::new(), pods: String::new() };
        ProjectForm { name: name.into(), clusters: vec![allotment], ..ProjectForm::default() }
    }

    #[test]
    fn names_whose_namespaces_would_be_somebody_elses_are_refused() {
        for name in ["kube", "kube-x", "default", "pilothouse", "new"] {
            assert_eq!(ProjectName::parse(name), Err(Problem::ReservedName), "{name}");
        }
        assert!(ProjectName::parse("kubernetes").is_ok());
    }

    #[test]
    fn every_wrong_field_is_named_at_once() {
        let problems = form("Shop", "much").check().unwrap_err();

        let fields: Vec<_> = problems.iter().map(|problem| problem.field.as_str()).collect();
        assert_eq!(fields, ["name", "cpu@local"]);
    }

    #[test]
    fn an_empty_amount_is_no_limit_and_an_empty_display_name_is_the_name() {
        let project = form("shop", "").check().unwrap();

        assert_eq!(project.clusters[0].1, Allotment::default());
        assert_eq!(project.display_name, "shop");
    }

    #[test]
    fn a_negative_amount_is_refused() {
        assert_eq!(amount("-1"), Err(Problem::NotAQuantity));
        assert_eq!(amount("0"), Ok(Some(Quantity::ZERO)));
    }
}
