//! The longer past, from a real Prometheus, and who may see it.

use http::StatusCode;
use model::license::Amounts;
use serde_json::{Value, json};

use crate::catalog::Repository;
use crate::console::{Answer, Person, TestConsole, licence, signed};
use crate::prometheus::{PASSWORD, USERNAME, prometheus};
use crate::tenants::{eventually, join, namespace, ok, project};
use crate::testbed::testbed;

fn address(url: &str, username: &str, password: &str) -> Value {
    json!({ "url": url, "private_addresses": true, "username": username, "password": password })
}

async fn set(console: &TestConsole, who: &Person, form: Value) -> Answer {
    console.call(who, "monitoring/set-source", json!({ "cluster": "local", "form": form })).await
}

async fn history(console: &TestConsole, who: &Person, scope: Value, span: &str) -> Answer {
    console.call(who, "monitoring/history", json!({ "scope": scope, "span": span })).await
}

fn names(chart: &Value) -> Vec<&str> {
    chart["lines"].as_array().unwrap().iter().map(|line| line["name"].as_str().unwrap()).collect()
}

fn problem(answer: &Answer) -> (Value, Value) {
    let field = answer.json()["invalid"]["fields"][0].clone();
    (field["field"].clone(), field["problem"].clone())
}

/// The project `metered` with the namespace `web` and the developer ada; the Prometheus is set.
async fn metered(console: &TestConsole) -> Person {
    let root = console.root().await;
    let ada = console.person("ada", "member").await;
    ok(&project(console, "metered").await);
    ok(&join(console, "metered", "ada", "developer").await);
    ok(&namespace(console, &root, "metered", "web", json!({})).await);
    ok(&set(console, &root, address(&prometheus().await, USERNAME, PASSWORD)).await);
    ada
}

#[tokio::test]
async fn the_past_of_a_namespace_a_workload_and_nodes_comes_from_prometheus() {
    let console = TestConsole::on_cluster().await;
    let ada = metered(&console).await;
    let root = console.root().await;
    let web = json!({ "namespace": ["local", "metered-web"] });
    eventually("ada may list pods", async || {
        history(&console, &ada, web.clone(), "day").await.json()["ready"].is_object()
    })
    .await;

    let day = history(&console, &ada, web, "day").await.json()["ready"].clone();
    let workload =
        json!({ "cluster": "local", "namespace": "metered-web", "kind": "deployment", "name": "web" });
    let of_web =
        history(&console, &ada, json!({ "workload": workload }), "day").await.json()["ready"].clone();
    let nodes =
        history(&console, &root, json!({ "nodes": "local" }), "six_hours").await.json()["ready"].clone();

    assert_eq!(day["step"], 600);
    assert_eq!(
        names(&day["cpu"]),
        ["web-7d9f8b6c54-x2vbz", "web-api-5b6c7d8f94-k4m8t", "web-6c8d7f9b54-zzzzz"]
    );
    assert_eq!(day["cpu"]["lines"][0]["now"], "500m", "once, and not the one of another namespace");
    assert_eq!(day["memory"]["top"], "100Mi");
    let gone = day["cpu"]["lines"][2]["points"].as_array().unwrap();
    assert_eq!(gone.len(), 144);
    assert_eq!((&gone[20], &gone[140]), (&json!(0.5), &Value::Null), "it ended half a day ago");
    assert_eq!(day["cpu"]["lines"][2]["now"], "");
    assert_eq!(
        names(&of_web["cpu"]),
        ["web-7d9f8b6c54-x2vbz", "web-6c8d7f9b54-zzzzz"],
        "not those of web-api"
    );
    assert_eq!((names(&nodes["cpu"]), &nodes["cpu"]["top"]), (vec!["real"], &json!("2")));
}

