//! A part of a page that may have nothing to show, which is a state and not an error.

use serde::{Deserialize, Serialize};

use crate::outside::FetchProblem;

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Panel<T> {
    Ready(T),
    Unavailable { reason: Absence },
}

/// Why there is nothing to show; each has a sentence with the next step.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Absence {
    /// The cluster serves no `metrics.k8s.io`.
    NoMetricsApi,
    /// The cluster's RBAC does not let this person see it.
    NotPermitted,
    /// The cluster answered with a failure.
    Failed,
    /// No Prometheus is set for the cluster.
    NoPrometheus,
    /// Its Prometheus cannot be read.
    Prometheus(FetchProblem),
}

impl<T> Panel<T> {
    pub fn ready(&self) -> Option<&T> {
        match self {
            Self::Ready(content) => Some(content),
            Self::Unavailable { .. } => None,
        }
    }

    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Panel<U> {
        match self {
            Self::Ready(content) => Panel::Ready(change(content)),
            Self::Unavailable { reason } => Panel::Unavailable { reason },
        }
    }
}
