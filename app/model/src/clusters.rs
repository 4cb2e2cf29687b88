//! Clusters: their names, their state, what the overview shows.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::name::check_label;
use crate::panel::Panel;
use crate::problem::Problem;

/// Names a cluster in every address and message: a DNS label.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ClusterName(String);

impl ClusterName {
    pub fn parse(typed: &str) -> Result<Self, Problem> {
        check_label(typed.trim(), 63)?;
        Ok(Self(typed.trim().to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ClusterName {
    type Error = String;
    fn try_from(value: String) -> Result<Self, Self::Error> {
        Self::parse(&value).map_err(|problem| format!("bad cluster name: {problem:?}"))
    }
}

impl From<ClusterName> for String {
    fn from(value: ClusterName) -> Self {
        value.0
    }
}

impl fmt::Display for ClusterName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// A line of the cluster list.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClusterSummary {
    pub name: ClusterName,
    pub state: ClusterState,
    /// The address of its API server.
    pub server: String,
    /// It was connected in the console, not by its settings.
    pub registered: bool,
}

/// A cluster to connect, as typed.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClusterForm {
    pub name: String,
    /// The whole file; of it the chosen context is kept.
    pub kubeconfig: String,
    pub context: String,
    /// Platform administrators become cluster administrators there; for its owner to agree to.
    pub administrators: bool,
}

/// The file is nobody's to read.
impl fmt::Debug for ClusterForm {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "cluster {:?} by context {:?}", self.name, self.context)
    }
}

/// The oldest version of Kubernetes that the console works with: it asks who it is (`SelfSubjectReview`, 1.28).
pub const OLDEST: (u32, u32) = (1, 28);

/// Whether a version such as `v1.35.4` is recent enough. One that cannot be read is not.
pub fn is_supported(version: &str) -> bool {
    let mut parts = version.trim_start_matches('v').split('.');
    let mut number = || -> Option<u32> {
        let digits: String = parts.next()?.chars().take_while(char::is_ascii_digit).collect();
        digits.parse().ok()
    };
    number().zip(number()).is_some_and(|version| version >= OLDEST)
}

/// How the cluster answered just now.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ClusterState {
    Connected {
        version: String,
    },
    /// The cluster does not accept the console's credentials.
    Unauthorized,
    Unreachable,
    /// It answers, and the console's credentials end soon.
    Expiring {
        version: String,
        /// RFC 3339, UTC.
        at: String,
    },
    /// Older than [`OLDEST`].
    Unsupported {
        version: String,
    },
    /// The credentials were sealed with a key that the console does not have.
    LostKey,
}

/// One cluster at a glance, as the person may see it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ClusterOverview {
    pub name: ClusterName,
    pub version: String,
    /// Whether its owner made platform administrators cluster administrators; none when that cannot be read.
    pub administrators: Option<bool>,
    pub nodes: Panel<Nodes>,
    pub pods: Panel<PodCounts>,
    pub warnings: Panel<Vec<Warning>>,
}

/// All nodes, and what they have together.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Nodes {
    pub nodes: Vec<Node>,
    pub cpu: Room,
    pub memory: Room,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Node {
    pub name: String,
    pub ready: bool,
    /// What the kubelet says when it is not ready.
    pub reason: String,
    pub version: String,
    pub cpu: Room,
    pub memory: Room,
    /// How many it takes.
    pub pods: String,
}

/// What there is of something, what pods may have of it, and what is used; in Kubernetes units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Room {
    pub capacity: String,
    pub allocatable: String,
    /// From the metrics API.
    pub used: Option<Used>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Used {
    pub amount: String,
    /// Of what is allocatable where use is measured.
    pub percent: u32,
}

/// Pods by phase.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PodCounts {
    pub running: u32,
    pub pending: u32,
    pub succeeded: u32,
    pub failed: u32,
    pub unknown: u32,
}

/// An event of the type Warning.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Warning {
    pub namespace: String,
    /// `Pod/web-1`.
    pub object: String,
    pub reason: String,
    pub message: String,
    pub count: i64,
    /// RFC 3339, UTC; empty when the cluster does not say.
    pub last_at: String,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn versions_from_the_oldest_on_are_supported() {
        for good in ["v1.28.0", "v1.35.4", "v1.29.3-gke.100", "v1.30+", "v2.0.0"] {
            assert!(is_supported(good), "{good}");
        }
        for bad in ["v1.27.9", "v1.2.3", "", "v1", "vx.y"] {
            assert!(!is_supported(bad), "{bad}");
        }
    }
}
