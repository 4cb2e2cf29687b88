//! Workloads in the namespaces that a person may see: `contract::Workloads`.

pub(crate) mod follow;

use std::sync::Arc;

use async_trait::async_trait;
use cluster::{Cluster, Fleet, Sightings};
use contract::workloads::Following;
use contract::{Actor, Error, Kind, Workloads};
use gate::{Gate, Grant, Intent};
use model::access::Action;
use model::clusters::ClusterName;
use model::live::Topic;
use model::namespaces::NamespaceName;
use model::problem::Problem;
use model::projects::ProjectName;
use model::review::Review;
use model::workloads::{
    Change, DeploymentForm, LogSource, ObjectName, WorkloadDetail, WorkloadKind, WorkloadRef,
};
use store::Store;

use crate::projects::visible_projects;

const SIGHTINGS: &str = "one watch serves everybody; it only says when to read again as the person";

/// Cheap to clone.
#[derive(Clone)]
pub struct WorkloadBook {
    pub store: Store,
    pub gate: Arc<Gate>,
    pub fleet: Fleet,
}

#[async_trait]
impl Workloads for WorkloadBook {
    async fn view(&self, actor: &Actor, target: &WorkloadRef) -> Result<WorkloadDetail, Error> {
        let project = self.project_of(&target.cluster, &target.namespace).await?;
        let grant = self.look(actor, project.as_ref()).await?;
        // Several lists are read at once, too much for the stack of a task.
        let connected = &self.fleet.get(&target.cluster)?;
        let detail = Box::pin(cluster::workload(connected, &grant, target)).await?;
        let may = self.gate.held(actor, project.as_ref()).await?;
        Ok(WorkloadDetail { project, may, ..detail })
    }

    async fn manifest(&self, actor: &Actor, target: &WorkloadRef) -> Result<String, Error> {
        let grant = self.look_at(actor, &target.cluster, &target.namespace).await?;
        let connected = &self.fleet.get(&target.cluster)?;
        cluster::manifest_of(connected, &grant, target).await
    }

    async fn log(&self, actor: &Actor, source: &LogSource) -> Result<Vec<String>, Error> {
        let grant = self.look_at(actor, &source.cluster, &source.namespace).await?;
        let connected = &self.fleet.get(&source.cluster)?;
        let mut log = cluster::log(connected, &grant, source, false).await?;
        let mut lines = Vec::new();
        while let Some(more) = log.next().await.map_err(Error::internal)? {
            lines.extend(more);
        }
        Ok(lines)
    }

    async fn review(
        &self,
        actor: &Actor,
        cluster: &ClusterName,
        namespace: &NamespaceName,
        form: &DeploymentForm,
    ) -> Result<Review, Error> {
        let project = self.project_of(cluster, namespace).await?;
        let grant = self.may(actor, Action::CreateWorkload, project.as_ref()).await?;
        let checked = form.check(cluster, namespace).map_err(|fields| Kind::Invalid { fields })?;
        let connected = &self.fleet.get(cluster)?;
        cluster::review_deployment(connected, &grant, &checked).await
    }

    async fn create(
        &self,
        actor: &Actor,
        cluster: &ClusterName,
        namespace: &NamespaceName,
        form: &DeploymentForm,
    ) -> Result<WorkloadRef, Error> {
        let named = ObjectName::parse(&form.name);
        let named = named.as_ref().map_or("(bad name)", ObjectName::as_str);
        let resource = format!("Deployment {namespace}/{named} on cluster {cluster}");
        let intent = self.intent(Action::CreateWorkload, cluster, namespace, resource).await?;
        self.gate
            .change(actor, intent, async |grant| {
                let checked = form.check(cluster, namespace).map_err(|fields| Kind::Invalid { fields })?;
                let connected = &self.fleet.get(cluster)?;
                cluster::create_deployment(connected, &grant, &checked).await?;
                Ok(WorkloadRef {
                    cluster: cluster.clone(),
                    namespace: namespace.clone(),
                    kind: WorkloadKind::Deployment,
                    name: checked.name,
                })
            })
            .await
    }

    async fn review_change(
        &self,
        actor: &Actor,
        target: &WorkloadRef,
        change: &Change,
    ) -> Result<Review, Error> {
        let project = self.project_of(&target.cluster, &target.namespace).await?;
        let grant = self.may(actor, action(change), project.as_ref()).await?;
        let connected = &self.fleet.get(&target.cluster)?;
        cluster::review_change(connected, &grant, target, change).await
    }

