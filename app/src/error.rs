//! Failures as they travel to the browser. Internal detail stays on the server.

use leptos::server_fn::codec::JsonEncoding;
use leptos::server_fn::error::{FromServerFnError, ServerFnErrorErr};
use model::access::{Action, Role};
use model::clusters::ClusterName;
use model::license::LicenceState;
use model::problem::FieldProblem;
use model::projects::ProjectName;
use model::providers::SignOnProblem;
use serde::{Deserialize, Serialize};

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize, thiserror::Error)]
#[serde(rename_all = "snake_case")]
pub enum ApiError {
    #[error("please sign in")]
    Unauthenticated,
    #[error("not permitted")]
    /// The least role that would allow it, and the project where, when the person belongs to it.
    Forbidden { action: Action, role: Option<Role>, project: Option<ProjectName> },
    #[error("nothing can be changed while looking as somebody else")]
    Looking,
    #[error("not found: {what}")]
    NotFound { what: String },
    #[error("somebody else was first: {what}")]
    Conflict { what: String },
    #[error("some fields are not valid")]
    Invalid { fields: Vec<FieldProblem> },
    #[error("the licence does not allow more")]
    Licence { state: LicenceState },
    #[error("try again in {seconds} s")]
    Busy { seconds: u32 },
    #[error("the cluster {cluster} does not answer")]
    ClusterUnreachable { cluster: ClusterName },
    #[error("the cluster {cluster} does not accept the console's credentials")]
    ClusterUnauthorized { cluster: ClusterName },
    #[error("the cluster {cluster} forbids it: {message}")]
    ClusterForbids { cluster: ClusterName, message: String },
    #[error("the cluster {cluster} refuses it: {message}")]
    ClusterRefuses { cluster: ClusterName, message: String },
    #[error("whether it was done on the cluster {cluster} is unknown: {what}")]
    OutcomeUnknown { cluster: ClusterName, what: String },
    #[error("signing in failed: {problem}")]
    SignOn { problem: SignOnProblem },
    #[error("internal failure, reference {request_id}")]
    Internal { request_id: String },
    #[error("the server could not be reached")]
    Transport,
}

impl ApiError {
    /// What is wrong with one field, if anything.
    pub fn field(&self, name: &str) -> Option<&FieldProblem> {
        match self {
            Self::Invalid { fields } => fields.iter().find(|problem| problem.field == name),
            _ => None,
        }
    }
}

impl FromServerFnError for ApiError {
    type Encoder = JsonEncoding;

    fn from_server_fn_error(error: ServerFnErrorErr) -> Self {
        match error {
            ServerFnErrorErr::Args(_) | ServerFnErrorErr::MissingArg(_) => Self::Invalid { fields: vec![] },
            ServerFnErrorErr::Request(_)
            | ServerFnErrorErr::Response(_)
            | ServerFnErrorErr::Deserialization(_) => Self::Transport,
            _ => Self::Internal { request_id: String::new() },
        }
    }
}
