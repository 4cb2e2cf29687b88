//! Licence, role, audit, in this order, around every operation.

use std::panic::AssertUnwindSafe;
use std::sync::{Arc, PoisonError};

use async_trait::async_trait;
use contract::{Actor, Error, Kind};
use futures::FutureExt as _;
use model::access::{Action, Standing, allows};
use model::audit::{Changed, Outcome};
use model::license::LicenceState;
use model::projects::ProjectName;
use model::roles::Permissions;

use crate::clock::Clock;
use crate::grant::Grant;
use crate::license::{LicenceFacts, effective_now};

/// Where the trail is kept.
#[async_trait]
pub trait AuditLog: Send + Sync {
    /// Writes an open entry and returns its number.
    async fn open(&self, entry: NewEntry) -> Result<i64, Error>;

    /// With what was changed, when that was said.
    async fn close(&self, id: i64, outcome: Outcome, changed: Option<Changed>) -> Result<(), Error>;
}

/// Who belongs to which project.
#[async_trait]
pub trait Memberships: Send + Sync {
    /// Everything that the person holds there at this moment (Unix milliseconds), by whichever way; nothing when they are no member,
    /// or there is no such project.
    async fn permissions(&self, user_id: &str, project: &ProjectName, now: i64)
    -> Result<Permissions, Error>;
}

/// What is known before the action runs.
#[derive(Clone, Debug)]
pub struct NewEntry {
    /// Unix milliseconds.
    pub at: i64,
    pub actor: String,
    pub action: Action,
    pub resource: String,
    pub request_id: String,
    /// From where; empty when that is not known.
    pub address: String,
}

/// What somebody wants to do to what.
#[derive(Clone, Debug)]
pub struct Intent {
    pub action: Action,
    /// The object in words that an auditor can search for, such as `user ada`.
    pub resource: String,
    /// Whose roles count besides those on the platform.
    pub project: Option<ProjectName>,
}

impl Intent {
    pub fn new(action: Action, resource: impl Into<String>) -> Self {
        Self { action, resource: resource.into(), project: None }
    }

    /// Something that belongs to a project.
    pub fn in_project(action: Action, project: &ProjectName, resource: impl Into<String>) -> Self {
        Self { action, resource: resource.into(), project: Some(project.clone()) }
    }
}

pub struct Gate {
    audit: Arc<dyn AuditLog>,
    facts: Arc<dyn LicenceFacts>,
    memberships: Arc<dyn Memberships>,
    clock: Arc<dyn Clock>,
}

impl Gate {
    pub fn new(
        audit: Arc<dyn AuditLog>,
        facts: Arc<dyn LicenceFacts>,
        memberships: Arc<dyn Memberships>,
        clock: Arc<dyn Clock>,
    ) -> Self {
        Self { audit, facts, memberships, clock }
    }

    /// Lets a reading action through, or says why not. Reads are not audited, refused ones are logged.
    pub fn read(&self, actor: &Actor, action: Action) -> Result<Grant, Error> {
        let checked = check_role(actor, actor.standing(), action, None);
        if let Err(error) = &checked {
            log(actor, &Intent::new(action, ""), Err(error));
        }
        checked.map(|()| Grant::user(actor, action))
    }

    /// As [`Gate::read`], for something that belongs to a project.
    pub async fn read_in(
        &self,
        actor: &Actor,
        action: Action,
        project: &ProjectName,
    ) -> Result<Grant, Error> {
        let intent = Intent::in_project(action, project, format!("project {project}"));
        let checked = match self.standing(actor, Some(project)).await {
            Ok(standing) => check_role(actor, standing, action, Some(project)),
            Err(error) => Err(error),
        };
        if let Err(error) = &checked {
            log(actor, &intent, Err(error));
        }
        checked.map(|()| Grant::user(actor, action))
    }

