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
    let maps = health.as_array().unwrap().iter().find(|table| table["kind"] == "configmaps").unwrap();
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

fn workspace(project: &str, name: &str) -> Value {
    let bounds = json!({ "amounts": {}, "security": "baseline" });
    json!({ "form": { "project": project, "cluster": "local", "name": name, "bounds": bounds } })
}

/// F05, F06: a store that is slow, and one that is full.
#[tokio::test]
async fn a_store_that_is_slow_or_full_refuses_changes_in_words_and_takes_nothing_from_what_is_seen() {
    let mut testbed = Testbed::start().await.unwrap();
    let way = Way::open(&testbed).await;
    let console = TestConsole::with(Fleet::new(vec![way.cluster.clone()])).await;
    console.clusters.prepare(true).await;
    let root = console.root().await;
    let clusters = json!([{ "cluster": "local", "cpu": "", "memory": "", "pods": "" }]);
    let form = json!({ "name": "full", "display_name": "", "description": "", "clusters": clusters });
    ok(&console.call(&root, "projects/create", json!({ "form": form })).await);
    testbed.kubectl(&["create", "configmap", "before"]).await.unwrap();
    healed(&console, &root, &testbed, "default").await;

    // Nine tenths of each second it does nothing.
    let until = Instant::now() + Duration::from_secs(10);
    let asked = way.asked();
    let mut slowest = Duration::ZERO;
    while Instant::now() < until {
        testbed.freeze_etcd(true).unwrap();
        for _ in 0..9 {
            let begun = Instant::now();
            assert!(names(&window(&console, &root, "default").await).contains("before"));
            slowest = slowest.max(begun.elapsed());
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        testbed.freeze_etcd(false).unwrap();
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    assert!(slowest < Duration::from_secs(10), "what is kept is at hand: {slowest:?}");
    assert!(way.asked() - asked < 60, "nobody asks more because it is slow: {}", way.asked() - asked);
    let back = healed(&console, &root, &testbed, "default").await;
    assert!(back < Duration::from_secs(5), "{back:?}");

    testbed.stop_etcd().await.unwrap();
    testbed.start_small_etcd(16 * 1024 * 1024).unwrap();
    let folder = tempfile::tempdir().unwrap();
    let large = folder.path().join("large");
    std::fs::write(&large, "x".repeat(900_000)).unwrap();
    let flag = format!("--from-file=large={}", large.display());
    let mut number = 0;
    eventually("it is full", async || {
        number += 1;
        let name = format!("large-{number}");
        let made = testbed.kubectl(&["create", "configmap", &name, "-n", "kube-public", &flag]).await;
        made.is_err_and(|error| error.to_string().contains("space exceeded"))
    })
    .await;
    let refused = console.call(&root, "namespaces/create", workspace("full", "web")).await;
    assert!(refused.body.contains("space exceeded"), "{} {}", refused.status, refused.body);
    assert!(names(&window(&console, &root, "default").await).contains("before"));

    testbed.stop_etcd().await.unwrap();
    testbed.start_etcd().unwrap();
    let client = reqwest::Client::builder().no_proxy().build().unwrap();
    let alarm = async |asked: Value| {
        let asked = client.post(format!("{}/v3/maintenance/alarm", testbed.etcd())).body(asked.to_string());
        let text = asked.send().await.ok()?.text().await.ok()?;
        serde_json::from_str::<Value>(&text).ok()
    };
    eventually("there is room again", async || {
        let known = alarm(json!({ "action": "GET" })).await.unwrap_or_default();
        let member = &known["alarms"][0]["memberID"];
        alarm(json!({ "action": "DEACTIVATE", "alarm": "NOSPACE", "memberID": member })).await;
        testbed.kubectl(&["create", "configmap", "after"]).await.is_ok()
    })
    .await;
    let back = healed(&console, &root, &testbed, "default").await;
    assert!(back < Duration::from_secs(5), "{back:?}");
    ok(&console.call(&root, "namespaces/create", workspace("full", "web")).await);
}

/// F11: the answer to a change is lost, and what it made is there once.
#[tokio::test]
async fn a_change_whose_answer_is_lost_is_looked_at_and_not_made_again() {
    let way = Way::open(testbed()).await;
    let console = TestConsole::with(Fleet::new(vec![way.cluster.clone()])).await;
    console.clusters.prepare(true).await;
    let root = console.root().await;
    let clusters = json!([{ "cluster": "local", "cpu": "", "memory": "", "pods": "" }]);
    let form = json!({ "name": "unsaid", "display_name": "", "description": "", "clusters": clusters });
    ok(&console.call(&root, "projects/create", json!({ "form": form })).await);
    ok(&console.call(&root, "namespaces/create", workspace("unsaid", "web")).await);
    let form = json!({ "name": "web", "image": "testbed.local/base:1", "replicas": "1" });
    let place = json!({ "cluster": "local", "namespace": "unsaid-web" });
    let with =
        |form: &Value| json!({ "cluster": place["cluster"], "namespace": place["namespace"], "form": form });

    way.set(Some(Fault::Lost));
    let made = console.call(&root, "workloads/create", with(&form)).await;
    ok(&made);
    let there = ["get", "deployments", "-n", "unsaid-web", "-o", "jsonpath={.items[*].metadata.name}"];
    assert_eq!(testbed().kubectl(&there).await.unwrap(), "web", "once");
    // What is there already is not what was asked for.
    let mut other = form.clone();
    other["image"] = json!("testbed.local/base:2");
    let again = console.call(&root, "workloads/create", with(&other)).await;
    assert!(
        again.json()["outcome_unknown"]["what"].as_str().unwrap().contains("unsaid-web"),
        "{}",
        again.body
    );
    let failed = console.trail().await;
    let failed = failed.iter().find(|entry| entry.action == "workloads.create").unwrap();
    assert_eq!(failed.outcome, model::audit::Outcome::Failed);
    way.set(None);
}
