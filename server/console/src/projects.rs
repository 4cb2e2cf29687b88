//! Projects and their members: `contract::Projects`.

use std::sync::Arc;

use async_trait::async_trait;
use cluster::Fleet;
use contract::{Actor, Error, Kind, Projects};
use gate::{Clock, Gate, Grant, Intent, Memberships as _};
use model::access::{Action, Standing, allows};
use model::namespaces::in_words;
use model::panel::{Absence, Panel};
use model::problem::{FieldProblem, Problem};
use model::projects::{
    Allotment, Member, ProjectCluster, ProjectDetail, ProjectForm, ProjectName, ProjectRole, ProjectSummary,
    Share,
};
use model::providers::{Gift, Rule};
use store::{BY_HAND, Membership, Project, Store};

use crate::bindings::bind_everywhere;
use crate::room::{Given, given};
use crate::token::random_id;
use crate::when::rfc3339;

pub struct ProjectBook {
    pub store: Store,
    pub gate: Arc<Gate>,
    pub fleet: Fleet,
    pub clock: Arc<dyn Clock>,
}

#[async_trait]
impl Projects for ProjectBook {
    async fn list(&self, actor: &Actor) -> Result<Vec<ProjectSummary>, Error> {
        self.gate.read(actor, Action::ListProjects)?;
        let projects = visible_projects(&self.store, actor).await?;
        let namespaces = self.store.namespaces().await?;
        let mut summaries = Vec::new();
        for project in projects {
            let own = namespaces.iter().filter(|namespace| namespace.project_id == project.id);
            summaries.push(ProjectSummary {
                namespaces: u32::try_from(own.count()).unwrap_or(u32::MAX),
                members: u32::try_from(self.store.members(&project.id).await?.len()).unwrap_or(u32::MAX),
                clusters: project.clusters.into_iter().map(|(cluster, _)| cluster).collect(),
                display_name: project.display_name,
                name: project.name,
            });
        }
        Ok(summaries)
    }

    async fn create(&self, actor: &Actor, form: ProjectForm) -> Result<(), Error> {
        let named = ProjectName::parse(&form.name);
        let named = named.as_ref().map_or("(bad name)", ProjectName::as_str);
        let intent = Intent::new(Action::CreateProject, format!("project {named}"));
        self.gate.change(actor, intent, async |_grant| self.add(form).await).await
    }

    async fn view(&self, actor: &Actor, name: &ProjectName) -> Result<ProjectDetail, Error> {
        let own = self.gate.read_as_system_in(actor, Action::ViewProject, name, QUOTAS).await?;
        let project = self.store.project(name).await?;
        let mut clusters = Vec::new();
        for (cluster, allotment) in &project.clusters {
            let given = match self.fleet.get(cluster) {
                Ok(connected) => given(&self.store, &connected, &own, &project.id).await,
                Err(gone) => Err(gone),
            };
            let shares = match given {
                Ok(given) => Panel::Ready(shares(allotment, &given)),
                Err(error) => {
                    let (cluster, error) = (cluster.as_str(), error.to_string());
                    tracing::warn!(event = "projects.room_unknown", cluster, error);
                    Panel::Unavailable { reason: Absence::Failed }
                }
            };
            clusters.push(ProjectCluster { cluster: cluster.clone(), shares });
        }
        let role = match &actor.user {
            Some(user) => self.store.role(&user.id, name).await?,
            None => None,
        };
        Ok(ProjectDetail {
            role,
            clusters,
            created_at: rfc3339(project.created_at),
            name: project.name,
            display_name: project.display_name,
            description: project.description,
        })
    }

    async fn delete(&self, actor: &Actor, name: &ProjectName, confirmation: &str) -> Result<(), Error> {
        let intent = Intent::new(Action::DeleteProject, format!("project {name}"));
        self.gate
            .change(actor, intent, async |_grant| {
                if confirmation.trim() != name.as_str() {
                    return Err(Error::invalid("confirmation", Problem::NotTheName));
                }
                let project = self.store.project(name).await?;
                self.store.delete_project(&project.id).await?;
                self.forget_in_rules(name).await
            })
            .await
    }

    async fn members(&self, actor: &Actor, name: &ProjectName) -> Result<Vec<Member>, Error> {
        self.gate.read_in(actor, Action::ViewProject, name).await?;
        let project = self.store.project(name).await?;
        Ok(self.store.members(&project.id).await?.into_iter().map(member).collect())
    }

    async fn set_member(
        &self,
        actor: &Actor,
        name: &ProjectName,
        username: &str,
        role: ProjectRole,
    ) -> Result<(), Error> {
        let key = username.trim().to_lowercase();
        let account = self.store.account_by_name(&key).await?;
        let named = account.as_ref().map_or("(unknown name)", |account| account.username.as_str());
        let resource = format!("project {name}: user {named} as {}", role.as_str());
        let intent = Intent::in_project(Action::SetMember, name, resource);
        self.gate
            .change_as_system(actor, intent, BINDINGS, async |grant| {
                let project = self.store.project(name).await?;
                let account = account.ok_or_else(|| Error::invalid("username", Problem::NoSuchUser))?;
                self.store.set_member(&project.id, &account.id, role, self.clock.now()).await?;
                let members = self.store.members(&project.id).await?;
                self.bind(&grant, &project, &members).await
            })
            .await
    }

