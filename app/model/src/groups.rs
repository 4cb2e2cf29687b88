//! Groups of people, who have roles in projects together.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::identity::Username;
use crate::name::check_label;
use crate::problem::{FieldProblem, Problem};
use crate::projects::ProjectName;
use crate::roles::RoleName;

const NAME_MAX: u32 = 40;
const DESCRIPTION_MAX: u32 = 200;

/// Names a group: a DNS label.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct GroupName(String);

impl GroupName {
    pub fn parse(typed: &str) -> Result<Self, Problem> {
        let name = typed.trim();
        check_label(name, NAME_MAX)?;
        Ok(Self(name.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for GroupName {
    type Error = String;
    fn try_from(value: String) -> Result<Self, Self::Error> {
        Self::parse(&value).map_err(|problem| format!("bad group name: {problem:?}"))
    }
}

impl From<GroupName> for String {
    fn from(value: GroupName) -> Self {
        value.0
    }
}

impl fmt::Display for GroupName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A new group, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct GroupForm {
    pub name: String,
    pub description: String,
}

impl GroupForm {
    /// Every field that is wrong, at once.
    pub fn check(&self) -> Result<(GroupName, String), Vec<FieldProblem>> {
        let mut problems = Vec::new();
        let name = GroupName::parse(&self.name);
        if let Err(problem) = &name {
            problems.push(FieldProblem::new("name", problem.clone()));
        }
        let description = self.description.trim();
        if description.chars().count() > DESCRIPTION_MAX as usize {
            problems.push(FieldProblem::new("description", Problem::TooLong { max: DESCRIPTION_MAX }));
        }
        match name {
            Ok(name) if problems.is_empty() => Ok((name, description.to_owned())),
            _ => Err(problems),
        }
    }
}

/// A group with its people and where they have roles through it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Group {
    pub name: GroupName,
    pub description: String,
    /// By name.
    pub members: Vec<Username>,
    pub projects: Vec<(ProjectName, RoleName)>,
}