    async fn change(
        &self,
        actor: &Actor,
        target: &WorkloadRef,
        change: &Change,
        reviewed: Option<i64>,
    ) -> Result<(), Error> {
        let resource = format!("{target}{}", detail(change));
        let intent = self.intent(action(change), &target.cluster, &target.namespace, resource).await?;
        self.gate
            .change(actor, intent, async |grant| {
                let connected = &self.fleet.get(&target.cluster)?;
                cluster::change_workload(connected, &grant, target, change, reviewed).await
            })
            .await
    }

    async fn delete(&self, actor: &Actor, target: &WorkloadRef, confirmation: &str) -> Result<(), Error> {
        let intent = self
            .intent(Action::DeleteWorkload, &target.cluster, &target.namespace, target.to_string())
            .await?;
        self.gate
            .change(actor, intent, async |grant| {
                if confirmation.trim() != target.name.as_str() {
                    return Err(Error::invalid("confirmation", Problem::NotTheName));
                }
                let connected = &self.fleet.get(&target.cluster)?;
                cluster::delete_workload(connected, &grant, target).await
            })
            .await
    }

    fn follow(&self, actor: &Actor, topic: Topic) -> Following {
        follow::follow(self.clone(), actor.clone(), topic)
    }
}

impl WorkloadBook {
    /// The project that a namespace belongs to; none of those that the console did not make.
    pub(crate) async fn project_of(
        &self,
        cluster: &ClusterName,
        namespace: &NamespaceName,
    ) -> Result<Option<ProjectName>, Error> {
        self.store.project_of(cluster, namespace).await
    }

    /// The clusters that the person may know of: all of them, or those that their projects have namespaces on.
    pub(crate) fn known_clusters(
        &self,
        actor: &Actor,
        own: &[(ClusterName, NamespaceName)],
    ) -> Vec<Arc<Cluster>> {
        let knows =
            |cluster: &Cluster| actor.sees_all() || own.iter().any(|(known, _)| *known == cluster.name);
        self.fleet.all().into_iter().filter(|cluster| knows(cluster)).collect()
    }

    /// In the projects that the person may see.
    pub(crate) async fn own_namespaces(
        &self,
        actor: &Actor,
    ) -> Result<Vec<(ClusterName, NamespaceName)>, Error> {
        let projects = visible_projects(&self.store, actor, self.gate.now()).await?;
        let namespaces = self.store.namespaces().await?.into_iter();
        let own = namespaces.filter(|namespace| projects.iter().any(|p| p.id == namespace.project_id));
        Ok(own.map(|namespace| (namespace.cluster, namespace.name)).collect())
    }

    /// That something happened in a cluster, which nobody reads anything from.
    pub(crate) fn sightings(&self, actor: &Actor, cluster: &Cluster) -> Result<Sightings, Error> {
        let grant = self.gate.read_as_system(actor, Action::ListRows, SIGHTINGS)?;
        cluster::sightings(cluster, &grant)
    }

    /// A grant to look at what is in a namespace.
    pub(crate) async fn look_at(
        &self,
        actor: &Actor,
        cluster: &ClusterName,
        namespace: &NamespaceName,
    ) -> Result<Grant, Error> {
        let project = self.project_of(cluster, namespace).await?;
        self.look(actor, project.as_ref()).await
    }

    async fn look(&self, actor: &Actor, project: Option<&ProjectName>) -> Result<Grant, Error> {
        self.may(actor, Action::ViewWorkload, project).await
    }

    pub(crate) async fn may(
        &self,
        actor: &Actor,
        action: Action,
        project: Option<&ProjectName>,
    ) -> Result<Grant, Error> {
        match project {
            Some(project) => self.gate.read_in(actor, action, project).await,
            None => self.gate.read(actor, action),
        }
    }

    pub(crate) async fn intent(
        &self,
        action: Action,
        cluster: &ClusterName,
        namespace: &NamespaceName,
        resource: String,
    ) -> Result<Intent, Error> {
        Ok(match self.project_of(cluster, namespace).await? {
            Some(project) => Intent::in_project(action, &project, resource),
            None => Intent::new(action, resource),
        })
    }
}

fn action(change: &Change) -> Action {
    match change {
        Change::Scale { .. } => Action::ScaleWorkload,
        Change::Restart => Action::RestartWorkload,
        Change::RollBack { .. } => Action::RollBackWorkload,
        Change::Image { .. } => Action::EditWorkload,
    }
}

/// What the trail says of a change besides its kind.
fn detail(change: &Change) -> String {
    match change {
        Change::Scale { replicas } => format!(" to {} replicas", replicas.trim()),
        Change::Restart => String::new(),
        Change::RollBack { revision } => format!(" to revision {revision}"),
        Change::Image { container, image } => format!(" container {container} to image {}", image.trim()),
    }
}