    async fn remove_member(&self, actor: &Actor, name: &ProjectName, username: &str) -> Result<(), Error> {
        let key = username.trim().to_lowercase();
        let resource = format!("project {name}: user {key}");
        let intent = Intent::in_project(Action::RemoveMember, name, resource);
        self.gate
            .change_as_system(actor, intent, BINDINGS, async |grant| {
                let project = self.store.project(name).await?;
                let members = self.store.members(&project.id).await?;
                let (leaving, staying): (Vec<_>, Vec<_>) =
                    members.into_iter().partition(|member| member.username.key() == key);
                let leaving =
                    leaving.first().ok_or_else(|| Kind::NotFound { what: format!("member {key}") })?;
                if leaving.source != BY_HAND {
                    let provider = leaving.source.clone();
                    return Err(Error::invalid("username", Problem::GivenByRules { provider }));
                }
                // Last in our books, so that a cluster that does not answer leaves a membership that can be ended again.
                self.bind(&grant, &project, &staying).await?;
                self.store.remove_member(&project.id, &leaving.user_id).await
            })
            .await
    }
}

const BINDINGS: &str = "memberships are role bindings, which no tenant may write";
const QUOTAS: &str = "a project's room is the sum over its namespaces";

impl ProjectBook {
    async fn add(&self, form: ProjectForm) -> Result<(), Error> {
        let checked = form.check();
        let unknown = form.clusters.iter().any(|form| self.fleet.get(&form.cluster).is_err());
        let unknown = unknown.then(|| FieldProblem::new("clusters", Problem::NoSuchCluster));
        let project = match (checked, unknown) {
            (Ok(project), None) => project,
            (checked, unknown) => {
                let fields = checked.err().unwrap_or_default().into_iter().chain(unknown).collect();
                return Err(Kind::Invalid { fields }.into());
            }
        };
        let project = Project {
            id: random_id()?,
            name: project.name,
            display_name: project.display_name,
            description: project.description,
            created_at: self.clock.now(),
            clusters: project.clusters,
        };
        self.store.add_project(&project).await.map_err(|error| match error.kind {
            Kind::Conflict { .. } => Error::invalid("name", Problem::Taken),
            _ => error,
        })
    }

    /// A project that is made later under the same name is another one.
    async fn forget_in_rules(&self, name: &ProjectName) -> Result<(), Error> {
        let of_it = |rule: &Rule| matches!(&rule.gives, Gift::Project { project, .. } if project == name);
        for provider in self.store.providers().await? {
            if provider.rules.iter().any(of_it) {
                let kept: Vec<_> = provider.rules.into_iter().filter(|rule| !of_it(rule)).collect();
                self.store.set_rules(&provider.name, &kept, provider.only_matched).await?;
            }
        }
        Ok(())
    }

    async fn bind(&self, grant: &Grant, project: &Project, members: &[Membership]) -> Result<(), Error> {
        let namespaces = self.store.namespaces().await?;
        let own: Vec<_> =
            namespaces.into_iter().filter(|namespace| namespace.project_id == project.id).collect();
        bind_everywhere(&self.fleet, grant, &own, members).await
    }
}

/// The projects that somebody may see.
pub(crate) async fn visible_projects(store: &Store, actor: &Actor) -> Result<Vec<Project>, Error> {
    let user = actor.user.as_ref().ok_or(Kind::Unauthenticated)?;
    let roles = store.roles_of(&user.id).await?;
    let sees = |project: &Project| {
        let role = roles.iter().find(|(id, _)| *id == project.id).map(|(_, role)| *role);
        allows(Standing::on_platform(user.role).in_project(role), Action::ViewProject)
    };
    Ok(store.projects().await?.into_iter().filter(sees).collect())
}

pub(crate) fn member(membership: Membership) -> Member {
    let Membership { username, role, source, since, .. } = membership;
    Member { username, role, provider: source, since: rfc3339(since) }
}

fn shares(allotment: &Allotment, given: &Given) -> Vec<Share> {
    let rows = [
        ("cpu", allotment.cpu, given.of("limits.cpu").max(given.of("requests.cpu"))),
        ("memory", allotment.memory, given.of("limits.memory").max(given.of("requests.memory"))),
        ("pods", allotment.pods, given.of("pods")),
    ];
    let share = |(resource, total, given): (&str, Option<_>, model::quantity::Quantity)| Share {
        resource: resource.to_owned(),
        given: in_words(resource, given),
        total: total.map(|total| in_words(resource, total)),
        left: total.map(|total| in_words(resource, total.minus(given))),
        percent: total.and_then(|total| given.percent_of(total)).unwrap_or_default(),
    };
    rows.into_iter().map(share).collect()
}
