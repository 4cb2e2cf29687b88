//! Releases: charts that are installed.

use async_trait::async_trait;
use model::live::Topic;
use model::releases::{Job, ReleaseDetail, ReleaseForm, ReleaseRef};
use model::review::Review;

use crate::workloads::Following;
use crate::{Actor, Error};

#[async_trait]
pub trait Releases: Send + Sync {
    /// Read as the person. Errors: `NotFound`, those of clusters.
    async fn view(&self, actor: &Actor, target: &ReleaseRef) -> Result<ReleaseDetail, Error>;

    /// What [`Releases::install`] or [`Releases::upgrade`] would do: every rendered object, tried as the person.
    ///
    /// Errors: `Invalid` per field (`name`; `values` when they are no YAML or the chart refuses them), those of clusters.
    async fn review(&self, actor: &Actor, form: &ReleaseForm) -> Result<Review, Error>;

    /// Begins the work and returns the number of its job.
    ///
    /// Errors: `Invalid` per field, `Conflict` while other work on the release is under way.
    async fn install(&self, actor: &Actor, form: &ReleaseForm) -> Result<String, Error>;

    /// As [`Releases::install`], for a release that exists.
    async fn upgrade(&self, actor: &Actor, form: &ReleaseForm) -> Result<String, Error>;

    /// As [`Releases::install`].
    async fn roll_back(&self, actor: &Actor, target: &ReleaseRef, revision: u32) -> Result<String, Error>;

    /// As [`Releases::install`]. Errors also: `Invalid` when its name is typed wrongly.
    async fn uninstall(
        &self,
        actor: &Actor,
        target: &ReleaseRef,
        confirmation: &str,
    ) -> Result<String, Error>;

    /// How a release or a job is now and whatever comes after; a job until it is over. Read as the person each time.
    fn follow(&self, actor: &Actor, topic: Topic) -> Following;

    /// How far a job is. Errors: `NotFound`.
    async fn job(&self, actor: &Actor, id: &str) -> Result<Job, Error>;
}
