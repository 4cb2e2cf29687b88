//! Nothing forgotten: every server function is in the table, refused to strangers, and audited when it changes something.

mod endpoints;

use std::collections::BTreeSet;

use http::StatusCode;
use model::audit::Outcome;
use serde_json::json;

use crate::console::{Person, TestConsole};
use crate::tenants::eventually;
use endpoints::{ENDPOINTS, Effect, Open};

#[tokio::test]
async fn the_table_lists_exactly_the_endpoints_that_exist_and_all_are_posts() {
    let existing: BTreeSet<String> =
        server_fn::axum::server_fn_paths().map(|(path, _)| path.to_owned()).collect();
    let listed: BTreeSet<String> =
        ENDPOINTS.iter().map(|endpoint| format!("/api/{}", endpoint.path)).collect();

    assert_eq!(existing, listed);
    assert!(server_fn::axum::server_fn_paths().all(|(_, method)| method == http::Method::POST));
}

#[tokio::test]
async fn every_endpoint_is_denied_to_strangers() {
    let console = TestConsole::activated().await;

    for endpoint in ENDPOINTS.iter().filter(|endpoint| endpoint.open == Open::No) {
        let answer = console.call(&Person::default(), endpoint.path, (endpoint.arguments)()).await;
        assert_eq!(answer.status, StatusCode::UNAUTHORIZED, "{}", endpoint.path);
        assert_eq!(answer.json(), json!("unauthenticated"), "{}", endpoint.path);
    }
}

#[tokio::test]
async fn the_list_of_open_endpoints_is_small() {
    let open: Vec<_> =
        ENDPOINTS.iter().filter(|endpoint| endpoint.open == Open::Yes).map(|e| e.path).collect();

    assert_eq!(open, ["license/activate", "providers/ways"]);
}

#[tokio::test]
async fn a_member_reaches_only_what_the_table_says() {
    let console = TestConsole::activated().await;
    let ada = console.person("ada", "member").await;

    for endpoint in ENDPOINTS.iter().filter(|endpoint| endpoint.open == Open::No) {
        let answer = console.call(&ada, endpoint.path, (endpoint.arguments)()).await;
        assert_eq!(
            answer.status == StatusCode::FORBIDDEN,
            !endpoint.member,
            "{}: {}",
            endpoint.path,
            answer.body
        );
    }
}

#[tokio::test]
async fn every_change_leaves_exactly_one_closed_entry_also_when_refused() {
    let console = TestConsole::activated().await;
    let ada = console.person("ada", "member").await;

    for endpoint in ENDPOINTS {
        for person in [Person::default(), ada.clone(), console.root().await] {
            let before = newest(&console).await;
            console.call(&person, endpoint.path, (endpoint.arguments)()).await;

            let expected = if endpoint.effect == Effect::Change { 1 } else { 0 };
            assert_eq!(added(&console, before).await.len(), expected, "{}", endpoint.path);
            // Long work goes on after the answer, and closes its entry when it ends.
            eventually(endpoint.path, async || {
                added(&console, before).await.iter().all(|entry| entry.outcome != Outcome::Open)
            })
            .await;
        }
    }
}

async fn added(console: &TestConsole, before: i64) -> Vec<store::Entry> {
    let entries = console.store.audit_entries(&Default::default(), 100).await.unwrap();
    entries.into_iter().filter(|entry| entry.id > before).collect()
}

async fn newest(console: &TestConsole) -> i64 {
    console.store.audit_entries(&Default::default(), 1).await.unwrap().first().map_or(0, |entry| entry.id)
}
