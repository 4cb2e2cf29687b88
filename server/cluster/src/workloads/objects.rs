//! Workloads and pods, decoded into just the fields that are looked at.

use std::collections::BTreeMap;

use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kube::core::Object;
use model::workloads::WorkloadKind;
use serde::Deserialize;

/// A workload of any kind.
pub(crate) type Workload = Object<Spec, Status>;
pub(crate) type Pod = Object<PodSpec, PodStatus>;

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Spec {
    pub(crate) replicas: Option<u32>,
    pub(crate) selector: Option<Selector>,
    pub(crate) template: Option<Template>,
    pub(crate) job_template: Option<JobTemplate>,
    pub(crate) suspend: bool,
    pub(crate) completions: Option<u32>,
    pub(crate) paused: bool,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Selector {
    pub(crate) match_labels: BTreeMap<String, String>,
    pub(crate) match_expressions: Vec<Requirement>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Requirement {
    pub(crate) key: String,
    pub(crate) operator: String,
    pub(crate) values: Vec<String>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Template {
    pub(crate) spec: PodSpec,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct JobTemplate {
    pub(crate) spec: JobSpec,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct JobSpec {
    pub(crate) template: Template,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Status {
    pub(crate) observed_generation: i64,
    pub(crate) replicas: u32,
    pub(crate) ready_replicas: u32,
    pub(crate) updated_replicas: u32,
    pub(crate) available_replicas: u32,
    pub(crate) desired_number_scheduled: u32,
    pub(crate) number_ready: u32,
    pub(crate) number_available: u32,
    pub(crate) updated_number_scheduled: u32,
    pub(crate) succeeded: u32,
    pub(crate) conditions: Vec<Condition>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Condition {
    #[serde(rename = "type")]
    pub(crate) kind: String,
    pub(crate) status: String,
    pub(crate) reason: String,
    pub(crate) message: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct PodSpec {
    pub(crate) node_name: String,
    pub(crate) containers: Vec<Container>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Container {
    pub(crate) name: String,
    pub(crate) image: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct PodStatus {
    pub(crate) phase: String,
    #[serde(rename = "podIP")]
    pub(crate) pod_ip: String,
    pub(crate) reason: String,
    pub(crate) conditions: Vec<Condition>,
    pub(crate) container_statuses: Vec<ContainerStatus>,
    pub(crate) init_container_statuses: Vec<ContainerStatus>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct ContainerStatus {
    pub(crate) name: String,
    pub(crate) image: String,
    pub(crate) ready: bool,
    pub(crate) restart_count: u32,
    pub(crate) state: State,
    pub(crate) last_state: State,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct State {
    pub(crate) waiting: Option<Waiting>,
    pub(crate) terminated: Option<Terminated>,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default)]
pub(crate) struct Waiting {
    pub(crate) reason: String,
    pub(crate) message: String,
}

#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(crate) struct Terminated {
    pub(crate) reason: String,
    pub(crate) message: String,
    pub(crate) exit_code: i32,
}

/// The API group of a kind.
pub(crate) fn group(kind: WorkloadKind) -> &'static str {
    match kind {
        WorkloadKind::Deployment | WorkloadKind::StatefulSet | WorkloadKind::DaemonSet => "apps",
        WorkloadKind::Job | WorkloadKind::CronJob => "batch",
    }
}

/// The containers of the pods that a workload makes.
pub(crate) fn containers(spec: &Spec) -> &[Container] {
    let template = match (&spec.template, &spec.job_template) {
        (Some(template), _) => Some(template),
        (None, Some(job)) => Some(&job.spec.template),
        (None, None) => None,
    };
    template.map_or(&[], |template| &template.spec.containers)
}

pub(crate) fn images(spec: &Spec) -> String {
    let images: Vec<_> = containers(spec).iter().map(|container| container.image.as_str()).collect();
    images.join(", ")
}

/// The workload that a pod belongs to. Of a ReplicaSet that is the Deployment whose name it begins with.
pub(crate) fn owner(pod: &ObjectMeta) -> Option<(WorkloadKind, String)> {
    let owner = pod.owner_references.as_ref()?.iter().find(|owner| owner.controller == Some(true))?;
    match owner.kind.as_str() {
        "ReplicaSet" => {
            let hash = pod.labels.as_ref()?.get("pod-template-hash")?;
            let name = owner.name.strip_suffix(hash.as_str())?.strip_suffix('-')?;
            Some((WorkloadKind::Deployment, name.to_owned()))
        }
        kind => {
            let kind = WorkloadKind::ALL.into_iter().find(|known| known.as_str() == kind)?;
            Some((kind, owner.name.clone()))
        }
    }
}

/// RFC 3339, UTC, whole seconds; empty when the cluster does not say.
pub(crate) fn created(meta: &ObjectMeta) -> String {
    meta.creation_timestamp.as_ref().map(|at| at.0.to_string()).unwrap_or_default()
}

/// A selector as a query takes it; none when it could match everything.
pub(crate) fn selector(selector: &Selector) -> Option<String> {
    let equal = selector.match_labels.iter().map(|(key, value)| format!("{key}={value}"));
    let others = selector.match_expressions.iter().filter_map(|requirement| {
        let Requirement { key, operator, values } = requirement;
        match operator.as_str() {
            "In" => Some(format!("{key} in ({})", values.join(","))),
            "NotIn" => Some(format!("{key} notin ({})", values.join(","))),
            "Exists" => Some(key.clone()),
            "DoesNotExist" => Some(format!("!{key}")),
            _ => None,
        }
    });
    let all: Vec<_> = equal.chain(others).collect();
    (!all.is_empty()).then(|| all.join(","))
}
