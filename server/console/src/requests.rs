//! Access for a time: `contract::Requests`, and the end of it.

use std::time::Duration;

use async_trait::async_trait;
use contract::{Actor, Error, Kind, Requests};
use gate::Intent;
use model::access::Action;
use model::problem::Problem;
use model::projects::ProjectName;
use model::requests::{Decision, MOST_OPEN, NewRequest, Request, RequestForm, RequestState, check_hours};
use model::roles::Permissions;
use store::StoredRequest;

use crate::projects::{BINDINGS, ProjectBook};
use crate::token::random_id;
use crate::when::rfc3339;

/// Pause between two looks for what is over. What is over gives nothing from that moment on; this ends it in clusters.
const LOOK: Duration = Duration::from_secs(5);
const HOUR: i64 = 3_600_000;

#[async_trait]
impl Requests for ProjectBook {
    async fn own(&self, actor: &Actor) -> Result<Vec<Request>, Error> {
        self.gate.read(actor, Action::RequestAccess)?;
        let user = actor.user.as_ref().ok_or(Kind::Unauthenticated)?;
        Ok(self.store.requests_by(&user.id).await?.into_iter().map(|one| request(one, actor)).collect())
    }

    async fn of(&self, actor: &Actor, name: &ProjectName) -> Result<Vec<Request>, Error> {
        self.gate.read_in(actor, Action::ApproveAccess, name).await?;
        let project = self.store.project(name).await?;
        Ok(self.store.requests_in(&project.name).await?.into_iter().map(|one| request(one, actor)).collect())
    }

    async fn ask(&self, actor: &Actor, form: RequestForm) -> Result<(), Error> {
        let checked = form.check();
        let words = match &checked {
            Ok(new) => format!("project {}: {} for {} h", new.project, new.role, new.hours),
            Err(_) => "(bad request)".to_owned(),
        };
        let intent = Intent::new(Action::RequestAccess, words);
        self.gate
            .change(actor, intent, async |_grant| {
                self.note(actor, checked.map_err(|fields| Kind::Invalid { fields })?).await
            })
            .await
    }

    async fn withdraw(&self, actor: &Actor, id: &str) -> Result<(), Error> {
        let user_id = actor.user.as_ref().map(|user| user.id.as_str()).unwrap_or_default();
        let known = self.store.requests_by(user_id).await?.into_iter().find(|one| one.id == id);
        let words = known.as_ref().map_or_else(
            || "(unknown)".to_owned(),
            |one| format!("project {}: {} for {} h", one.project, one.role, one.hours),
        );
        let intent = Intent::new(Action::WithdrawRequest, words);
        self.gate
            .change(actor, intent, async |_grant| {
                known.ok_or_else(missing)?;
                match self.store.decide_request(id, RequestState::Withdrawn, actor.name()).await? {
                    true => Ok(()),
                    false => Err(decided()),
                }
            })
            .await
    }

    async fn decide(
        &self,
        actor: &Actor,
        name: &ProjectName,
        id: &str,
        decision: Decision,
    ) -> Result<(), Error> {
        let project = self.store.project(name).await;
        let known = match &project {
            Ok(project) => self.store.requests_in(&project.name).await?.into_iter().find(|one| one.id == id),
            Err(_) => None,
        };
        let words = known.as_ref().map_or_else(
            || "(unknown)".to_owned(),
            |one| {
                format!("user {} as {} for {} h, because: {}", one.username, one.role, one.hours, one.reason)
            },
        );
        let (action, until) = match &decision {
            Decision::Approve { hours } => (Action::ApproveAccess, format!(" ({hours} h given)")),
            Decision::Refuse => (Action::RefuseAccess, String::new()),
        };
        let intent = Intent::in_project(action, name, format!("project {name}: {words}{until}"));
        self.gate
            .change_as_system(actor, intent, BINDINGS, async |grant| {
                let project = project?;
                let one = known.ok_or_else(missing)?;
                if actor.user.as_ref().is_some_and(|user| user.id == one.user_id) {
                    return Err(Error::invalid("role", Problem::Yourself));
                }
                let Decision::Approve { hours } = decision else {
                    let done = self.store.decide_request(id, RequestState::Refused, actor.name()).await?;
                    return if done { Ok(()) } else { Err(decided()) };
                };
                check_hours(hours).map_err(|problem| Error::invalid("hours", problem))?;
                self.check_gift(actor, &project, &one.role).await?;
                let before = self.roles_in_words(&project).await?;
                let now = self.clock.now();
                let until = now.saturating_add(i64::from(hours).saturating_mul(HOUR));
                if !self.store.approve_request(&one, actor.name(), &project.id, now, until).await? {
                    return Err(decided());
                }
                grant.note(before, self.roles_in_words(&project).await?);
                self.bind(&grant, &project.id).await
            })
            .await
    }
}

