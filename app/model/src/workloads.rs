//! Workloads: Deployments, StatefulSets, DaemonSets, Jobs and CronJobs, their list, their detail and what changes them.

mod deployment;

use std::fmt;

use serde::{Deserialize, Serialize};

pub use deployment::{Deployment, DeploymentForm, Port, Protocol, check_image, check_replicas};

use crate::clusters::ClusterName;
use crate::name::check_subdomain;
use crate::namespaces::NamespaceName;
use crate::panel::Panel;
use crate::problem::Problem;
use crate::projects::ProjectName;
use crate::roles::Permissions;

#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum WorkloadKind {
    Deployment,
    StatefulSet,
    DaemonSet,
    Job,
    CronJob,
}

impl WorkloadKind {
    pub const ALL: [Self; 5] =
        [Self::Deployment, Self::StatefulSet, Self::DaemonSet, Self::Job, Self::CronJob];

    /// As Kubernetes names the kind.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Deployment => "Deployment",
            Self::StatefulSet => "StatefulSet",
            Self::DaemonSet => "DaemonSet",
            Self::Job => "Job",
            Self::CronJob => "CronJob",
        }
    }

    /// As Kubernetes names the resource; also the part of the console's addresses.
    pub fn plural(self) -> &'static str {
        match self {
            Self::Deployment => "deployments",
            Self::StatefulSet => "statefulsets",
            Self::DaemonSet => "daemonsets",
            Self::Job => "jobs",
            Self::CronJob => "cronjobs",
        }
    }

    pub fn scales(self) -> bool {
        matches!(self, Self::Deployment | Self::StatefulSet)
    }

    /// Has a template of pods that a change rolls out.
    pub fn rolls_out(self) -> bool {
        matches!(self, Self::Deployment | Self::StatefulSet | Self::DaemonSet)
    }
}

impl TryFrom<String> for WorkloadKind {
    type Error = String;
    fn try_from(plural: String) -> Result<Self, Self::Error> {
        Self::ALL.into_iter().find(|kind| kind.plural() == plural).ok_or(plural)
    }
}

/// The name of an object: a DNS subdomain.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ObjectName(String);

impl ObjectName {
    pub fn parse(typed: &str) -> Result<Self, Problem> {
        check_subdomain(typed.trim())?;
        Ok(Self(typed.trim().to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ObjectName {
    type Error = String;
    fn try_from(value: String) -> Result<Self, Self::Error> {
        Self::parse(&value).map_err(|problem| format!("bad object name: {problem:?}"))
    }
}

impl From<ObjectName> for String {
    fn from(value: ObjectName) -> Self {
        value.0
    }
}

impl fmt::Display for ObjectName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One workload, wherever it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct WorkloadRef {
    pub cluster: ClusterName,
    pub namespace: NamespaceName,
    pub kind: WorkloadKind,
    pub name: ObjectName,
}

impl fmt::Display for WorkloadRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { cluster, namespace, kind, name } = self;
        write!(f, "{} {namespace}/{name} on cluster {cluster}", kind.as_str())
    }
}

/// From what needs attention to what does not.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Health {
    Failed,
    Progressing,
    Healthy,
    Stopped,
}

impl Health {
    pub const ALL: [Self; 4] = [Self::Failed, Self::Progressing, Self::Healthy, Self::Stopped];

    /// The word in filters and addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Failed => "failed",
            Self::Progressing => "progressing",
            Self::Healthy => "healthy",
            Self::Stopped => "stopped",
        }
    }
}

/// One workload with what belongs to it, read as the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct WorkloadDetail {
    pub target: WorkloadRef,
    /// The project of its namespace.
    pub project: Option<ProjectName>,
    /// What the person who asks may do in that project, as a member.
    pub may: Permissions,
    pub health: Health,
    pub reason: String,
    pub created_at: String,
    /// How far the rollout is.
    pub progress: Progress,
    /// The Helm release that it belongs to.
    pub release: Option<String>,
    /// Container and image.
    pub images: Vec<(String, String)>,
    pub diagnosis: Option<Diagnosis>,
    pub conditions: Vec<Condition>,
    pub pods: Panel<Vec<Pod>>,
    pub events: Panel<Vec<Event>>,
    /// Newest first; only of kinds that keep them.
    pub revisions: Vec<Revision>,
    /// Of all its pods together, now.
    pub usage: Panel<Usage>,
}

/// In Kubernetes units.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Usage {
    pub cpu: String,
    pub memory: String,
}

#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Progress {
    pub wanted: u32,
    pub updated: u32,
    pub ready: u32,
    pub available: u32,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Condition {
    pub kind: String,
    pub status: String,
    pub reason: String,
    pub message: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Pod {
    pub name: String,
    pub health: Health,
    /// `Running`, `CrashLoopBackOff`, `Completed`, …
    pub reason: String,
    pub ready: String,
    pub restarts: u32,
    pub node: String,
    pub containers: Vec<String>,
    /// In Kubernetes units; empty when nothing is measured.
    pub cpu: String,
    pub memory: String,
    pub created_at: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Event {
    pub warning: bool,
    /// `Pod/web-1`.
    pub object: String,
    pub reason: String,
    pub message: String,
    pub count: i64,
    /// RFC 3339, UTC; empty when the cluster does not say.
    pub last_at: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revision {
    pub number: u32,
    pub images: String,
    pub created_at: String,
    pub current: bool,
}

/// Why a workload is not ready, in the order in which it matters.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Diagnosis {
    pub cause: Cause,
    /// How many pods it holds up, of those that should be ready.
    pub pods: u32,
    pub of: u32,
    /// The object that shows it, such as `Pod/web-1`.
    pub object: String,
    /// What the cluster says, in its own words.
    pub message: String,
    /// The newest earlier revision, where going back is possible.
    pub back_to: Option<u32>,
}

/// Each has a sentence with the next step.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Cause {
    /// The image cannot be pulled.
    Image { image: String },
    /// The container ends again and again, last with this code.
    Crash { container: String, code: i32 },
    /// It was ended because it took more memory than its limit.
    OutOfMemory { container: String },
    /// A config map, secret or key that it names is not there.
    Configuration { container: String },
    /// No node takes it.
    Unschedulable,
    /// The namespace's quota, limit range or Pod Security refuses its pods.
    Refused,
    /// It runs and does not become ready.
    Probe { container: String },
    /// The rollout takes longer than its deadline.
    Deadline,
}

/// What can be done to a workload that exists, apart from deleting it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Change {
    /// As typed.
    Scale {
        replicas: String,
    },
    Restart,
    RollBack {
        revision: u32,
    },
    Image {
        container: String,
        image: String,
    },
}

/// Whose log is read.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct LogSource {
    pub cluster: ClusterName,
    pub namespace: NamespaceName,
    pub pod: ObjectName,
    pub container: ObjectName,
    /// Of the container before its last restart.
    pub previous: bool,
}

/// How many of the last lines of a log are shown at first.
pub const LOG_LINES: u32 = 1000;
/// Longest line that is shown, in characters (A2:OBS-03).
pub const LOG_LINE: usize = 2000;
