//! The longer past, from a Prometheus that scrapes the cluster's kubelets.
//!
//! People choose how far back, never a query: every query is made here, and those about pods name their namespace.

use std::collections::BTreeMap;
use std::time::Duration;

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
/// Longest wait for everything that one chart takes: the rest of a page waits for it, too.
const PATIENCE: Duration = Duration::from_secs(8);
/// What Kubernetes ends generated names with (`k8s.io/apimachinery/pkg/util/rand`).
const RANDOM: &str = "[bcdfghjklmnpqrstvwxz2456789]{5}";
/// Where it cuts what comes before that (`k8s.io/apiserver/pkg/storage/names`).
const CUT: usize = 58;

/// The Prometheus of a cluster.
pub struct Prometheus<'a> {
    pub egress: &'a Egress,
    pub url: &'a str,
    pub way: Way,
    /// Unix seconds.
    pub now: i64,
}

/// What is measured where, with `{W}` for the time of a rate and `{S}` for what selects; the first that has values counts.
///
/// What is scraped twice, from two endpoints of a kubelet or by two replicas, is the same value twice: `max` before `sum`.
struct Queries {
    by: [&'static str; 2],
    cpu: &'static [&'static str],
    memory: &'static [&'static str],
}

/// Of the kubelet (`/metrics/resource`, then cAdvisor), else of node-exporter.
const NODES: Queries = Queries {
    by: ["node", "instance"],
    cpu: &[
        "max by (node, instance) (rate(node_cpu_usage_seconds_total[{W}]))",
        "max by (node, instance) (rate(container_cpu_usage_seconds_total{id=\"/\"}[{W}]))",
        "sum by (node, instance) (max by (node, instance, cpu, mode) (rate(node_cpu_seconds_total{mode!~\"idle|iowait|steal\"}[{W}])))",
    ],
    memory: &[
        "max by (node, instance) (node_memory_working_set_bytes)",
        "max by (node, instance) (container_memory_working_set_bytes{id=\"/\"})",
        "max by (node, instance) (node_memory_MemTotal_bytes - node_memory_MemAvailable_bytes)",
    ],
};

/// Of their containers, else of whole pods.
const PODS: Queries = Queries {
    by: ["pod", "namespace"],
    cpu: &[
        "sum by (pod) (max by (pod, container) (rate(container_cpu_usage_seconds_total{{S},container!=\"\",container!=\"POD\"}[{W}])))",
        "max by (pod) (rate(pod_cpu_usage_seconds_total{{S}}[{W}]))",
    ],
    memory: &[
        "sum by (pod) (max by (pod, container) (container_memory_working_set_bytes{{S},container!=\"\",container!=\"POD\"}))",
        "max by (pod) (pod_memory_working_set_bytes{{S}})",
    ],
};

impl Prometheus<'_> {
    /// Whether it is one and answers.
    pub async fn check(&self) -> Result<(), FetchProblem> {
        let address = format!("{}/api/v1/query?query=1", self.url);
        let asked = self.egress.get(&address, &self.way, ANSWER);
        let answer = tokio::time::timeout(PATIENCE, asked).await.map_err(|_| FetchProblem::Unreachable)??;
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
        let both = async {
            tokio::try_join!(
                self.first(queries.cpu, queries.by, selector, &range),
                self.first(queries.memory, queries.by, selector, &range)
            )
        };
        let answered = tokio::time::timeout(PATIENCE, both).await.unwrap_or(Err(FetchProblem::Unreachable));
        Ok(match answered {
            Ok((cpu, memory)) => Panel::Ready(history(step, cpu, memory)),
            Err(problem) => Panel::Unavailable { reason: Absence::Prometheus(problem) },
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
            let lines = self.lines(&query, by, range).await?;
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
    // What stands between name and random end, the characters it is made of, and how long it gets.
    let (middle, made_of, longest) = match kind {
        WorkloadKind::StatefulSet => return format!("{}-[0-9]+", literal(name.as_str())),
        WorkloadKind::DaemonSet => ("", "", 0),
        // A hash in decimal digits, each written as a safe letter.
        WorkloadKind::Deployment => ("[bcdf456789]{1,10}-", "[bcdf456789-]", 11),
        // Those of indexed jobs have their index in the name.
        WorkloadKind::Job => ("([0-9]+-)?", "[0-9-]", 7),
        WorkloadKind::CronJob => ("[0-9]+-([0-9]+-)?", "[0-9-]", 17),
    };
    let prefix = format!("{name}-");
    let room = CUT.saturating_sub(prefix.len());
    if prefix.len() <= CUT && longest <= room {
        return format!("{}{middle}{RANDOM}", literal(&prefix));
    }
    let kept: String = prefix.chars().take(CUT).collect();
    let rest = if room == 0 { String::new() } else { format!("{made_of}{{0,{room}}}") };
    format!("{}{rest}{RANDOM}", literal(&kept))
}

/// Names of objects have letters, digits, - and . only.
fn literal(name: &str) -> String {
    name.replace('.', "[.]")
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

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_pods_of_a_workload_are_told_by_their_names_also_where_these_are_cut() {
        let of = |kind, name: &str| pods_of(kind, &ObjectName::parse(name).unwrap());
        let random = RANDOM;

        assert_eq!(of(WorkloadKind::Deployment, "web"), format!("web-[bcdf456789]{{1,10}}-{random}"));
        assert_eq!(of(WorkloadKind::StatefulSet, "db.main"), "db[.]main-[0-9]+");
        assert_eq!(of(WorkloadKind::DaemonSet, "agent"), format!("agent-{random}"));
        assert_eq!(of(WorkloadKind::CronJob, "tidy"), format!("tidy-[0-9]+-([0-9]+-)?{random}"));
        let long = "a".repeat(50);
        assert_eq!(of(WorkloadKind::Deployment, &long), format!("{long}-[bcdf456789-]{{0,7}}{random}"));
        let longest = "a".repeat(63);
        let cut = "a".repeat(58);
        assert_eq!(of(WorkloadKind::DaemonSet, &longest), format!("{cut}{random}"));
    }
}
