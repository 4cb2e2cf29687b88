//! Who belongs to a project: what nobody can give or take beyond what they have themselves.

use contract::{Actor, Error, Kind};
use gate::Intent;
use model::access::Action;
use model::groups::GroupName;
use model::identity::PlatformRole;
use model::problem::Problem;
use model::projects::{Member, MemberForm, ProjectName, Subject, Way};
use model::roles::{Permission, Permissions, RoleName};
use store::{Account, Membership, Project};

use crate::projects::{BINDINGS, ProjectBook};
use crate::when::rfc3339;

impl ProjectBook {
    pub(crate) async fn give_role(
        &self,
        actor: &Actor,
        name: &ProjectName,
        form: MemberForm,
    ) -> Result<(), Error> {
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

    pub(crate) async fn take_role(
        &self,
        actor: &Actor,
        name: &ProjectName,
        who: Subject,
        asked: Option<RoleName>,
    ) -> Result<(), Error> {
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
                        match &asked {
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

pub(crate) fn member(membership: Membership) -> Member {
    let Membership { username, role, way, since, until, .. } = membership;
    Member { username, role, way, since: rfc3339(since), until: until.map(rfc3339) }
}
