//! The audit trail: who did what to which object, and how it ended.

use serde::{Deserialize, Serialize};

use crate::review::Line;

/// How an audited action ended. `Open` means it has not, or the process died in between.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Outcome {
    Open,
    Done,
    Denied,
    Invalid,
    Failed,
}

impl Outcome {
    pub const ALL: [Self; 5] = [Self::Open, Self::Done, Self::Denied, Self::Invalid, Self::Failed];

    /// The word that the database and the pages' styles use.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Open => "open",
            Self::Done => "done",
            Self::Denied => "denied",
            Self::Invalid => "invalid",
            Self::Failed => "failed",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|outcome| outcome.as_str() == word)
    }
}

/// Which lines of the trail somebody looks for. What is empty asks for nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct AuditQuery {
    /// A username, whole.
    pub who: String,
    /// The beginning of an action, such as `workloads.`.
    pub action: String,
    /// A part of the object's words.
    pub object: String,
    pub outcome: Option<Outcome>,
    /// Only older ones than this.
    pub before: Option<i64>,
}

/// What became of the chain of hashes over the trail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Verified {
    /// Nothing was changed; `head` is to be compared with what was noted earlier.
    Whole { links: i64, head: String },
    /// From this entry on it is not as it was written.
    Broken { entry: i64 },
}

/// What an action changed, as text before and after. Never with a value of a Secret.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Changed {
    pub before: String,
    pub after: String,
}

/// One line of the trail.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct AuditEntry {
    pub id: i64,
    /// RFC 3339, UTC.
    pub at: String,
    /// Username, or what stands for somebody who is not signed in.
    pub actor: String,
    pub action: String,
    pub resource: String,
    pub outcome: Outcome,
    pub request_id: String,
    /// From where; empty when that is not known.
    pub address: String,
    /// What it changed, where that is noted.
    pub changed: Vec<Line>,
}
