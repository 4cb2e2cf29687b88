//! The first visit and licences.

use http::StatusCode;
use model::license::Licence;
use serde_json::{Value, json};
use server::compose;

use crate::console::{NOW, PASSWORD, Person, TestConsole, licence, signed};

#[tokio::test]
async fn every_page_leads_to_the_activation_before_it_happened() {
    let console = TestConsole::fresh().await;

    for path in ["/", "/sign-in", "/users", "/nowhere"] {
        assert_eq!(console.get(&Person::default(), path).await.location(), "/activate", "{path}");
    }
    assert_eq!(console.get(&Person::default(), "/activate").await.status, StatusCode::OK);
}

#[tokio::test]
async fn the_free_personal_licence_activates_and_the_administrator_can_sign_in() {
    let console = TestConsole::fresh().await;

    let answer = console.activate("").await;

    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
    let status = console.call(&console.root().await, "license/status", json!({})).await.json();
    assert_eq!(status["licence"]["edition"], "personal");
    assert_eq!(status["licence"]["limits"], json!({ "users": 5, "clusters": 3, "nodes": 0 }));
    assert_eq!(status["state"], "active");
    assert_eq!(console.get(&Person::default(), "/activate").await.location(), "/sign-in");
}

#[tokio::test]
async fn every_wrong_field_is_named_at_once_and_nothing_is_stored() {
    let console = TestConsole::fresh().await;
    let form = json!({ "token": "guess", "username": "system:masters", "password": "short", "confirmation": "other", "licence": "v1.cut" });

    let answer = console.call(&Person::default(), "license/activate", json!({ "form": form })).await;

    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    let fields = json!([
        { "field": "token", "problem": "wrong_token" },
        { "field": "username", "problem": "reserved" },
        { "field": "password", "problem": { "too_short": { "min": 12 } } },
        { "field": "confirmation", "problem": "mismatch" },
        { "field": "licence", "problem": { "licence": { "reason": "truncated" } } },
    ]);
    assert_eq!(answer.json(), json!({ "invalid": { "fields": fields } }));
    assert_eq!(console.store.count_accounts().await.unwrap(), 0);
    assert_eq!(console.store.read_installation().await.unwrap().licence, None);
}

#[tokio::test]
async fn each_bad_licence_has_its_own_reason_and_activates_nothing() {
    let day = 86_400;
    let now = NOW / 1000;
    let good = signed(&licence(0, None));
    let elsewhere = Licence { instance: Some("elsewhere".into()), ..licence(0, None) };
    let early = Licence { issued: now + day, ..licence(0, None) };
    let cases = [
        (good[..good.len() / 2].to_owned(), "truncated"),
        (format!("{good} and more"), "trailing_text"),
        (good.replace(".test", ".stranger"), "unknown_key"),
        (good.replacen("v1.ey", "v1.fy", 1), "wrong_signature"),
        (signed(&licence(0, Some(now - 20 * day))), "expired"),
        (signed(&early), "not_yet_valid"),
        (signed(&elsewhere), "wrong_instance"),
    ];
    let console = TestConsole::fresh().await;

    for (text, reason) in cases {
        let answer = console.activate(&text).await;
        let expected = json!([{ "field": "licence", "problem": { "licence": { "reason": reason } } }]);
        assert_eq!(answer.json()["invalid"]["fields"], expected, "{reason}");
    }
    assert_eq!(console.store.count_accounts().await.unwrap(), 0);
}

#[tokio::test]
async fn s_17_a_setup_token_works_once_and_for_a_day() {
    let console = TestConsole::fresh().await;
    let token = compose::new_setup_token(&console.store, console.clock.as_ref()).await.unwrap();
    let form = |token: &str| json!({ "form": { "token": token, "username": "root", "password": PASSWORD, "confirmation": PASSWORD, "licence": "" } });

    console.pass(24 * 3_600_000);
    let late = console.call(&Person::default(), "license/activate", form(&token)).await;
    assert_eq!(late.json()["invalid"]["fields"][0]["problem"], "expired_token");

    let token = compose::new_setup_token(&console.store, console.clock.as_ref()).await.unwrap();
    let first = console.call(&Person::default(), "license/activate", form(&token)).await;
    let second = console.call(&Person::default(), "license/activate", form(&token)).await;
    assert_eq!((first.status, second.status), (StatusCode::OK, StatusCode::CONFLICT));
}

#[tokio::test]
async fn s_17_of_two_people_activating_at_once_one_wins_and_the_other_is_told() {
    let console = TestConsole::fresh().await;
    let token = compose::new_setup_token(&console.store, console.clock.as_ref()).await.unwrap();
    let call = async |name: &str| {
        let form = json!({ "token": token, "username": name, "password": PASSWORD, "confirmation": PASSWORD, "licence": "" });
        console.call(&Person::default(), "license/activate", json!({ "form": form })).await.status
    };

    let mut statuses = <[StatusCode; 2]>::from(tokio::join!(call("ada"), call("bob")));

    statuses.sort();
    assert_eq!(statuses, [StatusCode::OK, StatusCode::CONFLICT]);
    assert_eq!(console.store.count_accounts().await.unwrap(), 1);
}

#[tokio::test]
async fn a_full_licence_refuses_another_user_and_nothing_else() {
    let console = TestConsole::fresh().await;
    console.activate(&signed(&licence(1, None))).await;
    let root = console.root().await;

    let refused = console.call(&root, "identity/create", user("ada")).await;

    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(refused.json(), json!({ "licence": { "state": "over_limit" } }));
    let password =
        json!({ "current": PASSWORD, "new": "another-long-one", "confirmation": "another-long-one" });
    assert_eq!(console.call(&root, "identity/change-password", password).await.status, StatusCode::OK);
}

#[tokio::test]
async fn a_clock_set_back_does_not_revive_an_ended_licence() {
    let day = 86_400_000;
    let console = TestConsole::fresh().await;
    console.activate(&signed(&licence(0, Some(NOW / 1000 + 86_400)))).await;

    console.pass(20 * day);
    let after = console.call(&console.root().await, "identity/create", user("ada")).await;
    console.pass(-20 * day);
    let set_back = console.call(&console.root().await, "identity/create", user("ada")).await;

    assert_eq!(after.json()["licence"]["state"], "limited");
    assert_eq!(set_back.json()["licence"]["state"], "limited");
}

#[tokio::test]
async fn replacing_a_licence_takes_effect_at_once_and_a_bad_one_changes_nothing() {
    let console = TestConsole::fresh().await;
    console.activate(&signed(&licence(1, None))).await;
    let root = console.root().await;

    let bad = console.call(&root, "license/replace", json!({ "text": "v1.nothing" })).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(limit(&console).await, 1);

    let good = console.call(&root, "license/replace", json!({ "text": signed(&licence(9, None)) })).await;
    assert_eq!(good.status, StatusCode::OK);
    assert_eq!(limit(&console).await, 9);
}

async fn limit(console: &TestConsole) -> Value {
    let status = console.call(&console.root().await, "license/status", json!({})).await.json();
    status["licence"]["limits"]["users"].clone()
}

fn user(name: &str) -> Value {
    json!({ "form": { "username": name, "password": PASSWORD, "role": "member" } })
}
