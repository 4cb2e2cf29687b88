//! Roles in projects: which permissions they hold. Some are shipped, others a project makes for itself.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::name::check_label;
use crate::problem::{FieldProblem, Problem};

/// Longest name of a project's own role, in characters.
const NAME_MAX: u32 = 40;

/// One thing that members of a project may do, in every namespace of it. The weakest first.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Permission {
    /// Everything but the values of Secrets.
    View,
    /// Scale, restart, and go back.
    Operate,
    /// Make, change and delete workloads and what belongs to them.
    Deploy,
    Secrets,
    /// Shells and forwarded ports.
    Shell,
    /// Charts; they make what they like, so it takes all of the above.
    Install,
    /// Roles and bindings inside a namespace.
    AccessRules,
    /// Make, bound and delete namespaces of the project.
    Namespaces,
    /// Who belongs to the project, and its own roles.
    Members,
}

impl Permission {
    pub const ALL: [Self; 9] = [
        Self::View,
        Self::Operate,
        Self::Deploy,
        Self::Secrets,
        Self::Shell,
        Self::Install,
        Self::AccessRules,
        Self::Namespaces,
        Self::Members,
    ];

    /// The word that forms and the database use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::View => "view",
            Self::Operate => "operate",
            Self::Deploy => "deploy",
            Self::Secrets => "secrets",
            Self::Shell => "shell",
            Self::Install => "install",
            Self::AccessRules => "access_rules",
            Self::Namespaces => "namespaces",
            Self::Members => "members",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|permission| permission.as_str() == word)
    }

    /// What it is worth nothing without, or gives anyway.
    fn holds(self) -> &'static [Self] {
        match self {
            Self::View => &[],
            Self::Operate | Self::Secrets | Self::Shell | Self::Namespaces | Self::Members => &[Self::View],
            Self::Deploy => &[Self::Operate],
            Self::Install => &[Self::Deploy, Self::Secrets, Self::Shell],
            Self::AccessRules => &[Self::Install],
        }
    }

    fn bit(self) -> u16 {
        1 << (self as u16)
    }
}

/// A set of permissions, with everything that they hold.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(from = "Vec<Permission>", into = "Vec<Permission>")]
pub struct Permissions(u16);

impl Permissions {
    pub const NONE: Self = Self(0);

    pub fn of(all: impl IntoIterator<Item = Permission>) -> Self {
        all.into_iter().fold(Self::NONE, |set, one| {
            let held = Self::of(one.holds().iter().copied());
            Self(set.0 | one.bit() | held.0)
        })
    }

    pub fn has(self, permission: Permission) -> bool {
        self.0 & permission.bit() != 0
    }

    pub fn and(self, other: Self) -> Self {
        Self(self.0 | other.0)
    }

    /// Whether these are among the others.
    pub fn within(self, other: Self) -> bool {
        self.0 & !other.0 == 0
    }

    pub fn iter(self) -> impl Iterator<Item = Permission> {
        Permission::ALL.into_iter().filter(move |permission| self.has(*permission))
    }

    /// As the database has it: words and commas.
    pub fn words(self) -> String {
        self.iter().map(Permission::as_str).collect::<Vec<_>>().join(",")
    }

    /// None where a word is unknown.
    pub fn parse(words: &str) -> Option<Self> {
        let words = words.split(',').filter(|word| !word.is_empty());
        words.map(Permission::parse).collect::<Option<Vec<_>>>().map(Self::of)
    }
}

impl From<Vec<Permission>> for Permissions {
    fn from(all: Vec<Permission>) -> Self {
        Self::of(all)
    }
}

impl From<Permissions> for Vec<Permission> {
    fn from(set: Permissions) -> Self {
        set.iter().collect()
    }
}

/// A role that every project has.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ProjectRole {
    Viewer,
    Developer,
    NamespaceAdministrator,
    /// Also members and namespaces of the project.
    Administrator,
}

impl ProjectRole {
    /// The weakest first.
    pub const ALL: [Self; 4] =
        [Self::Viewer, Self::Developer, Self::NamespaceAdministrator, Self::Administrator];

