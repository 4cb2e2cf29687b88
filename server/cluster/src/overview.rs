//! A cluster at a glance, read as the person.

use contract::{Error, Kind};
use gate::Grant;
use http::Request;
use kube::Client;
use model::clusters::{ClusterOverview, ClusterState, Node, Nodes, PodCounts, Room, Used, Warning};
use model::panel::Absence;
use model::quantity::Quantity;
use serde::Deserialize;

use crate::client::Cluster;
use crate::error::within_deadline;
use crate::events::EventObject;
use crate::read::{Reader, panel};

/// Warnings shown, newest first.
const WARNINGS: usize = 20;

/// Everything but `administrators`, which people may not read themselves.
///
/// Errors: `ClusterUnreachable`, `ClusterUnauthorized`.
pub async fn overview(cluster: &Cluster, grant: &Grant) -> Result<ClusterOverview, Error> {
    let client = cluster.client(grant)?;
    let read = Reader { cluster, client: &client };
    let version = version(cluster, &client).await?;
    let (nodes, pods, warnings, usage) = tokio::join!(
        read.list::<NodeObject>("/api/v1/nodes", ""),
        read.list::<PodObject>("/api/v1/pods", ""),
        read.list::<EventObject>("/api/v1/events", "&fieldSelector=type%3DWarning"),
        read.list::<UsageObject>("/apis/metrics.k8s.io/v1beta1/nodes", ""),
    );
    // The first three exist in every cluster; only the last may be missing.
    let usage = panel(usage?, Absence::NoMetricsApi);
    let nodes = panel(nodes?, Absence::Failed);
    let measured = usage.ready().cloned().unwrap_or_default();
    Ok(ClusterOverview {
        name: cluster.name.clone(),
        version,
        administrators: None,
        nodes: nodes.map(|nodes| together(nodes, &measured)),
        pods: panel(pods?, Absence::Failed).map(count),
        warnings: panel(warnings?, Absence::Failed).map(newest),
    })
}

/// The version that the API server tells, such as `v1.35.4`.
pub(crate) async fn version(cluster: &Cluster, client: &Client) -> Result<String, Error> {
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Version {
        git_version: String,
    }
    let request = Request::get("/version").body(Vec::new()).map_err(Error::internal)?;
    let answer = within_deadline(&cluster.name, "version", client.request::<Version>(request)).await?;
    Ok(answer.git_version)
}

/// How the cluster answers to the console's own account. An answer of any kind is a state, not an error.
pub async fn state(cluster: &Cluster, grant: &Grant) -> Result<ClusterState, Error> {
    let client = cluster.client(grant)?;
    match version(cluster, &client).await {
        Ok(version) => Ok(ClusterState::Connected { version }),
        Err(error) => match error.kind {
            Kind::ClusterUnreachable { .. } => Ok(ClusterState::Unreachable),
            Kind::ClusterUnauthorized { .. } => Ok(ClusterState::Unauthorized),
            _ => Err(error),
        },
    }
}

#[derive(Deserialize)]
struct Meta {
    name: String,
}

#[derive(Default, Deserialize, Clone)]
#[serde(default)]
struct Amounts {
    cpu: Quantity,
    memory: Quantity,
    pods: Quantity,
}

