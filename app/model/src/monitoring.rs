//! Use of CPU and memory over the last minutes.

use serde::{Deserialize, Serialize};

use crate::clusters::ClusterName;
use crate::namespaces::NamespaceName;
use crate::workloads::WorkloadRef;

/// Whose use.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Scope {
    /// Each node of a cluster.
    Nodes(ClusterName),
    /// All pods of a namespace together, and those that use most.
    Namespace(ClusterName, NamespaceName),
    /// Each pod of a workload.
    Workload(WorkloadRef),
}

/// Both over the same time, from the oldest sample that is kept until now.
#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct History {
    /// Between two points, in seconds.
    pub step: u32,
    pub cpu: Chart,
    pub memory: Chart,
}

#[derive(Clone, Debug, Default, PartialEq, Serialize, Deserialize)]
pub struct Chart {
    /// What the upper edge stands for, in Kubernetes units.
    pub top: String,
    /// Those that use most now, most first.
    pub lines: Vec<Series>,
    /// How many more there are.
    pub hidden: u32,
}

#[derive(Clone, Debug, PartialEq, Serialize, Deserialize)]
pub struct Series {
    pub name: String,
    /// The last value, in Kubernetes units; empty when there is none now.
    pub now: String,
    /// Shares of [`Chart::top`] from 0 to 1, oldest first; none where nothing was measured.
    pub points: Vec<Option<f32>>,
}

/// Lines of a chart (ux: direct labels up to six).
pub const LINES: usize = 6;
