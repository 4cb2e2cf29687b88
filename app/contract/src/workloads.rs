//! Workloads: their detail, their logs, and what changes them.

use std::pin::Pin;

use async_trait::async_trait;
use futures::Stream;
use model::clusters::ClusterName;
use model::live::{News, Topic};
use model::namespaces::NamespaceName;
use model::review::Review;
use model::workloads::{Change, DeploymentForm, LogSource, WorkloadDetail, WorkloadRef};

use crate::{Actor, Error};

/// Ends after [`News::Ended`].
pub type Following = Pin<Box<dyn Stream<Item = News> + Send>>;

#[async_trait]
pub trait Workloads: Send + Sync {
    /// Read as the person. Errors: `NotFound`, those of clusters.
    async fn view(&self, actor: &Actor, target: &WorkloadRef) -> Result<WorkloadDetail, Error>;

    /// The object as YAML. Errors: as [`Workloads::view`].
    async fn manifest(&self, actor: &Actor, target: &WorkloadRef) -> Result<String, Error>;

    /// The last lines. Errors: as [`Workloads::view`].
    async fn log(&self, actor: &Actor, source: &LogSource) -> Result<Vec<String>, Error>;

    /// What [`Workloads::create`] would do; nothing is made. Errors: `Invalid` per field, those of clusters.
    async fn review(
        &self,
        actor: &Actor,
        cluster: &ClusterName,
        namespace: &NamespaceName,
        form: &DeploymentForm,
    ) -> Result<Review, Error>;

    /// Makes the Deployment, and its Service when asked for, or nothing. Errors: as [`Workloads::review`].
    async fn create(
        &self,
        actor: &Actor,
        cluster: &ClusterName,
        namespace: &NamespaceName,
        form: &DeploymentForm,
    ) -> Result<WorkloadRef, Error>;

    /// What [`Workloads::change`] would do; nothing changes.
    ///
    /// Errors: `Invalid` per field, `NotFound` also for a revision or container, those of clusters.
    async fn review_change(
        &self,
        actor: &Actor,
        target: &WorkloadRef,
        change: &Change,
    ) -> Result<Review, Error>;

    /// `reviewed` is the generation that a review looked at; none does it to whatever is there.
    ///
    /// Errors: as [`Workloads::review_change`]; `Conflict` when it changed since the review.
    async fn change(
        &self,
        actor: &Actor,
        target: &WorkloadRef,
        change: &Change,
        reviewed: Option<i64>,
    ) -> Result<(), Error>;

    /// Deletes it with its pods. Errors: `Invalid` when its name is typed wrongly.
    async fn delete(&self, actor: &Actor, target: &WorkloadRef, confirmation: &str) -> Result<(), Error>;

    /// The state now and whatever comes after, until the person may no longer see it.
    fn follow(&self, actor: &Actor, topic: Topic) -> Following;
}
