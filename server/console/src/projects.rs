//! Projects and their members: `contract::Projects`.

use std::collections::BTreeSet;
use std::sync::Arc;

use async_trait::async_trait;
use cluster::Fleet;
use contract::{Actor, Error, Kind, Projects};
use gate::{Clock, Gate, Grant, Intent};
use model::access::{Action, Standing, allows};
use model::clusters::ClusterName;
use model::groups::GroupName;
use model::namespaces::in_words;
use model::panel::{Absence, Panel};
use model::problem::{FieldProblem, Problem};
use model::projects::{
    Allotment, AllotmentForm, Member, MemberForm, NewProject, ProjectCluster, ProjectDetail, ProjectForm,
    ProjectName, ProjectSummary, Share, Subject,
};
use model::providers::{Gift, Rule};
use model::quantity::Quantity;
use model::roles::RoleName;
use store::{Membership, Project, Store};

use crate::bindings::bind_project;
use crate::members::member;
use crate::room::{Given, given};
use crate::text::as_text;
use crate::token::random_id;
use crate::when::rfc3339;

/// Projects, and who may do what in them. Cheap to clone.
#[derive(Clone)]
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
        let projects = visible_projects(&self.store, actor, self.clock.now()).await?;
        let namespaces = self.store.namespaces().await?;
        let mut summaries = Vec::new();
        for project in projects {
            let own = namespaces.iter().filter(|namespace| namespace.project_id == project.id);
            summaries.push(ProjectSummary {
                namespaces: u32::try_from(own.count()).unwrap_or(u32::MAX),
                members: u32::try_from(people(&self.members_of(&project).await?)).unwrap_or(u32::MAX),
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
        Ok(ProjectDetail {
            may: self.gate.held(actor, Some(name)).await?,
            clusters,
            created_at: rfc3339(project.created_at),
            name: project.name,
            display_name: project.display_name,
            description: project.description,
        })
    }

    async fn form(&self, actor: &Actor, name: &ProjectName) -> Result<ProjectForm, Error> {
        self.gate.read_in(actor, Action::ViewProject, name).await?;
        Ok(form_of(self.store.project(name).await?))
    }

    async fn change(&self, actor: &Actor, name: &ProjectName, form: ProjectForm) -> Result<(), Error> {
        let intent = Intent::new(Action::ChangeProject, format!("project {name}"));
        self.gate
            .change(actor, intent, async |grant| {
                let old = self.store.project(name).await?;
                let used = self.store.namespaces().await?;
                let kept = |cluster: &ClusterName| form.clusters.iter().any(|one| one.cluster == *cluster);
                let stranded = used.iter().filter(|one| one.project_id == old.id && !kept(&one.cluster));
                let namespaces = u32::try_from(stranded.count()).unwrap_or(u32::MAX);
                if namespaces > 0 {
                    return Err(Error::invalid("clusters", Problem::StillUsed { namespaces }));
                }
                let new = self.checked(ProjectForm { name: name.to_string(), ..form })?;
                let after = Project {
                    display_name: new.display_name,
                    description: new.description,
                    clusters: new.clusters,
                    ..old.clone()
                };
                self.store.change_project(&after).await?;
                grant.note(as_text(&form_of(old))?, as_text(&form_of(after))?);
                Ok(())
            })
            .await
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
        Ok(self.members_of(&project).await?.into_iter().map(member).collect())
    }

    async fn groups(&self, actor: &Actor, name: &ProjectName) -> Result<Vec<(GroupName, RoleName)>, Error> {
        self.gate.read_in(actor, Action::ViewProject, name).await?;
        let project = self.store.project(name).await?;
        self.store.groups_in(&project.id).await
    }

    async fn set_member(&self, actor: &Actor, name: &ProjectName, form: MemberForm) -> Result<(), Error> {
        self.give_role(actor, name, form).await
    }

    async fn remove_member(
        &self,
        actor: &Actor,
        name: &ProjectName,
        who: Subject,
        asked: Option<RoleName>,
    ) -> Result<(), Error> {
        self.take_role(actor, name, who, asked).await
    }
}

pub(crate) const BINDINGS: &str = "memberships are role bindings, which no tenant may write";
const QUOTAS: &str = "a project's room is the sum over its namespaces";

impl ProjectBook {
    fn checked(&self, form: ProjectForm) -> Result<NewProject, Error> {
        let checked = form.check();
        let unknown = form.clusters.iter().any(|form| self.fleet.get(&form.cluster).is_err());
        let unknown = unknown.then(|| FieldProblem::new("clusters", Problem::NoSuchCluster));
        match (checked, unknown) {
            (Ok(project), None) => Ok(project),
            (checked, unknown) => {
                let fields = checked.err().unwrap_or_default().into_iter().chain(unknown).collect();
                Err(Kind::Invalid { fields }.into())
            }
        }
    }

    async fn add(&self, form: ProjectForm) -> Result<(), Error> {
        let project = self.checked(form)?;
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

    pub(crate) async fn bind(&self, grant: &Grant, project_id: &str) -> Result<(), Error> {
        bind_project(&self.store, &self.fleet, grant, project_id, self.clock.now()).await
    }
}

/// As it would be typed.
fn form_of(project: Project) -> ProjectForm {
    // In the words that people write where they say the same.
    let text = |resource: &str, amount: Option<Quantity>| {
        let Some(amount) = amount else { return String::new() };
        let words = in_words(resource, amount);
        if Quantity::parse(&words) == Some(amount) { words } else { amount.to_string() }
    };
    let clusters = project.clusters.into_iter().map(|(cluster, allotment)| AllotmentForm {
        cluster,
        cpu: text("cpu", allotment.cpu),
        memory: text("memory", allotment.memory),
        pods: text("pods", allotment.pods),
    });
    ProjectForm {
        clusters: clusters.collect(),
        name: project.name.into(),
        display_name: project.display_name,
        description: project.description,
    }
}

fn people(members: &[Membership]) -> usize {
    members.iter().map(|member| &member.user_id).collect::<BTreeSet<_>>().len()
}

/// The projects that somebody may see.
pub(crate) async fn visible_projects(store: &Store, actor: &Actor, now: i64) -> Result<Vec<Project>, Error> {
    let user = actor.user.as_ref().ok_or(Kind::Unauthenticated)?;
    let held = store.held_by(&user.id, now).await?;
    let sees = |project: &Project| {
        let held = held.iter().find(|(id, _)| *id == project.id).map(|(_, held)| *held);
        allows(Standing::on_platform(user.role).in_project(held.unwrap_or_default()), Action::ViewProject)
    };
    Ok(store.projects().await?.into_iter().filter(sees).collect())
}

fn shares(allotment: &Allotment, given: &Given) -> Vec<Share> {
    let rows = [
        ("cpu", allotment.cpu, given.of("limits.cpu").max(given.of("requests.cpu"))),
        ("memory", allotment.memory, given.of("limits.memory").max(given.of("requests.memory"))),
        ("pods", allotment.pods, given.of("pods")),
    ];
    let share = |(resource, total, given): (&str, Option<_>, Quantity)| Share {
        resource: resource.to_owned(),
        given: in_words(resource, given),
        total: total.map(|total| in_words(resource, total)),
        left: total.map(|total| in_words(resource, total.minus(given))),
        percent: total.and_then(|total| given.percent_of(total)).unwrap_or_default(),
    };
    rows.into_iter().map(share).collect()
}