#[derive(Deserialize)]
struct NodeObject {
    metadata: Meta,
    status: NodeStatus,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct NodeStatus {
    capacity: Amounts,
    allocatable: Amounts,
    conditions: Vec<Condition>,
    node_info: NodeInfo,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct NodeInfo {
    kubelet_version: String,
}

#[derive(Deserialize)]
struct Condition {
    #[serde(rename = "type")]
    kind: String,
    status: String,
    #[serde(default)]
    message: String,
}

#[derive(Deserialize, Clone)]
struct UsageMeta {
    name: String,
}

#[derive(Deserialize, Clone)]
struct UsageObject {
    metadata: UsageMeta,
    usage: Amounts,
}

fn together(objects: Vec<NodeObject>, measured: &[UsageObject]) -> Nodes {
    let (mut cpu, mut memory) = (Amount::default(), Amount::default());
    let nodes = objects.into_iter().map(|object| {
        let used = measured.iter().find(|usage| usage.metadata.name == object.metadata.name);
        let used = used.map(|usage| &usage.usage);
        let (capacity, allocatable) = (&object.status.capacity, &object.status.allocatable);
        let own_cpu = Amount::of(capacity.cpu, allocatable.cpu, used.map(|used| used.cpu));
        let own_memory = Amount::of(capacity.memory, allocatable.memory, used.map(|used| used.memory));
        (cpu, memory) = (cpu.plus(own_cpu), memory.plus(own_memory));
        node(object, own_cpu, own_memory)
    });
    let nodes = nodes.collect();
    Nodes { nodes, cpu: cpu.in_words(Quantity::cores), memory: memory.in_words(Quantity::bytes) }
}

fn node(object: NodeObject, cpu: Amount, memory: Amount) -> Node {
    let NodeObject { metadata, status } = object;
    let ready = status.conditions.iter().find(|condition| condition.kind == "Ready");
    Node {
        ready: ready.is_some_and(|condition| condition.status == "True"),
        reason: ready.map(|condition| condition.message.clone()).unwrap_or_default(),
        version: status.node_info.kubelet_version,
        cpu: cpu.in_words(Quantity::cores),
        memory: memory.in_words(Quantity::bytes),
        pods: status.allocatable.pods.count().to_string(),
        name: metadata.name,
    }
}

/// A [`Room`] before it is put in words.
#[derive(Clone, Copy, Default)]
struct Amount {
    capacity: Quantity,
    allocatable: Quantity,
    used: Option<Quantity>,
    /// What is allocatable where use is measured; the share is of this.
    measured: Quantity,
}

impl Amount {
    fn of(capacity: Quantity, allocatable: Quantity, used: Option<Quantity>) -> Self {
        let measured = if used.is_some() { allocatable } else { Quantity::ZERO };
        Self { capacity, allocatable, used, measured }
    }

    /// `used` is what the measured ones use.
    fn plus(self, other: Self) -> Self {
        Self {
            capacity: self.capacity.plus(other.capacity),
            allocatable: self.allocatable.plus(other.allocatable),
            measured: self.measured.plus(other.measured),
            used: match (self.used, other.used) {
                (Some(sum), Some(used)) => Some(sum.plus(used)),
                (sum, used) => sum.or(used),
            },
        }
    }

    fn in_words(self, words: fn(Quantity) -> String) -> Room {
        let used = self.used.map(|used| Used {
            amount: words(used),
            percent: used.percent_of(self.measured).unwrap_or_default(),
        });
        Room { capacity: words(self.capacity), allocatable: words(self.allocatable), used }
    }
}

#[derive(Deserialize)]
struct PodObject {
    #[serde(default)]
    status: PodStatus,
}

#[derive(Default, Deserialize)]
struct PodStatus {
    #[serde(default)]
    phase: String,
}

fn count(pods: Vec<PodObject>) -> PodCounts {
    let mut counts = PodCounts::default();
    for pod in pods {
        let count = match pod.status.phase.as_str() {
            "Running" => &mut counts.running,
            "Pending" => &mut counts.pending,
            "Succeeded" => &mut counts.succeeded,
            "Failed" => &mut counts.failed,
            _ => &mut counts.unknown,
        };
        *count = count.saturating_add(1);
    }
    counts
}

fn newest(events: Vec<EventObject>) -> Vec<Warning> {
    let mut warnings: Vec<Warning> = events.into_iter().map(warning).collect();
    warnings.sort_by(|a, b| b.last_at.cmp(&a.last_at));
    warnings.truncate(WARNINGS);
    warnings
}

fn warning(event: EventObject) -> Warning {
    Warning {
        object: event.object(),
        last_at: event.last_at(),
        namespace: event.metadata.namespace,
        reason: event.reason,
        message: event.message,
        count: event.count.unwrap_or(1),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_used_share_is_of_the_nodes_that_are_measured() {
        let whole = Quantity::whole;
        let measured = Amount::of(whole(2), whole(2), Some(whole(1)));
        let simulated = Amount::of(whole(32), whole(32), None);

        let room = measured.plus(simulated).in_words(Quantity::cores);

        assert_eq!(room.allocatable, "34");
        assert_eq!(room.used, Some(Used { amount: "1".into(), percent: 50 }));
    }
}
