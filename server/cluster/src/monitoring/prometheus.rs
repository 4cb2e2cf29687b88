//! The longer past, from a Prometheus that scrapes the cluster's kubelets.
//!
//! People choose how far back, never a query: every query is made here, and those about pods name their namespace.

use std::collections::BTreeMap;

use egress::{Egress, Way};
use gate::Grant;
use model::monitoring::{History, Span};
use model::namespaces::NamespaceName;
use model::outside::FetchProblem;
use model::panel::{Absence, Panel};
use model::quantity::Quantity;
use model::workloads::{ObjectName, WorkloadKind};
use serde::Deserialize;

use crate::client::Cluster;
use crate::monitoring::drawing::{Line, history};
use crate::read::{Reader, panel};

/// Largest answer to one query. Bytes.
const ANSWER: usize = 8 * 1024 * 1024;
/// Shortest time that a rate is taken over: several scrapes also where these are a minute apart. Seconds.
const RATE: u32 = 300;
/// What Kubernetes makes random parts of names from (`k8s.io/apimachinery/pkg/util/rand`).
const RANDOM: &str = "[bcdfghjklmnpqrstvwxz2456789]";

/// The Prometheus of a cluster.
pub struct Prometheus<'a> {
    pub egress: &'a Egress,
    pub url: &'a str,
    pub way: Way,
    /// Unix seconds.
    pub now: i64,
}

/// What is measured where, with `{W}` for the time of a rate and `{S}` for what selects; the first that has values counts.
struct Queries {
    by: [&'static str; 2],
    cpu: &'static [&'static str],
    memory: &'static [&'static str],
}

/// Of the kubelet (`/metrics/resource`, then cAdvisor), else of node-exporter.
const NODES: Queries = Queries {
    by: ["node", "instance"],
    cpu: &[
        "rate(node_cpu_usage_seconds_total[{W}])",
        "rate(container_cpu_usage_seconds_total{id=\"/\"}[{W}])",
        "rate(node_cpu_seconds_total{mode!~\"idle|iowait|steal\"}[{W}])",
    ],
    memory: &[
        "node_memory_working_set_bytes",
        "container_memory_working_set_bytes{id=\"/\"}",
        "node_memory_MemTotal_bytes - node_memory_MemAvailable_bytes",
    ],
};

/// Of the containers (cAdvisor), else of whole pods (`/metrics/resource`).
const PODS: Queries = Queries {
    by: ["pod", "namespace"],
    cpu: &[
        "rate(container_cpu_usage_seconds_total{{S},container!=\"\",container!=\"POD\"}[{W}])",
        "rate(pod_cpu_usage_seconds_total{{S}}[{W}])",
    ],
    memory: &[
        "container_memory_working_set_bytes{{S},container!=\"\",container!=\"POD\"}",
        "pod_memory_working_set_bytes{{S}}",
    ],
};

