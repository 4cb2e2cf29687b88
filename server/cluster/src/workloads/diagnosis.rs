//! Why a workload is not ready: the first cause that explains it, from its pods, its conditions and its events.

use model::workloads::{Cause, Diagnosis, Event, Health, Progress, Revision};

use crate::workloads::health::trouble;
use crate::workloads::objects::{Condition, ContainerStatus, Pod};

/// What the kubelet says of a container that takes more memory than its limit.
const OUT_OF_MEMORY: &str = "OOMKilled";

/// None when there is nothing to explain, or nothing that explains it yet.
pub(crate) fn diagnose(
    health: Health,
    progress: Progress,
    conditions: &[Condition],
    pods: &[Pod],
    events: &[Event],
    revisions: &[Revision],
) -> Option<Diagnosis> {
    if matches!(health, Health::Healthy | Health::Stopped) {
        return None;
    }
    let (cause, object, message) = of_pods(pods, events)
        .or_else(|| of_conditions(conditions))
        .or_else(|| of_probes(pods, events))
        .or_else(|| of_deadline(conditions))?;
    let held_up = pods.iter().filter(|pod| pod.status.as_ref().and_then(trouble).is_some()).count();
    let held_up = u32::try_from(held_up).unwrap_or(u32::MAX);
    let earlier = revisions.iter().skip_while(|revision| !revision.current).nth(1);
    Some(Diagnosis {
        cause,
        pods: if held_up > 0 { held_up } else { progress.wanted.saturating_sub(progress.ready) },
        of: progress.wanted,
        object,
        message,
        back_to: earlier.map(|revision| revision.number),
    })
}

type Found = (Cause, String, String);

/// Containers that wait for what does not come by waiting; then pods that no node takes.
fn of_pods(pods: &[Pod], events: &[Event]) -> Option<Found> {
    let of_containers = pods.iter().find_map(|pod| {
        let status = pod.status.as_ref()?;
        let containers = status.init_container_statuses.iter().chain(&status.container_statuses);
        let (cause, message) = containers.filter_map(|container| of_container(pod, container)).next()?;
        Some((cause, named(pod), message))
    });
    let of_scheduling = || {
        pods.iter().find_map(|pod| {
            let conditions = &pod.status.as_ref()?.conditions;
            let scheduled = conditions.iter().find(|condition| condition.kind == "PodScheduled")?;
            (scheduled.status == "False")
                .then(|| (Cause::Unschedulable, named(pod), scheduled.message.clone()))
        })
    };
    let (cause, object, message) = of_containers.or_else(of_scheduling)?;
    // The kubelet's event often says more than the status.
    let message = match message.is_empty() {
        true => newest(events, &object).map(|event| event.message.clone()).unwrap_or_default(),
        false => message,
    };
    Some((cause, object, message))
}

fn of_container(pod: &Pod, status: &ContainerStatus) -> Option<(Cause, String)> {
    let container = status.name.clone();
    let waiting = status.state.waiting.as_ref()?;
    let message = waiting.message.clone();
    match waiting.reason.as_str() {
        "ErrImagePull" | "ImagePullBackOff" | "InvalidImageName" | "ErrImageNeverPull" => {
            let spec = pod.spec.containers.iter().find(|known| known.name == container);
            let image = spec.map_or_else(|| status.image.clone(), |spec| spec.image.clone());
            Some((Cause::Image { image }, message))
        }
        "CreateContainerConfigError" | "CreateContainerError" | "RunContainerError" => {
            Some((Cause::Configuration { container }, message))
        }
        "CrashLoopBackOff" => {
            let last = status.last_state.terminated.clone().unwrap_or_default();
            if last.reason == OUT_OF_MEMORY {
                return Some((Cause::OutOfMemory { container }, message));
            }
            let message = if last.message.is_empty() { message } else { last.message };
            Some((Cause::Crash { container, code: last.exit_code }, message))
        }
        _ => None,
    }
}

/// Pods that were never made.
fn of_conditions(conditions: &[Condition]) -> Option<Found> {
    let failed = conditions.iter().find(|condition| condition.kind == "ReplicaFailure");
    let failed = failed.filter(|condition| condition.status == "True")?;
    Some((Cause::Refused, String::new(), failed.message.clone()))
}

/// Containers that run and are told to be not ready.
fn of_probes(pods: &[Pod], events: &[Event]) -> Option<Found> {
    pods.iter().find_map(|pod| {
        let status = pod.status.as_ref().filter(|status| status.phase == "Running")?;
        let container = status.container_statuses.iter().find(|container| !container.ready)?;
        let object = named(pod);
        let event = events.iter().find(|event| event.object == object && event.reason == "Unhealthy")?;
        Some((Cause::Probe { container: container.name.clone() }, object, event.message.clone()))
    })
}

