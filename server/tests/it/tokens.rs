//! The Kubernetes API through the console: whose token it is decides, and nothing else that is sent.

use axum::body::Body;
use futures::StreamExt as _;
use http::{Method, Request, StatusCode, header};
use model::audit::Outcome;
use serde_json::{Value, json};

use crate::console::{Answer, HOST, Person, TestConsole};
use crate::provider::{enabled, travel};
use crate::tenants::{account_name, eventually, in_cluster, join, leaver, namespace, ok, project};

const DAY: i64 = 24 * 3_600_000;
const REVIEW: &str = "/k8s/clusters/local/apis/authentication.k8s.io/v1/selfsubjectreviews";

pub(crate) async fn create(console: &TestConsole, person: &Person, read_only: bool) -> String {
    let form = json!({ "name": "laptop", "days": "30", "read_only": read_only });
    let answer = console.call(person, "tokens/create", json!({ "form": form })).await;
    ok(&answer);
    answer.json()["text"].as_str().unwrap().to_owned()
}

pub(crate) fn asked(method: Method, path: &str, token: &str) -> http::request::Builder {
    let request = Request::builder().method(method).uri(path).header(header::HOST, HOST);
    request.header(header::AUTHORIZATION, format!("Bearer {token}"))
}

async fn get(console: &TestConsole, token: &str, path: &str) -> Answer {
    console.send(asked(Method::GET, path, token).body(Body::empty()).unwrap()).await
}

async fn post(console: &TestConsole, token: &str, path: &str, object: &Value) -> Answer {
    let request = asked(Method::POST, path, token).header(header::CONTENT_TYPE, "application/json");
    console.send(request.body(Body::from(object.to_string())).unwrap()).await
}

fn review() -> Value {
    json!({ "apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview" })
}

fn config_map(name: &str) -> Value {
    json!({ "apiVersion": "v1", "kind": "ConfigMap", "metadata": { "name": name } })
}

#[tokio::test]
async fn s_01_s_02_s_03_a_token_is_its_owner_whatever_else_the_request_says() {
    let console = TestConsole::on_cluster().await;
    let ada = console.person("ada", "member").await;
    ok(&project(&console, "own").await);
    ok(&join(&console, "own", "ada", "viewer").await);
    let token = create(&console, &ada, false).await;
    let own = account_name(&console, "ada").await;

    let mut request = asked(Method::POST, REVIEW, &token).header(header::CONTENT_TYPE, "application/json");
    for (name, value) in [
        ("Impersonate-User", "admin"),
        ("impersonate-user", "system:kube-controller-manager"),
        ("IMPERSONATE-GROUP", "system:masters"),
        ("Impersonate-Uid", "0"),
        ("Impersonate-Extra-Scopes", "all"),
        ("X-Remote-User", "admin"),
        ("X-Remote-Group", "system:masters"),
        ("Connection", "Impersonate-User, Impersonate-Group"),
        ("Cookie", "pilothouse=x"),
        ("X-Forwarded-For", "127.0.0.1"),
    ] {
        request = request.header(name, value);
    }
    let answer = console.send(request.body(Body::from(review().to_string())).unwrap()).await;

    let user = &answer.json()["status"]["userInfo"];
    assert_eq!(user["username"], own, "{}", answer.body);
    assert!(!user["groups"].to_string().contains("masters"), "{user}");
    assert_eq!(user["extra"], json!({ "pilothouse-user": ["ada"] }));
}

#[tokio::test]
async fn the_cluster_s_rules_decide_and_the_trail_has_every_change() {
    let console = TestConsole::on_cluster().await;
    ok(&project(&console, "api").await);
    let root = console.root().await;
    ok(&namespace(&console, &root, "api", "web", json!({})).await);
    let mut tokens = Vec::new();
    for (name, role) in [("ada", "developer"), ("vera", "viewer")] {
        let person = console.person(name, "member").await;
        ok(&join(&console, "api", name, role).await);
        tokens.push(create(&console, &person, false).await);
    }
    let path = "/k8s/clusters/local/api/v1/namespaces/api-web/configmaps";

    eventually("the developer may", async || get(&console, &tokens[0], path).await.status == StatusCode::OK)
        .await;
    let made = post(&console, &tokens[0], path, &config_map("one")).await;
    let refused = post(&console, &tokens[1], path, &config_map("two")).await;
    let elsewhere =
        get(&console, &tokens[0], "/k8s/clusters/local/api/v1/namespaces/default/configmaps").await;

    assert_eq!(made.status, StatusCode::CREATED, "{}", made.body);
    assert_eq!(in_cluster(&["configmap", "one", "-n", "api-web"]).await["metadata"]["name"], "one");
    assert_eq!((refused.status, elsewhere.status), (StatusCode::FORBIDDEN, StatusCode::FORBIDDEN));
    assert_eq!(refused.json()["kind"], "Status");
    let trail = console.trail().await;
    let entry = |who: &str| trail.iter().find(|e| e.actor == who && e.action == "clusters.use_api").unwrap();
    assert_eq!(entry("ada").resource, "POST /api/v1/namespaces/api-web/configmaps in cluster local");
    assert_eq!((entry("ada").outcome, entry("vera").outcome), (Outcome::Done, Outcome::Denied));
}

