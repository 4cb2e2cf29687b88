//! Reading the trail: filtered, exported, verified.

use http::StatusCode;
use serde_json::{Value, json};

use crate::console::{PASSWORD, TestConsole};

async fn found(console: &TestConsole, query: Value) -> Vec<String> {
    let answer = console.call(&console.root().await, "audit/list", json!({ "query": query })).await;
    let resource = |entry: &Value| entry["resource"].as_str().unwrap().to_owned();
    answer.json().as_array().unwrap().iter().map(resource).collect()
}

#[tokio::test]
async fn the_trail_is_filtered_by_who_what_which_object_and_outcome() {
    let console = TestConsole::activated().await;
    let ada = console.person("ada", "member").await;
    let form = json!({ "username": "eve_1", "password": PASSWORD, "role": "member" });
    console.call(&ada, "identity/create", json!({ "form": form })).await;

    assert_eq!(
        found(&console, json!({ "who": "ADA", "action": "identity.create" })).await,
        ["user eve_1 as member"]
    );
    assert_eq!(found(&console, json!({ "object": "EVE_1" })).await.len(), 1);
    assert_eq!(found(&console, json!({ "outcome": "denied" })).await, ["user eve_1 as member"]);
    for nothing in [json!({ "object": "100%" }), json!({ "who": "ad" }), json!({ "action": "create" })] {
        assert_eq!(found(&console, nothing.clone()).await, [""; 0], "{nothing}");
    }
    let page = console.get(&console.root().await, "/audit?who=ada&outcome=denied").await.body;
    assert!(page.contains("user eve_1 as member") && !page.contains("user root"), "without scripts, too");
}

#[tokio::test]
async fn an_export_has_what_is_looked_at_and_is_for_those_who_see_the_trail() {
    let console = TestConsole::activated().await;
    let root = console.root().await;
    let ada = console.person("ada", "member").await;

    let table =
        console.call(&root, "audit/export", json!({ "query": { "action": "identity.create" } })).await.json();
    let refused = console.call(&ada, "audit/export", json!({ "query": {} })).await.status;

    let lines: Vec<_> = table.as_str().unwrap().lines().collect();
    assert_eq!(lines[0], "number,time,actor,address,action,object,outcome,reference");
    assert_eq!(lines.len(), 2);
    assert!(
        lines[1].contains(r#""root","","identity.create_user","user ada as member","done""#),
        "{}",
        lines[1]
    );
    assert_eq!(refused, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn the_chain_over_the_trail_is_verified_also_while_it_grows() {
    let console = TestConsole::activated().await;
    let root = console.root().await;
    let verify = async || console.call(&root, "audit/verify", json!({})).await.json()["whole"].clone();

    let before = verify().await;
    let people = (0..8).map(|_| console.sign_in("root", PASSWORD));
    let (_, during) = tokio::join!(futures::future::join_all(people), verify());
    let after = verify().await;

    assert!(during["links"].is_number(), "{during}");
    assert_eq!(after["links"].as_i64().unwrap(), before["links"].as_i64().unwrap() + 16);
    assert_ne!(after["head"], before["head"]);
}
