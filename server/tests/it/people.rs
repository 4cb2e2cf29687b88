//! Making users, and what the trail says of it.

use http::StatusCode;
use model::audit::Outcome;
use serde_json::json;

use crate::console::{PASSWORD, TestConsole};

#[tokio::test]
async fn an_administrator_makes_a_user_who_can_sign_in() {
    let console = TestConsole::activated().await;

    let ada = console.person("ada", "member").await;

    let me = console.call(&ada, "identity/me", json!({})).await.json();
    assert_eq!(me, json!({ "username": "ada", "role": "member" }));
    let users = console.call(&console.root().await, "identity/list", json!({})).await.json();
    assert_eq!(users[0]["username"], "ada");
    assert_eq!(users[1]["username"], "root");
}

#[tokio::test]
async fn a_taken_name_is_refused_at_its_field() {
    let console = TestConsole::activated().await;

    let again = json!({ "username": "ROOT", "password": PASSWORD, "role": "member" });
    let answer = console.call(&console.root().await, "identity/create", again).await;

    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.json()["invalid"]["fields"], json!([{ "field": "username", "problem": "taken" }]));
}

#[tokio::test]
async fn a_member_who_tries_is_told_the_role_it_takes_and_the_trail_shows_the_try() {
    let console = TestConsole::activated().await;
    let ada = console.person("ada", "member").await;

    let arguments = json!({ "username": "eve", "password": PASSWORD, "role": "administrator" });
    let answer = console.call(&ada, "identity/create", arguments).await;

    assert_eq!(answer.status, StatusCode::FORBIDDEN);
    assert_eq!(answer.json()["forbidden"]["role"], json!({ "platform": "administrator" }));
    assert_eq!(console.store.count_accounts().await.unwrap(), 2);
    let trail = console.trail().await;
    let denied =
        trail.iter().find(|entry| entry.actor == "ada" && entry.action == "identity.create_user").unwrap();
    assert_eq!(denied.outcome, Outcome::Denied);
    assert_eq!(denied.resource, "user eve as administrator");
}

#[tokio::test]
async fn no_password_reaches_the_trail() {
    let console = TestConsole::activated().await;
    console.person("ada", "auditor").await;

    let trail = serde_json::to_string(&console.trail().await).unwrap();

    assert!(!trail.contains(PASSWORD));
}
