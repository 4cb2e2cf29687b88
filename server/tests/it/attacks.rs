//! The attacks that the console has to withstand, by their numbers in docs/security.md. Those that a rule of its own covers are
//! tested beside that rule, under their number too.

use std::collections::BTreeSet;

use axum::body::Body;
use http::{Method, Request, StatusCode, header};
use model::audit::Outcome;
use serde_json::{Value, json};

use crate::console::{HOST, PASSWORD, Person, TestConsole, request};
use crate::provider::{SECRET, TOKEN, enabled, travel};
use crate::tenants::{account_name, eventually, join, namespace, ok, project};
use crate::tokens::{asked, create};

/// Where tests of attacks live.
const SOURCES: [&str; 12] = [
    include_str!("attacks.rs"),
    include_str!("activation.rs"),
    include_str!("connecting.rs"),
    include_str!("headers.rs"),
    include_str!("live.rs"),
    include_str!("sign_in.rs"),
    include_str!("sign_on.rs"),
    include_str!("tokens.rs"),
    include_str!("../../cluster/src/kubeconfig/tests.rs"),
    include_str!("../../cluster/src/objects.rs"),
    include_str!("../../gate/src/gate/tests.rs"),
    include_str!("../../store/tests/it/tampering.rs"),
];

#[test]
fn every_attack_of_the_list_has_a_test_under_its_number() {
    let listed = (1..=27).chain(44..=49);
    let missing: Vec<_> = listed
        .filter(|number| !SOURCES.iter().any(|source| source.contains(&format!("s_{number:02}_"))))
        .collect();
    assert!(missing.is_empty(), "no test of {missing:?}");
}

#[tokio::test]
async fn s_04_groups_that_could_be_mistaken_for_kubernetes_own_give_nothing() {
    let console = TestConsole::activated().await;
    let rules: Vec<Value> = ["system:masters", "system:nodes", "system:serviceaccounts", "System:x", "ops"]
        .iter()
        .map(|value| json!({ "claim": "groups", "value": value, "gives": { "platform": "administrator" } }))
        .collect();
    // Rules may name them; a token that says so gives nothing all the same.
    let provider = enabled(&console, Value::Array(rules)).await;
    let role_with = async |groups: &[&str]| {
        provider.says("1", "ada", groups);
        let (ada, _) = travel(&console, &Person::default(), "/sso/corp").await;
        let me = console.call(&ada, "identity/me", json!({})).await;
        ok(&me);
        me.json()["role"].as_str().unwrap_or_default().to_owned()
    };
    let many: Vec<String> = (0..10_000).map(|number| format!("group-{number}")).collect();
    let many: Vec<&str> = many.iter().map(String::as_str).collect();

    let reserved =
        role_with(&["system:masters", "system:nodes", "system:serviceaccounts", "System:x", "ops\n", ""])
            .await;
    let very_many = role_with(&many).await;
    let ours = role_with(&["system:masters", "ops"]).await;

    assert_eq!((reserved.as_str(), very_many.as_str(), ours.as_str()), ("member", "member", "administrator"));
}

#[tokio::test]
async fn s_05_somebody_of_one_cluster_learns_nothing_of_another_by_any_way() {
    let console = TestConsole::on_cluster().await;
    let ada = console.person("ada", "member").await;
    let token = create(&console, &ada, false).await;
    let answers = async |cluster: &str| {
        let path = format!("/k8s/clusters/{cluster}/api/v1/namespaces");
        let api = console.send(asked(Method::GET, &path, &token).body(Body::empty()).unwrap()).await;
        let place = json!({ "cluster": cluster, "namespace": "shop-web" });
        let view = console.call(&ada, "namespaces/view", place.clone()).await;
        let target = json!({ "cluster": cluster, "namespace": "shop-web", "name": "web" });
        let release = console.call(&ada, "releases/view", json!({ "target": target })).await;
        let overview = console.call(&ada, "clusters/overview", json!({ "cluster": cluster })).await;
        let all = [api, view, release, overview];
        all.map(|answer| (answer.status, answer.body.replace(cluster, "?")))
    };

    // `local` is there and not hers; `mars` is nowhere.
    let (there, nowhere) = (answers("local").await, answers("mars").await);

    assert_eq!(there, nowhere);
    assert_eq!(there[0].0, StatusCode::NOT_FOUND);
    // It is there: with a project on it, its API answers her.
    ok(&project(&console, "shop").await);
    ok(&join(&console, "shop", "ada", "viewer").await);
    assert_eq!(answers("local").await[0].0, StatusCode::FORBIDDEN);
}