    /// The word that forms and the database use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Viewer => "viewer",
            Self::Developer => "developer",
            Self::NamespaceAdministrator => "namespace_administrator",
            Self::Administrator => "administrator",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|role| role.as_str() == word)
    }

    pub fn permissions(self) -> Permissions {
        match self {
            Self::Viewer => Permissions::of([Permission::View]),
            Self::Developer => Permissions::of([Permission::Install]),
            Self::NamespaceAdministrator => Permissions::of([Permission::AccessRules]),
            Self::Administrator => Permissions::of(Permission::ALL),
        }
    }
}

/// Names a role in a project: the word of a shipped one, or the name of one of its own, a DNS label.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct RoleName(String);

impl RoleName {
    pub fn parse(typed: &str) -> Result<Self, Problem> {
        let name = typed.trim();
        if ProjectRole::parse(name).is_none() {
            check_label(name, NAME_MAX)?;
        }
        Ok(Self(name.to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }

    /// None of a project's own.
    pub fn shipped(&self) -> Option<ProjectRole> {
        ProjectRole::parse(&self.0)
    }
}

impl From<ProjectRole> for RoleName {
    fn from(role: ProjectRole) -> Self {
        Self(role.as_str().to_owned())
    }
}

impl TryFrom<String> for RoleName {
    type Error = String;
    fn try_from(value: String) -> Result<Self, Self::Error> {
        Self::parse(&value).map_err(|problem| format!("bad role name: {problem:?}"))
    }
}

impl From<RoleName> for String {
    fn from(value: RoleName) -> Self {
        value.0
    }
}

impl fmt::Display for RoleName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A role of a project with what it holds.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Role {
    pub name: RoleName,
    pub permissions: Permissions,
    /// People and groups that have it.
    pub used: u32,
}

/// A project's own role, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RoleForm {
    pub name: String,
    pub permissions: Permissions,
}

impl RoleForm {
    /// Every field that is wrong, at once.
    pub fn check(&self) -> Result<(RoleName, Permissions), Vec<FieldProblem>> {
        let mut problems = Vec::new();
        let name = RoleName::parse(&self.name).and_then(|name| match name.shipped() {
            Some(_) => Err(Problem::ReservedName),
            None => Ok(name),
        });
        if let Err(problem) = &name {
            problems.push(FieldProblem::new("name", problem.clone()));
        }
        if self.permissions == Permissions::NONE {
            problems.push(FieldProblem::new("permissions", Problem::Required));
        }
        match name {
            Ok(name) if problems.is_empty() => Ok((name, self.permissions)),
            _ => Err(problems),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_permission_brings_what_it_is_worth_nothing_without() {
        let installs = Permissions::of([Permission::Install]);
        for held in [Permission::View, Permission::Operate, Permission::Deploy, Permission::Secrets] {
            assert!(installs.has(held), "{held:?}");
        }
        assert!(!installs.has(Permission::Members));
        assert!(Permissions::of([Permission::Members]).has(Permission::View));
    }

    #[test]
    fn each_shipped_role_holds_the_one_before() {
        for pair in ProjectRole::ALL.windows(2) {
            let [weaker, stronger] = pair else { continue };
            assert!(weaker.permissions().within(stronger.permissions()), "{weaker:?}");
            assert!(!stronger.permissions().within(weaker.permissions()), "{stronger:?}");
        }
    }

    #[test]
    fn permissions_are_written_and_read_alike() {
        for role in ProjectRole::ALL {
            assert_eq!(Permissions::parse(&role.permissions().words()), Some(role.permissions()));
        }
        assert_eq!(Permissions::parse("view,rule"), None);
        assert_eq!(Permissions::parse(""), Some(Permissions::NONE));
    }

    #[test]
    fn a_role_of_ones_own_has_another_name_than_those_that_are_shipped_and_does_something() {
        let form = RoleForm { name: "developer".into(), permissions: Permissions::NONE };
        let problems = form.check().unwrap_err();
        let found: Vec<_> = problems.iter().map(|one| (one.field.as_str(), &one.problem)).collect();
        assert_eq!(found, [("name", &Problem::ReservedName), ("permissions", &Problem::Required)]);
        let form = RoleForm { name: "Operators".into(), ..form };
        assert_eq!(form.check().unwrap_err()[0].problem, Problem::NotALabel);
    }
}