#[tokio::test]
async fn the_trail_says_what_became_of_an_object_but_never_what_a_secret_holds() {
    let console = TestConsole::on_cluster().await;
    ok(&project(&console, "told").await);
    let root = console.root().await;
    ok(&namespace(&console, &root, "told", "web", json!({})).await);
    let token = create(&console, &root, false).await;
    let place = "/k8s/clusters/local/api/v1/namespaces/told-web";
    let send = async |method: Method, path: &str, body: Value| {
        let kind = match method == Method::PATCH {
            true => "application/merge-patch+json",
            false => "application/json",
        };
        let request = asked(method, &format!("{place}/{path}"), &token).header(header::CONTENT_TYPE, kind);
        let answer = console.send(request.body(Body::from(body.to_string())).unwrap()).await;
        assert!(answer.status.is_success(), "{path}: {}", answer.body);
    };
    let secret = json!({ "apiVersion": "v1", "kind": "Secret", "metadata": { "name": "one" }, "stringData": { "a": "canary" } });

    send(Method::POST, "configmaps", config_map("one")).await;
    send(Method::PATCH, "configmaps/one", json!({ "data": { "colour": "green" } })).await;
    send(Method::DELETE, "configmaps/one", json!({})).await;
    send(Method::POST, "secrets", secret).await;
    send(Method::PATCH, "secrets/one", json!({ "stringData": { "a": "canary-two" } })).await;

    let entries = console.store.audit_entries(&Default::default(), 100).await.unwrap();
    let changed = |verb: &str, kind: &str| {
        let resource = format!("{verb} /api/v1/namespaces/told-web/{kind}/one in cluster local");
        entries.iter().find(|entry| entry.resource == resource).unwrap().changed.clone()
    };
    let patched = changed("PATCH", "configmaps").unwrap();
    assert!(!patched.before.contains("green") && patched.after.contains("colour: green"), "{patched:?}");
    let deleted = changed("DELETE", "configmaps").unwrap();
    assert!(deleted.before.contains("colour: green") && deleted.after.is_empty(), "{deleted:?}");
    assert_eq!(changed("PATCH", "secrets"), None);
    assert!(!format!("{entries:?}").contains("canary"));
}

