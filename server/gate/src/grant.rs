//! Proof that the gate let an action through. Nothing outside this crate can make one.

use std::sync::{Arc, Mutex, PoisonError};

use contract::Actor;
use model::access::Action;
use model::audit::Changed;

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
    noted: Noted,
}

pub struct System {
    actor: Actor,
    reason: &'static str,
    noted: Noted,
}

/// What the work behind a grant says that it changed.
pub(crate) type Noted = Arc<Mutex<Option<Changed>>>;

/// Most of a text that enters the trail, in bytes.
const LONGEST: usize = 16 * 1024;

impl Grant {
    pub(crate) fn user(actor: &Actor, action: Action) -> Self {
        Self::User(User { actor: actor.clone(), action, noted: Noted::default() })
    }

    pub(crate) fn system(actor: &Actor, reason: &'static str) -> Self {
        Self::System(System { actor: actor.clone(), reason, noted: Noted::default() })
    }

    /// Says what changed, for the trail: the object as text before and after. Values of Secrets have no place in it.
    pub fn note(&self, before: String, after: String) {
        let changed = (before != after).then(|| Changed { before: bounded(before), after: bounded(after) });
        *self.noted().lock().unwrap_or_else(PoisonError::into_inner) = changed;
    }

    pub(crate) fn noted(&self) -> &Noted {
        match self {
            Self::User(user) => &user.noted,
            Self::System(system) => &system.noted,
        }
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

/// A text that is too long ends with what says so.
fn bounded(mut text: String) -> String {
    if text.len() > LONGEST {
        let end = (0..=LONGEST).rev().find(|at| text.is_char_boundary(*at)).unwrap_or_default();
        text.truncate(end);
        text.push_str("\n…\n");
    }
    text
}
