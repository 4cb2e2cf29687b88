//! How a workload is, from its own status and what its pods wait for.

use contract::Error;
use model::workloads::{Health, Progress, WorkloadKind};

use serde_json::Value;

use crate::workloads::objects::{Condition, Pod, PodStatus, Spec, Status, Workload};

/// Reasons for which a container waits that do not go away by waiting.
const STUCK: [&str; 8] = [
    "CrashLoopBackOff",
    "CreateContainerConfigError",
    "CreateContainerError",
    "ErrImageNeverPull",
    "ErrImagePull",
    "ImagePullBackOff",
    "InvalidImageName",
    "RunContainerError",
];

/// Reasons for which a pod has no node.
const UNSCHEDULED: [&str; 2] = ["Unschedulable", "SchedulingGated"];

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Assessment {
    pub(crate) health: Health,
    /// A word of Kubernetes; empty when there is nothing to say.
    pub(crate) reason: String,
    pub(crate) progress: Progress,
}

/// `trouble` is what one of its pods is stuck at.
pub(crate) fn assess(
    kind: WorkloadKind,
    generation: i64,
    spec: &Spec,
    status: &Status,
    trouble: Option<&str>,
) -> Assessment {
    let progress = progress(kind, spec, status);
    let (health, reason) = match kind {
        WorkloadKind::Job => job(spec, status, trouble),
        WorkloadKind::CronJob if spec.suspend => (Health::Stopped, "Suspended"),
        WorkloadKind::CronJob => (Health::Healthy, ""),
        _ if progress.wanted == 0 && progress.available == 0 => (Health::Stopped, ""),
        _ => serving(generation, spec, status, progress, trouble),
    };
    Assessment { health, reason: reason.to_owned(), progress }
}

/// As [`assess`], of an object as the cluster gave it.
pub(crate) fn assessed(kind: WorkloadKind, object: Value) -> Result<(Health, String), Error> {
    let object: Workload = serde_json::from_value(object).map_err(Error::internal)?;
    let generation = object.metadata.generation.unwrap_or_default();
    let found = assess(kind, generation, &object.spec, &object.status.unwrap_or_default(), None);
    Ok((found.health, found.reason))
}

/// Whether a word is what a pod is stuck at, as [`trouble`] says it.
pub(crate) fn is_stuck(word: &str) -> bool {
    STUCK.contains(&word) || UNSCHEDULED.contains(&word)
}

/// What a pod is stuck at, with the container that is.
pub(crate) fn trouble(status: &PodStatus) -> Option<String> {
    let containers = status.init_container_statuses.iter().chain(&status.container_statuses);
    let waiting = containers.filter_map(|container| container.state.waiting.as_ref());
    let stuck = waiting.map(|waiting| waiting.reason.as_str()).find(|reason| STUCK.contains(reason));
    let unscheduled = || {
        let scheduled = status.conditions.iter().find(|condition| condition.kind == "PodScheduled")?;
        (scheduled.status == "False").then_some(scheduled.reason.as_str())
    };
    stuck.or_else(unscheduled).map(str::to_owned)
}

/// The pod's own state, as `kubectl get pods` words it.
pub(crate) fn pod(pod: &Pod) -> (Health, String) {
    let nothing = PodStatus::default();
    pod_state(pod.metadata.deletion_timestamp.is_some(), pod.status.as_ref().unwrap_or(&nothing))
}

/// As [`pod`], from its status and whether it is being deleted.
pub(crate) fn pod_state(going: bool, status: &PodStatus) -> (Health, String) {
    if going {
        return (Health::Stopped, "Terminating".to_owned());
    }
    if let Some(trouble) = trouble(status) {
        return (Health::Failed, trouble);
    }
    match status.phase.as_str() {
        "" => (Health::Progressing, "Pending".to_owned()),
        "Succeeded" => (Health::Stopped, "Completed".to_owned()),
        "Failed" if status.reason.is_empty() => (Health::Failed, "Error".to_owned()),
        "Failed" => (Health::Failed, status.reason.clone()),
        "Running" if holds(&status.conditions, "Ready") => (Health::Healthy, "Running".to_owned()),
        phase => {
            let containers = status.init_container_statuses.iter().chain(&status.container_statuses);
            let waiting = containers.filter_map(|container| container.state.waiting.as_ref()).next();
            let reason = waiting.map_or(phase, |waiting| waiting.reason.as_str());
            (Health::Progressing, reason.to_owned())
        }
    }
}

pub(crate) fn holds(conditions: &[Condition], kind: &str) -> bool {
    conditions.iter().any(|condition| condition.kind == kind && condition.status == "True")
}

fn progress(kind: WorkloadKind, spec: &Spec, status: &Status) -> Progress {
    match kind {
        WorkloadKind::DaemonSet => Progress {
            wanted: status.desired_number_scheduled,
            updated: status.updated_number_scheduled,
            ready: status.number_ready,
            available: status.number_available,
        },
        WorkloadKind::Job => {
            let wanted = spec.completions.unwrap_or(1);
            Progress { wanted, updated: wanted, ready: status.succeeded, available: status.succeeded }
        }
        WorkloadKind::CronJob => Progress::default(),
        WorkloadKind::Deployment | WorkloadKind::StatefulSet => Progress {
            wanted: spec.replicas.unwrap_or(1),
            updated: status.updated_replicas,
            ready: status.ready_replicas,
            available: status.available_replicas,
        },
    }
}