#[tokio::test]
async fn s_06_what_is_remembered_for_one_person_is_never_shown_to_another() {
    let console = TestConsole::on_cluster().await;
    let root = console.root().await;
    let mut people = Vec::new();
    for (name, team) in [("ada", "canary-one"), ("bob", "canary-two")] {
        ok(&project(&console, team).await);
        ok(&namespace(&console, &root, team, "web", json!({})).await);
        let person = console.person(name, "member").await;
        ok(&join(&console, team, name, "viewer").await);
        people.push((person, team));
    }

    for _ in 0..100 {
        for (at, (person, team)) in people.iter().enumerate() {
            let other = people[1 - at].1;
            let pages = ["/namespaces", "/workloads", "/projects"];
            let page = console.get(person, pages[at % 3]).await.body;
            assert!(!page.contains(other), "{team} sees {other}");
            let list = console.call(person, "namespaces/list", json!({})).await.body;
            assert!(list.contains(team) && !list.contains(other), "{list}");
        }
    }
}

#[tokio::test]
async fn s_09_a_review_of_access_is_of_whoever_asks() {
    let console = TestConsole::on_cluster().await;
    let ada = console.person("ada", "member").await;
    ok(&project(&console, "review").await);
    ok(&join(&console, "review", "ada", "viewer").await);
    let token = create(&console, &ada, false).await;
    let review = json!({
        "apiVersion": "authorization.k8s.io/v1", "kind": "SelfSubjectAccessReview",
        "spec": { "user": "system:admin", "groups": ["system:masters"],
                  "resourceAttributes": { "verb": "*", "group": "*", "resource": "*" } },
    });
    let path = "/k8s/clusters/local/apis/authorization.k8s.io/v1/selfsubjectaccessreviews";

    let answer = asked(Method::POST, path, &token).header(header::CONTENT_TYPE, "application/json");
    let answer = console.send(answer.body(Body::from(review.to_string())).unwrap()).await;

    assert_eq!(answer.json()["status"]["allowed"], false, "{}", answer.body);
}

#[tokio::test]
async fn s_10_nobody_binds_what_they_do_not_have_and_nothing_is_tried_again_with_more() {
    let console = TestConsole::on_cluster().await;
    ok(&project(&console, "raise").await);
    ok(&namespace(&console, &console.root().await, "raise", "web", json!({})).await);
    let ada = console.person("ada", "member").await;
    ok(&join(&console, "raise", "ada", "namespace_administrator").await);
    let token = create(&console, &ada, false).await;
    let own = account_name(&console, "ada").await;
    let binding = json!({
        "apiVersion": "rbac.authorization.k8s.io/v1", "kind": "RoleBinding",
        "metadata": { "name": "raised", "namespace": "raise-web" },
        "roleRef": { "apiGroup": "rbac.authorization.k8s.io", "kind": "ClusterRole", "name": "cluster-admin" },
        "subjects": [{ "kind": "User", "apiGroup": "rbac.authorization.k8s.io", "name": own }],
    });
    let path = "/k8s/clusters/local/apis/rbac.authorization.k8s.io/v1/namespaces/raise-web/rolebindings";
    let read = async || {
        let request = asked(Method::GET, path, &token).body(Body::empty()).unwrap();
        console.send(request).await
    };
    eventually("she administers the namespace", async || read().await.status == StatusCode::OK).await;

    let answer = asked(Method::POST, path, &token).header(header::CONTENT_TYPE, "application/json");
    let answer = console.send(answer.body(Body::from(binding.to_string())).unwrap()).await;

    assert_eq!(answer.status, StatusCode::FORBIDDEN, "{}", answer.body);
    assert!(
        answer.body.contains("attempting to grant RBAC permissions not currently held"),
        "{}",
        answer.body
    );
    assert!(!read().await.body.contains("\"raised\""));
    let trail = console.trail().await;
    let tries = trail.iter().filter(|entry| entry.action == "clusters.use_api" && entry.actor == "ada");
    assert_eq!(tries.map(|entry| entry.outcome).collect::<Vec<_>>(), [Outcome::Denied]);
}

