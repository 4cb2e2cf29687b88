//! Sessions: how they begin, last and end.

use axum::body::Body;
use http::{Method, StatusCode, header};
use serde_json::json;

use crate::console::{PASSWORD, Person, TestConsole, request};

#[tokio::test]
async fn a_stranger_is_led_to_sign_in_and_back_again() {
    let console = TestConsole::activated().await;

    let led = console.get(&Person::default(), "/audit?before=7").await;
    assert_eq!(led.location(), "/sign-in?next=/audit%3Fbefore%3D7");

    let form = format!("username=root&password={PASSWORD}&next=/audit%3Fbefore%3D7");
    let back = console.post(&Person::default(), "/auth/sign-in", &form).await;
    assert_eq!((back.status, back.location()), (StatusCode::SEE_OTHER, "/audit?before=7"));
}

#[tokio::test]
async fn s_19_sign_in_never_leads_to_another_site() {
    let console = TestConsole::activated().await;

    for next in ["//evil.example", "https://evil.example/", "/%5Cevil.example"] {
        let form = format!("username=root&password={PASSWORD}&next={next}");
        assert_eq!(console.post(&Person::default(), "/auth/sign-in", &form).await.location(), "/", "{next}");
    }
}

#[tokio::test]
async fn a_wrong_password_says_so_on_the_next_page_and_keeps_the_name_only() {
    let console = TestConsole::activated().await;

    let (person, refused) = console.sign_in("root", "not-the-password").await;

    assert_eq!(refused.location(), "/sign-in");
    let page = console.get(&person, "/sign-in").await;
    assert!(page.body.contains("Username or password is wrong."));
    assert!(page.body.contains(r#"value="root""#));
    assert!(!page.body.contains("not-the-password"));
}

#[tokio::test]
async fn s_14_five_failures_lock_the_name_also_after_a_restart_and_whether_or_not_it_exists() {
    let mut console = TestConsole::activated().await;
    for name in ["root", "nobody"] {
        for _ in 0..5 {
            console.sign_in(name, "not-the-password").await;
        }
    }

    console.restart().await;

    for name in ["root", "nobody"] {
        let (person, _) = console.sign_in(name, PASSWORD).await;
        let page = console.get(&person, "/sign-in").await;
        assert!(page.body.contains("Too many failed attempts."), "{name}");
    }
    console.pass(31_000);
    assert_eq!(console.sign_in("root", PASSWORD).await.1.location(), "/");
}

#[tokio::test]
async fn s_11_the_session_id_changes_at_sign_in_and_is_not_what_the_database_holds() {
    let console = TestConsole::activated().await;
    let before = console.root().await;

    let form = format!("username=root&password={PASSWORD}");
    let after = Person { cookies: console.post(&before, "/auth/sign-in", &form).await.cookies() };

    assert_ne!(before.cookies, after.cookies);
    assert!(console.get(&before, "/users").await.location().starts_with("/sign-in"));
    assert_eq!(console.get(&after, "/users").await.status, StatusCode::OK);
}

#[tokio::test]
async fn s_12_the_session_cookie_is_hidden_from_scripts_and_lax() {
    let console = TestConsole::activated().await;

    let (_, answer) = console.sign_in("root", PASSWORD).await;

    let cookies = answer.headers.get_all(header::SET_COOKIE).iter().map(|value| value.to_str().unwrap());
    let session = cookies.filter(|cookie| !cookie.starts_with("pilothouse_flash")).collect::<Vec<_>>();
    assert_eq!(session.len(), 1);
    assert!(session[0].contains("HttpOnly") && session[0].contains("SameSite=Lax"), "{}", session[0]);
}

#[tokio::test]
async fn a_session_ends_after_eight_idle_hours() {
    let console = TestConsole::activated().await;
    let root = console.root().await;

    console.pass(8 * 3_600_000 + 1_000);

    assert!(console.get(&root, "/users").await.location().starts_with("/sign-in"));
}

#[tokio::test]
async fn a_busy_session_ends_after_a_day() {
    let console = TestConsole::activated().await;
    let root = console.root().await;

    for _ in 0..24 {
        assert_eq!(console.get(&root, "/users").await.status, StatusCode::OK);
        console.pass(3_600_000);
    }

    assert!(console.get(&root, "/users").await.location().starts_with("/sign-in"));
}

#[tokio::test]
async fn s_13_signing_out_ends_the_session_on_the_server() {
    let console = TestConsole::activated().await;
    let root = console.root().await;

    let out = console.post(&root, "/auth/sign-out", "").await;

    assert_eq!(out.location(), "/sign-in");
    assert!(console.get(&root, "/users").await.location().starts_with("/sign-in"));
}

#[tokio::test]
async fn s_13_a_changed_password_ends_every_session_of_that_person() {
    let console = TestConsole::activated().await;
    let (first, second) = (console.root().await, console.root().await);
    let change =
        json!({ "current": PASSWORD, "new": "another-long-one", "confirmation": "another-long-one" });

    let changed = console.call(&first, "identity/change-password", change).await;

    assert_eq!(changed.status, StatusCode::OK);
    for person in [&first, &second] {
        assert!(console.get(person, "/users").await.location().starts_with("/sign-in"));
    }
    assert_eq!(console.sign_in("root", "another-long-one").await.1.location(), "/");
}

#[tokio::test]
async fn a_password_in_the_wrong_field_is_neither_shown_nor_recorded() {
    let console = TestConsole::activated().await;

    let (person, _) = console.sign_in("my%20secret%20words", "x").await;

    let page = console.get(&person, "/sign-in").await;
    assert!(!page.body.contains("secret words"));
    let trail = serde_json::to_string(&console.trail().await).unwrap();
    assert!(!trail.contains("secret words"));
    assert!(trail.contains("(unknown name)"));
}

#[tokio::test]
async fn a_form_from_another_site_is_refused() {
    let console = TestConsole::activated().await;
    let form = format!("username=root&password={PASSWORD}");
    let origins = ["http://evil.example", "null", "https://127.0.0.1:8080", "http://127.0.0.1:9090"];

    for origin in origins {
        let mut hostile = request(Method::POST, "/auth/sign-in", &Person::default())
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form.clone()))
            .unwrap();
        hostile.headers_mut().insert(header::ORIGIN, origin.parse().unwrap());
        assert_eq!(console.send(hostile).await.status, StatusCode::FORBIDDEN, "{origin}");
    }
}

