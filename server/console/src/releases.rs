//! Releases, and the jobs that helm does on them: `contract::Releases`.

mod follow;
mod jobs;
mod secrets;
mod trail;

use std::sync::Arc;

use async_trait::async_trait;
use cluster::parse_objects;
use contract::workloads::Following;
use contract::{Actor, Error, Kind, Releases};
use gate::Clock;
use helm::{Helm, StoredRelease};
use model::access::Action;
use model::live::Topic;
use model::problem::{FieldProblem, Problem};
use model::releases::{Job, ReleaseDetail, ReleaseForm, ReleaseRef, Work};
use model::review::Review;
use tokio::sync::watch;

use self::jobs::Room;
use crate::catalog::ChartBook;
use crate::when::rfc3339;
use crate::workloads::WorkloadBook;

/// Cheap to clone.
#[derive(Clone)]
pub struct ReleaseBook {
    pub workloads: WorkloadBook,
    pub charts: Arc<ChartBook>,
    pub helm: Helm,
    pub clock: Arc<dyn Clock>,
    /// Grows with every change of a job of this process.
    pub moved: watch::Sender<u64>,
}

#[async_trait]
impl Releases for ReleaseBook {
    async fn view(&self, actor: &Actor, target: &ReleaseRef) -> Result<ReleaseDetail, Error> {
        let WorkloadBook { fleet, .. } = &self.workloads;
        let project = self.workloads.project_of(&target.cluster, &target.namespace).await?;
        let grant = self.workloads.may(actor, Action::ViewRelease, project.as_ref()).await?;
        let cluster = &fleet.get(&target.cluster)?;
        let revisions = secrets::revisions(cluster, &grant, target).await?;
        let missing = || Error::from(Kind::NotFound { what: target.to_string() });
        let newest = revisions.first().ok_or_else(missing)?;
        let objects = parse_objects(&newest.manifest).map_err(Error::internal)?;
        let resources =
            Box::pin(cluster::resources(cluster, &grant, target.namespace.as_str(), &objects)).await?;
        let may = self.workloads.gate.held(actor, project.as_ref()).await?;
        let meta = &newest.chart.metadata;
        Ok(ReleaseDetail {
            target: target.clone(),
            project,
            may,
            status: newest.info.status.clone(),
            chart: meta.name.clone(),
            chart_version: meta.version.clone(),
            app_version: meta.app_version.clone(),
            values: values_text(&newest.config)?,
            notes: newest.info.notes.clone(),
            resources,
            history: revisions.iter().map(StoredRelease::revision).collect(),
        })
    }

    async fn review(&self, actor: &Actor, form: &ReleaseForm) -> Result<Review, Error> {
        let project = self.workloads.project_of(&form.cluster, &form.namespace).await?;
        let grant = self.workloads.may(actor, Action::InstallRelease, project.as_ref()).await?;
        let target = form.check().map_err(|fields| Kind::Invalid { fields })?;
        let cluster = &self.workloads.fleet.get(&target.cluster)?;
        let archive = self.charts.package(&form.chart).await?;
        let room = Room::open(&self.workloads, &grant, &target).await?;
        let rendered = self.helm.template(&room.release(), &archive, &form.values).await?;
        if !rendered.succeeded {
            return Err(Error::invalid("values", Problem::Helm { said: rendered.said }));
        }
        let after = parse_objects(&rendered.output)
            .map_err(|said| Error::invalid("values", Problem::Helm { said }))?;
        let before = match secrets::revisions(cluster, &grant, &target).await {
            Ok(revisions) => revisions.first().map(|newest| newest.manifest.clone()).unwrap_or_default(),
            Err(error) if matches!(error.kind, Kind::NotFound { .. }) => String::new(),
            Err(error) => return Err(error),
        };
        let before = parse_objects(&before).map_err(Error::internal)?;
        Box::pin(cluster::review_objects(cluster, &grant, target.namespace.as_str(), &before, &after)).await
    }

    async fn install(&self, actor: &Actor, form: &ReleaseForm) -> Result<String, Error> {
        let work = Work::Install { chart: form.chart.clone(), values: form.values.clone() };
        self.begin(actor, form.check().map_err(|fields| Kind::Invalid { fields }), form.into(), work).await
    }

    async fn upgrade(&self, actor: &Actor, form: &ReleaseForm) -> Result<String, Error> {
        let work = Work::Upgrade { chart: form.chart.clone(), values: form.values.clone() };
        self.begin(actor, form.check().map_err(|fields| Kind::Invalid { fields }), form.into(), work).await
    }

    async fn roll_back(&self, actor: &Actor, target: &ReleaseRef, revision: u32) -> Result<String, Error> {
        self.begin(actor, Ok(target.clone()), target.into(), Work::RollBack { revision }).await
    }

    async fn uninstall(
        &self,
        actor: &Actor,
        target: &ReleaseRef,
        confirmation: &str,
    ) -> Result<String, Error> {
        let typed = match confirmation.trim() == target.name.as_str() {
            true => Ok(target.clone()),
            false => {
                Err(Kind::Invalid { fields: vec![FieldProblem::new("confirmation", Problem::NotTheName)] })
            }
        };
        self.begin(actor, typed, target.into(), Work::Uninstall).await
    }

    fn follow(&self, actor: &Actor, topic: Topic) -> Following {
        follow::follow(self.clone(), actor.clone(), topic)
    }

    async fn job(&self, actor: &Actor, id: &str) -> Result<Job, Error> {
        let missing = || Error::from(Kind::NotFound { what: format!("job {id}") });
        let job = self.workloads.store.job(id).await;
        // Somebody who may not see the release learns nothing of what exists.
        let place = match &job {
            Ok(job) => self.workloads.project_of(&job.target.cluster, &job.target.namespace).await?,
            Err(_) => None,
        };
        self.workloads.may(actor, Action::ViewRelease, place.as_ref()).await?;
        let job = job.map_err(|_| missing())?;
        Ok(Job {
            id: job.id,
            work: job.work,
            target: job.target,
            state: job.state,
            said: job.said,
            started_at: rfc3339(job.started_at),
            ended_at: job.ended_at.map(rfc3339).unwrap_or_default(),
        })
    }
}

/// What was set, as people write it.
fn values_text(values: &serde_json::Value) -> Result<String, Error> {
    let empty = values.as_object().is_none_or(serde_json::Map::is_empty);
    if empty { Ok(String::new()) } else { serde_saphyr::to_string(values).map_err(Error::internal) }
}
