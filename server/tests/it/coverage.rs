//! Nothing forgotten: every server function is in the table, refused to strangers, and audited when it changes something.

mod endpoints;
mod pages;
mod roles;

use std::collections::BTreeSet;

use http::StatusCode;
use model::audit::Outcome;
use serde_json::json;

use crate::console::{Person, TestConsole};
use crate::tenants::eventually;
use endpoints::{ENDPOINTS, Effect, Open};
use pages::PAGES;
use roles::everybody;

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

    assert_eq!(open, ["license/activate", "providers/ways", "identity/accept"]);
}

/// Who gets past the gate, of [`roles::ROLES`], at every server function that exists.
#[tokio::test]
async fn everybody_reaches_exactly_what_the_table_says() {
    let console = TestConsole::activated().await;
    let everybody = everybody(&console).await;
    let mut wrong = Vec::new();

    for (path, _) in server_fn::axum::server_fn_paths() {
        let listed = ENDPOINTS.iter().find(|endpoint| format!("/api/{}", endpoint.path) == path);
        // What is not listed is for nobody.
        let (may, arguments) = listed.map_or(("", json!({})), |row| (row.may, (row.arguments)()));
        let mut reached = String::new();
        for (letter, person) in &everybody {
            let answer = console.call(person, path.trim_start_matches("/api/"), arguments.clone()).await;
            if answer.status != StatusCode::FORBIDDEN {
                reached.push(*letter);
            }
        }
        if reached != may {
            wrong.push(format!("{path}: {reached:?} got past, {may:?} may"));
        }
    }

    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// As above, at every page that exists. Whoever is not signed in is led to the door.
#[tokio::test]
async fn everybody_sees_exactly_the_pages_that_the_table_says() {
    let console = TestConsole::activated().await;
    let everybody = everybody(&console).await;
    let mut wrong = Vec::new();

    for pattern in server::pages::addresses() {
        if app::paths::PUBLIC_PAGES.contains(&pattern.as_str()) {
            continue;
        }
        let listed = PAGES.iter().find(|(known, ..)| *known == pattern);
        let (_, address, may) = listed.copied().unwrap_or(("", pattern.as_str(), ""));
        let stranger = console.get(&Person::default(), address).await;
        if !stranger.status.is_redirection() || !stranger.location().starts_with("/sign-in") {
            wrong.push(format!("{pattern}: a stranger gets {}", stranger.status));
        }
        let mut seen = String::new();
        for (letter, person) in &everybody {
            if console.get(person, address).await.status != StatusCode::FORBIDDEN {
                seen.push(*letter);
            }
        }
        if seen != may {
            wrong.push(format!("{pattern}: {seen:?} see it, {may:?} may"));
        }
    }

    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
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