#[tokio::test]
async fn a_person_sees_their_own_sessions_and_ends_one_or_all_others() {
    let console = TestConsole::activated().await;
    console.person("ada", "member").await;
    let (here, _) = console.sign_in("ada", PASSWORD).await;
    let (phone, _) = console.sign_in("ada", PASSWORD).await;
    let root = console.root().await;
    let list = async |who: &Person| console.call(who, "identity/sessions", json!({})).await.json();
    // With the one that the account was made with: three.
    let seen = list(&here).await;
    let handle = |person: &serde_json::Value| {
        let all = person.as_array().unwrap();
        all.iter().find(|session| session["current"] == true).unwrap()["handle"].as_str().unwrap().to_owned()
    };
    assert_eq!(seen.as_array().unwrap().len(), 3);
    assert_eq!(seen[0]["current"], true, "the present one is first");
    let phones = handle(&list(&phone).await);
    assert!(!here.cookies.concat().contains(&handle(&seen)), "a handle is no cookie");

    let foreign = console.call(&root, "identity/end-session", json!({ "handle": phones })).await;
    assert_eq!(foreign.status, StatusCode::NOT_FOUND);
    assert_eq!(list(&phone).await.as_array().unwrap().len(), 3);
    let ended = console.call(&here, "identity/end-session", json!({ "handle": phones })).await;
    assert_eq!(ended.status, StatusCode::OK);
    assert_eq!(console.call(&phone, "identity/me", json!({})).await.status, StatusCode::UNAUTHORIZED);

    console.call(&here, "identity/end-other-sessions", json!({})).await;
    assert_eq!(list(&here).await.as_array().unwrap().len(), 1);
    assert_eq!(console.call(&root, "identity/me", json!({})).await.status, StatusCode::OK);
}