fn serving<'a>(
    generation: i64,
    spec: &Spec,
    status: &'a Status,
    progress: Progress,
    trouble: Option<&'a str>,
) -> (Health, &'a str) {
    if let Some(trouble) = trouble {
        return (Health::Failed, trouble);
    }
    let failed = status.conditions.iter().find(|condition| {
        (condition.kind == "ReplicaFailure" && condition.status == "True")
            || (condition.kind == "Progressing" && condition.status == "False")
    });
    if let Some(failed) = failed {
        return (Health::Failed, &failed.reason);
    }
    let Progress { wanted, updated, ready, available } = progress;
    let seen = status.observed_generation >= generation;
    if seen
        && updated >= wanted
        && ready >= wanted
        && available >= wanted
        && status.replicas <= updated.max(wanted)
    {
        return (Health::Healthy, "");
    }
    (Health::Progressing, if spec.paused { "Paused" } else { "" })
}

fn job<'a>(spec: &Spec, status: &'a Status, trouble: Option<&'a str>) -> (Health, &'a str) {
    if let Some(failed) = status.conditions.iter().find(|c| c.kind == "Failed" && c.status == "True") {
        return (Health::Failed, &failed.reason);
    }
    if holds(&status.conditions, "Complete") {
        return (Health::Healthy, "Complete");
    }
    if spec.suspend {
        return (Health::Stopped, "Suspended");
    }
    match trouble {
        Some(trouble) => (Health::Failed, trouble),
        None => (Health::Progressing, "Running"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::json;

    fn deployment(spec: Value, status: Value) -> Assessment {
        let (spec, status) = (serde_json::from_value(spec).unwrap(), serde_json::from_value(status).unwrap());
        assess(WorkloadKind::Deployment, 2, &spec, &status, None)
    }

    #[test]
    fn a_deployment_is_healthy_when_the_newest_generation_is_available_and_nothing_else_is_left() {
        let status = |observed: i64, replicas: u32, updated: u32, available: u32| {
            json!({
                "observedGeneration": observed, "replicas": replicas, "updatedReplicas": updated,
                "readyReplicas": available, "availableReplicas": available,
            })
        };
        let spec = json!({ "replicas": 3 });

        assert_eq!(deployment(spec.clone(), status(2, 3, 3, 3)).health, Health::Healthy);
        for rolling in [status(1, 3, 3, 3), status(2, 4, 2, 3), status(2, 3, 3, 2), status(2, 4, 3, 4)] {
            assert_eq!(deployment(spec.clone(), rolling.clone()).health, Health::Progressing, "{rolling}");
        }
        assert_eq!(deployment(json!({ "replicas": 0 }), json!({})).health, Health::Stopped);
    }

    #[test]
    fn what_a_pod_is_stuck_at_fails_the_workload_by_that_name() {
        let (spec, status) = (Spec { replicas: Some(1), ..Spec::default() }, Status::default());

        let found = assess(WorkloadKind::StatefulSet, 1, &spec, &status, Some("ImagePullBackOff"));

        assert_eq!((found.health, found.reason.as_str()), (Health::Failed, "ImagePullBackOff"));
    }

    #[test]
    fn a_rollout_past_its_deadline_has_failed() {
        let condition =
            json!({ "type": "Progressing", "status": "False", "reason": "ProgressDeadlineExceeded" });

        let found = deployment(json!({}), json!({ "observedGeneration": 2, "conditions": [condition] }));

        assert_eq!((found.health, found.reason.as_str()), (Health::Failed, "ProgressDeadlineExceeded"));
    }

    #[test]
    fn a_pod_is_worded_as_kubectl_words_it() {
        let worded = |status: Value| {
            let object = json!({ "metadata": {}, "spec": {}, "status": status });
            pod(&serde_json::from_value(object).unwrap())
        };
        let waiting = |reason: &str| json!([{ "state": { "waiting": { "reason": reason } } }]);

        let ready = json!({ "phase": "Running", "conditions": [{ "type": "Ready", "status": "True" }] });
        assert_eq!(worded(ready), (Health::Healthy, "Running".into()));
        let creating = json!({ "phase": "Pending", "containerStatuses": waiting("ContainerCreating") });
        assert_eq!(worded(creating), (Health::Progressing, "ContainerCreating".into()));
        let pulling = json!({ "phase": "Pending", "containerStatuses": waiting("ErrImagePull") });
        assert_eq!(worded(pulling), (Health::Failed, "ErrImagePull".into()));
        let evicted = json!({ "phase": "Failed", "reason": "Evicted" });
        assert_eq!(worded(evicted), (Health::Failed, "Evicted".into()));
    }
}
