//! The objects that a form stands for.

use std::collections::BTreeMap;

use model::namespaces::written;
use model::quantity::Quantity;
use model::workloads::Deployment;
use serde_json::{Map, Value, json};

/// Selects the pods of a workload that the console made; also on all of its objects.
const NAME: &str = "app.kubernetes.io/name";

/// A Deployment of one container. The strategy is written out (A2:DEP-02).
pub(super) fn deployment(form: &Deployment) -> Value {
    let labels = json!({ NAME: form.name.as_str() });
    let ports = form.ports.iter().map(
        |port| json!({ "name": port.name, "containerPort": port.number, "protocol": port.protocol.as_str() }),
    );
    let environment = form.environment.iter().map(|(name, value)| json!({ "name": name, "value": value }));
    let mut container = Map::new();
    container.insert("name".into(), json!(form.name.as_str()));
    container.insert("image".into(), json!(form.image));
    for (key, list) in [("ports", ports.collect::<Vec<_>>()), ("env", environment.collect())] {
        if !list.is_empty() {
            container.insert(key.into(), Value::Array(list));
        }
    }
    let mut resources = Map::new();
    for (key, amounts) in [("requests", &form.requests), ("limits", &form.limits)] {
        if !amounts.is_empty() {
            resources.insert(key.into(), in_words(amounts));
        }
    }
    if !resources.is_empty() {
        container.insert("resources".into(), Value::Object(resources));
    }
    let mut pod = Map::new();
    if form.restricted {
        container.insert(
            "securityContext".into(),
            json!({ "allowPrivilegeEscalation": false, "capabilities": { "drop": ["ALL"] } }),
        );
        pod.insert(
            "securityContext".into(),
            json!({ "runAsNonRoot": true, "seccompProfile": { "type": "RuntimeDefault" } }),
        );
    }
    pod.insert("containers".into(), json!([container]));
    json!({
        "apiVersion": "apps/v1", "kind": "Deployment",
        "metadata": { "name": form.name.as_str(), "namespace": form.namespace.as_str(), "labels": labels },
        "spec": {
            "replicas": form.replicas,
            "selector": { "matchLabels": labels },
            "strategy": { "type": "RollingUpdate", "rollingUpdate": { "maxSurge": 1, "maxUnavailable": 1 } },
            "template": { "metadata": { "labels": labels }, "spec": pod },
        },
    })
}

/// The Service in front of it, when one is asked for.
pub(super) fn service(form: &Deployment) -> Option<Value> {
    let ports = form.ports.iter().map(|port| {
        json!({
            "name": port.name, "port": port.number, "protocol": port.protocol.as_str(), "targetPort": port.name,
        })
    });
    let labels = json!({ NAME: form.name.as_str() });
    form.service.then(|| {
        json!({
            "apiVersion": "v1", "kind": "Service",
            "metadata": { "name": form.name.as_str(), "namespace": form.namespace.as_str(), "labels": labels },
            "spec": { "selector": labels, "ports": ports.collect::<Vec<_>>() },
        })
    })
}

/// One pod of a workload, for asking what a namespace says to it.
pub(super) fn pod(workload: &Value) -> Option<Value> {
    let meta = workload.get("metadata")?;
    let template = workload.pointer("/spec/template")?;
    Some(json!({
        "apiVersion": "v1", "kind": "Pod",
        "metadata": {
            "generateName": format!("{}-", meta.get("name")?.as_str()?),
            "namespace": meta.get("namespace")?,
            "labels": template.pointer("/metadata/labels").cloned().unwrap_or_else(|| json!({})),
            "annotations": template.pointer("/metadata/annotations").cloned().unwrap_or_else(|| json!({})),
        },
        "spec": template.get("spec")?,
    }))
}

fn in_words(amounts: &[(&'static str, Quantity)]) -> Value {
    let words = |(resource, amount): &(&'static str, Quantity)| (*resource, written(resource, *amount));
    json!(amounts.iter().map(words).collect::<BTreeMap<_, _>>())
}
