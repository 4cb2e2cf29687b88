//! Namespaces of projects: `contract::Namespaces`.

use std::collections::BTreeMap;
use std::sync::Arc;

use async_trait::async_trait;
use cluster::{Cluster, Fleet, NamespaceState, QuotaState};
use contract::{Actor, Error, Kind, Namespaces};
use futures::future::join_all;
use gate::{Clock, Gate, Grant, Intent};
use model::access::Action;
use model::clusters::ClusterName;
use model::namespaces::{
    Bounds, BoundsForm, NamespaceDetail, NamespaceForm, NamespaceName, NamespaceSummary, Phase, QUOTA,
    QuotaUse, in_words, written,
};
use model::panel::{Absence, Panel};
use model::problem::{FieldProblem, Problem};
use model::quantity::Quantity;
use store::{Namespace, Project, Store};
use tokio::sync::Mutex;

use crate::bindings::bound;
use crate::members::member;
use crate::projects::visible_projects;
use crate::room::given;
use crate::text::as_text;
use crate::when::rfc3339;

const WRITES: &str = "no tenant may write namespaces, their bounds and bindings";
const LIST: &str = "the list is filtered by project, which the console knows";

pub struct NamespaceBook {
    pub store: Store,
    pub gate: Arc<Gate>,
    pub fleet: Fleet,
    pub clock: Arc<dyn Clock>,
    /// Held while an amount is compared with what is left and then given, so that two at once cannot both have it.
    pub giving: Mutex<()>,
}

#[async_trait]
impl Namespaces for NamespaceBook {
    async fn list(&self, actor: &Actor) -> Result<Vec<NamespaceSummary>, Error> {
        let grant = self.gate.read_as_system(actor, Action::ListNamespaces, LIST)?;
        let projects = visible_projects(&self.store, actor, self.clock.now()).await?;
        let namespaces = self.store.namespaces().await?;
        let clusters = self.fleet.all();
        let looks = clusters.iter().map(|cluster| async {
            let found = tokio::join!(cluster::namespaces(cluster, &grant), cluster::quotas(cluster, &grant));
            match found {
                (Ok(states), Ok(quotas)) => Some((&cluster.name, states, quotas)),
                (Err(error), _) | (_, Err(error)) => {
                    let (cluster, error) = (cluster.name.as_str(), error.to_string());
                    tracing::warn!(event = "namespaces.cluster_unread", cluster, error);
                    None
                }
            }
        });
        let seen: Vec<_> = join_all(looks).await.into_iter().flatten().collect();
        let lines = namespaces.into_iter().filter_map(|namespace| {
            let project = projects.iter().find(|project| project.id == namespace.project_id)?;
            let here = seen.iter().find(|(cluster, ..)| **cluster == namespace.cluster);
            Some(summary(namespace, project, here.map(|(_, states, quotas)| (states, quotas))))
        });
        Ok(lines.collect())
    }

    async fn create(&self, actor: &Actor, form: NamespaceForm) -> Result<NamespaceName, Error> {
        let name = NamespaceName::in_project(&form.project, &form.name);
        let named = name.as_ref().map_or("(bad name)", NamespaceName::as_str);
        let resource = format!("namespace {named} on cluster {}", form.cluster);
        let intent = Intent::in_project(Action::CreateNamespace, &form.project, resource);
        self.gate
            .change_as_system(actor, intent, WRITES, async |grant| self.add(&grant, form, name).await)
            .await
    }

    async fn view(
        &self,
        actor: &Actor,
        cluster: &ClusterName,
        name: &NamespaceName,
    ) -> Result<NamespaceDetail, Error> {
        let (namespace, project) = self.find(actor, Action::ViewNamespace, cluster, name).await?;
        let grant = self.gate.read_in(actor, Action::ViewNamespace, &project.name).await?;
        let connected = &self.fleet.get(cluster)?;
        let state = match cluster::namespace(connected, &grant, name).await {
            Ok(state) => Some(state),
            Err(error) if matches!(error.kind, Kind::NotFound { .. }) => None,
            Err(error) => return Err(error),
        };
        let (quota, range) = cluster::bounds(connected, &grant, name).await?;
        Ok(NamespaceDetail {
            may: self.gate.held(actor, Some(&project.name)).await?,
            phase: phase(state.as_ref()),
            created_at: rfc3339(namespace.created_at),
            quota: match state {
                Some(_) => Panel::Ready(uses(&quota)),
                None => Panel::Unavailable { reason: Absence::Failed },
            },
            bounds: bounds_form(state.as_ref(), &quota, &range),
            members: self
                .store
                .members(&project.id, self.clock.now())
                .await?
                .into_iter()
                .map(member)
                .collect(),
            cluster: namespace.cluster,
            name: namespace.name,
            project: project.name,
        })
    }

