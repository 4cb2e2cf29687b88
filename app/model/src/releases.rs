//! Releases: charts that are installed, and the jobs that install, change and remove them.

use std::fmt;

use serde::{Deserialize, Serialize};

use crate::catalog::RepositoryName;
use crate::clusters::ClusterName;
use crate::name::check_label;
use crate::namespaces::NamespaceName;
use crate::problem::{FieldProblem, Problem};
use crate::projects::ProjectName;
use crate::roles::Permissions;
use crate::workloads::Health;

/// Helm's own limit: names of objects are made of it.
const LONGEST: u32 = 53;

#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(try_from = "String", into = "String")]
pub struct ReleaseName(String);

impl ReleaseName {
    pub fn parse(typed: &str) -> Result<Self, Problem> {
        check_label(typed.trim(), LONGEST)?;
        Ok(Self(typed.trim().to_owned()))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

impl TryFrom<String> for ReleaseName {
    type Error = String;
    fn try_from(value: String) -> Result<Self, Self::Error> {
        Self::parse(&value).map_err(|problem| format!("bad release name: {problem:?}"))
    }
}

impl From<ReleaseName> for String {
    fn from(value: ReleaseName) -> Self {
        value.0
    }
}

impl fmt::Display for ReleaseName {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.write_str(&self.0)
    }
}

/// One release, wherever it is.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
pub struct ReleaseRef {
    pub cluster: ClusterName,
    pub namespace: NamespaceName,
    pub name: ReleaseName,
}

impl fmt::Display for ReleaseRef {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { cluster, namespace, name } = self;
        write!(f, "release {namespace}/{name} on cluster {cluster}")
    }
}

/// Which version of which chart.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ChartRef {
    pub repository: RepositoryName,
    pub name: String,
    pub version: String,
}

/// A chart to install, or another version or other values for a release, as typed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseForm {
    pub chart: ChartRef,
    pub cluster: ClusterName,
    pub namespace: NamespaceName,
    pub name: String,
    /// YAML; empty is the chart's defaults.
    pub values: String,
}

impl ReleaseForm {
    /// Errors: the field `name`. Whether the values are YAML is for who reads them.
    pub fn check(&self) -> Result<ReleaseRef, Vec<FieldProblem>> {
        let name =
            ReleaseName::parse(&self.name).map_err(|problem| vec![FieldProblem::new("name", problem)])?;
        Ok(ReleaseRef { cluster: self.cluster.clone(), namespace: self.namespace.clone(), name })
    }
}

/// How Helm's word for a status is to be taken.
pub fn health(status: &str) -> Health {
    match status {
        "deployed" => Health::Healthy,
        "failed" => Health::Failed,
        "uninstalled" | "superseded" => Health::Stopped,
        _ => Health::Progressing,
    }
}

/// One release with what belongs to it, read as the person.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct ReleaseDetail {
    pub target: ReleaseRef,
    pub project: Option<ProjectName>,
    /// What the person who asks may do in that project, as a member.
    pub may: Permissions,
    pub status: String,
    pub chart: String,
    pub chart_version: String,
    pub app_version: String,
    /// What was set, as YAML.
    pub values: String,
    pub notes: String,
    pub resources: Vec<Resource>,
    /// Newest first.
    pub history: Vec<Revision>,
}

/// An object that the release made.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Resource {
    /// `Deployment/web`.
    pub object: String,
    /// Where it lives, when that is not the namespace of the release.
    pub namespace: Option<String>,
    pub health: Health,
    /// A word of Kubernetes or of the console; empty when there is nothing to say.
    pub reason: String,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Revision {
    pub number: u32,
    pub status: String,
    /// `web-1.2.0`.
    pub chart: String,
    pub updated_at: String,
    pub description: String,
}

/// What a job does to a release.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Work {
    Install { chart: ChartRef, values: String },
    Upgrade { chart: ChartRef, values: String },
    RollBack { revision: u32 },
    Uninstall,
}

impl Work {
    /// The word in the database.
    pub fn as_str(&self) -> &'static str {
        match self {
            Self::Install { .. } => "install",
            Self::Upgrade { .. } => "upgrade",
            Self::RollBack { .. } => "roll_back",
            Self::Uninstall => "uninstall",
        }
    }
}

/// Long work that can be left and found again.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Job {
    pub id: String,
    pub work: String,
    pub target: ReleaseRef,
    pub state: JobState,
    /// What helm said, or why it did not come to that.
    pub said: String,
    pub started_at: String,
    /// Empty until then.
    pub ended_at: String,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum JobState {
    /// Getting the chart.
    Fetching,
    /// Helm is at work.
    Running,
    Done,
    Failed,
    /// The console ended meanwhile; what became of it is to be seen at the release.
    Interrupted,
}

impl JobState {
    pub const ALL: [Self; 5] = [Self::Fetching, Self::Running, Self::Done, Self::Failed, Self::Interrupted];

    /// The word in the database.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Fetching => "fetching",
            Self::Running => "running",
            Self::Done => "done",
            Self::Failed => "failed",
            Self::Interrupted => "interrupted",
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|state| state.as_str() == word)
    }

    pub fn is_over(self) -> bool {
        matches!(self, Self::Done | Self::Failed | Self::Interrupted)
    }
}
