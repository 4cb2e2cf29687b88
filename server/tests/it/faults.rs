//! What goes wrong between the console and a real API server, and that rows are what kubectl says soon after.

use std::collections::BTreeSet;
use std::time::{Duration, Instant};

use cluster::Fleet;
use serde_json::{Value, json};
use testbed::Testbed;

use crate::console::{Person, TestConsole};
use crate::faulty::{Fault, Way};
use crate::tenants::{eventually, ok};
use crate::testbed::testbed;

async fn window(console: &TestConsole, who: &Person, namespace: &str) -> Value {
    let filter = format!("ns:{namespace}");
    let query = json!({ "kind": "configmaps", "filter": filter, "sort": [], "offset": 0, "length": 200 });
    let answer = console.call(who, "rows/list", json!({ "query": query })).await;
    ok(&answer);
    answer.json()
}

fn names(window: &Value) -> BTreeSet<String> {
    window["rows"].as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap().to_owned()).collect()
}

fn is_live(window: &Value) -> bool {
    window["clusters"][0]["state"] == "live"
}

async fn kubectl_names(testbed: &Testbed, namespace: &str) -> BTreeSet<String> {
    let names = ["get", "configmaps", "-n", namespace, "-o", "jsonpath={.items[*].metadata.name}"];
    testbed.kubectl(&names).await.unwrap().split_whitespace().map(str::to_owned).collect()
}

/// How long it takes until rows are what kubectl says, and live.
async fn healed(console: &TestConsole, who: &Person, testbed: &Testbed, namespace: &str) -> Duration {
    let begun = Instant::now();
    loop {
        let window = window(console, who, namespace).await;
        if is_live(&window) && names(&window) == kubectl_names(testbed, namespace).await {
            return begun.elapsed();
        }
        assert!(begun.elapsed() < Duration::from_secs(30), "never: {window}");
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
}

/// F07, F08, F10, F12, F13, F14.
#[tokio::test]
async fn whatever_an_api_server_says_wrongly_rows_are_what_kubectl_says_within_five_seconds_after() {
    let all = [Fault::Gone, Fault::Throttled, Fault::Refused, Fault::Garbled, Fault::Twice, Fault::Unmarked];
    each_heals(Way::open(testbed()).await, "faults", &all).await;
}

/// F07, F08, F10, F15.
#[tokio::test]
async fn what_an_older_api_server_says_wrongly_heals_as_well() {
    let all = [Fault::Gone, Fault::Throttled, Fault::Unended];
    each_heals(Way::open_old(testbed()).await, "old-faults", &all).await;
}

async fn each_heals(way: Way, place: &str, faults: &[Fault]) {
    let console = TestConsole::with(Fleet::new(vec![way.cluster.clone()])).await;
    console.clusters.prepare(true).await;
    let root = console.root().await;
    testbed().kubectl(&["create", "namespace", place]).await.unwrap();
    healed(&console, &root, testbed(), place).await;

    for (number, fault) in faults.iter().copied().enumerate() {
        let (goes, comes) = (format!("goes-{number}"), format!("comes-{number}"));
        testbed().kubectl(&["create", "configmap", &goes, "-n", place]).await.unwrap();
        healed(&console, &root, testbed(), place).await;
        let before = way.asked();

        way.set(Some(fault));
        testbed().kubectl(&["delete", "configmap", &goes, "-n", place]).await.unwrap();
        testbed().kubectl(&["create", "configmap", &comes, "-n", place]).await.unwrap();
        if matches!(fault, Fault::Throttled | Fault::Refused) {
            eventually("its age is told", async || {
                let window = window(&console, &root, place).await;
                window["clusters"][0]["state"]["stale"].is_object() && names(&window).contains(&goes)
            })
            .await;
        }
        tokio::time::sleep(Duration::from_secs(3)).await;
        let asked = way.asked() - before;
        way.set(None);

        let healed = healed(&console, &root, testbed(), place).await;
        assert!(healed < Duration::from_secs(5), "{fault:?}: {healed:?}");
        // Five kinds, not more than some twice a second.
        assert!(asked < 60, "{fault:?}: asked {asked} times");
    }
    let health = console.call(&root, "rows/health", json!({})).await.json();
    let maps = health.as_array().unwrap().iter().find(|table| table["kind"] == "config_maps").unwrap();
    assert!(maps["relists"].as_u64() >= Some(1), "{maps}");
}

/// F02, F04: half-open connections, and an API server without its store.
#[tokio::test]
async fn an_api_server_that_is_frozen_or_has_lost_its_store_is_told_and_heals() {
    let mut testbed = Testbed::start().await.unwrap();
    let way = Way::open(&testbed).await;
    let console = TestConsole::with(Fleet::new(vec![way.cluster.clone()])).await;
    console.clusters.prepare(true).await;
    let root = console.root().await;
    testbed.kubectl(&["create", "configmap", "before"]).await.unwrap();
    healed(&console, &root, &testbed, "default").await;

    testbed.stop_etcd().await.unwrap();
    let clusters = json!([{ "cluster": "local", "cpu": "", "memory": "", "pods": "" }]);
    let form = json!({ "name": "late", "display_name": "", "description": "", "clusters": clusters });
    ok(&console.call(&root, "projects/create", json!({ "form": form })).await);
    let bounds = json!({ "amounts": {}, "security": "baseline" });
    let form = json!({ "project": "late", "cluster": "local", "name": "web", "bounds": bounds });
    let begun = Instant::now();
    let refused = console.call(&root, "namespaces/create", json!({ "form": form })).await;
    assert!(!refused.status.is_success() && refused.body.contains("local"), "{}", refused.body);
    assert!(begun.elapsed() < Duration::from_secs(30), "{:?}", begun.elapsed());
    assert!(names(&window(&console, &root, "default").await).contains("before"), "what was known is shown");
    testbed.start_etcd().unwrap();
    eventually("it writes again", async || testbed.kubectl(&["create", "configmap", "after"]).await.is_ok())
        .await;
    let back = healed(&console, &root, &testbed, "default").await;
    assert!(back < Duration::from_secs(5), "{back:?}");

    testbed.freeze_apiserver(true).unwrap();
    let frozen = Instant::now();
    loop {
        let window = window(&console, &root, "default").await;
        assert!(names(&window).contains("after"), "what was known is shown");
        if window["clusters"][0]["state"]["stale"].is_object() {
            break;
        }
        assert!(frozen.elapsed() < Duration::from_secs(65), "nobody noticed");
        tokio::time::sleep(Duration::from_millis(500)).await;
    }
    testbed.freeze_apiserver(false).unwrap();
    testbed.kubectl(&["delete", "configmap", "before"]).await.unwrap();
    let back = healed(&console, &root, &testbed, "default").await;
    assert!(back < Duration::from_secs(5), "{back:?}");
}