    async fn edit(
        &self,
        actor: &Actor,
        cluster: &ClusterName,
        name: &NamespaceName,
        bounds: BoundsForm,
    ) -> Result<(), Error> {
        self.change(actor, Action::EditNamespace, cluster, name, async |grant, connected, project| {
            let checked = bounds.check().map_err(|fields| Kind::Invalid { fields })?;
            let _alone = self.giving.lock().await;
            let fits = self.problems(&grant, connected, project, Some(name), &checked).await?;
            if !fits.is_empty() {
                return Err(Kind::Invalid { fields: fits }.into());
            }
            let before = self.bounds_now(&grant, connected, name).await?;
            cluster::set_bounds(connected, &grant, name, &checked).await?;
            grant.note(before, as_text(&bounds)?);
            Ok(())
        })
        .await
    }

    async fn delete(
        &self,
        actor: &Actor,
        cluster: &ClusterName,
        name: &NamespaceName,
        confirmation: &str,
    ) -> Result<(), Error> {
        self.change(actor, Action::DeleteNamespace, cluster, name, async |grant, connected, _project| {
            if confirmation.trim() != name.as_str() {
                return Err(Error::invalid("confirmation", Problem::NotTheName));
            }
            cluster::delete_namespace(connected, &grant, name).await?;
            self.store.remove_namespace(cluster, name).await
        })
        .await
    }

    async fn detach(&self, actor: &Actor, cluster: &ClusterName, name: &NamespaceName) -> Result<(), Error> {
        self.change(actor, Action::DetachNamespace, cluster, name, async |grant, connected, _project| {
            cluster::bind(connected, &grant, name, &bound(&[])).await?;
            cluster::detach_namespace(connected, &grant, name).await?;
            self.store.remove_namespace(cluster, name).await
        })
        .await
    }
}

impl NamespaceBook {
    /// The namespace and its project. Somebody who may not see the project learns nothing of what exists.
    async fn find(
        &self,
        actor: &Actor,
        action: Action,
        cluster: &ClusterName,
        name: &NamespaceName,
    ) -> Result<(Namespace, Project), Error> {
        let found = self.store.namespace(cluster, name).await;
        let visible = visible_projects(&self.store, actor, self.clock.now()).await?;
        let project = match &found {
            Ok(namespace) => visible.into_iter().find(|project| project.id == namespace.project_id),
            Err(_) => None,
        };
        match (found, project) {
            (Ok(namespace), Some(project)) => Ok((namespace, project)),
            (Err(missing), _) if actor.sees_all() => Err(missing),
            _ => Err(Kind::Forbidden { action, project: None }.into()),
        }
    }

    /// A change of one namespace, as the console, on behalf of somebody who runs its project.
    async fn change<T>(
        &self,
        actor: &Actor,
        action: Action,
        cluster: &ClusterName,
        name: &NamespaceName,
        work: impl AsyncFnOnce(Grant, &Cluster, &Project) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let resource = format!("namespace {name} on cluster {cluster}");
        let found = self.find(actor, action, cluster, name).await;
        let intent = match &found {
            Ok((_, project)) => Intent::in_project(action, &project.name, resource),
            Err(_) => Intent::new(action, resource),
        };
        self.gate
            .change_as_system(actor, intent, WRITES, async |grant| {
                let (_, project) = found?;
                let connected = &self.fleet.get(cluster)?;
                work(grant, connected, &project).await
            })
            .await
    }

    async fn add(
        &self,
        grant: &Grant,
        form: NamespaceForm,
        name: Result<NamespaceName, Problem>,
    ) -> Result<NamespaceName, Error> {
        let project = self.store.project(&form.project).await?;
        let mut problems = Vec::new();
        let checked = form.bounds.check().unwrap_or_else(|found| {
            problems = found;
            Bounds::default()
        });
        if let Err(problem) = &name {
            problems.push(FieldProblem::new("name", problem.clone()));
        }
        if !project.clusters.iter().any(|(cluster, _)| *cluster == form.cluster) {
            problems.push(FieldProblem::new("cluster", Problem::NoSuchCluster));
        }
        let (Ok(name), true) = (name, problems.is_empty()) else {
            return Err(Kind::Invalid { fields: problems }.into());
        };
        let connected = &self.fleet.get(&form.cluster)?;
        let _alone = self.giving.lock().await;
        let problems = self.problems(grant, connected, &project, None, &checked).await?;
        if !problems.is_empty() {
            return Err(Kind::Invalid { fields: problems }.into());
        }
        let namespace = Namespace {
            cluster: form.cluster,
            name,
            project_id: project.id.clone(),
            created_at: self.clock.now(),
        };
        let taken = |error: Error| match error.kind {
            Kind::Conflict { .. } => Error::invalid("name", Problem::Taken),
            _ => error,
        };
        self.store.add_namespace(&namespace).await.map_err(taken)?;
        let name = &namespace.name;
        let made =
            cluster::create_namespace(connected, grant, name, project.name.as_str(), checked.security).await;
        if let Err(error) = made {
            if matches!(error.kind, Kind::OutcomeUnknown { .. }) {
                // It may be there: then the next repair binds its members, and otherwise it is shown as gone.
                return Err(error);
            }
            self.store.remove_namespace(&connected.name, name).await?;
            return Err(taken(error));
        }
        if let Err(error) = self.furnish(grant, connected, &project, name, &checked).await {
            // Without its bounds it would be a namespace that nobody asked for.
            cluster::delete_namespace(connected, grant, name).await?;
            self.store.remove_namespace(&connected.name, name).await?;
            return Err(error);
        }
        Ok(namespace.name)
    }

