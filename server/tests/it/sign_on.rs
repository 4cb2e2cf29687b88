//! Signing in with an identity provider: what it gives, what is refused, and how long it lasts.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use futures::future::join_all;
use http::StatusCode;
use model::audit::Outcome;
use serde_json::{Value, json};

use crate::console::{PASSWORD, Person, TestConsole, licence, signed};
use crate::provider::{
    CLIENT, Certified, Forgery, SECRET, TOKEN, added, come_back, enabled, set_out, tell, travel,
};
use crate::tenants::{
    account_name, eventually, in_cluster, join, kubectl_as, leaver, namespace, ok, project,
};

const MINUTE: i64 = 60_000;

fn gives(value: &str, role: &str) -> Value {
    json!({ "claim": "groups", "value": value, "gives": { "project": { "project": "sso", "role": role } } })
}

fn platform(value: &str, role: &str) -> Value {
    json!({ "claim": "groups", "value": value, "gives": { "platform": role } })
}

/// The name of who is signed in, if anybody.
async fn who(console: &TestConsole, person: &Person) -> Option<String> {
    let answer = console.call(person, "identity/me", json!({})).await;
    (answer.status == StatusCode::OK).then(|| answer.json()["username"].as_str().unwrap().to_owned())
}

/// What the sign-in page says after a refusal.
async fn told(console: &TestConsole, person: &Person) -> String {
    console.get(person, "/sign-in").await.body
}

#[tokio::test]
async fn a_provider_is_tested_before_it_is_enabled_and_shown() {
    let console = TestConsole::activated().await;
    let provider = added(&console).await;
    let root = console.root().await;
    let enable = json!({ "name": "corp", "enabled": true });

    let early = console.call(&root, "providers/set-enabled", enable.clone()).await;
    let hidden = console.get(&Person::default(), "/sign-in").await.body;
    let refused = console.get(&Person::default(), "/sso/corp").await;
    provider.says("1", "ada", &["dev"]);
    travel(&console, &root, "/sso/corp/test").await;
    let seen = console.call(&root, "providers/view", json!({ "name": "corp" })).await.json();
    let page = console.get(&root, "/users/providers/corp").await.body;
    ok(&console.call(&root, "providers/set-enabled", enable).await);

    assert_eq!(early.json()["invalid"]["fields"][0]["problem"], "not_tested");
    assert!(!hidden.contains("Corp"));
    assert_eq!(refused.location(), "/sign-in");
    assert_eq!(seen["tested"]["claims"]["groups"], json!(["dev"]));
    assert_eq!((&seen["tested"]["username"], &seen["tested"]["refreshes"]), (&json!("ada"), &json!(true)));
    assert!(page.contains("preferred_username") && page.contains("dev"));
    assert!(!page.contains(SECRET) && !seen.to_string().contains(SECRET));
    assert!(told(&console, &Person::default()).await.contains("Corp"));
    assert_eq!(console.store.count_accounts().await.unwrap(), 1, "a test gives nobody an account");
}

#[tokio::test]
async fn somebody_new_has_what_the_rules_give_and_goes_on_where_they_were() {
    let console = TestConsole::on_cluster().await;
    ok(&project(&console, "sso").await);
    let root = console.root().await;
    ok(&namespace(&console, &root, "sso", "web", json!({})).await);
    let rules = json!([gives("dev", "developer"), gives("all", "viewer"), platform("audit", "auditor")]);
    let provider = enabled(&console, rules).await;

    provider.says("1", "ada", &["all", "dev"]);
    let (ada, arrived) = travel(&console, &Person::default(), "/sso/corp?next=/projects/sso").await;

    assert_eq!(arrived.location(), "/projects/sso");
    let me = console.call(&ada, "identity/me", json!({})).await.json();
    assert_eq!(me, json!({ "username": "ada", "role": "member", "provider": "corp", "viewer": null }));
    let members = console.call(&root, "projects/members", json!({ "project": "sso" })).await.json();
    assert_eq!((&members[0]["username"], &members[0]["role"]), (&json!("ada"), &json!("developer")));
    let account = account_name(&console, "ada").await;
    let binding = ["rolebinding", "pilothouse:developer", "-n", "sso-web"];
    assert_eq!(in_cluster(&binding).await["subjects"][0]["name"], account.rsplit(':').next().unwrap());
    eventually("the developer may", async || {
        kubectl_as(&account, &["auth", "can-i", "create", "deployments.apps", "-n", "sso-web"]).await.is_ok()
    })
    .await;
    let trail = console.trail().await;
    let entry = |action: &str| trail.iter().find(|entry| entry.action == action).unwrap();
    assert_eq!(entry("identity.join").resource, "user ada from corp");
    assert_eq!(entry("providers.apply_rules").resource, "user ada by corp: member, developer in sso");

    // Another group by the next check of the session: the role follows, in the books and in the cluster.
    provider.says("1", "ada", &["audit"]);
    console.pass(11 * MINUTE);
    console.providers.check_due().await.unwrap();
    let me = console.call(&ada, "identity/me", json!({})).await.json();
    assert_eq!(me["role"], "auditor");
    let members = console.call(&root, "projects/members", json!({ "project": "sso" })).await.json();
    assert_eq!(members, json!([]));
    eventually("the binding is gone", async || {
        kubectl_as(&account, &["auth", "can-i", "create", "deployments.apps", "-n", "sso-web"]).await.is_err()
    })
    .await;
}