impl ProjectBook {
    /// Ends in clusters what is over, for ever.
    pub async fn keep_ending(&self) {
        loop {
            if let Err(error) = self.end_what_is_over().await {
                tracing::error!(event = "requests.not_ended", error = error.to_string());
            }
            tokio::time::sleep(LOOK).await;
        }
    }

    /// Audited as the console's, once for each.
    pub async fn end_what_is_over(&self) -> Result<(), Error> {
        let now = self.clock.now();
        for (project_id, user_id) in self.store.over(now).await? {
            let account = self.store.account_by_id(&user_id).await?;
            let project = self.store.projects().await?.into_iter().find(|project| project.id == project_id);
            let (Some(account), Some(project)) = (account, project) else { continue };
            if !self.store.remove_over(&project_id, &user_id, now).await? {
                continue;
            }
            let words = format!("project {}: user {}", project.name, account.username);
            let intent = Intent::new(Action::EndAccess, words);
            // The gate has logged and audited how it ended; the next repair of the cluster tries again.
            let _ended = self
                .gate
                .change_as_console(intent, BINDINGS, async |grant| self.bind(&grant, &project_id).await)
                .await;
        }
        Ok(())
    }

    async fn note(&self, actor: &Actor, new: NewRequest) -> Result<(), Error> {
        let user = actor.user.as_ref().ok_or(Kind::Unauthenticated)?;
        let held = self.gate.held(actor, Some(&new.project)).await?;
        // Whether a project is there, and with which roles, is for its members to know.
        if held != Permissions::NONE {
            let project = self.store.project(&new.project).await?;
            match self.store.permissions_of(&project.id, &new.role).await? {
                Some(wanted) if wanted.within(held) => return Err(Error::invalid("role", Problem::HasIt)),
                Some(_) => {}
                None => return Err(Error::invalid("role", Problem::NoSuchRole)),
            }
        }
        let open: Vec<_> = self.store.requests_by(&user.id).await?;
        let open = open.iter().filter(|one| one.state == RequestState::Open);
        if open.clone().any(|one| one.project == new.project && one.role == new.role) {
            return Err(Error::invalid("role", Problem::AskedAlready));
        }
        if open.count() >= MOST_OPEN as usize {
            return Err(Error::invalid("project", Problem::TooMany { max: MOST_OPEN }));
        }
        let request = StoredRequest {
            id: random_id()?,
            project: new.project,
            user_id: user.id.clone(),
            username: user.username.clone(),
            role: new.role,
            hours: new.hours,
            reason: new.reason,
            asked_at: self.clock.now(),
            state: RequestState::Open,
            decided_by: String::new(),
        };
        self.store.add_request(&request).await
    }
}

fn missing() -> Error {
    Kind::NotFound { what: "request".to_owned() }.into()
}

fn decided() -> Error {
    Kind::Conflict { what: "the request is decided".to_owned() }.into()
}

fn request(stored: StoredRequest, actor: &Actor) -> Request {
    let own = actor.user.as_ref().is_some_and(|user| user.id == stored.user_id);
    let StoredRequest { id, project, username, role, hours, reason, asked_at, state, decided_by, .. } =
        stored;
    let asked_at = rfc3339(asked_at);
    Request { id, project, username, own, role, hours, reason, asked_at, state, decided_by }
}