#[tokio::test]
async fn s_18_no_token_a_wrong_one_and_one_that_ended_answer_alike() {
    let console = TestConsole::on_cluster().await;
    let ada = console.person("ada", "administrator").await;
    let token = create(&console, &ada, false).await;
    let path = "/k8s/clusters/local/version";
    assert_eq!(get(&console, &token, path).await.status, StatusCode::OK);

    let mut answers = vec![get(&console, "pht_wrong", path).await, get(&console, &token[..20], path).await];
    // A session is not a token, and a token is no session.
    let cookie = ada.cookies.join("; ");
    let with_cookie = Request::get(path).header(header::HOST, HOST).header(header::COOKIE, cookie);
    answers.push(console.send(with_cookie.body(Body::empty()).unwrap()).await);
    let doubled = asked(Method::GET, path, &token).header(header::AUTHORIZATION, "Bearer other");
    answers.push(console.send(doubled.body(Body::empty()).unwrap()).await);
    let as_session = asked(Method::POST, "/api/identity/me", &token)
        .header(header::ORIGIN, format!("http://{HOST}"))
        .header(header::CONTENT_TYPE, "application/json");
    let as_session = console.send(as_session.body(Body::from("{}")).unwrap()).await;
    console.pass(30 * DAY);
    answers.push(get(&console, &token, path).await);

    let told: Vec<_> = answers.iter().map(|answer| (answer.status, answer.body.clone())).collect();
    assert_eq!(told[0].0, StatusCode::UNAUTHORIZED);
    assert!(told.iter().all(|one| *one == told[0]), "{told:?}");
    assert_eq!(as_session.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn s_13_a_token_ends_with_its_owner_s_account_and_when_it_is_revoked() {
    let console = TestConsole::on_cluster().await;
    let ada = console.person("ada", "administrator").await;
    let eve = console.person("eve", "member").await;
    let token = create(&console, &ada, false).await;
    let path = "/k8s/clusters/local/version";
    let list = console.call(&ada, "tokens/list", json!({})).await.json();
    let id = list[0]["id"].as_str().unwrap().to_owned();
    let status = async || get(&console, &token, path).await.status;

    let theirs = console.call(&eve, "tokens/revoke", json!({ "id": id })).await;
    assert_eq!((theirs.status, status().await), (StatusCode::NOT_FOUND, StatusCode::OK));
    let disable = |disabled| json!({ "username": "ada", "disabled": disabled });
    ok(&console.call(&console.root().await, "identity/set-disabled", disable(true)).await);
    assert_eq!(status().await, StatusCode::UNAUTHORIZED);
    ok(&console.call(&console.root().await, "identity/set-disabled", disable(false)).await);
    assert_eq!(status().await, StatusCode::OK);
    let (ada, _) = console.sign_in("ada", crate::console::PASSWORD).await;
    let used = console.call(&ada, "tokens/list", json!({})).await.json();
    assert!(used[0]["last_used_at"].is_string());
    assert!(token.starts_with(used[0]["prefix"].as_str().unwrap()));
    ok(&console.call(&ada, "tokens/revoke", json!({ "id": id })).await);
    assert_eq!(status().await, StatusCode::UNAUTHORIZED);

    // What is kept does not give it away.
    let database = console.database().await;
    assert!(!database.windows(token.len()).any(|part| part == token.as_bytes()));
    assert!(!console.get(&ada, "/account").await.body.contains(&token));
    assert!(!serde_json::to_string(&console.trail().await).unwrap().contains(&token[..12]));
}

#[tokio::test]
async fn a_reading_token_changes_nothing_and_enters_no_container() {
    let console = TestConsole::on_cluster().await;
    let token = create(&console, &console.root().await, true).await;
    let path = "/k8s/clusters/local/api/v1/namespaces/default/configmaps";

    let read = get(&console, &token, path).await.status;
    let made = post(&console, &token, path, &config_map("never")).await;
    let exec =
        get(&console, &token, "/k8s/clusters/local/api/v1/namespaces/default/pods/x/exec?command=id").await;
    let review = post(&console, &token, REVIEW, &review()).await;

    assert_eq!((read, review.status), (StatusCode::OK, StatusCode::CREATED));
    assert_eq!((made.status, exec.status), (StatusCode::FORBIDDEN, StatusCode::FORBIDDEN));
    assert!(made.body.contains("only reads"));
}

#[tokio::test]
async fn s_08_unknown_clusters_odd_paths_and_hosts_are_refused() {
    let console = TestConsole::on_cluster().await;
    let token = create(&console, &console.root().await, false).await;
    let status = async |path: &str| get(&console, &token, path).await.status;

    assert_eq!(status("/k8s/clusters/elsewhere/version").await, StatusCode::NOT_FOUND);
    assert_eq!(status("/k8s/clusters/local/api/v1/%2e%2e/x").await, StatusCode::BAD_REQUEST);
    let on = "/k8s/clusters/local/api/v1/namespaces/kube-system/services/http:evil:80/proxy/";
    assert_eq!(status(on).await, StatusCode::FORBIDDEN);
    let other_host = Request::get("/k8s/clusters/local/version")
        .header(header::HOST, "attacker.example")
        .header(header::AUTHORIZATION, format!("Bearer {token}"));
    let other_host = console.send(other_host.body(Body::empty()).unwrap()).await;
    assert_eq!(other_host.status, StatusCode::MISDIRECTED_REQUEST);
}

#[tokio::test]
async fn a_watch_ends_within_seconds_when_its_token_does() {
    let console = TestConsole::on_cluster().await;
    let root = console.root().await;
    let token = create(&console, &root, false).await;
    let address = console.listen().await;
    let url = format!("http://{address}/k8s/clusters/local/api/v1/namespaces?watch=true");
    let answer = reqwest::Client::new().get(&url).bearer_auth(&token).send().await.unwrap();
    assert_eq!(answer.status(), 200);
    let mut events = answer.bytes_stream();
    let first = events.next().await.unwrap().unwrap();
    assert!(String::from_utf8_lossy(&first).contains("ADDED"));

    let id = console.call(&root, "tokens/list", json!({})).await.json()[0]["id"].clone();
    ok(&console.call(&root, "tokens/revoke", json!({ "id": id })).await);
    let ended = tokio::time::timeout(std::time::Duration::from_secs(7), async {
        while let Some(Ok(_)) = events.next().await {}
    });

    assert!(ended.await.is_ok(), "it goes on");
}

#[tokio::test]
async fn what_lasts_is_not_begun_once_our_books_say_no_though_the_cluster_does_not_know_yet() {
    let console = TestConsole::on_cluster().await;
    ok(&project(&console, "gap").await);
    ok(&namespace(&console, &console.root().await, "gap", "web", json!({})).await);
    let ada = console.person("ada", "member").await;
    ok(&join(&console, "gap", "ada", "developer").await);
    // What she still has elsewhere lets her know of the cluster.
    ok(&project(&console, "elsewhere").await);
    ok(&join(&console, "elsewhere", "ada", "developer").await);
    let token = create(&console, &ada, false).await;
    let path = "/k8s/clusters/local/api/v1/namespaces/gap-web/pods";
    eventually("she may look", async || get(&console, &token, path).await.status == StatusCode::OK).await;
    let (user, project) = (
        console.store.account_by_name("ada").await.unwrap().unwrap(),
        console.store.project(&model::projects::ProjectName::parse("gap").unwrap()).await.unwrap(),
    );

    // Only our books: her bindings are still there.
    console.store.remove_member(&project.id, &user.id).await.unwrap();
    let watch = get(&console, &token, &format!("{path}?watch=true")).await;
    let shell = asked(Method::GET, &format!("{path}/web/exec?command=id"), &token)
        .header(header::CONNECTION, "Upgrade")
        .header(header::UPGRADE, "websocket");
    let shell = console.send(shell.body(Body::empty()).unwrap()).await;

    assert_eq!(
        (watch.status, shell.status),
        (StatusCode::FORBIDDEN, StatusCode::FORBIDDEN),
        "{}",
        shell.body
    );
    let trail = console.trail().await;
    let entered = trail.iter().find(|entry| entry.resource.contains("/exec")).unwrap();
    assert_eq!(entered.outcome, Outcome::Denied);
}

#[tokio::test]
async fn s_07_a_watch_ends_within_seconds_when_its_owner_s_role_does() {
    let console = TestConsole::on_cluster().await;
    ok(&project(&console, "watched").await);
    ok(&namespace(&console, &console.root().await, "watched", "web", json!({})).await);
    let ada = console.person("ada", "member").await;
    ok(&join(&console, "watched", "ada", "viewer").await);
    let token = create(&console, &ada, true).await;
    let path = "/k8s/clusters/local/api/v1/namespaces/watched-web/pods";
    eventually("she may look", async || get(&console, &token, path).await.status == StatusCode::OK).await;
    let address = console.listen().await;
    let url = format!("http://{address}{path}?watch=true");
    let answer = reqwest::Client::new().get(&url).bearer_auth(&token).send().await.unwrap();
    assert_eq!(answer.status(), 200);

    let remove = leaver("watched", "ada");
    ok(&console.call(&console.root().await, "projects/remove-member", remove).await);
    let mut events = answer.bytes_stream();
    let ended = tokio::time::timeout(std::time::Duration::from_secs(7), async {
        while let Some(Ok(_)) = events.next().await {}
    });

    assert!(ended.await.is_ok(), "it goes on");
}

#[tokio::test]
async fn a_token_of_somebody_from_a_provider_lives_as_long_as_the_provider_answers_for_them() {
    let console = TestConsole::on_cluster().await;
    let provider = enabled(&console, json!([])).await;
    provider.says("1", "ada", &[]);
    let (ada, _) = travel(&console, &Person::default(), "/sso/corp").await;
    ok(&project(&console, "answered").await);
    ok(&join(&console, "answered", "ada", "viewer").await);
    let token = create(&console, &ada, false).await;
    let status = async || get(&console, &token, "/k8s/clusters/local/version").await.status;
    let later = async |minutes: i64| {
        console.pass(minutes * 60_000);
        console.providers.check_due().await.unwrap();
    };

    // Signing out of the browser leaves the program its token, and the provider is still asked.
    console.post(&ada, "/auth/sign-out", "").await;
    for _ in 0..3 {
        later(14).await;
        assert_eq!(status().await, StatusCode::OK);
    }
    provider.set(|script| script.refusal = Some((StatusCode::BAD_REQUEST, "invalid_grant")));
    later(14).await;
    assert_eq!(
        status().await,
        StatusCode::UNAUTHORIZED,
        "disabled there, and within a quarter of an hour here"
    );
    // She comes back, and so does her token.
    provider.set(|script| script.refusal = None);
    travel(&console, &Person::default(), "/sso/corp").await;
    assert_eq!(status().await, StatusCode::OK);
}
