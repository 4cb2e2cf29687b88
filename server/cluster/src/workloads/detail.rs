//! One workload with its pods, events and revisions, read as the person.

use contract::Error;
use gate::Grant;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kube::core::Object;
use model::panel::Absence;
use model::quantity::Quantity;
use model::roles::Permissions;
use model::workloads::{self as shown, Event, Revision, WorkloadDetail, WorkloadKind, WorkloadRef};
use serde_json::Value;

use crate::client::Cluster;
use crate::events::{EventObject, Involved};
use crate::monitoring::{PodUse, together};
use crate::read::{Listed, Reader, panel};
use crate::workloads::diagnosis::diagnose;
use crate::workloads::health::{Assessment, assess, pod as pod_health};
use crate::workloads::objects::{Pod, Spec, Workload, containers, created, images, selector};
use crate::workloads::{folder, path};

/// Names the revision on ReplicaSets and Deployments.
const REVISION: &str = "deployment.kubernetes.io/revision";
/// Names the release on what Helm installs.
const RELEASE: &str = "meta.helm.sh/release-name";
/// Events shown, newest first.
const EVENTS: usize = 50;

/// A ReplicaSet, for what a Deployment was before.
pub(crate) type ReplicaSet = Object<Spec, Value>;

/// Without what only the console knows: its project and the person's role.
///
/// Errors: `NotFound`, those of clusters.
pub async fn workload(
    cluster: &Cluster,
    grant: &Grant,
    target: &WorkloadRef,
) -> Result<WorkloadDetail, Error> {
    let client = cluster.client(grant)?;
    let read = Reader { cluster, client: &client };
    let object: Workload = read.get(&path(target)).await?;
    let namespace = target.namespace.as_str();
    let by_selector = pod_query(target, &object);
    let (event_path, usage_path) = (
        format!("/api/v1/namespaces/{namespace}/events"),
        format!("/apis/metrics.k8s.io/v1beta1/namespaces/{namespace}/pods"),
    );
    let (pods, events, usage, sets) = tokio::join!(
        owned_pods(&read, target, by_selector.as_deref()),
        read.list::<EventObject>(&event_path, ""),
        read.list::<PodUse>(&usage_path, by_selector.as_deref().unwrap_or_default()),
        replica_sets(&read, target, &object),
    );
    let pods = panel(pods?, Absence::Failed);
    let usage = panel(usage?, Absence::NoMetricsApi);
    let sets = sets?;
    let own_pods = pods.ready().map_or(&[][..], Vec::as_slice);
    let own_sets: Vec<&str> = sets.iter().filter_map(|set| set.metadata.name.as_deref()).collect();
    let events = panel(events?, Absence::Failed).map(|events| related(events, target, own_pods, &own_sets));

    let status = object.status.clone().unwrap_or_default();
    let trouble =
        own_pods.iter().filter_map(|pod| pod.status.as_ref()).find_map(crate::workloads::health::trouble);
    let generation = object.metadata.generation.unwrap_or_default();
    let Assessment { health, reason, progress } =
        assess(target.kind, generation, &object.spec, &status, trouble.as_deref());
    let revisions = revisions(&object.metadata, &sets);
    let known = events.ready().map_or(&[][..], Vec::as_slice);
    let diagnosis = diagnose(health, progress, &status.conditions, own_pods, known, &revisions);
    let names: Vec<_> = own_pods.iter().filter_map(|pod| pod.metadata.name.clone()).collect();
    let usage = usage.map(|usage| {
        usage.into_iter().filter(|usage| names.contains(&usage.metadata.name)).collect::<Vec<_>>()
    });
    let measured = usage.ready().map_or(&[][..], Vec::as_slice);
    let (cpu, memory) = measured
        .iter()
        .map(together)
        .fold((Quantity::ZERO, Quantity::ZERO), |sum, each| (sum.0.plus(each.0), sum.1.plus(each.1)));
    let used = shown::Usage { cpu: cpu.cores(), memory: memory.bytes() };
    Ok(WorkloadDetail {
        project: None,
        may: Permissions::NONE,
        health,
        reason,
        progress,
        created_at: created(&object.metadata),
        release: annotation(&object.metadata, RELEASE).map(str::to_owned),
        images: containers(&object.spec)
            .iter()
            .map(|container| (container.name.clone(), container.image.clone()))
            .collect(),
        diagnosis,
        conditions: status
            .conditions
            .into_iter()
            .map(|condition| shown::Condition {
                kind: condition.kind,
                status: condition.status,
                reason: condition.reason,
                message: condition.message,
            })
            .collect(),
        pods: pods.map(|pods| pods.into_iter().map(|pod| line(pod, measured)).collect()),
        events,
        revisions,
        usage: usage.map(|_| used),
        target: target.clone(),
    })
}