    /// As [`Gate::read_in`], with the console's own rights.
    pub async fn read_as_system_in(
        &self,
        actor: &Actor,
        action: Action,
        project: &ProjectName,
        reason: &'static str,
    ) -> Result<Grant, Error> {
        self.read_in(actor, action, project).await?;
        Ok(Grant::system(actor, reason))
    }

    /// As [`Gate::read`], with the console's own rights, for what it keeps watch over itself.
    pub fn read_as_system(
        &self,
        actor: &Actor,
        action: Action,
        reason: &'static str,
    ) -> Result<Grant, Error> {
        self.read(actor, action)?;
        Ok(Grant::system(actor, reason))
    }

    /// Runs a changing action as the person, leaving exactly one audit entry, also when it is refused or fails.
    ///
    /// When the entry cannot be opened the action does not run. When it cannot be closed, it stays open and that is logged.
    pub async fn change<T>(
        &self,
        actor: &Actor,
        intent: Intent,
        work: impl AsyncFnOnce(Grant) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let grant = Grant::user(actor, intent.action);
        let checked = self.check(actor, intent.action, intent.project.clone());
        self.audited(actor, intent, checked, grant, work).await
    }

    /// As [`Gate::change`], with the console's own rights, for what no tenant may do.
    pub async fn change_as_system<T>(
        &self,
        actor: &Actor,
        intent: Intent,
        reason: &'static str,
        work: impl AsyncFnOnce(Grant) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let grant = Grant::system(actor, reason);
        let checked = self.check(actor, intent.action, intent.project.clone());
        self.audited(actor, intent, checked, grant, work).await
    }

    /// A change that nobody asked for, such as what the console needs in a cluster. Audited as the console's.
    pub async fn change_as_console<T>(
        &self,
        intent: Intent,
        reason: &'static str,
        work: impl AsyncFnOnce(Grant) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let actor = Actor::console();
        let grant = Grant::system(&actor, reason);
        self.audited(&actor, intent, std::future::ready(Ok(())), grant, work).await
    }

    /// For looking at a cluster when nobody asked.
    pub fn housekeeping(&self, reason: &'static str) -> Grant {
        Grant::system(&Actor::console(), reason)
    }

    async fn audited<T>(
        &self,
        actor: &Actor,
        intent: Intent,
        checked: impl Future<Output = Result<(), Error>>,
        grant: Grant,
        work: impl AsyncFnOnce(Grant) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let entry = NewEntry {
            at: self.clock.now(),
            actor: actor.name().to_owned(),
            action: intent.action,
            resource: intent.resource.clone(),
            request_id: actor.request_id.clone(),
            address: actor.address.map(|address| address.to_string()).unwrap_or_default(),
        };
        let id = self.audit.open(entry).await.inspect_err(|error| {
            log(actor, &intent, Err(error));
        })?;

        let noted = grant.noted().clone();
        let result = match checked.await {
            Ok(()) => AssertUnwindSafe(work(grant))
                .catch_unwind()
                .await
                .unwrap_or_else(|_| Err(Error::internal("the operation panicked"))),
            Err(refused) => Err(refused),
        };

        // It is said after it was done, so it stays also where what followed failed.
        let changed = noted.lock().unwrap_or_else(PoisonError::into_inner).take();
        if let Err(error) = self.audit.close(id, outcome(&result), changed).await {
            tracing::error!(event = "audit.not_closed", id, error = chain(&error));
        }
        log(actor, &intent, result.as_ref().map(|_| ()));
        result
    }

    /// The time that memberships end by. Unix milliseconds.
    pub fn now(&self) -> i64 {
        self.clock.now()
    }

    /// What somebody holds in a project as a member.
    pub async fn held(&self, actor: &Actor, project: Option<&ProjectName>) -> Result<Permissions, Error> {
        Ok(self.standing(actor, project).await?.project)
    }

    async fn standing(&self, actor: &Actor, project: Option<&ProjectName>) -> Result<Standing, Error> {
        let (Some(user), Some(project)) = (&actor.user, project) else { return Ok(actor.standing()) };
        let held = self.memberships.permissions(&user.id, project, self.clock.now()).await?;
        Ok(actor.standing().in_project(held))
    }

