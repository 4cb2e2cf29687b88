//! The use of nodes and pods over time: the last minutes from samples of the metrics API, more from a Prometheus.

mod drawing;
mod prometheus;

use std::collections::{BTreeMap, VecDeque};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use contract::Error;
use gate::Grant;
use model::monitoring::History;
use model::namespaces::NamespaceName;
use model::panel::{Absence, Panel};
use model::quantity::Quantity;
use serde::Deserialize;

use crate::client::Cluster;
use crate::monitoring::drawing::{Line, history};
use crate::read::{Reader, panel};

pub use prometheus::Prometheus;

/// Between two samples; metrics-server measures every 15 seconds.
pub const STEP: Duration = Duration::from_secs(30);
/// Samples that are kept: twenty minutes.
const KEPT: usize = 40;

/// A node, or namespace and name of a pod.
type Named = (String, String);

#[derive(Clone, Copy, Debug)]
struct Point {
    /// Which sample it is of.
    number: u64,
    cpu: Quantity,
    memory: Quantity,
}

/// Samples of one cluster. Cheap to clone.
#[derive(Clone, Default)]
pub(crate) struct Samples {
    tables: Arc<RwLock<Tables>>,
}

#[derive(Default)]
struct Tables {
    /// Of the newest sample; none is zero.
    number: u64,
    nodes: BTreeMap<Named, VecDeque<Point>>,
    pods: BTreeMap<Named, VecDeque<Point>>,
}

/// Adds a sample. A cluster without a metrics API has an empty one.
///
/// Errors: those of clusters.
pub async fn sample(cluster: &Cluster, grant: &Grant) -> Result<(), Error> {
    let client = cluster.client(grant)?;
    let read = Reader { cluster, client: &client };
    let (nodes, pods) = tokio::join!(
        read.list::<NodeUse>("/apis/metrics.k8s.io/v1beta1/nodes", ""),
        read.list::<PodUse>("/apis/metrics.k8s.io/v1beta1/pods", "")
    );
    let nodes = nodes?.unwrap_or_default().into_iter().map(|node| {
        let Amounts { cpu, memory } = node.usage;
        ((String::new(), node.metadata.name), cpu, memory)
    });
    let pods = pods?.unwrap_or_default().into_iter().map(|pod| {
        let (cpu, memory) = together(&pod);
        ((pod.metadata.namespace, pod.metadata.name), cpu, memory)
    });
    let mut tables = cluster.samples.tables.write().unwrap_or_else(PoisonError::into_inner);
    tables.number = tables.number.saturating_add(1);
    let number = tables.number;
    add(&mut tables.nodes, number, nodes);
    add(&mut tables.pods, number, pods);
    Ok(())
}

/// Each node. Whether the person may see them is asked of the cluster. Errors: those of clusters.
pub async fn node_history(cluster: &Cluster, grant: &Grant) -> Result<Panel<History>, Error> {
    let client = cluster.client(grant)?;
    let read = Reader { cluster, client: &client };
    let now =
        panel(read.list::<NodeUse>("/apis/metrics.k8s.io/v1beta1/nodes", "").await?, Absence::NoMetricsApi);
    Ok(now.map(|_| {
        let tables = cluster.samples.tables.read().unwrap_or_else(PoisonError::into_inner);
        recent(tables.number, tables.nodes.iter())
    }))
}

/// Those pods of a namespace that pass. Whether the person may see them is asked of the cluster.
///
/// Errors: those of clusters.
pub async fn pod_history(
    cluster: &Cluster,
    grant: &Grant,
    namespace: &NamespaceName,
    passes: impl Fn(&str) -> bool,
) -> Result<Panel<History>, Error> {
    let client = cluster.client(grant)?;
    let read = Reader { cluster, client: &client };
    let path = format!("/apis/metrics.k8s.io/v1beta1/namespaces/{namespace}/pods");
    let now = panel(read.list::<PodUse>(&path, "").await?, Absence::NoMetricsApi);
    Ok(now.map(|_| {
        let tables = cluster.samples.tables.read().unwrap_or_else(PoisonError::into_inner);
        let own = tables.pods.iter().filter(|((place, name), _)| place == namespace.as_str() && passes(name));
        recent(tables.number, own)
    }))
}

