//! Releases, and the jobs that helm does on them: `contract::Releases`.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use cluster::{Proxy, parse_objects};
use contract::workloads::Following;
use contract::{Actor, Error, Kind, Releases};
use futures::future::join_all;
use futures::stream::{self, StreamExt as _};
use gate::{Clock, Grant, Intent, Memberships as _};
use helm::{Ended, Helm, Release};
use model::access::Action;
use model::live::{Ended as EndOfNews, News};
use model::problem::Problem;
use model::releases::{ChartRef, Job, JobState, ReleaseDetail, ReleaseForm, ReleaseList, ReleaseRef, Work};
use model::review::Review;
use tokio::sync::{oneshot, watch};

use crate::catalog::ChartBook;
use crate::projects::visible_projects;
use crate::token::random_id;
use crate::when::rfc3339;
use crate::workloads::WorkloadBook;
use crate::workloads::follow::ended;

/// A job is looked at also when nothing tells that it moved.
const ANYWAY: Duration = Duration::from_secs(5);

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
    async fn list(&self, actor: &Actor) -> Result<ReleaseList, Error> {
        let WorkloadBook { store, gate, fleet } = &self.workloads;
        let grant = &gate.read(actor, Action::ListReleases)?;
        let projects = visible_projects(store, actor).await?;
        let namespaces = store.namespaces().await?;
        let looks = fleet.all().iter().map(|cluster| {
            let here: Vec<_> =
                namespaces.iter().filter(|namespace| namespace.cluster == cluster.name).collect();
            let projects = &projects;
            async move {
                let mut list = ReleaseList::default();
                match cluster::releases(cluster, grant, None).await {
                    Ok(Some(rows)) => {
                        list.rows = rows;
                        return list;
                    }
                    Ok(None) => {}
                    Err(_silent) => {
                        list.silent.push(cluster.name.clone());
                        return list;
                    }
                }
                let own =
                    here.iter().filter(|namespace| projects.iter().any(|p| p.id == namespace.project_id));
                let looks = own.map(|namespace| async {
                    (&namespace.name, cluster::releases(cluster, grant, Some(&namespace.name)).await)
                });
                for (name, found) in join_all(looks).await {
                    match found {
                        Ok(Some(rows)) => list.rows.extend(rows),
                        Ok(None) | Err(_) => list.hidden.push(name.clone()),
                    }
                }
                list
            }
        });
        let mut all = ReleaseList::default();
        for list in join_all(looks).await {
            all.rows.extend(list.rows);
            all.hidden.extend(list.hidden);
            all.silent.extend(list.silent);
        }
        for row in &mut all.rows {
            let place = namespaces.iter().find(|namespace| {
                namespace.cluster == row.target.cluster && namespace.name == row.target.namespace
            });
            let project =
                place.and_then(|place| projects.iter().find(|project| project.id == place.project_id));
            row.project = project.map(|project| project.name.clone());
        }
        all.rows.sort_by(|a, b| a.target.name.cmp(&b.target.name).then_with(|| a.target.cmp(&b.target)));
        Ok(all)
    }

    async fn view(&self, actor: &Actor, target: &ReleaseRef) -> Result<ReleaseDetail, Error> {
        let WorkloadBook { store, fleet, .. } = &self.workloads;
        let project = self.workloads.project_of(&target.cluster, &target.namespace).await?;
        let grant = self.workloads.may(actor, Action::ViewRelease, project.as_ref()).await?;
        let cluster = fleet.get(&target.cluster)?;
        let revisions = cluster::release(cluster, &grant, target).await?;
        let missing = || Error::from(Kind::NotFound { what: target.to_string() });
        let newest = revisions.first().ok_or_else(missing)?;
        let objects = parse_objects(&newest.manifest).map_err(Error::internal)?;
        let resources =
            Box::pin(cluster::resources(cluster, &grant, target.namespace.as_str(), &objects)).await?;
        let role = match (&actor.user, &project) {
            (Some(user), Some(project)) => store.role(&user.id, project).await?,
            _ => None,
        };
        let meta = &newest.chart.metadata;
        Ok(ReleaseDetail {
            target: target.clone(),
            project,
            role,
            status: newest.info.status.clone(),
            chart: meta.name.clone(),
            chart_version: meta.version.clone(),
            app_version: meta.app_version.clone(),
            values: values_text(&newest.config)?,
            notes: newest.info.notes.clone(),
            resources,
            history: revisions.iter().map(cluster::StoredRelease::revision).collect(),
        })
    }

    async fn review(&self, actor: &Actor, form: &ReleaseForm) -> Result<Review, Error> {
        let target = form.check().map_err(|fields| Kind::Invalid { fields })?;
        let project = self.workloads.project_of(&target.cluster, &target.namespace).await?;
        let grant = self.workloads.may(actor, Action::InstallRelease, project.as_ref()).await?;
        let cluster = self.workloads.fleet.get(&target.cluster)?;
        let archive = self.charts.package(&form.chart).await?;
        let room = Room::open(&self.workloads, &grant, &target).await?;
        let rendered = self.helm.template(&room.release(), &archive, &form.values).await?;
        if !rendered.succeeded {
            return Err(Error::invalid("values", Problem::Helm { said: rendered.said }));
        }
        let after = parse_objects(&rendered.output)
            .map_err(|said| Error::invalid("values", Problem::Helm { said }))?;
        let before = match cluster::release(cluster, &grant, &target).await {
            Ok(revisions) => revisions.first().map(|newest| newest.manifest.clone()).unwrap_or_default(),
            Err(error) if matches!(error.kind, Kind::NotFound { .. }) => String::new(),
            Err(error) => return Err(error),
        };
        let before = parse_objects(&before).map_err(Error::internal)?;
        Box::pin(cluster::review_objects(cluster, &grant, target.namespace.as_str(), &before, &after)).await
    }

    async fn install(&self, actor: &Actor, form: &ReleaseForm) -> Result<String, Error> {
        let work = Work::Install { chart: form.chart.clone(), values: form.values.clone() };
        self.begin(actor, form.check().map_err(|fields| Kind::Invalid { fields }), &form.place(), work).await
    }

    async fn upgrade(&self, actor: &Actor, form: &ReleaseForm) -> Result<String, Error> {
        let work = Work::Upgrade { chart: form.chart.clone(), values: form.values.clone() };
        self.begin(actor, form.check().map_err(|fields| Kind::Invalid { fields }), &form.place(), work).await
    }

    async fn roll_back(&self, actor: &Actor, target: &ReleaseRef, revision: u32) -> Result<String, Error> {
        self.begin(actor, Ok(target.clone()), &place(target), Work::RollBack { revision }).await
    }

    async fn uninstall(
        &self,
        actor: &Actor,
        target: &ReleaseRef,
        confirmation: &str,
    ) -> Result<String, Error> {
        let typed = match confirmation.trim() == target.name.as_str() {
            true => Ok(target.clone()),
            false => Err(Kind::Invalid {
                fields: vec![model::problem::FieldProblem::new("confirmation", Problem::NotTheName)],
            }),
        };
        self.begin(actor, typed, &place(target), Work::Uninstall).await
    }

    fn follow(&self, actor: &Actor, job: &str) -> Following {
        let watched = Watched {
            moved: self.moved.subscribe(),
            book: self.clone(),
            actor: actor.clone(),
            id: job.to_owned(),
            last: None,
            ended: false,
        };
        stream::unfold(watched, |mut watched| async move {
            if watched.ended {
                return None;
            }
            let news = watched.next().await.unwrap_or_else(|error| News::Ended(ended(&error)));
            watched.ended = matches!(news, News::Ended(_));
            Some((news, watched))
        })
        .boxed()
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

/// A job that somebody looks at.
struct Watched {
    book: ReleaseBook,
    actor: Actor,
    id: String,
    moved: watch::Receiver<u64>,
    last: Option<Job>,
    ended: bool,
}

impl Watched {
    async fn next(&mut self) -> Result<News, Error> {
        loop {
            self.moved.mark_unchanged();
            let job = self.book.job(&self.actor, &self.id).await?;
            if self.last.as_ref() != Some(&job) {
                self.last = Some(job.clone());
                return Ok(News::Job(job));
            }
            if job.state.is_over() {
                return Ok(News::Ended(EndOfNews::Complete));
            }
            // Another process may do the work.
            let _either = tokio::time::timeout(ANYWAY, self.moved.changed()).await;
        }
    }
}

type Place = (model::clusters::ClusterName, model::namespaces::NamespaceName, String);

trait Placed {
    fn place(&self) -> Place;
}

impl Placed for ReleaseForm {
    fn place(&self) -> Place {
        (self.cluster.clone(), self.namespace.clone(), self.name.trim().to_owned())
    }
}

fn place(target: &ReleaseRef) -> Place {
    (target.cluster.clone(), target.namespace.clone(), target.name.to_string())
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
    async fn begin(
        &self,
        actor: &Actor,
        target: Result<ReleaseRef, Kind>,
        (cluster, namespace, name): &Place,
        work: Work,
    ) -> Result<String, Error> {
        let action = match &work {
            Work::Install { .. } => Action::InstallRelease,
            Work::Upgrade { .. } => Action::UpgradeRelease,
            Work::RollBack { .. } => Action::RollBackRelease,
            Work::Uninstall => Action::UninstallRelease,
        };
        let resource = format!("release {namespace}/{name} on cluster {cluster}{}", detail(&work));
        let intent: Intent = self.workloads.intent(action, cluster, namespace, resource).await?;
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
        let ended = self.helm(grant, &target, &work, &id).await;
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
struct Room {
    folder: tempfile::TempDir,
    proxy: Proxy,
    target: ReleaseRef,
}

impl Room {
    async fn open(workloads: &WorkloadBook, grant: &Grant, target: &ReleaseRef) -> Result<Self, Error> {
        let folder =
            tempfile::Builder::new().prefix("pilothouse-helm-").tempdir().map_err(Error::internal)?;
        let cluster = workloads.fleet.get(&target.cluster)?;
        let proxy = Proxy::open(cluster, grant, &random_id()?, folder.path()).await?;
        Ok(Self { folder, proxy, target: target.clone() })
    }

    fn release(&self) -> Release<'_> {
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

/// What was set, as people write it.
fn values_text(values: &serde_json::Value) -> Result<String, Error> {
    let empty = values.as_object().is_none_or(serde_json::Map::is_empty);
    if empty { Ok(String::new()) } else { serde_saphyr::to_string(values).map_err(Error::internal) }
}
