//! What a cluster's silence does to pages, with an API server of the test's own to stop.

use cluster::{Cluster, Fleet};
use model::clusters::ClusterName;
use serde_json::{Value, json};
use testbed::Testbed;

use crate::console::{Person, TestConsole};
use crate::tenants::{eventually, ok};

async fn silent(console: &TestConsole, who: &Person) -> Value {
    let query = json!({ "filter": "", "sort": "name", "descending": false, "offset": 0 });
    let answer = console.call(who, "workloads/list", json!({ "query": query })).await;
    ok(&answer);
    answer.json()["silent"].clone()
}

#[tokio::test]
async fn a_list_names_its_silent_cluster_and_heals_by_itself_also_when_nothing_changes() {
    let mut testbed = Testbed::start().await.unwrap();
    let cluster =
        Cluster::from_file(ClusterName::parse("local").unwrap(), testbed.kubeconfig()).await.unwrap();
    let console = TestConsole::with(Fleet::new(vec![cluster])).await;
    console.clusters.prepare(true).await;
    let root = console.root().await;
    eventually("everything is known", async || silent(&console, &root).await == json!([])).await;

    testbed.stop_apiserver().await.unwrap();
    eventually("its silence is told", async || silent(&console, &root).await == json!(["local"])).await;
    testbed.start_apiserver().await.unwrap();

    eventually("it is known again", async || silent(&console, &root).await == json!([])).await;
}
