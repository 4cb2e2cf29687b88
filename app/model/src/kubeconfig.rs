//! What a kubeconfig offers for connecting a cluster, and how a connection was tried out.

use serde::{Deserialize, Serialize};

/// Largest accepted file, in bytes.
pub const LARGEST: usize = 256 * 1024;
/// Most contexts of one file.
pub const MOST_CONTEXTS: usize = 100;

/// A context as somebody may choose it. No credential is in it.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Context {
    pub name: String,
    /// Empty when there is none.
    pub server: String,
    pub user: String,
    pub authentication: Authentication,
    /// What keeps it from being connected; empty when nothing does.
    pub problems: Vec<ContextProblem>,
}

/// How its user proves who it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Authentication {
    Token,
    Certificate,
    /// A program of the machine that the file comes from.
    Exec {
        command: String,
        arguments: Vec<String>,
    },
    /// Gone from Kubernetes since 1.26.
    Plugin {
        name: String,
    },
    Password,
    Nothing,
}

/// Why a context cannot be connected as it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum ContextProblem {
    NoCluster,
    NoUser,
    /// The server's address is not https://.
    NotHttps,
    /// An address that only a machine itself reaches, such as the one of a cloud's metadata.
    LinkLocal,
    /// Names a file of another machine, where its contents have to be.
    File {
        field: String,
    },
    /// Something that the console does not do for a file that somebody uploads.
    Refused {
        field: String,
    },
    /// A program would have to run.
    Exec,
    /// Nothing that the console can prove itself with.
    NoCredential,
    /// Not what belongs there, such as base64 of PEM.
    BadData {
        field: String,
    },
}

/// One step of trying out a connection.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Step {
    pub name: StepName,
    pub result: StepResult,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepName {
    Tcp,
    Tls,
    Version,
    Identity,
    Permissions,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum StepResult {
    /// With what was found, such as the version.
    Done { found: String },
    /// In the words of whoever refused.
    Failed { said: String },
    /// An earlier step failed.
    NotTried,
}

/// Something that the console needs to be allowed in a cluster, and whether it is.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Right {
    pub feature: Feature,
    pub verb: String,
    /// `apps`; empty for the core group.
    pub group: String,
    pub resource: String,
    /// Of one object only; empty otherwise.
    pub name: String,
    /// In one namespace only; empty otherwise.
    pub namespace: String,
    /// None when the cluster did not say.
    pub allowed: Option<bool>,
}

/// What is missing without a right.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Feature {
    /// People act as themselves.
    People,
    /// Namespaces with their bounds.
    Namespaces,
    /// Memberships as role bindings.
    Members,
    /// Lists that follow the cluster.
    Workloads,
    /// Use of nodes and pods.
    Metrics,
    /// Nodes for the licence.
    Nodes,
}

impl Feature {
    pub const ALL: [Self; 6] =
        [Self::People, Self::Namespaces, Self::Members, Self::Workloads, Self::Metrics, Self::Nodes];
}
