//! Asking for a role in a project, for a time.

use serde::{Deserialize, Serialize};

use crate::identity::Username;
use crate::problem::{FieldProblem, Problem};
use crate::projects::ProjectName;
use crate::roles::RoleName;

/// Longest reason, in characters.
const REASON_MAX: u32 = 500;
/// Most open requests of one person.
pub const MOST_OPEN: u32 = 20;
/// Longest time that access can be asked for, in hours.
pub const LONGEST: u32 = 24 * 90;
/// Times to choose from, in hours.
pub const SPANS: [u32; 6] = [1, 4, 8, 24, 24 * 7, 24 * 30];

/// A request, as typed.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RequestForm {
    pub project: String,
    pub role: String,
    pub hours: u32,
    /// Why; whoever decides reads it.
    pub reason: String,
}

/// A checked [`RequestForm`].
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct NewRequest {
    pub project: ProjectName,
    pub role: RoleName,
    pub hours: u32,
    pub reason: String,
}

impl RequestForm {
    /// Every field that is wrong, at once.
    pub fn check(&self) -> Result<NewRequest, Vec<FieldProblem>> {
        let mut problems = Vec::new();
        let project = ProjectName::parse(&self.project);
        if let Err(problem) = &project {
            problems.push(FieldProblem::new("project", problem.clone()));
        }
        let role = RoleName::parse(&self.role);
        if let Err(problem) = &role {
            problems.push(FieldProblem::new("role", problem.clone()));
        }
        if let Err(problem) = check_hours(self.hours) {
            problems.push(FieldProblem::new("hours", problem));
        }
        let reason = self.reason.trim();
        if reason.is_empty() {
            problems.push(FieldProblem::new("reason", Problem::Required));
        }
        if reason.chars().count() > REASON_MAX as usize {
            problems.push(FieldProblem::new("reason", Problem::TooLong { max: REASON_MAX }));
        }
        match (project, role) {
            (Ok(project), Ok(role)) if problems.is_empty() => {
                Ok(NewRequest { project, role, hours: self.hours, reason: reason.to_owned() })
            }
            _ => Err(problems),
        }
    }
}

pub fn check_hours(hours: u32) -> Result<(), Problem> {
    if hours == 0 || hours > LONGEST {
        return Err(Problem::NotANumber { min: 1, max: LONGEST });
    }
    Ok(())
}

/// Somebody's request, as they and those who decide see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Request {
    pub id: String,
    pub project: ProjectName,
    pub username: Username,
    /// The person's who looks: somebody else decides about it.
    pub own: bool,
    pub role: RoleName,
    pub hours: u32,
    pub reason: String,
    /// RFC 3339, UTC.
    pub asked_at: String,
    pub state: RequestState,
    /// Who decided; empty before.
    pub decided_by: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RequestState {
    Open,
    Approved,
    Refused,
    /// By who asked.
    Withdrawn,
}

impl RequestState {
    /// The word that the database uses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Approved => "approved",
            Self::Refused => "refused",
            Self::Withdrawn => "withdrawn",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        [Self::Open, Self::Approved, Self::Refused, Self::Withdrawn]
            .into_iter()
            .find(|state| state.as_str() == word)
    }
}

/// What somebody decides about a request.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Decision {
    /// For so many hours, which need not be those that were asked for.
    Approve {
        hours: u32,
    },
    Refuse,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_request_says_why_and_ends() {
        let form = RequestForm { project: "shop".into(), role: "developer".into(), ..RequestForm::default() };
        let problems = form.check().unwrap_err();
        let fields: Vec<_> = problems.iter().map(|problem| problem.field.as_str()).collect();
        assert_eq!(fields, ["hours", "reason"]);
        assert!(RequestForm { hours: 4, reason: "a release tonight".into(), ..form }.check().is_ok());
        assert_eq!(check_hours(LONGEST + 1), Err(Problem::NotANumber { min: 1, max: LONGEST }));
    }
}