#[tokio::test]
async fn s_14_whoever_tries_many_names_is_locked_out_by_their_network() {
    let console = TestConsole::activated().await;
    console.person("ada", "member").await;
    let from = async |address: &str, name: &str, password: &str| {
        let form = format!("username={name}&password={password}");
        let request = request(Method::POST, "/auth/sign-in", &Person::default())
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .extension(axum::extract::ConnectInfo::<std::net::SocketAddr>(
                format!("{address}:4711").parse().unwrap(),
            ));
        console.send(request.body(Body::from(form)).unwrap()).await
    };

    for number in 0..50 {
        from(&format!("192.0.2.{number}"), &format!("name-{number}"), "wrong-password").await;
    }
    let locked = from("192.0.2.200", "ada", PASSWORD).await;
    let elsewhere = from("198.51.100.1", "ada", PASSWORD).await;
    console.pass(16 * 60_000);
    let later = from("192.0.2.200", "ada", PASSWORD).await;

    // Behind one private address are all who come through a proxy.
    for number in 0..60 {
        from("10.0.0.1", &format!("other-{number}"), "wrong-password").await;
    }
    let proxied = from("10.0.0.1", "ada", PASSWORD).await;

    assert_eq!(proxied.location(), "/");
    assert_eq!(locked.location(), "/sign-in");
    assert_eq!((elsewhere.location(), later.location()), ("/", "/"));
}

#[tokio::test]
async fn s_15_a_name_that_exists_and_one_that_does_not_are_answered_alike() {
    let console = TestConsole::activated().await;
    console.person("ada", "member").await;
    let mut answers = Vec::new();
    for name in ["ada", "eve"] {
        let (person, answer) = console.sign_in(name, "not-the-password").await;
        let page = console.get(&person, "/sign-in").await;
        let names = |headers: &http::HeaderMap| -> BTreeSet<String> {
            headers.keys().map(|name| name.as_str().to_owned()).collect()
        };
        let plain = page.body.replace(name, "?");
        // What is new each time: nonces, and what is typed.
        let body: Vec<_> =
            plain.split("nonce").map(|part| part.chars().skip(40).collect::<String>()).collect();
        answers.push((answer.status, names(&answer.headers), page.status, body.len(), plain.len()));
    }

    assert_eq!(answers[0], answers[1]);
}

#[tokio::test]
async fn s_16_many_who_sign_in_at_once_wait_for_two_and_hold_nobody_else_up() {
    let console = std::sync::Arc::new(TestConsole::activated().await);
    console.person("ada", "member").await;
    let signing = (0..30).map(|_| {
        let console = console.clone();
        tokio::spawn(async move { console.sign_in("ada", PASSWORD).await.1.status })
    });
    let signing: Vec<_> = signing.collect();

    // Answered while they wait, or this test would take as long as all of them.
    let page = console.get(&Person::default(), "/sign-in").await;
    let waiting = signing.iter().filter(|one| !one.is_finished()).count();

    assert_eq!(page.status, StatusCode::OK);
    assert!(waiting > 0, "all were done before a page was answered");
    for one in signing {
        assert_eq!(one.await.unwrap(), StatusCode::SEE_OTHER);
    }
}

