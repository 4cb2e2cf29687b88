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
use model::identity::PlatformRole;
use model::namespaces::in_words;
use model::panel::{Absence, Panel};
use model::problem::{FieldProblem, Problem};
use model::projects::{
    Allotment, AllotmentForm, Member, MemberForm, NewProject, ProjectCluster, ProjectDetail, ProjectForm,
    ProjectName, ProjectSummary, Share, Subject, Way,
};
use model::providers::{Gift, Rule};
use model::quantity::Quantity;
use model::roles::{Permission, Permissions, RoleName};
use store::{Account, Membership, Project, Store};

use crate::bindings::bind_project;
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
        let resource = format!("project {name} on {}", clusters_in_words(&form));
        let intent = Intent::new(Action::ChangeProject, resource);
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
        let known = self.find(&form.who).await?;
        let role = RoleName::parse(&form.role).map_err(|_| Problem::NoSuchRole);
        let role_words = role.as_ref().map_or("(unknown role)", RoleName::as_str);
        let who = known.as_ref().map_or_else(|| "(unknown name)".to_owned(), Known::words);
        let resource = format!("project {name}: {who} as {role_words}");
        let intent = Intent::in_project(Action::SetMember, name, resource);
        self.gate
            .change_as_system(actor, intent, BINDINGS, async |grant| {
                let project = self.store.project(name).await?;
                let missing = if form.who.group { Problem::NoSuchGroup } else { Problem::NoSuchUser };
                let known = known.ok_or_else(|| Error::invalid("name", missing))?;
                let role = role.map_err(|problem| Error::invalid("role", problem))?;
                self.check_gift(actor, &project, &role).await?;
                let now = self.clock.now();
                let before = self.roles_in_words(&project).await?;
                match &known {
                    Known::Person(account) => {
                        self.check_present(actor, &project, &account.id).await?;
                        self.store.set_member(&project.id, &account.id, &role, now).await?;
                    }
                    Known::Group(group) => {
                        self.check_present_of_group(actor, &project, group).await?;
                        self.store.set_group_role(&project.id, group, &role, now).await?;
                    }
                }
                grant.note(before, self.roles_in_words(&project).await?);
                self.bind(&grant, &project.id).await
            })
            .await
    }

    async fn remove_member(&self, actor: &Actor, name: &ProjectName, who: Subject) -> Result<(), Error> {
        let known = self.find(&who).await?;
        let words = known.as_ref().map_or_else(|| "(unknown name)".to_owned(), Known::words);
        let intent = Intent::in_project(Action::RemoveMember, name, format!("project {name}: {words}"));
        self.gate
            .change_as_system(actor, intent, BINDINGS, async |grant| {
                let project = self.store.project(name).await?;
                let missing = || Error::from(Kind::NotFound { what: format!("member {words}") });
                let before = self.roles_in_words(&project).await?;
                // First in our books: what is still bound where a cluster does not answer ends when it does.
                match known.as_ref().ok_or_else(missing)? {
                    Known::Person(account) => {
                        self.check_present(actor, &project, &account.id).await?;
                        let members = self.members_of(&project).await?;
                        let own: Vec<_> = members.iter().filter(|one| one.user_id == account.id).collect();
                        let removable = own.iter().any(|one| matches!(one.way, Way::ByHand | Way::Asked));
                        if !removable {
                            return Err(own.first().map_or_else(missing, |one| not_here(&one.way)));
                        }
                        match &who.asked {
                            Some(role) => self.store.remove_asked(&project.id, &account.id, role).await?,
                            None => self.store.remove_member(&project.id, &account.id).await?,
                        }
                    }
                    Known::Group(group) => {
                        self.check_present_of_group(actor, &project, group).await?;
                        self.store.remove_group_role(&project.id, group).await?;
                    }
                }
                grant.note(before, self.roles_in_words(&project).await?);
                self.bind(&grant, &project.id).await
            })
            .await
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

    /// Those of a project at this moment.
    pub(crate) async fn members_of(&self, project: &Project) -> Result<Vec<Membership>, Error> {
        self.store.members(&project.id, self.clock.now()).await
    }

    /// For the trail: a line for each person and group and what they have.
    pub(crate) async fn roles_in_words(&self, project: &Project) -> Result<String, Error> {
        let people = self.members_of(project).await?.into_iter().filter_map(|member| {
            let how = match member.way {
                Way::ByHand => String::new(),
                Way::Asked => format!(" until {}", member.until.map(rfc3339).unwrap_or_default()),
                Way::Group(_) | Way::Rules(_) => return None,
            };
            Some(format!("user {}: {}{how}\n", member.username, member.role))
        });
        let groups = self.store.groups_in(&project.id).await?;
        let groups = groups.into_iter().map(|(group, role)| format!("group {group}: {role}\n"));
        Ok(people.chain(groups).collect())
    }

    pub(crate) async fn bind(&self, grant: &Grant, project_id: &str) -> Result<(), Error> {
        bind_project(&self.store, &self.fleet, grant, project_id, self.clock.now()).await
    }

    /// Nobody gives what they do not have themselves. Errors: `Invalid` of the field `role`.
    pub(crate) async fn check_gift(
        &self,
        actor: &Actor,
        project: &Project,
        role: &RoleName,
    ) -> Result<(), Error> {
        let given = self.store.permissions_of(&project.id, role).await?;
        let given = given.ok_or_else(|| Error::invalid("role", Problem::NoSuchRole))?;
        if given.within(self.reach(actor, project).await?) {
            return Ok(());
        }
        Err(Error::invalid("role", Problem::BeyondYours))
    }

    /// The most that somebody can give in a project. What they have for a time is not theirs to give: it would outlast it.
    pub(crate) async fn reach(&self, actor: &Actor, project: &Project) -> Result<Permissions, Error> {
        let user = actor.user.as_ref().ok_or(Kind::Unauthenticated)?;
        if user.role == PlatformRole::Administrator {
            return Ok(Permissions::of(Permission::ALL));
        }
        let all = self.store.memberships_of(&user.id, self.clock.now()).await?;
        let lasting = all.iter().filter(|one| one.project_id == project.id && one.until.is_none());
        Ok(lasting.fold(Permissions::NONE, |all, one| all.and(one.permissions)))
    }

    /// Nor takes away what is beyond them. Errors: `Invalid` of the field `name`.
    async fn check_present(&self, actor: &Actor, project: &Project, user_id: &str) -> Result<(), Error> {
        let members = self.members_of(project).await?;
        let own = members.iter().filter(|one| one.user_id == user_id);
        let present = own.fold(Permissions::NONE, |all, one| all.and(one.permissions));
        self.check_within(actor, project, present).await
    }

    async fn check_present_of_group(
        &self,
        actor: &Actor,
        project: &Project,
        group: &GroupName,
    ) -> Result<(), Error> {
        let roles = self.store.groups_in(&project.id).await?;
        let Some((_, role)) = roles.iter().find(|(known, _)| known == group) else { return Ok(()) };
        let present = self.store.permissions_of(&project.id, role).await?.unwrap_or_default();
        self.check_within(actor, project, present).await
    }

    async fn check_within(
        &self,
        actor: &Actor,
        project: &Project,
        present: Permissions,
    ) -> Result<(), Error> {
        if present.within(self.reach(actor, project).await?) {
            return Ok(());
        }
        Err(Error::invalid("name", Problem::BeyondYours))
    }

    async fn find(&self, who: &Subject) -> Result<Option<Known>, Error> {
        if who.group {
            let Ok(name) = GroupName::parse(&who.name) else { return Ok(None) };
            let groups = self.store.groups().await?;
            return Ok(groups
                .into_iter()
                .find(|group| group.name == name)
                .map(|group| Known::Group(group.name)));
        }
        let account = self.store.account_by_name(&who.name.trim().to_lowercase()).await?;
        Ok(account.map(|account| Known::Person(Box::new(account))))
    }
}

