//! How an operation can fail, in the words of the domain. Adapters convert into it and keep the cause.

use model::access::Action;
use model::clusters::ClusterName;
use model::license::LicenceState;
use model::problem::{FieldProblem, Problem};
use model::projects::ProjectName;
use model::providers::SignOnProblem;

/// A failure with its kind for the caller and its cause for the log.
#[derive(Debug, thiserror::Error)]
#[error("{kind}")]
pub struct Error {
    pub kind: Kind,
    #[source]
    pub cause: Option<Box<dyn std::error::Error + Send + Sync>>,
}

/// What a caller can act on.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum Kind {
    #[error("nobody is signed in")]
    Unauthenticated,
    #[error("not permitted: {}", .action.as_str())]
    Forbidden {
        action: Action,
        /// Where, when the person belongs to it; otherwise it is not theirs to know.
        project: Option<ProjectName>,
    },
    /// They only look as somebody else.
    #[error("nothing can be changed while looking as somebody else")]
    Looking,
    #[error("not found: {what}")]
    NotFound { what: String },
    #[error("already done: {what}")]
    Conflict { what: String },
    #[error("invalid: {fields:?}")]
    Invalid { fields: Vec<FieldProblem> },
    #[error("the licence does not allow more: {state:?}")]
    Licence { state: LicenceState },
    #[error("try again in {seconds} s")]
    Busy { seconds: u32 },
    #[error("the cluster {cluster} does not answer")]
    ClusterUnreachable { cluster: ClusterName },
    #[error("the cluster {cluster} does not accept the console's credentials")]
    ClusterUnauthorized { cluster: ClusterName },
    /// Its RBAC decided; `message` is the cluster's.
    #[error("the cluster {cluster} forbids it: {message}")]
    ClusterForbids { cluster: ClusterName, message: String },
    #[error("the cluster {cluster} refuses it: {message}")]
    ClusterRefuses { cluster: ClusterName, message: String },
    /// It was sent, and its answer was lost: what became of `what` is to be looked at.
    #[error("whether it was done on the cluster {cluster} is unknown: {what}")]
    OutcomeUnknown { cluster: ClusterName, what: String },
    #[error("signing in failed: {problem}")]
    SignOn { problem: SignOnProblem },
    #[error("internal failure")]
    Internal,
}

impl Kind {
    /// Whether a cluster failed, which says nothing of others.
    pub fn is_of_cluster(&self) -> bool {
        matches!(
            self,
            Self::ClusterUnreachable { .. }
                | Self::ClusterUnauthorized { .. }
                | Self::ClusterForbids { .. }
                | Self::ClusterRefuses { .. }
                | Self::OutcomeUnknown { .. }
        )
    }
}

impl Error {
    pub fn internal(cause: impl Into<Box<dyn std::error::Error + Send + Sync>>) -> Self {
        Self { kind: Kind::Internal, cause: Some(cause.into()) }
    }

    pub fn invalid(field: &str, problem: Problem) -> Self {
        Kind::Invalid { fields: vec![FieldProblem::new(field, problem)] }.into()
    }
}

impl From<SignOnProblem> for Error {
    fn from(problem: SignOnProblem) -> Self {
        Kind::SignOn { problem }.into()
    }
}

impl From<Kind> for Error {
    fn from(kind: Kind) -> Self {
        Self { kind, cause: None }
    }
}