/// The names of its pods; none where the person may not list them. Errors: `NotFound`, those of clusters.
pub async fn pod_names(cluster: &Cluster, grant: &Grant, target: &WorkloadRef) -> Result<Vec<String>, Error> {
    let client = cluster.client(grant)?;
    let read = Reader { cluster, client: &client };
    let object: Workload = read.get(&path(target)).await?;
    let pods = owned_pods(&read, target, pod_query(target, &object).as_deref()).await?.unwrap_or_default();
    Ok(pods.into_iter().filter_map(|pod| pod.metadata.name).collect())
}

/// The object as it is in the cluster, as YAML, without the book-keeping of field owners.
///
/// Errors: `NotFound`, those of clusters.
pub async fn manifest_of(cluster: &Cluster, grant: &Grant, target: &WorkloadRef) -> Result<String, Error> {
    let client = cluster.client(grant)?;
    let mut object: Value = Reader { cluster, client: &client }.get(&path(target)).await?;
    if let Some(meta) = object.pointer_mut("/metadata").and_then(Value::as_object_mut) {
        meta.remove("managedFields");
    }
    serde_saphyr::to_string(&object).map_err(Error::internal)
}

/// The ReplicaSets of a Deployment; none of other kinds.
pub(crate) async fn replica_sets(
    read: &Reader<'_>,
    target: &WorkloadRef,
    object: &Workload,
) -> Result<Vec<ReplicaSet>, Error> {
    let (WorkloadKind::Deployment, Some(selector)) =
        (target.kind, object.spec.selector.as_ref().and_then(selector))
    else {
        return Ok(vec![]);
    };
    let path = format!("/apis/apps/v1/namespaces/{}/replicasets", target.namespace);
    let query = format!("&labelSelector={}", encoded(&selector));
    // History is an extra: without permission to read it there is none.
    let found = read.list::<ReplicaSet>(&path, &query).await?.unwrap_or_default();
    Ok(found.into_iter().filter(|set| is_owned(&set.metadata, &object.metadata)).collect())
}

/// The number that the Deployment controller gave a ReplicaSet.
pub(crate) fn revision(meta: &ObjectMeta) -> Option<u32> {
    annotation(meta, REVISION)?.parse().ok()
}

fn revisions(deployment: &ObjectMeta, sets: &[ReplicaSet]) -> Vec<Revision> {
    let current = revision(deployment);
    let mut revisions: Vec<_> = sets
        .iter()
        .filter_map(|set| {
            let number = revision(&set.metadata)?;
            Some(Revision {
                number,
                images: images(&set.spec),
                created_at: created(&set.metadata),
                current: Some(number) == current,
            })
        })
        .collect();
    revisions.sort_by_key(|revision| std::cmp::Reverse(revision.number));
    revisions
}

/// What its pods are found by; a CronJob has no selector.
fn pod_query(target: &WorkloadRef, object: &Workload) -> Option<String> {
    let chosen = match target.kind {
        WorkloadKind::CronJob => None,
        _ => object.spec.selector.as_ref().and_then(selector),
    };
    chosen.map(|selector| format!("&labelSelector={}", encoded(&selector)))
}