#[tokio::test]
async fn what_somebody_gave_by_hand_stays_beside_what_rules_give() {
    let console = TestConsole::on_cluster().await;
    ok(&project(&console, "sso").await);
    let provider = enabled(&console, json!([gives("dev", "developer")])).await;
    provider.says("1", "ada", &["dev"]);
    let (ada, _) = travel(&console, &Person::default(), "/sso/corp").await;
    let root = console.root().await;
    let roles = async || {
        let members = console.call(&root, "projects/members", json!({ "project": "sso" })).await.json();
        let role = |member: &Value| member["role"].as_str().unwrap().to_owned();
        members.as_array().unwrap().iter().map(role).collect::<Vec<_>>()
    };

    let remove = leaver("sso", "ada");
    let by_rules = console.call(&root, "projects/remove-member", remove.clone()).await;
    ok(&join(&console, "sso", "ada", "administrator").await);
    let both = roles().await;
    provider.says("1", "ada", &[]);
    travel(&console, &ada, "/sso/corp").await;
    let by_hand = roles().await;

    assert_eq!(
        by_rules.json()["invalid"]["fields"][0]["problem"],
        json!({ "given_by_rules": { "provider": "corp" } })
    );
    assert_eq!(both, ["administrator", "developer"]);
    assert_eq!(by_hand, ["administrator"]);
}

