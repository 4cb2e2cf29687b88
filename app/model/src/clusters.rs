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
