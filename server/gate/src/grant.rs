//! Proof that the gate let an action through. Nothing outside this crate can make one.

use contract::Actor;
use model::access::Action;

/// A permission for one action, held while it runs.
pub enum Grant {
    /// Act as the person.
    User(User),
    /// Act as the console itself, on behalf of the person.
    System(System),
}

pub struct User {
    actor: Actor,
    action: Action,
}

pub struct System {
    actor: Actor,
    reason: &'static str,
}

impl Grant {
    pub(crate) fn user(actor: &Actor, action: Action) -> Self {
        Self::User(User { actor: actor.clone(), action })
    }

    pub(crate) fn system(actor: &Actor, reason: &'static str) -> Self {
        Self::System(System { actor: actor.clone(), reason })
    }

    pub fn actor(&self) -> &Actor {
        match self {
            Self::User(user) => &user.actor,
            Self::System(system) => &system.actor,
        }
    }
}

impl User {
    pub fn action(&self) -> Action {
        self.action
    }
}

impl System {
    /// Why the console acts with its own rights.
    pub fn reason(&self) -> &'static str {
        self.reason
    }
}