    /// For the trail.
    async fn bounds_now(
        &self,
        grant: &Grant,
        connected: &Cluster,
        name: &NamespaceName,
    ) -> Result<String, Error> {
        let state = cluster::namespace(connected, grant, name).await?;
        let (quota, range) = cluster::bounds(connected, grant, name).await?;
        as_text(&bounds_form(Some(&state), &quota, &range))
    }

    async fn furnish(
        &self,
        grant: &Grant,
        connected: &Cluster,
        project: &Project,
        name: &NamespaceName,
        bounds: &Bounds,
    ) -> Result<(), Error> {
        cluster::set_bounds(connected, grant, name, bounds).await?;
        let members = self.store.members(&project.id, self.clock.now()).await?;
        cluster::bind(connected, grant, name, &bound(&members)).await
    }

    /// What does not fit into what the project has left. `replaced` is the namespace whose quota makes room.
    async fn problems(
        &self,
        grant: &Grant,
        connected: &Cluster,
        project: &Project,
        replaced: Option<&NamespaceName>,
        bounds: &Bounds,
    ) -> Result<Vec<FieldProblem>, Error> {
        let Some((_, allotment)) = project.clusters.iter().find(|(name, _)| *name == connected.name) else {
            return Ok(vec![]);
        };
        let given = given(&self.store, connected, grant, &project.id).await?;
        let given = match replaced {
            Some(name) => given.without(name),
            None => given,
        };
        Ok(given.problems(allotment, &bounds.quota))
    }
}

fn phase(state: Option<&NamespaceState>) -> Phase {
    match state {
        Some(state) if state.terminating => Phase::Terminating,
        Some(_) => Phase::Active,
        None => Phase::Gone,
    }
}

fn summary(
    namespace: Namespace,
    project: &Project,
    seen: Option<(&Vec<NamespaceState>, &Vec<QuotaState>)>,
) -> NamespaceSummary {
    let name = namespace.name.as_str();
    let none = QuotaState::default();
    let quota = seen.and_then(|(_, quotas)| quotas.iter().find(|quota| quota.namespace == name));
    let quota = quota.unwrap_or(&none);
    let of = |key: &str| match (quota.used.get(key), quota.hard.get(key)) {
        (used, Some(hard)) => {
            format!("{} / {}", in_words(key, used.copied().unwrap_or_default()), in_words(key, *hard))
        }
        _ => String::new(),
    };
    NamespaceSummary {
        phase: match seen {
            Some((states, _)) => phase(states.iter().find(|state| state.name == name)),
            None => Phase::Unknown,
        },
        cpu: of("limits.cpu"),
        memory: of("limits.memory"),
        pods: of("pods"),
        project: project.name.clone(),
        cluster: namespace.cluster,
        name: namespace.name,
    }
}

fn uses(quota: &QuotaState) -> Vec<QuotaUse> {
    let line = |key: &str| {
        let used = quota.used.get(key).copied().unwrap_or_default();
        let total = quota.hard.get(key).copied();
        QuotaUse {
            key: key.to_owned(),
            used: in_words(key, used),
            total: total.map(|total| in_words(key, total)),
            percent: total.and_then(|total| used.percent_of(total)).unwrap_or_default(),
        }
    };
    QUOTA.into_iter().map(line).collect()
}

fn bounds_form(
    state: Option<&NamespaceState>,
    quota: &QuotaState,
    range: &BTreeMap<String, Quantity>,
) -> BoundsForm {
    let ours = quota.hard.iter().filter(|(key, _)| QUOTA.contains(&key.as_str()));
    let amounts = ours.chain(range).map(|(key, amount)| (key.clone(), written(key, *amount)));
    BoundsForm {
        amounts: amounts.collect(),
        security: state.and_then(|state| state.security).unwrap_or_default(),
    }
}
