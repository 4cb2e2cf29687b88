//! Making users, and what the trail says of it.

use http::StatusCode;
use model::audit::Outcome;
use serde_json::json;

use crate::console::{PASSWORD, TestConsole, licence, signed};

#[tokio::test]
async fn an_administrator_makes_a_user_who_can_sign_in() {
    let console = TestConsole::activated().await;

    let ada = console.person("ada", "member").await;

    let me = console.call(&ada, "identity/me", json!({})).await.json();
    assert_eq!(me, json!({ "username": "ada", "role": "member", "provider": "", "viewer": null }));
    let users = console.call(&console.root().await, "identity/list", json!({})).await.json();
    assert_eq!(users[0]["username"], "ada");
    assert_eq!(users[1]["username"], "root");
}

#[tokio::test]
async fn a_taken_name_is_refused_at_its_field() {
    let console = TestConsole::activated().await;

    let again = json!({ "username": "ROOT", "password": PASSWORD, "role": "member" });
    let answer = console.call(&console.root().await, "identity/create", json!({ "form": again })).await;

    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(answer.json()["invalid"]["fields"], json!([{ "field": "username", "problem": "taken" }]));
}

#[tokio::test]
async fn a_member_who_tries_is_told_the_role_it_takes_and_the_trail_shows_the_try() {
    let console = TestConsole::activated().await;
    let ada = console.person("ada", "member").await;

    let arguments = json!({ "username": "eve", "password": PASSWORD, "role": "administrator" });
    let answer = console.call(&ada, "identity/create", json!({ "form": arguments })).await;

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

#[tokio::test]
async fn a_disabled_user_is_out_at_once_and_told_so_only_with_the_right_password() {
    let console = TestConsole::activated().await;
    let (root, ada) = (console.root().await, console.person("ada", "member").await);
    let switch = async |disabled: bool| {
        let arguments = json!({ "username": "ADA", "disabled": disabled });
        console.call(&root, "identity/set-disabled", arguments).await
    };

    assert_eq!(switch(true).await.status, StatusCode::OK);

    assert_eq!(console.call(&ada, "identity/me", json!({})).await.status, StatusCode::UNAUTHORIZED);
    let (right, refused) = console.sign_in("ada", PASSWORD).await;
    assert_eq!(refused.location(), "/sign-in");
    assert!(console.get(&right, "/sign-in").await.body.contains("This account is disabled."));
    let (wrong, _) = console.sign_in("ada", "not-the-password").await;
    assert!(console.get(&wrong, "/sign-in").await.body.contains("Username or password is wrong."));
    let users = console.call(&root, "identity/list", json!({})).await.json();
    assert_eq!((&users[0]["username"], &users[0]["disabled"]), (&json!("ada"), &json!(true)));
    let trail: Vec<_> =
        console.trail().await.into_iter().map(|entry| (entry.action, entry.outcome)).collect();
    assert!(trail.contains(&("identity.disable_user".into(), Outcome::Done)), "{trail:?}");
    assert!(trail.contains(&("identity.sign_in".into(), Outcome::Denied)), "{trail:?}");

    assert_eq!(switch(false).await.status, StatusCode::OK);
    assert_eq!(console.sign_in("ada", PASSWORD).await.1.location(), "/");
}

#[tokio::test]
async fn nobody_disables_themselves_or_who_does_not_exist_and_enabling_counts_against_the_licence() {
    let console = TestConsole::fresh().await;
    console.activate(&signed(&licence(2, None))).await;
    let root = console.root().await;
    console.person("ada", "member").await;
    let set = async |username: &str, disabled: bool| {
        let arguments = json!({ "username": username, "disabled": disabled });
        console.call(&root, "identity/set-disabled", arguments).await
    };

    let own = set("root", true).await.json();
    assert_eq!(own["invalid"]["fields"], json!([{ "field": "username", "problem": "yourself" }]));
    assert_eq!(set("nobody", true).await.status, StatusCode::NOT_FOUND);

    set("ada", true).await;
    console.person("bob", "member").await;
    let refused = set("ada", false).await;
    assert_eq!(refused.json()["licence"]["state"], "over_limit", "{}", refused.body);
}

#[tokio::test]
async fn an_administrator_resets_a_password_which_ends_the_person_s_sessions() {
    let console = TestConsole::activated().await;
    let ada = console.person("ada", "member").await;
    let root = console.root().await;
    let reset = async |username: &str, password: &str| {
        let arguments = json!({ "username": username, "password": password });
        console.call(&root, "identity/reset-password", arguments).await
    };
    for _ in 0..5 {
        console.sign_in("ada", "not-the-password").await;
    }

    let short = reset("ada", "short").await;
    let own = reset("root", "maple-harbour-43").await;
    let nobody = reset("nobody", "maple-harbour-43").await;
    assert_eq!(reset("ADA", "maple-harbour-43").await.status, StatusCode::OK);

    assert_eq!(short.json()["invalid"]["fields"][0]["field"], "password");
    assert_eq!(own.json()["invalid"]["fields"][0]["problem"], "yourself");
    assert_eq!(nobody.status, StatusCode::NOT_FOUND);
    assert_eq!(console.call(&ada, "identity/me", json!({})).await.status, StatusCode::UNAUTHORIZED);
    assert_eq!(console.sign_in("ada", PASSWORD).await.1.location(), "/sign-in");
    assert_eq!(console.sign_in("ada", "maple-harbour-43").await.1.location(), "/", "the lock is open, too");
    assert!(!serde_json::to_string(&console.trail().await).unwrap().contains("maple"));
}

#[tokio::test]
async fn whoever_is_invited_chooses_a_password_once_and_in_time() {
    let console = TestConsole::activated().await;
    let root = console.root().await;
    let form = json!({ "username": "ada", "password": "", "role": "member" });
    let made = console.call(&root, "identity/create", json!({ "form": form })).await.json();
    let token = made["token"].as_str().unwrap().to_owned();
    let accept = async |token: &str, password: &str| {
        let arguments = json!({ "token": token, "password": password, "confirmation": password });
        console.call(&Default::default(), "identity/accept", arguments).await
    };
    let problem = |answer: crate::console::Answer| answer.json()["invalid"]["fields"][0]["problem"].clone();

    assert_eq!(made["hours"], 72);
    let (_, early) = console.sign_in("ada", "").await;
    assert_eq!(early.location(), "/sign-in", "no password is no password");
    assert_eq!(console.call(&root, "identity/list", json!({})).await.json()[0]["source"], "invited");
    assert_eq!(problem(accept(&token, "short").await), json!({ "too_short": { "min": 12 } }));
    assert_eq!(problem(accept("something else", PASSWORD).await), "wrong_token");
    assert_eq!(accept(&token, PASSWORD).await.status, StatusCode::OK);
    assert_eq!(problem(accept(&token, PASSWORD).await), "wrong_token", "once");
    let (ada, _) = console.sign_in("ada", PASSWORD).await;
    assert_eq!(console.call(&ada, "identity/me", json!({})).await.json()["username"], "ada");

    // A link that was not used is worth nothing once somebody chose for them.
    let other = json!({ "username": "bob", "password": "", "role": "member" });
    let link = console.call(&root, "identity/create", json!({ "form": other })).await.json();
    let reset = json!({ "username": "bob", "password": PASSWORD });
    console.call(&root, "identity/reset-password", reset).await;
    assert_eq!(problem(accept(link["token"].as_str().unwrap(), PASSWORD).await), "wrong_token");

    // Who forgot it gets another link, which ends in three days.
    let reset = json!({ "username": "ada", "password": "" });
    let again = console.call(&root, "identity/reset-password", reset).await.json();
    assert_eq!(console.call(&ada, "identity/me", json!({})).await.status, StatusCode::UNAUTHORIZED);
    console.pass(72 * 3_600_000);
    assert_eq!(problem(accept(again["token"].as_str().unwrap(), PASSWORD).await), "expired_token");
    let trail = console.trail().await;
    let accepted =
        trail.iter().find(|e| e.action == "identity.accept_invitation" && e.outcome == Outcome::Done);
    assert_eq!(accepted.unwrap().resource, "user ada");
    assert!(!String::from_utf8_lossy(&console.database().await).contains(&token));
}