impl Prometheus<'_> {
    /// Whether it is one and answers.
    pub async fn check(&self) -> Result<(), FetchProblem> {
        let address = format!("{}/api/v1/query?query=1", self.url);
        let answer = self.egress.get(&address, &self.way, ANSWER).await?;
        let answer: Answer<Scalar> = serde_json::from_slice(&answer).map_err(|_| FetchProblem::Unreadable)?;
        (answer.data.kind == "scalar").then_some(()).ok_or(FetchProblem::Unreadable)
    }

    /// Each node. Whether the person may see them is asked of the cluster. Errors: those of clusters.
    pub async fn nodes(
        &self,
        cluster: &Cluster,
        grant: &Grant,
        span: Span,
    ) -> Result<Panel<History>, contract::Error> {
        let seen = permitted(cluster, grant, "/api/v1/nodes").await?;
        self.told(seen, &NODES, "", span).await
    }

    /// The pods of a namespace, those of one workload when it is given, also pods that are gone. Whether the person may see
    /// pods there is asked of the cluster. Errors: those of clusters.
    pub async fn pods(
        &self,
        cluster: &Cluster,
        grant: &Grant,
        namespace: &NamespaceName,
        workload: Option<(WorkloadKind, &ObjectName)>,
        span: Span,
    ) -> Result<Panel<History>, contract::Error> {
        let seen = permitted(cluster, grant, &format!("/api/v1/namespaces/{namespace}/pods")).await?;
        let mut selector = format!("namespace=\"{namespace}\"");
        if let Some((kind, name)) = workload {
            selector.push_str(&format!(",pod=~\"{}\"", pods_of(kind, name)));
        }
        self.told(seen, &PODS, &selector, span).await
    }

    async fn told(
        &self,
        seen: Panel<()>,
        queries: &Queries,
        selector: &str,
        span: Span,
    ) -> Result<Panel<History>, contract::Error> {
        if let Panel::Unavailable { reason } = seen {
            return Ok(Panel::Unavailable { reason });
        }
        // The last minutes are the console's own samples; whoever asks for them here gets the shortest span.
        let (step, count) = span.steps().unwrap_or((30, 120));
        let range = Range { step, count, end: self.now };
        let (cpu, memory) = tokio::join!(
            self.first(queries.cpu, queries.by, selector, &range),
            self.first(queries.memory, queries.by, selector, &range)
        );
        Ok(match (cpu, memory) {
            (Ok(cpu), Ok(memory)) => Panel::Ready(history(step, cpu, memory)),
            (Err(problem), _) | (_, Err(problem)) => {
                Panel::Unavailable { reason: Absence::Prometheus(problem) }
            }
        })
    }

    /// The lines of the first query that has any.
    async fn first(
        &self,
        queries: &[&str],
        by: [&str; 2],
        selector: &str,
        range: &Range,
    ) -> Result<Vec<Line>, FetchProblem> {
        let window = format!("{}s", range.step.max(RATE));
        for query in queries {
            let query = query.replace("{S}", selector).replace("{W}", &window);
            let lines = self.lines(&format!("sum by ({}) ({query})", by.join(", ")), by, range).await?;
            if !lines.is_empty() {
                return Ok(lines);
            }
        }
        Ok(vec![])
    }

    async fn lines(&self, query: &str, by: [&str; 2], range: &Range) -> Result<Vec<Line>, FetchProblem> {
        let mut address = url::Url::parse(&format!("{}/api/v1/query_range", self.url))
            .map_err(|_| FetchProblem::Unreadable)?;
        address
            .query_pairs_mut()
            .append_pair("query", query)
            .append_pair("start", &range.start().to_string())
            .append_pair("end", &range.end.to_string())
            .append_pair("step", &range.step.to_string());
        let answer = self.egress.get(address.as_str(), &self.way, ANSWER).await?;
        let answer: Answer<Vec<Stream>> =
            serde_json::from_slice(&answer).map_err(|_| FetchProblem::Unreadable)?;
        Ok(answer.data.result.into_iter().map(|stream| line(stream, by, range)).collect())
    }
}

/// The last point is now, also where a step takes hours: what has just begun to be measured is there at once.
struct Range {
    step: u32,
    count: u32,
    /// Unix seconds.
    end: i64,
}

impl Range {
    fn start(&self) -> i64 {
        self.end - i64::from(self.step) * i64::from(self.count.saturating_sub(1))
    }
}

fn line(stream: Stream, by: [&str; 2], range: &Range) -> Line {
    let named = by.into_iter().filter_map(|label| stream.metric.get(label)).find(|name| !name.is_empty());
    let mut points = vec![None; range.count as usize];
    for (at, value) in stream.values {
        let index = (at as i64 - range.start()).div_euclid(i64::from(range.step));
        let value = value.parse().ok().and_then(Quantity::measured);
        if let Some(point) = usize::try_from(index).ok().and_then(|index| points.get_mut(index)) {
            *point = value;
        }
    }
    (named.cloned().unwrap_or_default(), points)
}

/// How the pods of a workload are called, as a regular expression that Prometheus anchors.
fn pods_of(kind: WorkloadKind, name: &ObjectName) -> String {
    // Names of objects have letters, digits, - and . only.
    let name = name.as_str().replace('.', "[.]");
    match kind {
        WorkloadKind::Deployment => format!("{name}-{RANDOM}{{1,10}}-{RANDOM}{{5}}"),
        WorkloadKind::StatefulSet => format!("{name}-[0-9]+"),
        WorkloadKind::DaemonSet => format!("{name}-{RANDOM}{{5}}"),
        // Those of indexed jobs have their index in the name.
        WorkloadKind::Job => format!("{name}-([0-9]+-)?{RANDOM}{{5}}"),
        WorkloadKind::CronJob => format!("{name}-[0-9]+-([0-9]+-)?{RANDOM}{{5}}"),
    }
}

/// Whether the person may list what is under a path.
async fn permitted(cluster: &Cluster, grant: &Grant, path: &str) -> Result<Panel<()>, contract::Error> {
    let client = cluster.client(grant)?;
    let listed = Reader { cluster, client: &client }.count(path).await?;
    Ok(panel(listed, Absence::Failed).map(|_| ()))
}

#[derive(Deserialize)]
struct Answer<T> {
    data: Data<T>,
}

#[derive(Deserialize)]
struct Data<T> {
    #[serde(rename = "resultType")]
    kind: String,
    result: T,
}

/// A time and a number.
type Scalar = (f64, String);

#[derive(Deserialize)]
struct Stream {
    metric: BTreeMap<String, String>,
    values: Vec<Scalar>,
}