#[tokio::test]
async fn s_19_a_token_that_cannot_be_trusted_signs_nobody_in() {
    let console = TestConsole::activated().await;
    let provider = enabled(&console, json!([])).await;
    // The name of a tampering, and what it does to the claims of the token.
    let tampered = [
        ("another nonce", json!({ "nonce": "other" })),
        ("no nonce", json!({ "nonce": null })),
        ("for somebody else", json!({ "aud": "other" })),
        ("also for somebody else", json!({ "aud": [CLIENT, "other"] })),
        ("of another issuer", json!({ "iss": "http://127.0.0.1:1" })),
        ("over", json!({ "exp": 1_000 })),
        ("not yet", json!({ "nbf": 99_999_999_999_i64 })),
        ("about nobody", json!({ "sub": null })),
    ];
    for (what, claims) in tampered {
        provider.says("1", "ada", &[]);
        provider.set(|script| script.claims.extend(claims.as_object().unwrap().clone()));
        let (ada, answer) = travel(&console, &Person::default(), "/sso/corp").await;
        assert_eq!(answer.location(), "/sign-in", "{what}");
        let page = told(&console, &ada).await;
        assert!(page.contains("cannot be trusted") || what == "about nobody", "{what}");
        assert_eq!(who(&console, &ada).await, None, "{what}");
    }
    // Signatures that anybody can make.
    let forged: [(&str, Forgery); 2] = [
        ("none", |payload| format!("{}.{payload}.", BASE64.encode(r#"{"alg":"none"}"#))),
        ("with another key", |payload| {
            let head = BASE64.encode(r#"{"alg":"EdDSA"}"#);
            format!("{head}.{payload}.{}", BASE64.encode([0; 64]))
        }),
    ];
    for (what, forge) in forged {
        provider.says("1", "ada", &[]);
        provider.set(|script| script.forged = Some(forge));
        let (ada, _) = travel(&console, &Person::default(), "/sso/corp").await;
        assert_eq!(who(&console, &ada).await, None, "{what}");
    }
    // What the client's own secret signs proves nothing about the provider.
    provider.set(|script| {
        script.forged = Some(|payload| {
            let message = format!("{}.{payload}", BASE64.encode(r#"{"alg":"HS256"}"#));
            let mac = hmac_of(SECRET.as_bytes(), message.as_bytes());
            format!("{message}.{}", BASE64.encode(mac))
        });
    });
    let (ada, _) = travel(&console, &Person::default(), "/sso/corp").await;
    assert_eq!(who(&console, &ada).await, None);
    assert_eq!(console.store.count_accounts().await.unwrap(), 1);
    let trail = console.trail().await;
    assert!(trail.iter().filter(|entry| entry.resource.ends_with("through corp")).count() >= 11);
    assert!(
        trail
            .iter()
            .all(|entry| { !entry.resource.ends_with("through corp") || entry.outcome == Outcome::Denied })
    );
}

/// HMAC-SHA-256 (RFC 2104) of a key of at most 64 bytes.
fn hmac_of(key: &[u8], message: &[u8]) -> Vec<u8> {
    use sha2::{Digest as _, Sha256};
    let pad = |byte: u8| -> Vec<u8> {
        let key = key.iter().copied().chain(std::iter::repeat(0)).take(64);
        key.map(|k| k ^ byte).collect()
    };
    let inner = Sha256::digest([pad(0x36), message.to_vec()].concat());
    Sha256::digest([pad(0x5c), inner.to_vec()].concat()).to_vec()
}

#[tokio::test]
async fn s_19_an_answer_is_good_once_in_the_browser_that_asked_and_for_ten_minutes() {
    let console = TestConsole::activated().await;
    let provider = enabled(&console, json!([])).await;
    provider.says("1", "ada", &[]);
    let stale = "took too long";

    let (ada, state, nonce) = set_out(&console, &Person::default(), "/sso/corp").await;
    let back = format!("state={state}&code={nonce}");
    // Somebody else's browser, with a cookie of its own and without any.
    let (eve, ..) = set_out(&console, &Person::default(), "/sso/corp").await;
    for thief in [eve, Person::default()] {
        let answer = come_back(&console, &thief, &back).await;
        let thief = Person { cookies: answer.cookies() };
        assert!(told(&console, &thief).await.contains(stale));
    }
    let first = come_back(&console, &ada, &back).await;
    let again = come_back(&console, &ada, &back).await;
    let again = Person { cookies: again.cookies() };

    let (late, state, nonce) = set_out(&console, &Person::default(), "/sso/corp").await;
    console.pass(11 * MINUTE);
    let late = come_back(&console, &late, &format!("state={state}&code={nonce}")).await;
    let (none, ..) = set_out(&console, &Person::default(), "/sso/corp").await;
    let without = come_back(&console, &none, "code=x").await;

    assert_eq!(first.location(), "/");
    assert!(told(&console, &again).await.contains(stale));
    assert_eq!((late.location(), without.location()), ("/sign-in", "/sign-in"));
}

#[tokio::test]
async fn s_19_an_answer_that_names_another_issuer_or_refuses_signs_nobody_in() {
    let console = TestConsole::activated().await;
    let provider = enabled(&console, json!([])).await;
    provider.says("1", "ada", &[]);

    let (ada, state, nonce) = set_out(&console, &Person::default(), "/sso/corp").await;
    let mixed = format!("state={state}&code={nonce}&iss=http%3A%2F%2Fevil.example");
    let mixed = Person { cookies: come_back(&console, &ada, &mixed).await.cookies() };
    let (ada, state, _) = set_out(&console, &Person::default(), "/sso/corp").await;
    let hostile = format!("state={state}&error=access_denied%3Cscript%3E&error_description=%3Cb%3E");
    let denied = Person { cookies: come_back(&console, &ada, &hostile).await.cookies() };
    provider.set(|script| script.refusal = Some((StatusCode::BAD_REQUEST, "invalid_client")));
    let (refused, _) = travel(&console, &Person::default(), "/sso/corp").await;

    assert!(told(&console, &mixed).await.contains("another issuer"));
    let page = told(&console, &denied).await;
    assert!(page.contains("access_deniedscript") && !page.contains("access_denied<"));
    let page = told(&console, &refused).await;
    assert!(page.contains("invalid_client") && !page.contains("<b>no</b>"));
}

#[tokio::test]
async fn a_name_that_somebody_has_is_not_given_away_and_a_waiting_account_is_its_owner_s() {
    let console = TestConsole::activated().await;
    let provider = enabled(&console, json!([])).await;
    console.person("ada", "administrator").await;
    let form = json!({ "username": "grace", "role": "auditor", "provider": "corp" });
    ok(&console.call(&console.root().await, "identity/create", json!({ "form": form })).await);

    provider.says("1", "Ada", &[]);
    let (thief, _) = travel(&console, &Person::default(), "/sso/corp").await;
    let (_, with_password) = console.sign_in("grace", "").await;
    provider.says("2", "grace", &[]);
    let (grace, _) = travel(&console, &Person::default(), "/sso/corp").await;
    // Later somebody else has the name at the provider.
    provider.says("3", "grace", &[]);
    let (other, _) = travel(&console, &Person::default(), "/sso/corp").await;
    // And she another one.
    provider.says("2", "grace.hopper", &[]);
    let (renamed, _) = travel(&console, &Person::default(), "/sso/corp").await;

    assert!(told(&console, &thief).await.contains("belongs to another account"));
    assert_eq!(with_password.location(), "/sign-in");
    let me = console.call(&grace, "identity/me", json!({})).await.json();
    assert_eq!((&me["username"], &me["role"]), (&json!("grace"), &json!("auditor")));
    assert_eq!(who(&console, &other).await, None);
    assert_eq!(who(&console, &renamed).await.as_deref(), Some("grace"));
    let users = console.call(&console.root().await, "identity/list", json!({})).await.json();
    assert_eq!(users[0]["source"], "local");
    assert_eq!(users[1]["source"], json!({ "provider": "corp" }));
}

#[tokio::test]
async fn names_that_cannot_be_names_here_and_unverified_addresses_are_refused() {
    let console = TestConsole::activated().await;
    let provider = enabled(&console, json!([platform("system:masters", "administrator")])).await;
    for name in ["system:admin", "a b", "", "ada\nroot"] {
        provider.says("1", name, &[]);
        let (ada, _) = travel(&console, &Person::default(), "/sso/corp").await;
        assert!(told(&console, &ada).await.contains("no usable username"), "{name:?}");
    }

    let many: Vec<String> = (0..10_000).map(|n| format!("group-{n}")).collect();
    let groups: Vec<&str> = many.iter().map(String::as_str).chain(["system:masters"]).collect();
    provider.says("1", "ada", &groups);
    let (ada, _) = travel(&console, &Person::default(), "/sso/corp").await;
    let me = console.call(&ada, "identity/me", json!({})).await.json();

    assert_eq!((&me["username"], &me["role"]), (&json!("ada"), &json!("member")));
    let change = json!({
        "name": "corp", "display_name": "Corp", "issuer": provider.issuer, "private_addresses": true,
        "client_id": CLIENT, "client_secret": "", "scopes": "", "username_claim": "email",
    });
    let root = console.root().await;
    ok(&console.call(&root, "providers/change", json!({ "form": change })).await);
    provider.says("2", "eve", &[]);
    provider.set(|script| {
        script.claims.insert("email".into(), json!("eve@example.org"));
        script.claims.insert("email_verified".into(), json!(false));
    });
    travel(&console, &root, "/sso/corp/test").await;
    let seen = console.call(&root, "providers/view", json!({ "name": "corp" })).await.json();
    assert_eq!(seen["tested"]["username"], Value::Null);
    assert_eq!(seen["enabled"], false, "another connection has to be enabled anew");
}

#[tokio::test]
async fn only_those_whom_a_rule_gives_something_get_in_when_it_is_set_so() {
    let console = TestConsole::activated().await;
    let provider = enabled(&console, json!([])).await;
    let rules = json!({ "name": "corp", "before": [], "rules": [platform("ops", "administrator")], "only_matched": true });
    ok(&console.call(&console.root().await, "providers/set-rules", rules).await);

    provider.says("1", "ada", &["dev"]);
    let (ada, _) = travel(&console, &Person::default(), "/sso/corp").await;
    provider.says("2", "grace", &["ops"]);
    let (grace, _) = travel(&console, &Person::default(), "/sso/corp").await;
    provider.says("2", "grace", &["dev"]);
    console.pass(11 * MINUTE);
    console.providers.check_due().await.unwrap();

    assert!(told(&console, &ada).await.contains("No rule lets"));
    assert_eq!(who(&console, &grace).await, None, "the rule applies no more");
}

#[tokio::test]
async fn the_licence_counts_who_joins() {
    let console = TestConsole::fresh().await;
    ok(&console.activate(&signed(&licence(2, None))).await);
    let provider = enabled(&console, json!([])).await;

    provider.says("1", "ada", &[]);
    let (ada, _) = travel(&console, &Person::default(), "/sso/corp").await;
    provider.says("2", "grace", &[]);
    let (grace, _) = travel(&console, &Person::default(), "/sso/corp").await;

    assert_eq!(who(&console, &ada).await.as_deref(), Some("ada"));
    assert!(told(&console, &grace).await.contains("no room for one more person"));
    assert_eq!(console.store.count_accounts().await.unwrap(), 2);
}

#[tokio::test]
async fn s_13_a_session_ends_when_the_provider_says_no_and_lasts_while_it_says_nothing() {
    let console = TestConsole::activated().await;
    let provider = enabled(&console, json!([])).await;
    provider.says("1", "ada", &[]);
    let (ada, _) = travel(&console, &Person::default(), "/sso/corp").await;
    let check = async |minutes: i64| {
        console.pass(minutes * MINUTE);
        console.providers.check_due().await.unwrap();
        who(&console, &ada).await.is_some()
    };

    // The provider is away, or does not take the console's own secret: that says nothing about her.
    provider.set(|script| script.refusal = Some((StatusCode::SERVICE_UNAVAILABLE, "down")));
    assert!(check(20).await);
    provider.set(|script| script.refusal = Some((StatusCode::UNAUTHORIZED, "invalid_client")));
    assert!(check(10).await);
    provider.set(|script| script.refusal = Some((StatusCode::BAD_GATEWAY, "html")));
    assert!(check(10).await);
    provider.set(|script| script.refusal = None);
    assert!(check(10).await, "and then it answers again");
    provider.set(|script| script.refusal = Some((StatusCode::SERVICE_UNAVAILABLE, "down")));
    assert!(check(50).await);
    assert!(!check(20).await, "but not for ever");

    provider.set(|script| script.refusal = None);
    let (ada, _) = travel(&console, &Person::default(), "/sso/corp").await;
    provider.set(|script| script.refusal = Some((StatusCode::BAD_REQUEST, "invalid_grant")));
    console.pass(14 * MINUTE);
    console.providers.check_due().await.unwrap();
    assert_eq!(who(&console, &ada).await, None, "disabled there, out within a quarter of an hour");
    let led = console.get(&ada, "/audit?before=7").await;
    assert_eq!(led.location(), "/sign-in?next=/audit%3Fbefore%3D7");
    let trail = console.trail().await;
    let ended = trail.iter().find(|entry| entry.action == "providers.end_session").unwrap();
    assert_eq!(
        (ended.actor.as_str(), ended.resource.as_str()),
        ("(console)", "session of user ada through corp")
    );
}

#[tokio::test]
async fn a_provider_that_says_nothing_new_leaves_roles_as_they_are() {
    let console = TestConsole::activated().await;
    let provider = enabled(&console, json!([platform("ops", "administrator")])).await;
    provider.says("1", "ada", &["ops"]);
    let (ada, _) = travel(&console, &Person::default(), "/sso/corp").await;
    provider.set(|script| script.silent = true);

    for _ in 0..3 {
        console.pass(14 * MINUTE);
        console.providers.check_due().await.unwrap();
        let me = console.call(&ada, "identity/me", json!({})).await.json();
        assert_eq!(me["role"], "administrator");
    }
}

#[tokio::test]
async fn another_issuer_under_the_same_name_has_people_of_its_own() {
    let console = TestConsole::activated().await;
    let first = enabled(&console, json!([])).await;
    first.says("5", "ada", &[]);
    let (ada, _) = travel(&console, &Person::default(), "/sso/corp").await;
    let root = console.root().await;
    let form = json!({ "username": "grace", "role": "administrator", "provider": "corp" });
    ok(&console.call(&root, "identity/create", json!({ "form": form })).await);

    let remove = json!({ "name": "corp", "confirmation": "corp" });
    ok(&console.call(&root, "providers/remove", remove).await);
    let second = enabled(&console, json!([])).await;
    second.says("5", "eve", &[]);
    let (eve, _) = travel(&console, &Person::default(), "/sso/corp").await;
    second.says("6", "grace", &[]);
    let (grace, _) = travel(&console, &Person::default(), "/sso/corp").await;

    assert_eq!(who(&console, &ada).await, None);
    assert_eq!(who(&console, &eve).await.as_deref(), Some("eve"), "the same subject is somebody else");
    let me = console.call(&grace, "identity/me", json!({})).await.json();
    assert_eq!(me["role"], "member", "what waited was for the other issuer's people");
}

#[tokio::test]
async fn rules_are_changed_as_they_were_seen_and_end_with_their_project() {
    let console = TestConsole::on_cluster().await;
    ok(&project(&console, "sso").await);
    let rules = json!([gives("dev", "developer"), gives("all", "viewer")]);
    enabled(&console, rules.clone()).await;
    let root = console.root().await;
    let set = async |before: &Value, rules: Value| {
        let arguments = json!({ "name": "corp", "before": before, "rules": rules, "only_matched": false });
        console.call(&root, "providers/set-rules", arguments).await.status
    };
    let now = async || {
        console.call(&root, "providers/view", json!({ "name": "corp" })).await.json()["rules"].clone()
    };

    assert_eq!(set(&rules, json!([gives("all", "viewer")])).await, StatusCode::OK);
    assert_eq!(set(&rules, json!([gives("dev", "developer")])).await, StatusCode::CONFLICT);
    assert_eq!(now().await, json!([gives("all", "viewer")]));
    let delete = json!({ "project": "sso", "confirmation": "sso" });
    ok(&console.call(&root, "projects/delete", delete).await);
    assert_eq!(now().await, json!([]), "a new project of that name is another one");
}

#[tokio::test]
async fn of_many_tabs_whose_session_is_due_one_asks() {
    let mut console = TestConsole::activated().await;
    let provider = enabled(&console, json!([])).await;
    provider.says("1", "ada", &[]);
    let (ada, _) = travel(&console, &Person::default(), "/sso/corp").await;
    provider.set(|script| script.slow = true);

    for expected in 1..=2 {
        // Nobody was asked for long, as after the console was away; and the sweep comes at the same time.
        console.pass(16 * MINUTE);
        let tabs = (0..5).map(|_| who(&console, &ada));
        let (tabs, due) = tokio::join!(join_all(tabs), console.providers.check_due());
        due.unwrap();
        assert!(tabs.iter().all(Option::is_some), "{tabs:?}");
        assert_eq!(provider.script().refreshed, expected);
        console.restart().await;
    }
}

#[tokio::test]
async fn of_two_consoles_at_one_database_one_asks_and_both_know_who_left() {
    let console = TestConsole::activated().await;
    let other = console.replica().await;
    let provider = enabled(&console, json!([])).await;
    provider.says("1", "ada", &[]);
    let (ada, _) = travel(&console, &Person::default(), "/sso/corp").await;
    assert_eq!(who(&other, &ada).await, Some("ada".to_owned()), "a session is good at both");
    provider.set(|script| script.slow = true);
    console.pass(16 * MINUTE);

    let (here, there, due, due_there) = tokio::join!(
        who(&console, &ada),
        who(&other, &ada),
        console.providers.check_due(),
        other.providers.check_due()
    );
    due.and(due_there).unwrap();
    assert_eq!((here.as_deref(), there.as_deref()), (Some("ada"), Some("ada")));
    assert_eq!(provider.script().refreshed, 1);

    console.post(&ada, "/auth/sign-out", "").await;
    assert_eq!(who(&other, &ada).await, None);
    let root = console.root().await;
    ok(&other
        .call(
            &root,
            "identity/change-password",
            json!({ "current": PASSWORD, "new": "cedar-lantern-17", "confirmation": "cedar-lantern-17" }),
        )
        .await);
    assert_eq!(who(&console, &root).await, None, "also what the other ended");
}

#[tokio::test]
async fn signing_out_leads_to_the_provider_and_back() {
    let console = TestConsole::activated().await;
    let provider = enabled(&console, json!([])).await;
    provider.says("1", "ada", &[]);
    let (ada, _) = travel(&console, &Person::default(), "/sso/corp").await;
    let root = console.root().await;

    let left = console.post(&ada, "/auth/sign-out", "").await;
    let local = console.post(&root, "/auth/sign-out", "").await;

    assert_eq!(local.location(), "/sign-in");
    assert_eq!(left.status, StatusCode::OK);
    let place = format!("{}/end?client_id={CLIENT}&amp;post_logout_redirect_uri=", provider.issuer);
    assert!(left.body.contains(&place), "{}", left.body);
    assert!(!left.body.contains("id_token"), "no token in an address");
    assert_eq!(who(&console, &ada).await, None);
}

#[tokio::test]
async fn without_a_refresh_token_a_session_lasts_a_quarter_of_an_hour() {
    let console = TestConsole::activated().await;
    let provider = enabled(&console, json!([])).await;
    provider.set(|script| script.refreshes = false);
    provider.says("1", "ada", &[]);
    let (ada, _) = travel(&console, &Person::default(), "/sso/corp").await;

    console.pass(14 * MINUTE);
    console.providers.check_due().await.unwrap();
    let before = who(&console, &ada).await;
    console.pass(2 * MINUTE);

    assert!(before.is_some());
    assert_eq!(who(&console, &ada).await, None);
}

#[tokio::test]
async fn signing_out_at_the_provider_signs_out_here() {
    let console = TestConsole::activated().await;
    let provider = enabled(&console, json!([])).await;
    let event = json!({ "http://schemas.openid.net/event/backchannel-logout": {} });
    let mut people = Vec::new();
    for (subject, name, sid) in [("1", "ada", "s1"), ("1", "ada", "s2"), ("2", "grace", "s3")] {
        provider.says(subject, name, &[]);
        provider.set(|script| {
            script.claims.insert("sid".into(), json!(sid));
        });
        people.push(travel(&console, &Person::default(), "/sso/corp").await.0);
    }
    let here = async || {
        let mut here = Vec::new();
        for person in &people {
            here.push(who(&console, person).await.is_some());
        }
        here
    };

    for bad in [
        json!({ "sub": "2" }),
        json!({ "sub": "2", "events": {} }),
        json!({ "events": event }),
        json!({ "sub": "2", "events": event, "nonce": "x" }),
        json!({ "sub": "2", "events": event, "aud": "other" }),
        json!({ "sub": "2", "events": event, "iss": "http://evil.example" }),
        json!({ "sub": "2", "events": event, "iat": 1_000 }),
    ] {
        assert_eq!(tell(&console, &provider.sign(&bad)).await, StatusCode::BAD_REQUEST, "{bad}");
    }
    let forged = provider.sign(&json!({ "sub": "2", "events": event })).replace(".ey", ".ez");
    assert_eq!(tell(&console, &forged).await, StatusCode::BAD_REQUEST);
    assert_eq!(here().await, [true, true, true]);
    let one = provider.sign(&json!({ "sid": "s1", "events": event }));
    assert_eq!(tell(&console, &one).await, StatusCode::OK);
    assert_eq!(here().await, [false, true, true]);
    let all = provider.sign(&json!({ "sub": "1", "events": event }));
    assert_eq!(tell(&console, &all).await, StatusCode::OK);
    assert_eq!(here().await, [false, false, true]);
}

#[tokio::test]
async fn keys_that_the_provider_changed_are_read_anew() {
    let console = TestConsole::activated().await;
    let provider = enabled(&console, json!([])).await;
    provider.says("1", "ada", &[]);
    travel(&console, &Person::default(), "/sso/corp").await;

    provider.set(|script| script.key = [9; 32]);
    tokio::time::sleep(std::time::Duration::from_millis(1_100)).await;
    let (ada, _) = travel(&console, &Person::default(), "/sso/corp").await;

    assert_eq!(who(&console, &ada).await.as_deref(), Some("ada"));
}

#[tokio::test]
async fn disabling_or_removing_a_provider_signs_its_people_out() {
    let console = TestConsole::activated().await;
    let provider = enabled(&console, json!([platform("ops", "administrator")])).await;
    let root = console.root().await;
    provider.says("1", "ada", &["ops"]);

    for (endpoint, arguments) in [
        ("providers/set-enabled", json!({ "name": "corp", "enabled": false })),
        ("providers/remove", json!({ "name": "corp", "confirmation": "corp" })),
    ] {
        let (ada, _) = travel(&console, &Person::default(), "/sso/corp").await;
        assert_eq!(who(&console, &ada).await.as_deref(), Some("ada"));
        ok(&console.call(&root, endpoint, arguments).await);
        assert_eq!(who(&console, &ada).await, None, "{endpoint}");
        let enable = json!({ "name": "corp", "enabled": true });
        console.call(&root, "providers/set-enabled", enable).await;
    }
    let users = console.call(&root, "identity/list", json!({})).await.json();
    assert_eq!(users[0]["role"], "member", "what rules gave is gone with them");
    assert_eq!(console.get(&Person::default(), "/sso/corp").await.location(), "/sign-in");
}

#[tokio::test]
async fn a_test_and_the_set_up_are_for_administrators() {
    let console = TestConsole::activated().await;
    added(&console).await;
    let ada = console.person("ada", "auditor").await;

    assert_eq!(console.get(&ada, "/sso/corp/test").await.status, StatusCode::FORBIDDEN);
    assert_eq!(console.get(&Person::default(), "/sso/corp/test").await.location(), "/sign-in");
    // Begun by an administrator, brought back by somebody who is none.
    let root = console.root().await;
    let (root, state, nonce) = set_out(&console, &root, "/sso/corp/test").await;
    let browser = root.cookies.iter().find(|cookie| cookie.starts_with("pilothouse_sso=")).unwrap().clone();
    let ada = Person { cookies: [ada.cookies, vec![browser]].concat() };
    let back = come_back(&console, &ada, &format!("state={state}&code={nonce}")).await;
    assert_eq!(back.status, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn a_provider_that_is_not_there_or_is_another_is_refused_at_its_field() {
    let console = TestConsole::activated().await;
    let provider = added(&console).await;
    let root = console.root().await;
    let add = async |issuer: &str, private: bool| {
        let form = json!({
            "name": "other", "display_name": "Other", "issuer": issuer, "private_addresses": private,
            "client_id": CLIENT, "client_secret": SECRET, "scopes": "", "username_claim": "email",
        });
        let answer = console.call(&root, "providers/add", json!({ "form": form })).await;
        let field = answer.json()["invalid"]["fields"][0].clone();
        (field["field"].as_str().unwrap().to_owned(), field["problem"].clone())
    };

    let outside = |reason: Value| ("issuer".to_owned(), json!({ "outside": { "reason": reason } }));
    assert_eq!(add("http://127.0.0.1:1", true).await, outside(json!("unreachable")));
    assert_eq!(add("https://127.0.0.1:1", false).await, outside(json!("private_address")));
    assert_eq!(add(&provider.issuer, false).await, ("issuer".to_owned(), json!("needs_https")));
    let same = provider.issuer.replace("127.0.0.1", "localhost");
    assert_eq!(add(&same, true).await, ("issuer".to_owned(), json!("other_issuer")));
    // The secret is for the issuer it was typed for.
    let moved = json!({
        "name": "corp", "display_name": "Corp", "issuer": provider.issuer, "private_addresses": true,
        "client_id": "another", "client_secret": "", "scopes": "", "username_claim": "email",
    });
    let answer = console.call(&root, "providers/change", json!({ "form": moved })).await;
    assert_eq!(answer.json()["invalid"]["fields"][0]["field"], "client_secret");
}

#[tokio::test]
async fn s_49_the_database_holds_neither_the_secret_nor_a_token_in_the_clear() {
    let console = TestConsole::activated().await;
    let provider = enabled(&console, json!([])).await;
    provider.says("1", "ada", &[]);
    let (ada, _) = travel(&console, &Person::default(), "/sso/corp").await;
    let pages = console.get(&ada, "/account").await.body;

    let whole = console.database().await;

    for canary in [SECRET, TOKEN] {
        assert!(!whole.windows(canary.len()).any(|part| part == canary.as_bytes()), "{canary}");
        assert!(!pages.contains(canary));
    }
    let trail = serde_json::to_string(&console.trail().await).unwrap();
    assert!(!trail.contains("canary"));
}

#[tokio::test]
async fn a_password_of_somebody_who_signs_in_elsewhere_is_not_changed_here() {
    let console = TestConsole::activated().await;
    let provider = enabled(&console, json!([])).await;
    provider.says("1", "ada", &[]);
    let (ada, _) = travel(&console, &Person::default(), "/sso/corp").await;

    let form = json!({ "current": "", "new": PASSWORD, "confirmation": PASSWORD });
    let answer = console.call(&ada, "identity/change-password", form).await;

    assert_eq!(answer.json()["invalid"]["fields"][0]["problem"], "not_local");
    assert!(console.get(&ada, "/account").await.body.contains("You sign in with"));
}

#[tokio::test]
async fn a_certified_provider_is_understood_from_discovery_to_refreshing() {
    let console = TestConsole::activated().await;
    let provider = Certified::start();
    let root = console.root().await;
    let form = json!({
        "name": "corp", "display_name": "Corp", "issuer": provider.issuer, "private_addresses": true,
        "client_id": CLIENT, "client_secret": SECRET, "scopes": "profile", "username_claim": "preferred_username",
    });
    ok(&console.call(&root, "providers/add", json!({ "form": form })).await);
    let travel = async |person: &Person, from: &str| {
        let led = console.get(person, from).await;
        let person = Person { cookies: [person.cookies.clone(), led.cookies()].concat() };
        let back = provider.visit("ada", led.location()).await;

        let answer = come_back(&console, &person, &back).await;
        (Person { cookies: answer.cookies() }, answer)
    };

    let (_, tested) = travel(&root, "/sso/corp/test").await;
    let seen = console.call(&root, "providers/view", json!({ "name": "corp" })).await.json();
    ok(&console.call(&root, "providers/set-enabled", json!({ "name": "corp", "enabled": true })).await);
    let (ada, arrived) = travel(&Person::default(), "/sso/corp?next=/account").await;

    assert_eq!(tested.location(), "/users/providers/corp");
    assert_eq!(seen["tested"]["claims"]["groups"], json!(["dev"]));
    assert_eq!(arrived.location(), "/account");
    for _ in 0..3 {
        // Each refresh brings another token, and the one before is good no more.
        console.pass(14 * MINUTE);
        console.providers.check_due().await.unwrap();
        assert_eq!(who(&console, &ada).await.as_deref(), Some("ada"));
    }
}