/// Pods by the workload's selector that are its own; of a CronJob those of its Jobs.
async fn owned_pods(
    read: &Reader<'_>,
    target: &WorkloadRef,
    query: Option<&str>,
) -> Result<Listed<Pod>, Error> {
    let namespace = target.namespace.as_str();
    let query = match (target.kind, query) {
        (_, Some(query)) => query.to_owned(),
        (WorkloadKind::CronJob, None) => {
            let jobs =
                match read.list::<Object<Value, Value>>(&folder(namespace, WorkloadKind::Job), "").await? {
                    Ok(jobs) => jobs,
                    Err(status) => return Ok(Err(status)),
                };
            let own = jobs.iter().filter(|job| {
                let mut owners = job.metadata.owner_references.iter().flatten();
                owners.any(|owner| owner.kind == "CronJob" && owner.name == target.name.as_str())
            });
            let names: Vec<_> = own.filter_map(|job| job.metadata.name.as_deref()).collect();
            if names.is_empty() {
                return Ok(Ok(vec![]));
            }
            format!(
                "&labelSelector={}",
                encoded(&format!("batch.kubernetes.io/job-name in ({})", names.join(",")))
            )
        }
        _ => return Ok(Ok(vec![])),
    };
    let pods = read.list::<Pod>(&format!("/api/v1/namespaces/{namespace}/pods"), &query).await?;
    Ok(pods.map(|pods| {
        let mine = |pod: &Pod| match crate::workloads::objects::owner(&pod.metadata) {
            Some((kind, name)) => {
                target.kind == WorkloadKind::CronJob || (kind == target.kind && name == target.name.as_str())
            }
            None => false,
        };
        let mut pods: Vec<_> = pods.into_iter().filter(mine).collect();
        pods.sort_by(|a, b| a.metadata.name.cmp(&b.metadata.name));
        pods
    }))
}

fn line(pod: Pod, measured: &[PodUse]) -> shown::Pod {
    let (health, reason) = pod_health(&pod);
    let name = pod.metadata.name.clone().unwrap_or_default();
    let created_at = created(&pod.metadata);
    let status = pod.status.unwrap_or_default();
    let ready = status.container_statuses.iter().filter(|container| container.ready).count();
    let restarts = status.container_statuses.iter().map(|container| container.restart_count).sum();
    let used = measured.iter().find(|usage| usage.metadata.name == name).map(together);
    shown::Pod {
        health,
        reason,
        ready: format!("{ready}/{}", pod.spec.containers.len()),
        restarts,
        node: pod.spec.node_name,
        containers: pod.spec.containers.into_iter().map(|container| container.name).collect(),
        cpu: used.map(|(cpu, _)| cpu.cores()).unwrap_or_default(),
        memory: used.map(|(_, memory)| memory.bytes()).unwrap_or_default(),
        created_at,
        name,
    }
}

/// Events about the workload, its ReplicaSets and its pods, newest first.
fn related(events: Vec<EventObject>, target: &WorkloadRef, pods: &[Pod], sets: &[&str]) -> Vec<Event> {
    let about = |event: &EventObject| {
        let Involved { kind, name } = &event.involved_object;
        match kind.as_str() {
            "Pod" => pods.iter().any(|pod| pod.metadata.name.as_deref() == Some(name)),
            "ReplicaSet" => sets.contains(&name.as_str()),
            kind => kind == target.kind.as_str() && name == target.name.as_str(),
        }
    };
    let mut events: Vec<_> = events.into_iter().filter(about).map(event).collect();
    events.sort_by(|a, b| b.last_at.cmp(&a.last_at));
    events.truncate(EVENTS);
    events
}

fn event(event: EventObject) -> Event {
    Event {
        warning: event.kind == "Warning",
        object: event.object(),
        last_at: event.last_at(),
        reason: event.reason,
        message: event.message,
        count: event.count.unwrap_or(1),
    }
}

fn annotation<'a>(meta: &'a ObjectMeta, key: &str) -> Option<&'a str> {
    meta.annotations.as_ref()?.get(key).map(String::as_str)
}

fn is_owned(meta: &ObjectMeta, by: &ObjectMeta) -> bool {
    meta.owner_references.iter().flatten().any(|owner| by.uid.as_deref() == Some(&owner.uid))
}

/// As the value of a query.
fn encoded(selector: &str) -> String {
    form_urlencoded::byte_serialize(selector.as_bytes()).collect()
}
