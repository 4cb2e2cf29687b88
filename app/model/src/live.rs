//! What the one WebSocket of a tab carries.

use serde::{Deserialize, Serialize};

use crate::releases::{Job, ReleaseDetail, ReleaseRef};
use crate::rows::{RowNews, RowQuery};
use crate::workloads::{LogSource, WorkloadDetail, WorkloadRef};

/// From the browser. Numbers are chosen by it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ask {
    Subscribe {
        id: u32,
        topic: Topic,
    },
    Unsubscribe {
        id: u32,
    },
    /// So many messages more were taken in. Whoever says so once is not told more than it takes in.
    Heard {
        count: u32,
    },
}

/// What can be followed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Topic {
    Rows(RowQuery),
    Workload(WorkloadRef),
    Log(LogSource),
    Release(ReleaseRef),
    /// The number of a job.
    Job(String),
}

/// To the browser. `sequence` counts the messages of one subscription from 1; a gap means that some were left out, never
/// that the newest state is missing.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Envelope {
    pub id: u32,
    pub sequence: u64,
    pub news: News,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum News {
    Rows(RowNews),
    /// Replaces what was shown.
    Workload(Box<WorkloadDetail>),
    /// Further lines. The first message of a subscription has the last ones that there were.
    Log(Vec<String>),
    Release(Box<ReleaseDetail>),
    Job(Job),
    /// Nothing more comes.
    Ended(Ended),
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Ended {
    /// A log that is complete, a job that is over.
    Complete,
    NotPermitted,
    NotFound,
    ClusterSilent,
    Failed,
}

/// Why the server closes the whole socket.
pub mod close {
    /// The session ended; signing in again helps.
    pub const SESSION_ENDED: u16 = 4401;
    /// The console ends, perhaps to start again (RFC 6455, registered as "service restart").
    pub const RESTARTS: u16 = 1012;
    /// The browser sent what is not an [`super::Ask`].
    pub const BAD_MESSAGE: u16 = 4400;
    /// Too many subscriptions at once.
    pub const TOO_MANY: u16 = 4429;
}