/// Somebody who can have a role.
enum Known {
    Person(Box<Account>),
    Group(GroupName),
}

impl Known {
    /// For the trail.
    fn words(&self) -> String {
        match self {
            Self::Person(account) => format!("user {}", account.username),
            Self::Group(group) => format!("group {group}"),
        }
    }
}

/// What comes another way ends there.
fn not_here(way: &Way) -> Error {
    let problem = match way {
        Way::Group(group) => Problem::GivenByGroup { group: group.clone() },
        Way::Rules(provider) => Problem::GivenByRules { provider: provider.clone() },
        Way::ByHand | Way::Asked => Problem::NoSuchUser,
    };
    Error::invalid("name", problem)
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

/// For the trail.
fn clusters_in_words(form: &ProjectForm) -> String {
    let clusters = form.clusters.iter().map(|form| {
        let amounts = [("cpu", &form.cpu), ("memory", &form.memory), ("pods", &form.pods)];
        let amounts = amounts.iter().filter(|(_, typed)| !typed.trim().is_empty());
        let amounts: Vec<_> =
            amounts.map(|(name, typed)| format!(" {name} {}", typed.escape_default())).collect();
        format!("{}{}", form.cluster, amounts.concat())
    });
    clusters.collect::<Vec<_>>().join(", ")
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

pub(crate) fn member(membership: Membership) -> Member {
    let Membership { username, role, way, since, until, .. } = membership;
    Member { username, role, way, since: rfc3339(since), until: until.map(rfc3339) }
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
