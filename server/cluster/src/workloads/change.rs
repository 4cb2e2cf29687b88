//! Making, changing and deleting workloads, as the person.

use contract::{Error, Kind};
use gate::Grant;
use model::problem::Problem;
use model::workloads::{Change, Deployment, WorkloadRef, check_image, check_replicas};
use serde_json::{Value, json};

use crate::client::Cluster;
use crate::read::Reader;
use crate::trail::kept;
use crate::workloads::detail::{replica_sets, revision};
use crate::workloads::manifest;
use crate::workloads::objects::Workload;
use crate::workloads::path;
use crate::write::{create, delete, edit, merge};

/// The label that tells the ReplicaSets of a Deployment apart; never part of its template.
const HASH: &str = "pod-template-hash";

/// Makes the Deployment and its Service, or nothing. Errors: `Invalid` when a name is taken, those of clusters.
pub async fn create_deployment(cluster: &Cluster, grant: &Grant, form: &Deployment) -> Result<(), Error> {
    let taken = |error: Error| match error.kind {
        Kind::Conflict { .. } => Error::invalid("name", Problem::Taken),
        _ => error,
    };
    let (deployments, services) = folders(form);
    create(cluster, grant, &deployments, &manifest::deployment(form)).await.map_err(taken)?;
    let Some(service) = manifest::service(form) else { return Ok(()) };
    if let Err(error) = create(cluster, grant, &services, &service).await {
        // What may be whole is not taken apart.
        if matches!(error.kind, Kind::OutcomeUnknown { .. }) {
            return Err(error);
        }
        // Half of what was asked for is not what was asked for.
        delete(cluster, grant, &format!("{deployments}/{}", form.name)).await?;
        return Err(taken(error));
    }
    Ok(())
}

/// Does one thing to a workload. `reviewed` is the generation that it must still have.
///
/// Errors: `Invalid` per field, `Conflict` when it changed since the review, those of clusters.
pub async fn change_workload(
    cluster: &Cluster,
    grant: &Grant,
    target: &WorkloadRef,
    change: &Change,
    reviewed: Option<i64>,
) -> Result<(), Error> {
    let object = current(cluster, grant, target).await?;
    if reviewed.is_some() && reviewed != generation(&object) {
        return Err(Kind::Conflict { what: target.to_string() }.into());
    }
    if let Change::Scale { replicas } = change {
        let replicas = scaled(target, replicas)?;
        let patch = json!({ "spec": { "replicas": replicas } });
        merge(cluster, grant, &format!("{}/scale", path(target)), &patch).await?;
    } else {
        let patch = patch(cluster, grant, target, &object, change).await?;
        edit(cluster, grant, &path(target), &patch).await?;
    }
    // What became of it, for the trail; it is done, whether or not that can be read.
    if let Ok(after) = current(cluster, grant, target).await {
        grant.note(kept(object)?, kept(after)?);
    }
    Ok(())
}

/// Deletes it with its pods; one that is gone already is fine.
pub async fn delete_workload(cluster: &Cluster, grant: &Grant, target: &WorkloadRef) -> Result<(), Error> {
    delete(cluster, grant, &path(target)).await
}

/// Where the objects of a form go: Deployments, Services.
pub(super) fn folders(form: &Deployment) -> (String, String) {
    let namespace = &form.namespace;
    (
        format!("/apis/apps/v1/namespaces/{namespace}/deployments"),
        format!("/api/v1/namespaces/{namespace}/services"),
    )
}

/// The workload as it is now, whole: what the console does not know survives.
pub(super) async fn current(cluster: &Cluster, grant: &Grant, target: &WorkloadRef) -> Result<Value, Error> {
    let client = cluster.client(grant)?;
    Reader { cluster, client: &client }.get(&path(target)).await
}

/// Grows with every change of what is asked for, not with its status.
pub(super) fn generation(object: &Value) -> Option<i64> {
    object.pointer("/metadata/generation")?.as_i64()
}

/// Checks a number of replicas for this kind.
pub(super) fn scaled(target: &WorkloadRef, typed: &str) -> Result<u32, Error> {
    if !target.kind.scales() {
        return Err(Kind::NotFound { what: format!("a number of replicas of {target}") }.into());
    }
    check_replicas(typed).map_err(|problem| Error::invalid("replicas", problem))
}

/// The operations of a change other than scaling. They hold only for the object as it was read.
pub(super) async fn patch(
    cluster: &Cluster,
    grant: &Grant,
    target: &WorkloadRef,
    object: &Value,
    change: &Change,
) -> Result<Value, Error> {
    if !target.kind.rolls_out() {
        return Err(Kind::NotFound { what: format!("a rollout of {target}") }.into());
    }
    let operation = match change {
        Change::Scale { replicas } => {
            json!({ "op": "add", "path": "/spec/replicas", "value": scaled(target, replicas)? })
        }
        Change::Restart => {
            let mut template = object.pointer("/spec/template").cloned().unwrap_or_default();
            let at = k8s_openapi::jiff::Timestamp::now().to_string();
            if let Some(meta) = template.pointer_mut("/metadata").and_then(Value::as_object_mut) {
                // The annotation that kubectl sets, so that both mean the same.
                meta.entry("annotations").or_insert_with(|| json!({}));
                if let Some(annotations) = meta.get_mut("annotations").and_then(Value::as_object_mut) {
                    annotations.insert("kubectl.kubernetes.io/restartedAt".to_owned(), json!(at));
                }
            }
            json!({ "op": "replace", "path": "/spec/template", "value": template })
        }
        Change::RollBack { revision } => {
            let template = template_of(cluster, grant, target, object, *revision).await?;
            json!({ "op": "replace", "path": "/spec/template", "value": template })
        }
        Change::Image { container, image } => {
            let image = check_image(image).map_err(|problem| Error::invalid("image", problem))?;
            let containers = object.pointer("/spec/template/spec/containers").and_then(Value::as_array);
            let index = containers.and_then(|containers| {
                let named = |known: &Value| known.get("name").and_then(Value::as_str) == Some(container);
                containers.iter().position(named)
            });
            let index =
                index.ok_or_else(|| Kind::NotFound { what: format!("container {container} of {target}") })?;
            json!({ "op": "replace", "path": format!("/spec/template/spec/containers/{index}/image"), "value": image })
        }
    };
    // Not its resource version, which a rollout changes all the time.
    let seen = json!({ "op": "test", "path": "/metadata/generation", "value": generation(object) });
    Ok(json!([seen, operation]))
}

/// The template that a Deployment had at a revision.
async fn template_of(
    cluster: &Cluster,
    grant: &Grant,
    target: &WorkloadRef,
    object: &Value,
    number: u32,
) -> Result<Value, Error> {
    let client = cluster.client(grant)?;
    let read = Reader { cluster, client: &client };
    let deployment: Workload = serde_json::from_value(object.clone()).map_err(Error::internal)?;
    let sets = replica_sets(&read, target, &deployment).await?;
    let set = sets.iter().find(|set| revision(&set.metadata) == Some(number));
    let missing = || Kind::NotFound { what: format!("revision {number} of {target}") };
    let name = set.and_then(|set| set.metadata.name.as_deref()).ok_or_else(missing)?;
    let path = format!("/apis/apps/v1/namespaces/{}/replicasets/{name}", target.namespace);
    let mut set: Value = read.get(&path).await?;
    if let Some(labels) = set.pointer_mut("/spec/template/metadata/labels").and_then(Value::as_object_mut) {
        labels.remove(HASH);
    }
    set.pointer("/spec/template").cloned().ok_or_else(|| missing().into())
}
