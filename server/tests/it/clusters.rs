//! Clusters as people see them, against a real API server.

use std::sync::Arc;

use cluster::Fleet;
use console::StoredLicence;
use contract::identity::{Actor, SignedIn};
use gate::{Gate, KeyRing, SystemClock};
use http::{Request, StatusCode};
use model::access::Action;
use model::audit::Outcome;
use serde_json::{Value, json};

use crate::console::TestConsole;
use crate::testbed::{local, silent, testbed};

#[tokio::test]
async fn an_administrator_sees_version_nodes_and_that_metrics_are_missing() {
    let console = TestConsole::on_cluster().await;
    let root = console.root().await;

    let overview = console.call(&root, "clusters/overview", json!({ "cluster": "local" })).await.json();

    assert!(overview["version"].as_str().unwrap().starts_with("v1.35."), "{overview}");
    assert_eq!(overview["administrators"], true);
    let nodes = overview["nodes"]["ready"]["nodes"].as_array().unwrap();
    assert!(nodes.iter().any(|node| node["name"] == "fake-0" && node["ready"] == true), "{overview}");
    let history = json!({ "scope": { "nodes": "local" }, "span": "recent" });
    let history = console.call(&root, "monitoring/history", history).await.json();
    assert_eq!(history["unavailable"]["reason"], "no_metrics_api");
}

#[tokio::test]
async fn an_auditor_sees_nodes_by_the_clusters_own_rules() {
    let console = TestConsole::on_cluster().await;
    let ada = console.person("ada", "auditor").await;

    let page = console.get(&ada, "/clusters/local").await;

    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("fake-1"), "{}", page.body);
}

#[tokio::test]
async fn a_member_is_refused_before_the_cluster_is_asked() {
    let console = TestConsole::on_cluster().await;
    let ada = console.person("ada", "member").await;

    let answer = console.call(&ada, "clusters/overview", json!({ "cluster": "local" })).await;

    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_eq!(answer.json()["forbidden"]["role"], json!({ "platform": "auditor" }));
}

#[tokio::test]
async fn a_silent_cluster_is_named_and_hides_no_other() {
    let folder = tempfile::tempdir().unwrap();
    let fleet = Fleet::new(vec![local().await, silent("far", folder.path()).await]);
    let console = TestConsole::with(fleet).await;
    let root = console.root().await;

    let list = console.call(&root, "clusters/list", json!({})).await.json();
    let far = console.call(&root, "clusters/overview", json!({ "cluster": "far" })).await;

    assert!(list[0]["state"]["connected"]["version"].is_string(), "{list}");
    assert_eq!((&list[1]["name"], &list[1]["state"]), (&json!("far"), &json!("unreachable")));
    assert_eq!(far.status, StatusCode::BAD_GATEWAY);
    assert_eq!(far.json()["cluster_unreachable"]["cluster"], "far");
}

#[tokio::test]
async fn an_unknown_cluster_is_not_found() {
    let console = TestConsole::on_cluster().await;

    let answer =
        console.call(&console.root().await, "clusters/overview", json!({ "cluster": "elsewhere" })).await;

    assert_eq!(answer.status, StatusCode::NOT_FOUND);
    assert_eq!(answer.json()["not_found"]["what"], "cluster elsewhere");
}

#[tokio::test]
async fn the_console_ships_its_roles_and_the_trail_says_so() {
    let console = TestConsole::on_cluster().await;

    let rules =
        testbed().kubectl(&["get", "clusterrole", "pilothouse:developer", "-o", "name"]).await.unwrap();

    assert_eq!(rules.trim(), "clusterrole.rbac.authorization.k8s.io/pilothouse:developer");
    let trail = console.trail().await;
    let prepared = trail.iter().find(|entry| entry.action == "clusters.prepare").unwrap();
    assert_eq!((prepared.actor.as_str(), prepared.outcome), ("(console)", Outcome::Done));
}

#[tokio::test]
async fn the_api_server_sees_a_person_as_an_account_of_ours_with_the_readable_name_beside_it() {
    let console = TestConsole::on_cluster().await;
    let root = console.store.account_by_name("root").await.unwrap().unwrap();
    let slug = root.slug.clone();
    let clock = Arc::new(SystemClock);
    let facts = StoredLicence::new(console.store.clone(), KeyRing(vec![]), clock.clone(), Fleet::default());
    let gate =
        Gate::new(Arc::new(console.store.clone()), Arc::new(facts), Arc::new(console.store.clone()), clock);
    let user = SignedIn {
        id: root.id,
        username: root.username,
        slug: root.slug,
        role: root.role,
        provider: String::new(),
    };
    let actor = Actor { user: Some(user), ..Actor::stranger("r") };
    let grant = gate.read(&actor, Action::ViewCluster).unwrap();

    let review = json!({ "apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview" });
    let request = Request::post("/apis/authentication.k8s.io/v1/selfsubjectreviews")
        .header("content-type", "application/json")
        .body(review.to_string().into_bytes())
        .unwrap();
    let seen: Value = local().await.client(&grant).unwrap().request(request).await.unwrap();

    let info = &seen["status"]["userInfo"];
    assert_eq!(info["username"], format!("system:serviceaccount:pilothouse-users:{slug}"));
    assert_eq!(info["extra"]["pilothouse-user"], json!(["root"]));
    assert!(info["groups"].as_array().unwrap().contains(&json!("pilothouse:platform-admins")), "{info}");
}