#[tokio::test]
async fn the_past_is_for_those_who_see_the_present() {
    let console = TestConsole::on_cluster().await;
    ok(&project(&console, "unmetered").await);
    ok(&namespace(&console, &console.root().await, "unmetered", "web", json!({})).await);
    let (root, eve) = (console.root().await, console.person("eve", "member").await);
    let web = json!({ "namespace": ["local", "unmetered-web"] });
    let unset = history(&console, &root, web.clone(), "week").await.json();

    ok(&set(&console, &root, address(&prometheus().await, USERNAME, PASSWORD)).await);

    assert_eq!(unset["unavailable"]["reason"], "no_prometheus");
    assert_eq!(history(&console, &eve, web.clone(), "week").await.status, StatusCode::FORBIDDEN);
    // Somebody whom the console lets pass and the cluster does not.
    ok(&join(&console, "unmetered", "eve", "viewer").await);
    testbed().kubectl(&["delete", "rolebinding", "pilothouse:viewer", "-n", "unmetered-web"]).await.unwrap();
    eventually("the cluster forbids it", async || {
        let told = history(&console, &eve, web.clone(), "week").await.json();
        told["unavailable"]["reason"] == "not_permitted"
    })
    .await;
    let nodes = history(&console, &eve, json!({ "nodes": "local" }), "week").await;
    assert_eq!(nodes.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn an_address_is_set_when_a_prometheus_answers_there_and_else_says_why_at_its_field() {
    let console = TestConsole::on_cluster().await;
    let root = console.root().await;
    let (prometheus, repository) = (prometheus().await, Repository::with_hello(None).await);
    let reason = |reason: Value| (json!("url"), json!({ "outside": { "reason": reason } }));

    let wrong = set(&console, &root, address(&prometheus, USERNAME, "guess")).await;
    let other = set(&console, &root, address(&repository.address, "", "")).await;
    let silent = set(&console, &root, address("http://127.0.0.1:1", "", "")).await;
    let half = set(&console, &root, address(&prometheus, USERNAME, "")).await;
    let inside = json!({ "url": prometheus, "private_addresses": false, "username": "", "password": "" });
    let inside = set(&console, &root, inside).await;
    let clear = json!({ "url": "http://metrics.example", "private_addresses": false, "username": "a", "password": "b" });
    let clear = set(&console, &root, clear).await;

    assert_eq!(problem(&wrong), reason(json!({ "status": 401 })));
    assert_eq!(problem(&other), reason(json!({ "status": 404 })));
    assert_eq!(problem(&silent), reason(json!("unreachable")));
    assert_eq!(problem(&half), (json!("password"), json!("required")));
    assert_eq!(problem(&inside), reason(json!("private_address")));
    assert_eq!(problem(&clear), (json!("url"), json!("needs_https")));
    let source = console.call(&root, "monitoring/source", json!({ "cluster": "local" })).await;
    assert_eq!(source.json(), Value::Null, "nothing of it was kept");
}

#[tokio::test]
async fn a_source_is_an_administrators_to_change_and_its_password_nobodys_to_read() {
    let console = TestConsole::on_cluster().await;
    let (root, ada) = (console.root().await, console.person("ada", "auditor").await);
    let form = address(&prometheus().await, USERNAME, PASSWORD);

    assert_eq!(set(&console, &ada, form.clone()).await.status, StatusCode::FORBIDDEN);
    ok(&set(&console, &root, form).await);

    let source = console.call(&ada, "monitoring/source", json!({ "cluster": "local" })).await;
    assert_eq!(source.json()["username"], USERNAME);
    let page = console.get(&ada, "/clusters/local?span=1d").await;
    assert!(page.body.contains(USERNAME), "{}", page.body);
    for told in [source.body, page.body, serde_json::to_string(&console.trail().await).unwrap()] {
        assert!(!told.contains(PASSWORD), "{told}");
    }
    ok(&console.call(&root, "monitoring/remove-source", json!({ "cluster": "local" })).await);
    assert_eq!(console.store.login_names().await.unwrap().len(), 0);
    let trail: Vec<_> = console.trail().await.into_iter().map(|entry| entry.action).collect();
    assert!(
        trail.contains(&"monitoring.set_source".into()) && trail.contains(&"monitoring.remove_source".into())
    );
}

#[tokio::test]
async fn nodes_count_against_the_licence() {
    let console = TestConsole::on_cluster().await;
    let root = console.root().await;
    let few =
        model::license::Licence { limits: Amounts { nodes: 1, ..Amounts::default() }, ..licence(0, None) };
    let before = console.call(&root, "license/status", json!({})).await.json();

    ok(&console.call(&root, "license/replace", json!({ "text": signed(&few) })).await);
    console.observatory.look().await;

    assert_eq!(before["used"]["nodes"], 0, "nobody has counted yet");
    let after = console.call(&root, "license/status", json!({})).await.json();
    assert!(after["used"]["nodes"].as_u64().unwrap() >= 2, "{after}");
    assert_eq!(after["state"], "over_limit");
    let refused = project(&console, "toomany").await;
    assert_eq!(refused.json()["licence"]["state"], "over_limit", "{}", refused.body);
}
