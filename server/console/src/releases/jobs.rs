//! The jobs that helm does on releases: begun behind the gate, written down, and carried to their end.

use cluster::Proxy;
use contract::{Actor, Error, Kind};
use gate::{Grant, Intent};
use helm::{Ended, Release};
use model::access::Action;
use model::clusters::ClusterName;
use model::namespaces::NamespaceName;
use model::releases::{ChartRef, JobState, ReleaseForm, ReleaseRef, Work};
use tokio::sync::oneshot;

use super::ReleaseBook;
use super::trail::standing;
use crate::token::random_id;
use crate::workloads::WorkloadBook;

/// What the trail calls a release, also when its name is none.
pub(super) struct Place {
    cluster: ClusterName,
    namespace: NamespaceName,
    name: String,
}

impl From<&ReleaseForm> for Place {
    fn from(form: &ReleaseForm) -> Self {
        let name = form.name.trim().to_owned();
        Self { cluster: form.cluster.clone(), namespace: form.namespace.clone(), name }
    }
}

impl From<&ReleaseRef> for Place {
    fn from(target: &ReleaseRef) -> Self {
        let name = target.name.to_string();
        Self { cluster: target.cluster.clone(), namespace: target.namespace.clone(), name }
    }
}

impl ReleaseBook {
    /// What an ended process left undone is said to be interrupted.
    pub async fn interrupt(&self) -> Result<(), Error> {
        let interrupted = self.workloads.store.interrupt_jobs(self.clock.now()).await?;
        if interrupted > 0 {
            tracing::warn!(event = "jobs.interrupted", interrupted);
        }
        Ok(())
    }

    /// Returns when the gate has decided and the job is written down; the work goes on by itself, and closes the audit entry.
    pub(super) async fn begin(
        &self,
        actor: &Actor,
        target: Result<ReleaseRef, Kind>,
        Place { cluster, namespace, name }: Place,
        work: Work,
    ) -> Result<String, Error> {
        let action = match &work {
            Work::Install { .. } => Action::InstallRelease,
            Work::Upgrade { .. } => Action::UpgradeRelease,
            Work::RollBack { .. } => Action::RollBackRelease,
            Work::Uninstall => Action::UninstallRelease,
        };
        let resource = format!("release {namespace}/{name} on cluster {cluster}{}", detail(&work));
        let intent: Intent = self.workloads.intent(action, &cluster, &namespace, resource).await?;
        let (begun, told) = oneshot::channel();
        let (book, actor) = (self.clone(), actor.clone());
        let whole = tokio::spawn(async move {
            let gate = book.workloads.gate.clone();
            gate.change(&actor, intent, async |grant| book.work(&grant, target?, work, begun).await).await
        });
        match told.await {
            Ok(id) => Ok(id),
            // It ended before there was a job.
            Err(_) => match whole.await.map_err(Error::internal)? {
                Ok(()) => Err(Error::internal("the work ended without a job")),
                Err(error) => Err(error),
            },
        }
    }

    async fn work(
        &self,
        grant: &Grant,
        target: ReleaseRef,
        work: Work,
        begun: oneshot::Sender<String>,
    ) -> Result<(), Error> {
        let store = &self.workloads.store;
        let user = grant.actor().user.as_ref().ok_or(Kind::Unauthenticated)?;
        let id = random_id()?;
        let job = store::Job {
            id: id.clone(),
            user_id: user.id.clone(),
            work: work.as_str().to_owned(),
            target: target.clone(),
            state: JobState::Fetching,
            said: String::new(),
            started_at: self.clock.now(),
            ended_at: None,
        };
        store.add_job(&job).await?;
        // Whoever asked may have gone; the work goes on.
        let _gone = begun.send(id.clone());
        let cluster = self.workloads.fleet.get(&target.cluster);
        let standing = async || match &cluster {
            Ok(cluster) => standing(cluster, grant, &target).await,
            Err(_) => None,
        };
        let before = standing().await;
        let ended = self.helm(grant, &target, &work, &id).await;
        // Also of what failed half-way.
        if let (Some(before), Some(after)) = (before, standing().await) {
            grant.note(before, after);
        }
        let (state, said) = match &ended {
            Ok(ended) if ended.succeeded => (JobState::Done, ended.said.clone()),
            Ok(ended) => (JobState::Failed, ended.said.clone()),
            Err(error) => (JobState::Failed, error.to_string()),
        };
        self.set(&id, state, &said).await?;
        let ended = ended?;
        if !ended.succeeded {
            return Err(Kind::ClusterRefuses { cluster: target.cluster, message: ended.said }.into());
        }
        Ok(())
    }

    async fn set(&self, id: &str, state: JobState, said: &str) -> Result<(), Error> {
        let ended_at = state.is_over().then(|| self.clock.now());
        self.workloads.store.set_job(id, state, said, ended_at).await?;
        self.moved.send_modify(|moved| *moved = moved.saturating_add(1));
        Ok(())
    }

    async fn helm(&self, grant: &Grant, target: &ReleaseRef, work: &Work, id: &str) -> Result<Ended, Error> {
        let archive = match work {
            Work::Install { chart, .. } | Work::Upgrade { chart, .. } => self.charts.package(chart).await?,
            Work::RollBack { .. } | Work::Uninstall => vec![],
        };
        self.set(id, JobState::Running, "").await?;
        let room = Room::open(&self.workloads, grant, target).await?;
        let release = room.release();
        match work {
            Work::Install { values, .. } => self.helm.install(&release, &archive, values).await,
            Work::Upgrade { values, .. } => self.helm.upgrade(&release, &archive, values).await,
            Work::RollBack { revision } => self.helm.roll_back(&release, *revision).await,
            Work::Uninstall => self.helm.uninstall(&release).await,
        }
    }
}

/// What one run of helm needs; gone with it.
pub(super) struct Room {
    folder: tempfile::TempDir,
    proxy: Proxy,
    target: ReleaseRef,
}

impl Room {
    pub(super) async fn open(
        workloads: &WorkloadBook,
        grant: &Grant,
        target: &ReleaseRef,
    ) -> Result<Self, Error> {
        let folder =
            tempfile::Builder::new().prefix("pilothouse-helm-").tempdir().map_err(Error::internal)?;
        let cluster = &workloads.fleet.get(&target.cluster)?;
        let proxy = Proxy::open(cluster, grant, random_id()?, folder.path()).await?;
        Ok(Self { folder, proxy, target: target.clone() })
    }

    pub(super) fn release(&self) -> Release<'_> {
        Release {
            name: self.target.name.as_str(),
            namespace: self.target.namespace.as_str(),
            folder: self.folder.path(),
            kubeconfig: self.proxy.kubeconfig(),
        }
    }
}

/// What the trail says of a work besides its kind.
fn detail(work: &Work) -> String {
    let of =
        |ChartRef { repository, name, version }: &ChartRef| format!(" chart {repository}/{name} {version}");
    match work {
        Work::Install { chart, .. } | Work::Upgrade { chart, .. } => of(chart),
        Work::RollBack { revision } => format!(" to revision {revision}"),
        Work::Uninstall => String::new(),
    }
}
