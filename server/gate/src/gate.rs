//! Licence, role, audit, in this order, around every operation.

use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use async_trait::async_trait;
use contract::{Actor, Error, Kind};
use futures::FutureExt as _;
use model::access::{Action, allows};
use model::audit::Outcome;
use model::license::LicenceState;

use crate::clock::Clock;
use crate::grant::Grant;
use crate::license::{LicenceFacts, effective_now};

/// Where the trail is kept.
#[async_trait]
pub trait AuditLog: Send + Sync {
    /// Writes an open entry and returns its number.
    async fn open(&self, entry: NewEntry) -> Result<i64, Error>;

    async fn close(&self, id: i64, outcome: Outcome) -> Result<(), Error>;
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
}

/// What somebody wants to do to what.
#[derive(Clone, Debug)]
pub struct Intent {
    pub action: Action,
    /// The object in words that an auditor can search for, such as `user ada`.
    pub resource: String,
}

impl Intent {
    pub fn new(action: Action, resource: impl Into<String>) -> Self {
        Self { action, resource: resource.into() }
    }
}

pub struct Gate {
    audit: Arc<dyn AuditLog>,
    facts: Arc<dyn LicenceFacts>,
    clock: Arc<dyn Clock>,
}

impl Gate {
    pub fn new(audit: Arc<dyn AuditLog>, facts: Arc<dyn LicenceFacts>, clock: Arc<dyn Clock>) -> Self {
        Self { audit, facts, clock }
    }

    /// Lets a reading action through, or says why not. Reads are not audited, refused ones are logged.
    pub fn read(&self, actor: &Actor, action: Action) -> Result<Grant, Error> {
        let checked = check_role(actor, action);
        if let Err(error) = &checked {
            log(actor, &Intent::new(action, ""), Err(error));
        }
        checked.map(|()| Grant::user(actor, action))
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
        self.audited(actor, intent, grant, work).await
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
        self.audited(actor, intent, grant, work).await
    }

    async fn audited<T>(
        &self,
        actor: &Actor,
        intent: Intent,
        grant: Grant,
        work: impl AsyncFnOnce(Grant) -> Result<T, Error>,
    ) -> Result<T, Error> {
        let entry = NewEntry {
            at: self.clock.now(),
            actor: actor.name().to_owned(),
            action: intent.action,
            resource: intent.resource.clone(),
            request_id: actor.request_id.clone(),
        };
        let id = self.audit.open(entry).await.inspect_err(|error| {
            log(actor, &intent, Err(error));
        })?;

        let result = match self.check(actor, intent.action).await {
            Ok(()) => AssertUnwindSafe(work(grant))
                .catch_unwind()
                .await
                .unwrap_or_else(|_| Err(Error::internal("the operation panicked"))),
            Err(refused) => Err(refused),
        };

        if let Err(error) = self.audit.close(id, outcome(&result)).await {
            tracing::error!(event = "audit.not_closed", id, error = chain(&error));
        }
        log(actor, &intent, result.as_ref().map(|_| ()));
        result
    }

    async fn check(&self, actor: &Actor, action: Action) -> Result<(), Error> {
        check_role(actor, action)?;
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
        if action == Action::CreateUser {
            used.users = used.users.saturating_add(1);
        }
        let now = effective_now(self.facts.as_ref(), self.clock.now()).await?;
        Ok(LicenceState::of(&licence, used, now))
    }
}

fn check_role(actor: &Actor, action: Action) -> Result<(), Error> {
    if allows(actor.standing(), action) {
        Ok(())
    } else if actor.user.is_none() {
        Err(Kind::Unauthenticated.into())
    } else {
        Err(Kind::Forbidden { action }.into())
    }
}

fn outcome<T>(result: &Result<T, Error>) -> Outcome {
    match result.as_ref().map_err(|error| &error.kind) {
        Ok(_) => Outcome::Done,
        Err(Kind::Unauthenticated | Kind::Forbidden { .. } | Kind::Licence { .. } | Kind::Busy { .. }) => {
            Outcome::Denied
        }
        Err(Kind::Invalid { .. } | Kind::Conflict { .. } | Kind::NotFound { .. }) => Outcome::Invalid,
        Err(Kind::Internal) => Outcome::Failed,
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