fn of_deadline(conditions: &[Condition]) -> Option<Found> {
    let late = conditions.iter().find(|condition| condition.reason == "ProgressDeadlineExceeded")?;
    Some((Cause::Deadline, String::new(), late.message.clone()))
}

fn named(pod: &Pod) -> String {
    format!("Pod/{}", pod.metadata.name.as_deref().unwrap_or_default())
}

fn newest<'a>(events: &'a [Event], object: &str) -> Option<&'a Event> {
    events.iter().find(|event| event.warning && event.object == object)
}

#[cfg(test)]
mod tests {
    use super::*;
    use serde_json::{Value, json};

    fn pod(status: Value) -> Pod {
        let object = json!({
            "metadata": { "name": "web-1" },
            "spec": { "containers": [{ "name": "web", "image": "shop/web:2" }] },
            "status": status,
        });
        serde_json::from_value(object).unwrap()
    }

    fn waiting(reason: &str, last: Value) -> Pod {
        let state = json!({ "waiting": { "reason": reason, "message": "says the kubelet" } });
        pod(json!({ "containerStatuses": [{ "name": "web", "state": state, "lastState": last }] }))
    }

    fn cause(pods: &[Pod], conditions: &[Condition], events: &[Event]) -> Option<Diagnosis> {
        let progress = Progress { wanted: 3, ready: 2, ..Progress::default() };
        let revision =
            |number, current| Revision { number, current, images: String::new(), created_at: String::new() };
        let revisions = [revision(4, true), revision(3, false), revision(1, false)];
        diagnose(Health::Failed, progress, conditions, pods, events, &revisions)
    }

    #[test]
    fn an_image_that_cannot_be_pulled_is_named_and_the_way_back_with_it() {
        let found = cause(&[waiting("ImagePullBackOff", json!({}))], &[], &[]).unwrap();

        assert_eq!(found.cause, Cause::Image { image: "shop/web:2".into() });
        assert_eq!((found.pods, found.of, found.back_to), (1, 3, Some(3)));
        assert_eq!((found.object.as_str(), found.message.as_str()), ("Pod/web-1", "says the kubelet"));
    }

    #[test]
    fn a_crash_is_told_with_its_code_and_apart_from_running_out_of_memory() {
        let ended = |reason: &str, code: i32| json!({ "terminated": { "reason": reason, "exitCode": code } });

        let crash = cause(&[waiting("CrashLoopBackOff", ended("Error", 3))], &[], &[]).unwrap();
        let memory = cause(&[waiting("CrashLoopBackOff", ended("OOMKilled", 137))], &[], &[]).unwrap();

        assert_eq!(crash.cause, Cause::Crash { container: "web".into(), code: 3 });
        assert_eq!(memory.cause, Cause::OutOfMemory { container: "web".into() });
    }

    #[test]
    fn pods_that_no_node_takes_or_that_a_quota_refuses_are_told_apart() {
        let condition = json!({ "type": "PodScheduled", "status": "False", "reason": "Unschedulable", "message": "0/3 nodes" });
        let unscheduled = pod(json!({ "phase": "Pending", "conditions": [condition] }));
        let refused = Condition {
            kind: "ReplicaFailure".into(),
            status: "True".into(),
            reason: "FailedCreate".into(),
            message: "exceeded quota".into(),
        };

        assert_eq!(cause(&[unscheduled], &[], &[]).unwrap().cause, Cause::Unschedulable);
        let found = cause(&[], &[refused], &[]).unwrap();
        assert_eq!((found.cause, found.message.as_str(), found.pods), (Cause::Refused, "exceeded quota", 1));
    }

    #[test]
    fn a_container_that_runs_and_fails_its_probe_is_not_ready_because_of_it() {
        let running =
            pod(json!({ "phase": "Running", "containerStatuses": [{ "name": "web", "ready": false }] }));
        let event = Event {
            warning: true,
            object: "Pod/web-1".into(),
            reason: "Unhealthy".into(),
            message: "Readiness probe failed: 503".into(),
            count: 4,
            last_at: String::new(),
        };

        let found = cause(&[running], &[], &[event]).unwrap();

        assert_eq!(found.cause, Cause::Probe { container: "web".into() });
        assert_eq!(found.message, "Readiness probe failed: 503");
    }

    #[test]
    fn what_is_well_or_only_under_way_needs_no_explanation() {
        let progress = Progress::default();

        assert_eq!(diagnose(Health::Healthy, progress, &[], &[], &[], &[]), None);
        assert_eq!(diagnose(Health::Progressing, progress, &[], &[], &[], &[]), None);
    }
}