/// Every server function that changes something, in every form that a page of another site can send.
#[tokio::test]
async fn s_20_no_other_site_sends_anything_in_the_name_of_who_is_signed_in() {
    let console = TestConsole::activated().await;
    let root = console.root().await;
    let entries = async || console.store.audit_entries(&Default::default(), 1000).await.unwrap().len();
    let before = entries().await;
    let origins = [
        None,
        Some("null"),
        Some("https://evil.example"),
        Some("http://127.0.0.1:8081"),
        Some("http://sub.127.0.0.1:8080"),
        Some("https://127.0.0.1:8080"),
    ];
    let forms = [
        "application/x-www-form-urlencoded",
        "text/plain",
        "multipart/form-data; boundary=x",
        "application/json",
    ];
    for (path, _) in server_fn::axum::server_fn_paths() {
        for origin in origins {
            for form in forms {
                let mut request = Request::post(path)
                    .header(header::HOST, HOST)
                    .header(header::COOKIE, root.cookies.join("; "))
                    .header(header::CONTENT_TYPE, form);
                if let Some(origin) = origin {
                    request = request.header(header::ORIGIN, origin);
                }
                let answer = console.send(request.body(Body::from("{}")).unwrap()).await;
                assert_eq!(answer.status, StatusCode::FORBIDDEN, "{path} from {origin:?} as {form}");
            }
        }
    }
    assert_eq!(entries().await, before, "nothing was done");
}

#[tokio::test]
async fn s_21_looking_at_an_address_changes_nothing() {
    let console = TestConsole::activated().await;
    let root = console.root().await;
    let entries = async || console.store.audit_entries(&Default::default(), 1000).await.unwrap().len();
    let before = entries().await;
    let paths = server_fn::axum::server_fn_paths().map(|(path, _)| path.to_owned());
    for path in paths.chain(["/auth/sign-in".into(), "/auth/sign-out".into(), "/auth/view-as".into()]) {
        let answer = console.get(&root, &path).await;
        assert!(!answer.status.is_success() || answer.body.contains("<html"), "{path}: {}", answer.status);
    }
    for address in server::pages::addresses() {
        console.get(&root, &address).await;
    }

    assert_eq!(entries().await, before);
    assert_eq!(
        console.call(&root, "identity/me", json!({})).await.status,
        StatusCode::OK,
        "and is signed in"
    );
}

#[tokio::test]
async fn s_25_no_other_origin_is_ever_allowed_to_read() {
    let console = TestConsole::activated().await;
    let root = console.root().await;
    for path in ["/", "/api/identity/me", "/k8s/clusters/local/version", "/healthz", "/pkg/x.js", "/live"] {
        for method in [Method::GET, Method::OPTIONS] {
            let request = Request::builder()
                .method(method.clone())
                .uri(path)
                .header(header::HOST, HOST)
                .header(header::COOKIE, root.cookies.join("; "))
                .header(header::ORIGIN, "https://evil.example")
                .header(header::ACCESS_CONTROL_REQUEST_METHOD, "POST")
                .header(header::ACCESS_CONTROL_REQUEST_HEADERS, "content-type");
            let answer = console.send(request.body(Body::empty()).unwrap()).await;
            let allows = answer.headers.keys().find(|name| name.as_str().starts_with("access-control-"));
            assert_eq!(allows, None, "{method} {path}");
        }
    }
}

#[tokio::test]
async fn s_26_nobody_says_from_where_they_come_but_a_proxy_that_is_trusted() {
    let console = TestConsole::trusting(&["10.0.0.0/8"]).await;
    let address_of = async |peer: &str, forwarded: &[&str]| {
        let mut request = request(Method::POST, "/auth/sign-in", &Person::default())
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .header("x-real-ip", "203.0.113.99")
            .header("forwarded", "for=203.0.113.98")
            .header("x-forwarded-host", "evil.example")
            .header("x-forwarded-proto", "https")
            .header("x-original-url", "/audit")
            .extension(axum::extract::ConnectInfo::<std::net::SocketAddr>(
                format!("{peer}:4711").parse().unwrap(),
            ));
        for line in forwarded {
            request = request.header("x-forwarded-for", *line);
        }
        let form = format!("username=root&password={PASSWORD}");
        let answer = console.send(request.body(Body::from(form)).unwrap()).await;
        assert_eq!(answer.location(), "/");
        let entry = console.store.audit_entries(&Default::default(), 1).await.unwrap().remove(0);
        entry.address
    };

    assert_eq!(address_of("192.0.2.7", &["127.0.0.1"]).await, "192.0.2.7", "anybody");
    assert_eq!(address_of("10.1.2.3", &["127.0.0.1, 198.51.100.4"]).await, "198.51.100.4", "the last hop");
    assert_eq!(
        address_of("10.1.2.3", &["198.51.100.4, 10.9.9.9"]).await,
        "198.51.100.4",
        "behind two of ours"
    );
    assert_eq!(address_of("10.1.2.3", &["198.51.100.5", "nonsense"]).await, "10.1.2.3", "nothing to believe");
    assert_eq!(address_of("10.1.2.3", &[]).await, "10.1.2.3");
    let mapped = address_of("10.1.2.3", &["198.51.100.4, ::ffff:10.9.9.9"]).await;
    assert_eq!(mapped, "198.51.100.4", "one of ours, spelled in the other family");
}

