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

/// An empty form.
fn provider() -> Value {
    json!({
        "name": "", "display_name": "", "issuer": "", "private_addresses": false, "client_id": "",
        "client_secret": "", "scopes": "", "username_claim": "",
    })
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
        arguments: || json!({ "form": { "username": "", "password": "", "role": "member" } }),
    },
    Endpoint {
        path: "identity/change-password",
        effect: Effect::Change,
        open: Open::No,
        member: true,
        arguments: || json!({ "current": "", "new": "", "confirmation": "" }),
    },
    Endpoint {
        path: "identity/set-disabled",
        effect: Effect::Change,
        open: Open::No,
        member: false,
        arguments: || json!({ "username": "nobody", "disabled": true }),
    },
    Endpoint {
        path: "identity/sessions",
        effect: Effect::Read,
        open: Open::No,
        member: true,
        arguments: || json!({}),
    },
    Endpoint {
        path: "identity/end-session",
        effect: Effect::Change,
        open: Open::No,
        member: true,
        arguments: || json!({ "handle": "nothing" }),
    },
    Endpoint {
        path: "identity/end-other-sessions",
        effect: Effect::Change,
        open: Open::No,
        member: true,
        arguments: || json!({}),
    },
    Endpoint {
        path: "providers/ways",
        effect: Effect::Read,
        open: Open::Yes,
        member: true,
        arguments: || json!({}),
    },
    Endpoint {
        path: "providers/list",
        effect: Effect::Read,
        open: Open::No,
        member: false,
        arguments: || json!({}),
    },
    Endpoint {
        path: "providers/view",
        effect: Effect::Read,
        open: Open::No,
        member: false,
        arguments: || json!({ "name": "corp" }),
    },
    Endpoint {
        path: "providers/add",
        effect: Effect::Change,
        open: Open::No,
        member: false,
        arguments: || json!({ "form": provider() }),
    },
    Endpoint {
        path: "providers/change",
        effect: Effect::Change,
        open: Open::No,
        member: false,
        arguments: || json!({ "form": provider() }),
    },
    Endpoint {
        path: "providers/set-rules",
        effect: Effect::Change,
        open: Open::No,
        member: false,
        arguments: || json!({ "name": "corp", "rules": [], "only_matched": false }),
    },
    Endpoint {
        path: "providers/set-enabled",
        effect: Effect::Change,
        open: Open::No,
        member: false,
        arguments: || json!({ "name": "corp", "enabled": true }),
    },
    Endpoint {
        path: "providers/remove",
        effect: Effect::Change,
        open: Open::No,
        member: false,
        arguments: || json!({ "name": "corp", "confirmation": "corp" }),
    },
    Endpoint {
        path: "clusters/list",
        effect: Effect::Read,
        open: Open::No,
        member: false,
        arguments: || json!({}),
    },
    Endpoint {
        path: "clusters/overview",
        effect: Effect::Read,
        open: Open::No,
        member: false,
        arguments: || json!({ "cluster": "local" }),
    },
    Endpoint {
        path: "projects/list",
        effect: Effect::Read,
        open: Open::No,
        member: true,
        arguments: || json!({}),
    },
    Endpoint {
        path: "projects/create",
        effect: Effect::Change,
        open: Open::No,
        member: false,
        arguments: || json!({ "form": { "name": "", "display_name": "", "description": "", "clusters": [] } }),
    },
    Endpoint {
        path: "projects/view",
        effect: Effect::Read,
        open: Open::No,
        member: false,
        arguments: || json!({ "project": "shop" }),
    },
    Endpoint {
        path: "projects/delete",
        effect: Effect::Change,
        open: Open::No,
        member: false,
        arguments: || json!({ "project": "shop", "confirmation": "" }),
    },
    Endpoint {
        path: "projects/members",
        effect: Effect::Read,
        open: Open::No,
        member: false,
        arguments: || json!({ "project": "shop" }),
    },
    Endpoint {
        path: "projects/set-member",
        effect: Effect::Change,
        open: Open::No,
        member: false,
        arguments: || json!({ "project": "shop", "username": "", "role": "viewer" }),
    },
    Endpoint {
        path: "projects/remove-member",
        effect: Effect::Change,
        open: Open::No,
        member: false,
        arguments: || json!({ "project": "shop", "username": "" }),
    },
    Endpoint {
        path: "namespaces/list",
        effect: Effect::Read,
        open: Open::No,
        member: true,
        arguments: || json!({}),
    },
    Endpoint {
        path: "namespaces/create",
        effect: Effect::Change,
        open: Open::No,
        member: false,
        arguments: || json!({ "form": { "project": "shop", "cluster": "local", "name": "", "bounds": { "amounts": {}, "security": "baseline" } } }),
    },
    Endpoint {
        path: "namespaces/view",
        effect: Effect::Read,
        open: Open::No,
        member: false,
        arguments: || json!({ "cluster": "local", "namespace": "shop-web" }),
    },
    Endpoint {
        path: "namespaces/edit",
        effect: Effect::Change,
        open: Open::No,
        member: false,
        arguments: || json!({ "cluster": "local", "namespace": "shop-web", "bounds": { "amounts": {}, "security": "baseline" } }),
    },
    Endpoint {
        path: "namespaces/delete",
        effect: Effect::Change,
        open: Open::No,
        member: false,
        arguments: || json!({ "cluster": "local", "namespace": "shop-web", "confirmation": "" }),
    },
    Endpoint {
        path: "namespaces/detach",
        effect: Effect::Change,
        open: Open::No,
        member: false,
        arguments: || json!({ "cluster": "local", "namespace": "shop-web" }),
    },
    Endpoint {
        path: "catalog/repositories",
        effect: Effect::Read,
        open: Open::No,
        member: true,
        arguments: || json!({}),
    },
    Endpoint {
        path: "catalog/add",
        effect: Effect::Change,
        open: Open::No,
        member: false,
        arguments: || json!({ "form": { "name": "", "address": {} } }),
    },
    Endpoint {
        path: "catalog/refresh",
        effect: Effect::Change,
        open: Open::No,
        member: false,
        arguments: || json!({ "name": "stable" }),
    },
    Endpoint {
        path: "catalog/remove",
        effect: Effect::Change,
        open: Open::No,
        member: false,
        arguments: || json!({ "name": "stable" }),
    },
    Endpoint {
        path: "catalog/charts",
        effect: Effect::Read,
        open: Open::No,
        member: true,
        arguments: || json!({ "words": "" }),
    },
    Endpoint {
        path: "catalog/chart",
        effect: Effect::Read,
        open: Open::No,
        member: true,
        arguments: || json!({ "repository": "stable", "name": "web", "version": null }),
    },
    Endpoint {
        path: "releases/list",
        effect: Effect::Read,
        open: Open::No,
        member: true,
        arguments: || json!({}),
    },
    Endpoint {
        path: "releases/view",
        effect: Effect::Read,
        open: Open::No,
        member: false,
        arguments: || json!({ "target": release() }),
    },
    Endpoint {
        path: "releases/review",
        effect: Effect::Read,
        open: Open::No,
        member: false,
        arguments: || json!({ "form": { "chart": { "repository": "stable", "name": "web", "version": "1.0.0" }, "cluster": "local", "namespace": "shop-web", "name": "web", "values": "" } }),
    },
    Endpoint {
        path: "releases/install",
        effect: Effect::Change,
        open: Open::No,
        member: false,
        arguments: || json!({ "form": { "chart": { "repository": "stable", "name": "web", "version": "1.0.0" }, "cluster": "local", "namespace": "shop-web", "name": "web", "values": "" } }),
    },
    Endpoint {
        path: "releases/upgrade",
        effect: Effect::Change,
        open: Open::No,
        member: false,
        arguments: || json!({ "form": { "chart": { "repository": "stable", "name": "web", "version": "1.0.0" }, "cluster": "local", "namespace": "shop-web", "name": "web", "values": "" } }),
    },
    Endpoint {
        path: "releases/roll-back",
        effect: Effect::Change,
        open: Open::No,
        member: false,
        arguments: || json!({ "target": release(), "revision": 1 }),
    },
    Endpoint {
        path: "releases/uninstall",
        effect: Effect::Change,
        open: Open::No,
        member: false,
        arguments: || json!({ "target": release(), "confirmation": "" }),
    },
    Endpoint {
        path: "releases/job",
        effect: Effect::Read,
        open: Open::No,
        member: false,
        arguments: || json!({ "id": "none" }),
    },
    Endpoint {
        path: "workloads/list",
        effect: Effect::Read,
        open: Open::No,
        member: true,
        arguments: || json!({ "query": { "filter": "", "sort": "name", "descending": false, "offset": 0 } }),
    },
    Endpoint {
        path: "workloads/view",
        effect: Effect::Read,
        open: Open::No,
        member: false,
        arguments: || json!({ "target": target() }),
    },
    Endpoint {
        path: "workloads/manifest",
        effect: Effect::Read,
        open: Open::No,
        member: false,
        arguments: || json!({ "target": target() }),
    },
    Endpoint {
        path: "workloads/log",
        effect: Effect::Read,
        open: Open::No,
        member: false,
        arguments: || json!({ "source": { "cluster": "local", "namespace": "shop-web", "pod": "web", "container": "web", "previous": false } }),
    },
    Endpoint {
        path: "workloads/review",
        effect: Effect::Read,
        open: Open::No,
        member: false,
        arguments: || json!({ "cluster": "local", "namespace": "shop-web", "form": { "name": "" } }),
    },
    Endpoint {
        path: "workloads/create",
        effect: Effect::Change,
        open: Open::No,
        member: false,
        arguments: || json!({ "cluster": "local", "namespace": "shop-web", "form": { "name": "" } }),
    },
    Endpoint {
        path: "workloads/review-change",
        effect: Effect::Read,
        open: Open::No,
        member: false,
        arguments: || json!({ "target": target(), "change": "restart" }),
    },
    Endpoint {
        path: "workloads/change",
        effect: Effect::Change,
        open: Open::No,
        member: false,
        arguments: || json!({ "target": target(), "change": "restart" }),
    },
    Endpoint {
        path: "workloads/delete",
        effect: Effect::Change,
        open: Open::No,
        member: false,
        arguments: || json!({ "target": target(), "confirmation": "" }),
    },
    Endpoint {
        path: "monitoring/history",
        effect: Effect::Read,
        open: Open::No,
        member: false,
        arguments: || json!({ "scope": { "workload": target() }, "span": "recent" }),
    },
    Endpoint {
        path: "monitoring/source",
        effect: Effect::Read,
        open: Open::No,
        member: false,
        arguments: || json!({ "cluster": "local" }),
    },
    Endpoint {
        path: "monitoring/set-source",
        effect: Effect::Change,
        open: Open::No,
        member: false,
        arguments: || json!({ "cluster": "local", "form": {} }),
    },
    Endpoint {
        path: "monitoring/remove-source",
        effect: Effect::Change,
        open: Open::No,
        member: false,
        arguments: || json!({ "cluster": "local" }),
    },
    Endpoint {
        path: "audit/list",
        effect: Effect::Read,
        open: Open::No,
        member: false,
        arguments: || json!({ "before": null }),
    },
];

fn target() -> Value {
    json!({ "cluster": "local", "namespace": "shop-web", "kind": "deployment", "name": "web" })
}

fn release() -> Value {
    json!({ "cluster": "local", "namespace": "shop-web", "name": "web" })
}
