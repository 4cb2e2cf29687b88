//! What a cluster's silence does to pages, with an API server of the test's own to stop.

use cluster::{Cluster, Fleet};
use model::clusters::ClusterName;
use serde_json::{Value, json};
use testbed::Testbed;

use crate::console::{Person, TestConsole};
use crate::tenants::{eventually, ok};

async fn silent(console: &TestConsole, who: &Person) -> Value {
    let query = json!({ "kind": "workloads", "filter": "", "sort": [], "offset": 0, "length": 50 });
    let answer = console.call(who, "rows/list", json!({ "query": query })).await;
    ok(&answer);
    let clusters = answer.json()["clusters"].as_array().unwrap().clone();
    let silent = clusters.into_iter().filter(|cluster| cluster["state"] != "live");
    silent.map(|cluster| cluster["cluster"].clone()).collect()
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

#[tokio::test]
async fn rows_say_how_old_they_are_while_a_cluster_is_away_and_are_what_kubectl_says_within_five_seconds_after()
 {
    let mut testbed = Testbed::start().await.unwrap();
    let cluster =
        Cluster::from_file(ClusterName::parse("local").unwrap(), testbed.kubeconfig()).await.unwrap();
    let console = TestConsole::with(Fleet::new(vec![cluster])).await;
    console.clusters.prepare(true).await;
    let root = console.root().await;
    let window = async || {
        let query =
            json!({ "kind": "configmaps", "filter": "ns:default", "sort": [], "offset": 0, "length": 50 });
        let answer = console.call(&root, "rows/list", json!({ "query": query })).await;
        ok(&answer);
        answer.json()
    };
    testbed.kubectl(&["create", "configmap", "before"]).await.unwrap();
    let has = async |name: &str| {
        let window = window().await;
        window["rows"].as_array().unwrap().iter().any(|row| row["name"] == name)
            && window["clusters"][0]["state"] == "live"
    };
    eventually("it is read", async || has("before").await).await;

    testbed.stop_apiserver().await.unwrap();
    let stopped = std::time::Instant::now();
    eventually("it is old", async || window().await["clusters"][0]["state"]["stale"].is_object()).await;
    assert!(stopped.elapsed().as_secs() < 5, "told late: {:?}", stopped.elapsed());
    assert!(window().await["rows"].to_string().contains("before"), "what was known is shown");
    testbed.start_apiserver().await.unwrap();
    testbed.kubectl(&["delete", "configmap", "before"]).await.unwrap();
    testbed.kubectl(&["create", "configmap", "after"]).await.unwrap();

    let back = std::time::Instant::now();
    eventually("it is new", async || has("after").await && !has("before").await).await;
    assert!(back.elapsed().as_secs() < 5, "{:?}", back.elapsed());
}