#[tokio::test]
async fn s_27_no_header_says_who_somebody_is() {
    let console = TestConsole::activated().await;
    let mut request = request(Method::POST, "/api/identity/me", &Person::default())
        .header(header::CONTENT_TYPE, "application/json");
    for name in [
        "x-forwarded-user",
        "x-auth-request-user",
        "x-auth-request-email",
        "remote-user",
        "x-remote-user",
        "x-webauth-user",
    ] {
        request = request.header(name, "root");
    }
    let request = request.header(header::AUTHORIZATION, "Basic cm9vdDp3YWxudXQtaGFyYm91ci00Mg==");

    let answer = console.send(request.body(Body::from("{}")).unwrap()).await;

    assert_eq!(answer.status, StatusCode::UNAUTHORIZED);
}

/// Secrets are put in everywhere, and looked for wherever something comes out.
#[tokio::test]
async fn s_46_no_secret_comes_out_anywhere() {
    let console = TestConsole::on_cluster().await;
    let root = console.root().await;
    let provider = enabled(&console, json!([])).await;
    provider.says("1", "olga", &[]);
    let (olga, _) = travel(&console, &Person::default(), "/sso/corp").await;
    console.call(&olga, "identity/me", json!({})).await;
    let token = create(&console, &root, false).await;
    console.person("ada", "member").await;
    let reset = json!({ "username": "ada", "password": "canary-of-a-password" });
    ok(&console.call(&root, "identity/reset-password", reset).await);
    let address = json!({ "url": "http://127.0.0.1:1", "private_addresses": true, "username": "u", "password": "canary-of-a-login" });
    console.call(&root, "catalog/add", json!({ "form": { "name": "stable", "address": address } })).await;
    let source = json!({ "url": "http://127.0.0.1:1", "private_addresses": true, "username": "u", "password": "canary-of-a-source" });
    console.call(&root, "monitoring/set-source", json!({ "cluster": "local", "form": source })).await;
    let canaries = [
        SECRET,
        TOKEN,
        token.as_str(),
        "canary-of-a-password",
        "canary-of-a-login",
        "canary-of-a-source",
        PASSWORD,
    ];
    let session = root.cookies.iter().filter_map(|cookie| cookie.split_once('=')).map(|(_, value)| value);
    let session = session.max_by_key(|value| value.len()).unwrap().to_owned();

    let mut outputs = Vec::new();
    for address in server::pages::addresses() {
        let address =
            address.replace("{cluster}", "local").replace("{provider}", "corp").replace("{person}", "root");
        outputs.push((address.clone(), console.get(&root, &address).await.body));
    }
    let export = console.call(&root, "audit/export", json!({ "query": {} })).await.body;
    outputs.push(("the trail".to_owned(), export));
    let database = String::from_utf8_lossy(&console.database().await).into_owned();
    outputs.push(("the database".to_owned(), database));

    for (place, text) in outputs {
        for canary in canaries.iter().copied().chain([session.as_str()]) {
            assert!(!text.contains(canary), "{place} holds {canary}");
        }
    }
}

#[tokio::test]
async fn s_49_the_files_of_the_database_are_its_owner_s_alone() {
    let console = TestConsole::activated().await;

    let files = console.files();

    assert!(files.iter().any(|(name, _)| name == "pilothouse.db"));
    for (name, mode) in files {
        assert_eq!(mode & 0o077, 0, "{name} is {mode:o}");
    }
}
