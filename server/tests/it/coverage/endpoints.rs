//! Every server function and what is true of it. A new one gets a row here, or the coverage test fails.

use serde_json::{Value, json};

#[derive(PartialEq)]
pub(super) enum Effect {
    Read,
    Change,
}

/// Whether somebody who is not signed in may call it.
#[derive(PartialEq)]
pub(super) enum Open {
    Yes,
    No,
}

pub(super) struct Endpoint {
    pub(super) path: &'static str,
    pub(super) effect: Effect,
    pub(super) open: Open,
    /// Whether a member without any further role gets past the gate.
    pub(super) member: bool,
    /// Arguments that decode; they need not succeed.
    pub(super) arguments: fn() -> Value,
}

pub(super) const ENDPOINTS: &[Endpoint] = &[
    Endpoint {
        path: "license/activate",
        effect: Effect::Change,
        open: Open::Yes,
        member: true,
        arguments: || json!({ "form": { "token": "", "username": "", "password": "", "confirmation": "", "licence": "" } }),
    },
    Endpoint {
        path: "license/status",
        effect: Effect::Read,
        open: Open::No,
        member: false,
        arguments: || json!({}),
    },
    Endpoint {
        path: "license/replace",
        effect: Effect::Change,
        open: Open::No,
        member: false,
        arguments: || json!({ "text": "nothing" }),
    },
    Endpoint {
        path: "identity/me",
        effect: Effect::Read,
        open: Open::No,
        member: true,
        arguments: || json!({}),
    },
    Endpoint {
        path: "identity/list",
        effect: Effect::Read,
        open: Open::No,
        member: false,
        arguments: || json!({}),
    },
    Endpoint {
        path: "identity/create",
        effect: Effect::Change,
        open: Open::No,
        member: false,
        arguments: || json!({ "username": "", "password": "", "role": "member" }),
    },
    Endpoint {
        path: "identity/change-password",
        effect: Effect::Change,
        open: Open::No,
        member: true,
        arguments: || json!({ "current": "", "new": "", "confirmation": "" }),
    },
    Endpoint {
        path: "audit/list",
        effect: Effect::Read,
        open: Open::No,
        member: false,
        arguments: || json!({ "before": null }),
    },
];
