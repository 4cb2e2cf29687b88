//! What a change would do, before it is done.

use serde::{Deserialize, Serialize};

/// What a change would do, before it is done.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Review {
    pub objects: Vec<ReviewedObject>,
    /// What the cluster's own checks say.
    pub checks: Vec<Check>,
    /// How the namespace's quota stands before and after.
    pub quota: Vec<QuotaChange>,
    /// Of the object that was looked at; none of what does not exist yet. Whoever does it names it, so that nothing else is done
    /// than what was seen.
    pub generation: Option<i64>,
}

impl Review {
    /// Whether everything that was checked is accepted.
    pub fn passes(&self) -> bool {
        self.refusal().is_none()
    }

    /// The first, in the cluster's words.
    pub fn refusal(&self) -> Option<&str> {
        self.checks.iter().find_map(|check| match &check.verdict {
            Verdict::Refused { message } => Some(message.as_str()),
            _ => None,
        })
    }
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReviewedObject {
    /// `Deployment/web`.
    pub object: String,
    pub lines: Vec<Line>,
}

/// A line of a diff.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Line {
    Same(String),
    Added(String),
    Removed(String),
    /// This many lines without a change are left out.
    Skipped(u32),
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Check {
    /// `Deployment/web`.
    pub object: String,
    pub verdict: Verdict,
}

/// The server's answer to a dry run, as the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verdict {
    Accepted,
    Warned { message: String },
    Refused { message: String },
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct QuotaChange {
    /// A key of the quota, such as `limits.cpu`.
    pub key: String,
    pub before: String,
    pub after: String,
    pub total: String,
    pub exceeds: bool,
}
