//! What is counted in instructions, not in seconds: `scripts/counts.sh` runs each under callgrind, which looks at the function
//! that is called alike only.

use std::sync::Arc;

use model::clusters::ClusterName;
use model::rows::{Listing, RowKind, RowQuery, RowWindow, SortBy};

use super::Sources;
use super::kinds::{Decoded, decode};
use super::places::Places;
use super::shared::Shared;
use super::view::View;

/// Pods of the tables that are looked at.
const PODS: u32 = 10_000;
/// How often what is short is done.
const TIMES: u32 = 1_000;

/// As an API server writes it.
fn pod(number: u32, version: u32) -> String {
    let container = |name: &str| {
        serde_json::json!({
            "name": name, "image": format!("registry.example/{name}-{}:1.2", number % 40),
            "env": [{ "name": "HOST", "value": "host-1" }, { "name": "PORT", "value": "8080" }],
            "resources": { "requests": { "cpu": "50m", "memory": "64Mi" }, "limits": { "memory": "256Mi" } },
            "ports": [{ "containerPort": 8080, "name": "http", "protocol": "TCP" }],
            "volumeMounts": [{ "name": "token", "readOnly": true, "mountPath": "/var/run/secrets/kubernetes.io/serviceaccount" }],
            "terminationMessagePath": "/dev/termination-log", "terminationMessagePolicy": "File", "imagePullPolicy": "IfNotPresent",
        })
    };
    let status = |name: &str| {
        serde_json::json!({
            "name": name, "state": { "running": { "startedAt": "2026-11-22T10:00:00Z" } }, "lastState": {}, "ready": true,
            "restartCount": version, "image": format!("registry.example/{name}-{}:1.2", number % 40), "imageID": "", "started": true,
        })
    };
    let condition = |kind: &str| {
        serde_json::json!({
            "type": kind, "status": "True", "lastProbeTime": null, "lastTransitionTime": "2026-11-22T10:00:00Z",
        })
    };
    serde_json::json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {
            "name": format!("app-{}-{number}", number % 1000), "namespace": format!("team-{}", number % 100), "uid": format!("{number:036}"),
            "resourceVersion": version.to_string(), "creationTimestamp": "2026-11-22T10:00:00Z",
            "labels": { "app": format!("app-{}", number % 1000), "tier": "front" },
            "managedFields": [{ "manager": "kwok", "operation": "Update", "fieldsV1": { "f:status": { "f:conditions": {}, "f:phase": {} } } }],
        },
        "spec": {
            "nodeName": format!("node-{}", number % 200), "containers": [container("server"), container("sidecar")],
            "tolerations": [{ "operator": "Exists" }], "serviceAccountName": "default", "schedulerName": "default-scheduler",
        },
        "status": {
            "phase": "Running", "podIP": format!("10.0.{}.{}", number / 250, number % 250), "hostIP": "10.1.0.1",
            "conditions": [condition("Initialized"), condition("Ready"), condition("ContainersReady"), condition("PodScheduled")],
            "containerStatuses": [status("server"), status("sidecar")],
        },
    })
    .to_string()
}

fn full() -> Arc<Shared> {
    let shared = Arc::new(Shared::new(ClusterName::parse("local").unwrap(), RowKind::Pods));
    for number in 0..PODS {
        let (draft, _) = decode(RowKind::Pods, &pod(number, 1)).unwrap();
        shared.write().put(&draft);
    }
    shared
}

fn view(shared: &Arc<Shared>) -> (View, RowQuery) {
    let all = RowQuery::new(Listing::Kind(RowKind::Pods), "label:tier=front");
    let query = RowQuery { sort: vec![(SortBy::Name, false)], length: 50, ..all };
    let sources =
        Sources { tables: vec![(shared.clone(), Places::Everywhere)], missing: vec![], rights: vec![] };
    (View::new(&query, sources), query)
}

#[inline(never)]
fn counted_decode_one_pod(text: &str) -> Decoded {
    decode(RowKind::Pods, text)
}

#[test]
#[ignore = "counted by scripts/counts.sh"]
fn decode_one_pod() {
    let text = pod(7, 1);
    for _ in 0..TIMES {
        counted_decode_one_pod(&text).unwrap();
    }
}

/// From the bytes of a watch to a list that is right again.
#[inline(never)]
fn counted_apply_one_event(shared: &Shared, view: &mut View, query: &RowQuery, text: &str) -> u32 {
    let (draft, _) = decode(RowKind::Pods, text).unwrap();
    shared.write().put(&draft);
    shared.changed();
    view.window(query).total
}

#[test]
#[ignore = "counted by scripts/counts.sh"]
fn apply_one_event() {
    let shared = full();
    let (mut view, query) = view(&shared);
    view.window(&query);
    for version in 2..102 {
        let text = pod(version % 50, version);
        assert_eq!(counted_apply_one_event(&shared, &mut view, &query, &text), PODS);
    }
}

/// What two hundred who look at the same are told of one change, as text.
#[inline(never)]
fn counted_fan_out_to_200(view: &mut View, query: &RowQuery, last: &RowWindow) -> usize {
    let told = (0..200).map(|_| {
        let delta = last.delta(&view.window(query)).unwrap();
        serde_json::to_string(&delta).unwrap().len()
    });
    told.sum()
}

#[test]
#[ignore = "counted by scripts/counts.sh"]
fn fan_out_to_200() {
    let shared = full();
    let (mut view, query) = view(&shared);
    for version in 2..7 {
        let last = view.window(&query);
        let (draft, _) = decode(RowKind::Pods, &pod(0, version)).unwrap();
        shared.write().put(&draft);
        assert!(counted_fan_out_to_200(&mut view, &query, &last) > 200);
    }
}

/// A page of fifty rows as it is sent.
#[inline(never)]
fn counted_render_50_rows(view: &mut View, query: &RowQuery) -> usize {
    serde_json::to_string(&view.window(query)).unwrap().len()
}

#[test]
#[ignore = "counted by scripts/counts.sh"]
fn render_50_rows() {
    let shared = full();
    let (mut view, query) = view(&shared);
    view.window(&query);
    for _ in 0..100 {
        assert!(counted_render_50_rows(&mut view, &query) > 50);
    }
}