/// What has no point left is forgotten.
fn add(
    lines: &mut BTreeMap<Named, VecDeque<Point>>,
    number: u64,
    values: impl Iterator<Item = (Named, Quantity, Quantity)>,
) {
    for (named, cpu, memory) in values {
        lines.entry(named).or_default().push_back(Point { number, cpu, memory });
    }
    let oldest = number.saturating_sub(KEPT as u64);
    for points in lines.values_mut() {
        while points.front().is_some_and(|point| point.number <= oldest) {
            points.pop_front();
        }
    }
    lines.retain(|_, points| !points.is_empty());
}

/// Up to the sample of this number.
fn recent<'a>(number: u64, lines: impl Iterator<Item = (&'a Named, &'a VecDeque<Point>)> + Clone) -> History {
    let first = number.saturating_sub(KEPT as u64).saturating_add(1).max(1);
    let drawn = |of: fn(&Point) -> Quantity| -> Vec<Line> {
        let line = |(named, points): (&Named, &VecDeque<Point>)| {
            let at = |number: u64| points.iter().find(|point| point.number == number).map(of);
            (named.1.clone(), (first..=number).map(at).collect())
        };
        lines.clone().map(line).collect()
    };
    let step = u32::try_from(STEP.as_secs()).unwrap_or(u32::MAX);
    history(step, drawn(|point| point.cpu), drawn(|point| point.memory))
}

/// CPU and memory of all containers.
pub(crate) fn together(pod: &PodUse) -> (Quantity, Quantity) {
    pod.containers.iter().fold((Quantity::ZERO, Quantity::ZERO), |(cpu, memory), container| {
        (cpu.plus(container.usage.cpu), memory.plus(container.usage.memory))
    })
}

#[derive(Deserialize)]
pub(crate) struct Meta {
    pub(crate) name: String,
    #[serde(default)]
    namespace: String,
}

#[derive(Deserialize)]
struct NodeUse {
    metadata: Meta,
    usage: Amounts,
}

#[derive(Deserialize)]
pub(crate) struct PodUse {
    pub(crate) metadata: Meta,
    #[serde(default)]
    containers: Vec<ContainerUse>,
}

#[derive(Deserialize)]
struct ContainerUse {
    #[serde(default)]
    usage: Amounts,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Amounts {
    cpu: Quantity,
    memory: Quantity,
}

#[cfg(test)]
mod tests {
    use model::monitoring::{Chart, LINES};

    use super::*;

    fn value(name: &str, milli: i64) -> (Named, Quantity, Quantity) {
        let cpu = Quantity::parse(&format!("{milli}m")).unwrap();
        (("shop".to_owned(), name.to_owned()), cpu, Quantity::ZERO)
    }

    fn cpu(lines: &BTreeMap<Named, VecDeque<Point>>, number: u64) -> Chart {
        recent(number, lines.iter()).cpu
    }

    #[test]
    fn a_gap_stays_a_gap_and_the_edge_is_the_highest_point() {
        let mut lines = BTreeMap::new();
        add(&mut lines, 1, [value("a", 100), value("b", 400)].into_iter());
        add(&mut lines, 2, [value("a", 200)].into_iter());
        add(&mut lines, 3, [value("a", 50), value("b", 300)].into_iter());

        let chart = cpu(&lines, 3);

        assert_eq!(chart.top, "400m");
        let told: Vec<_> = chart.lines.iter().map(|line| (line.name.as_str(), line.now.as_str())).collect();
        assert_eq!(told, [("b", "300m"), ("a", "50m")]);
        assert_eq!(chart.lines[0].points, [Some(1.0), None, Some(0.75)]);
    }

    #[test]
    fn twenty_minutes_are_kept_and_what_is_gone_for_longer_is_forgotten() {
        let mut lines = BTreeMap::new();
        add(&mut lines, 1, [value("old", 1)].into_iter());
        for number in 2..=50 {
            add(&mut lines, number, [value("new", 1)].into_iter());
        }

        let chart = cpu(&lines, 50);

        assert_eq!(chart.lines.len(), 1);
        assert_eq!(chart.lines[0].points.len(), KEPT);
        assert!(chart.lines[0].points.iter().all(Option::is_some));
    }

    #[test]
    fn only_those_that_use_most_are_lines() {
        let mut lines = BTreeMap::new();
        add(&mut lines, 1, (0..10).map(|index| value(&format!("pod-{index}"), index)));

        let chart = cpu(&lines, 1);

        assert_eq!((chart.lines.len(), chart.hidden), (LINES, 4));
        assert_eq!(chart.lines[0].name, "pod-9");
    }
}
