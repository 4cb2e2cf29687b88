//! How much of the truth rows are, and what keeping them costs.

use serde::{Deserialize, Serialize};

use super::Listing;
use crate::clusters::ClusterName;
use crate::namespaces::NamespaceName;

/// What keeping the rows of a kind in a cluster costs.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct TableHealth {
    pub cluster: ClusterName,
    pub kind: Listing,
    /// Where only that is watched.
    pub namespace: Option<NamespaceName>,
    pub state: RowState,
    pub rows: u32,
    /// Of memory, about.
    pub bytes: u64,
    /// Events since it is watched.
    pub events: u64,
    /// Times that everything had to be listed anew.
    pub relists: u64,
    /// Objects that could not be understood.
    pub skipped: u64,
    /// Who follows it now.
    pub followers: u32,
    /// Seconds since the cluster last said anything of it, if only that it is there.
    pub quiet: u32,
}

/// How much of the truth the rows of a cluster are.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClusterRows {
    pub cluster: ClusterName,
    pub state: RowState,
    /// Namespaces of theirs in which they may not list these.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub denied: u32,
}

fn is_zero(number: &u32) -> bool {
    *number == 0
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowState {
    /// As the cluster is.
    Live,
    /// Not yet read whole.
    Reading,
    /// As it was so many seconds ago, when it last answered.
    Stale { seconds: u32 },
    /// The console's own account may not list these.
    Forbidden,
    /// The cluster has no such kind.
    Absent,
    /// The cluster does not say what the person may see.
    Unread,
}

impl RowState {
    /// Whether less of the truth is known than with another.
    pub fn is_worse_than(self, other: Self) -> bool {
        let rank = |state| match state {
            Self::Live => (0, 0),
            Self::Absent => (1, 0),
            Self::Reading => (2, 0),
            Self::Forbidden => (3, 0),
            Self::Stale { seconds } => (4, seconds),
            Self::Unread => (5, 0),
        };
        rank(self) > rank(other)
    }
}