    async fn check(&self, actor: &Actor, action: Action, project: Option<ProjectName>) -> Result<(), Error> {
        if actor.viewer.is_some() && !matches!(action, Action::StopViewing | Action::SignOut | Action::SignIn)
        {
            return Err(Kind::Looking.into());
        }
        check_role(actor, self.standing(actor, project.as_ref()).await?, action, project.as_ref())?;
        if !action.adds() {
            return Ok(());
        }
        let state = self.licence_after_one_more(action).await?;
        if state.refuses_adding() {
            return Err(Kind::Licence { state }.into());
        }
        Ok(())
    }

    /// The state as it would be with the addition: reaching a limit is fine, exceeding it is not.
    async fn licence_after_one_more(&self, action: Action) -> Result<LicenceState, Error> {
        let Some(licence) = self.facts.licence().await? else {
            return Ok(LicenceState::Limited);
        };
        let mut used = self.facts.used().await?;
        if matches!(action, Action::CreateUser | Action::EnableUser | Action::JoinUser) {
            used.users = used.users.saturating_add(1);
        }
        if action == Action::AddCluster {
            used.clusters = used.clusters.saturating_add(1);
        }
        let now = effective_now(self.facts.as_ref(), self.clock.now()).await?;
        Ok(LicenceState::of(&licence, used, now))
    }
}

fn check_role(
    actor: &Actor,
    standing: Standing,
    action: Action,
    project: Option<&ProjectName>,
) -> Result<(), Error> {
    if allows(standing, action) {
        Ok(())
    } else if actor.user.is_none() {
        Err(Kind::Unauthenticated.into())
    } else {
        let project = project.filter(|_| standing.project != Permissions::NONE).cloned();
        Err(Kind::Forbidden { action, project }.into())
    }
}

fn outcome<T>(result: &Result<T, Error>) -> Outcome {
    match result.as_ref().map_err(|error| &error.kind) {
        Ok(_) => Outcome::Done,
        Err(Kind::Unauthenticated | Kind::Forbidden { .. } | Kind::Licence { .. } | Kind::Busy { .. }) => {
            Outcome::Denied
        }
        Err(Kind::Invalid { .. } | Kind::Conflict { .. } | Kind::NotFound { .. }) => Outcome::Invalid,
        Err(Kind::Looking | Kind::ClusterForbids { .. } | Kind::SignOn { .. }) => Outcome::Denied,
        Err(Kind::ClusterRefuses { .. }) => Outcome::Invalid,
        Err(
            Kind::Internal
            | Kind::ClusterUnreachable { .. }
            | Kind::ClusterUnauthorized { .. }
            | Kind::OutcomeUnknown { .. },
        ) => Outcome::Failed,
    }
}

/// The one log line of an operation: refused and invalid are ordinary, internal failures are not.
fn log(actor: &Actor, intent: &Intent, result: Result<(), &Error>) {
    let (action, resource) = (intent.action.as_str(), intent.resource.as_str());
    let (who, request) = (actor.name(), actor.request_id.as_str());
    match result {
        Ok(()) => tracing::info!(event = "action.done", action, resource, who, request),
        Err(error) if error.kind == Kind::Internal => {
            tracing::error!(event = "action.failed", action, resource, who, request, error = chain(error));
        }
        Err(error) => {
            tracing::info!(event = "action.refused", action, resource, who, request, error = chain(error));
        }
    }
}

/// The error and all of its causes on one line.
fn chain(error: &Error) -> String {
    let mut text = error.to_string();
    let mut source = std::error::Error::source(error);
    while let Some(cause) = source {
        text.push_str(": ");
        text.push_str(&cause.to_string());
        source = cause.source();
    }
    text
}

#[cfg(test)]
#[path = "gate/tests.rs"]
mod tests;
