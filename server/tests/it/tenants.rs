//! Projects, members and namespaces, against a real API server that decides again.

use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};

use crate::console::{Answer, Person, TestConsole};
use crate::testbed::{silent, testbed};

/// A project with 4 CPU, 8Gi and 20 pods on the cluster `local`.
pub(crate) async fn project(console: &TestConsole, name: &str) -> Answer {
    let clusters = json!([{ "cluster": "local", "cpu": "4", "memory": "8Gi", "pods": "20" }]);
    let form = json!({ "name": name, "display_name": "", "description": "", "clusters": clusters });
    console.call(&console.root().await, "projects/create", json!({ "form": form })).await
}

pub(crate) async fn namespace(
    console: &TestConsole,
    who: &Person,
    project: &str,
    name: &str,
    amounts: Value,
) -> Answer {
    let bounds = json!({ "amounts": amounts, "security": "restricted" });
    let form = json!({ "project": project, "cluster": "local", "name": name, "bounds": bounds });
    console.call(who, "namespaces/create", json!({ "form": form })).await
}

pub(crate) async fn join(console: &TestConsole, project: &str, username: &str, role: &str) -> Answer {
    console.call(&console.root().await, "projects/set-member", member(project, username, role)).await
}

/// A role for somebody.
pub(crate) fn member(project: &str, username: &str, role: &str) -> Value {
    let who = json!({ "name": username, "group": false });
    json!({ "project": project, "form": { "who": who, "role": role } })
}

/// Somebody who is to leave.
pub(crate) fn leaver(project: &str, username: &str) -> Value {
    json!({ "project": project, "who": { "name": username, "group": false } })
}

pub(crate) async fn in_cluster(path: &[&str]) -> Value {
    let arguments = [&["get", "-o", "json"], path].concat();
    serde_json::from_str(&testbed().kubectl(&arguments).await.unwrap()).unwrap()
}

pub(crate) async fn account_name(console: &TestConsole, username: &str) -> String {
    let account = console.store.account_by_name(username).await.unwrap().unwrap();
    format!("system:serviceaccount:pilothouse-users:{}", account.slug)
}

/// What kubectl says when it acts as somebody.
pub(crate) async fn kubectl_as(account: &str, arguments: &[&str]) -> Result<String, String> {
    let arguments = [&["--as", account], arguments].concat();
    testbed().kubectl(&arguments).await.map_err(|error| error.to_string())
}

/// The API server's authorizer learns of a binding a moment after it is written.
pub(crate) async fn eventually(what: &str, mut holds: impl AsyncFnMut() -> bool) {
    for _ in 0..150 {
        if holds().await {
            return;
        }
        tokio::time::sleep(Duration::from_millis(100)).await;
    }
    panic!("not so after a while: {what}");
}

pub(crate) fn ok(answer: &Answer) {
    assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
}

#[tokio::test]
async fn a_namespace_has_quota_range_security_labels_and_its_members() {
    let console = TestConsole::on_cluster().await;
    console.person("ada", "member").await;
    ok(&project(&console, "shop").await);
    ok(&join(&console, "shop", "Ada", "developer").await);

    let amounts = json!({ "limits.cpu": "1.5", "pods": "10", "default.memory": "256Mi" });
    let made = namespace(&console, &console.root().await, "shop", "web", amounts).await;

    assert_eq!(made.json(), "shop-web");
    let labels = in_cluster(&["namespace", "shop-web"]).await["metadata"]["labels"].clone();
    assert_eq!(labels["pilothouse.dev/project"], "shop");
    for mode in ["enforce", "audit", "warn"] {
        assert_eq!(labels[format!("pod-security.kubernetes.io/{mode}")], "restricted");
    }
    let quota = in_cluster(&["resourcequota", "default", "-n", "shop-web"]).await;
    assert_eq!(quota["spec"]["hard"], json!({ "limits.cpu": "1500m", "pods": "10" }));
    let range = in_cluster(&["limitrange", "default", "-n", "shop-web"]).await;
    assert_eq!(range["spec"]["limits"][0]["default"], json!({ "memory": "256Mi" }));
    let binding = in_cluster(&["rolebinding", "pilothouse:developer", "-n", "shop-web"]).await;
    let slug = console.store.account_by_name("ada").await.unwrap().unwrap().slug;
    assert_eq!(binding["subjects"].as_array().unwrap().len(), 1);
    assert_eq!(binding["subjects"][0]["name"], slug.as_str());
    assert_eq!(binding["subjects"][0]["namespace"], "pilothouse-users");
}

#[tokio::test]
async fn a_developer_of_one_project_sees_and_does_nothing_in_another() {
    let console = TestConsole::on_cluster().await;
    let root = console.root().await;
    let (ada, bob) = (console.person("ada", "member").await, console.person("bob", "member").await);
    for (name, member) in [("alpha", "ada"), ("beta", "bob")] {
        ok(&project(&console, name).await);
        ok(&join(&console, name, member, "developer").await);
        ok(&namespace(&console, &root, name, "web", json!({})).await);
    }
    let account = account_name(&console, "ada").await;

    // Through the console.
    let projects = console.call(&ada, "projects/list", json!({})).await.json();
    assert_eq!(projects.as_array().unwrap().len(), 1);
    assert_eq!(projects[0]["name"], "alpha");
    let namespaces = console.call(&ada, "namespaces/list", json!({})).await;
    assert!(
        namespaces.body.contains("alpha-web") && !namespaces.body.contains("beta"),
        "{}",
        namespaces.body
    );
    eventually("ada sees her namespace", async || {
        let arguments = json!({ "cluster": "local", "namespace": "alpha-web" });
        console.call(&ada, "namespaces/view", arguments).await.status == StatusCode::OK
    })
    .await;
    for (endpoint, arguments) in [
        ("projects/view", json!({ "project": "beta" })),
        ("projects/members", json!({ "project": "beta" })),
        ("namespaces/view", json!({ "cluster": "local", "namespace": "beta-web" })),
        (
            "namespaces/delete",
            json!({ "cluster": "local", "namespace": "beta-web", "confirmation": "beta-web" }),
        ),
        ("namespaces/detach", json!({ "cluster": "local", "namespace": "beta-web" })),
        ("projects/set-member", member("beta", "ada", "administrator")),
        (
            "namespaces/delete",
            json!({ "cluster": "local", "namespace": "alpha-web", "confirmation": "alpha-web" }),
        ),
        ("projects/set-member", member("alpha", "ada", "administrator")),
    ] {
        let answer = console.call(&ada, endpoint, arguments).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{endpoint}: {}", answer.body);
    }
    let page = console.get(&ada, "/namespaces/local/beta-web").await;
    assert_eq!(page.status, StatusCode::FORBIDDEN);

    // With kubectl as the same account.
    kubectl_as(&account, &["create", "configmap", "mine", "-n", "alpha-web"]).await.unwrap();
    for refused in [
        &["create", "configmap", "mine", "-n", "beta-web"] as &[&str],
        &["get", "pods", "-n", "beta-web"],
        &["get", "namespace", "beta-web"],
        &["get", "namespaces"],
        &["get", "nodes"],
        &["delete", "resourcequota", "default", "-n", "alpha-web"],
        &["create", "rolebinding", "more", "--clusterrole=admin", "--user=x", "-n", "alpha-web"],
    ] {
        let complaint = kubectl_as(&account, refused).await.unwrap_err();
        assert!(complaint.contains("orbidden"), "{refused:?}: {complaint}");
    }

    // The other one is as free in their own.
    eventually("bob sees his namespace", async || {
        let arguments = json!({ "cluster": "local", "namespace": "beta-web" });
        console.call(&bob, "namespaces/view", arguments).await.status == StatusCode::OK
    })
    .await;
}

#[tokio::test]
async fn what_exists_is_not_told_to_those_who_may_not_see_it() {
    let console = TestConsole::on_cluster().await;
    let ada = console.person("ada", "member").await;
    ok(&project(&console, "hidden").await);
    ok(&namespace(&console, &console.root().await, "hidden", "web", json!({})).await);

    let there = console.call(&ada, "projects/view", json!({ "project": "hidden" })).await;
    let nowhere = console.call(&ada, "projects/view", json!({ "project": "nowhere" })).await;
    assert_eq!((there.status, there.body), (nowhere.status, nowhere.body));
    let view = |namespace: &str| json!({ "cluster": "local", "namespace": namespace });
    let there = console.call(&ada, "namespaces/view", view("hidden-web")).await;
    let nowhere = console.call(&ada, "namespaces/view", view("hidden-no")).await;
    assert_eq!((there.status, there.body), (nowhere.status, nowhere.body));
}

#[tokio::test]
async fn more_than_the_project_has_left_is_refused_at_its_field_and_nothing_is_made() {
    let console = TestConsole::on_cluster().await;
    let root = console.root().await;
    ok(&project(&console, "bounded").await);
    ok(&namespace(&console, &root, "bounded", "one", json!({ "limits.cpu": "2500m", "pods": "20" })).await);

    let answer = namespace(
        &console,
        &root,
        "bounded",
        "two",
        json!({ "limits.cpu": "1.6", "pods": "1", "requests.cpu": "1.6" }),
    )
    .await;

    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert_eq!(
        answer.json()["invalid"]["fields"],
        json!([
            { "field": "limits.cpu", "problem": { "more_than_left": { "left": "1.5" } } },
            { "field": "pods", "problem": { "more_than_left": { "left": "0" } } },
        ])
    );
    assert!(testbed().kubectl(&["get", "namespace", "bounded-two"]).await.is_err());
    let project = console.call(&root, "projects/view", json!({ "project": "bounded" })).await.json();
    let cpu = &project["clusters"][0]["shares"]["ready"][0];
    assert_eq!((cpu["given"].as_str(), cpu["left"].as_str()), (Some("2.5"), Some("1.5")));
}

#[tokio::test]
async fn of_two_who_take_the_last_at_once_one_gets_it() {
    let console = TestConsole::on_cluster().await;
    let root = console.root().await;
    ok(&project(&console, "narrow").await);

    let amounts = || json!({ "limits.memory": "5Gi" });
    let (first, second) = tokio::join!(
        namespace(&console, &root, "narrow", "one", amounts()),
        namespace(&console, &root, "narrow", "two", amounts()),
    );

    let mut statuses = [first.status.as_u16(), second.status.as_u16()];
    statuses.sort_unstable();
    assert_eq!(statuses, [200, 422]);
}

#[tokio::test]
async fn bad_and_taken_names_are_refused_at_their_field() {
    let console = TestConsole::on_cluster().await;
    let root = console.root().await;
    ok(&project(&console, "names").await);
    ok(&namespace(&console, &root, "names", "web", json!({})).await);
    testbed().kubectl(&["create", "namespace", "names-theirs"]).await.unwrap();

    for (name, problem) in [
        ("Web", json!("not_a_label")),
        ("", json!("required")),
        ("web", json!("taken")),
        ("theirs", json!("taken")),
        (&"x".repeat(60), json!({ "too_long": { "max": 57 } })),
    ] {
        let answer = namespace(&console, &root, "names", name, json!({})).await;
        assert_eq!(answer.json()["invalid"]["fields"], json!([{ "field": "name", "problem": problem }]));
    }
    assert_eq!(project(&console, "names").await.json()["invalid"]["fields"][0]["problem"], "taken");
    assert_eq!(project(&console, "kube").await.json()["invalid"]["fields"][0]["problem"], "reserved_name");
    // What is somebody else's was neither claimed nor labelled.
    assert_eq!(console.store.namespaces().await.unwrap().len(), 1);
    let theirs = in_cluster(&["namespace", "names-theirs"]).await;
    assert_eq!(theirs["metadata"]["labels"]["pilothouse.dev/project"], Value::Null);
}

#[tokio::test]
async fn a_changed_quota_makes_room_for_itself_and_leaves_what_others_wrote() {
    let console = TestConsole::on_cluster().await;
    let root = console.root().await;
    ok(&project(&console, "edited").await);
    ok(&namespace(&console, &root, "edited", "web", json!({ "limits.cpu": "3", "pods": "5" })).await);
    let storage = r#"{"spec":{"hard":{"requests.storage":"1Gi"}}}"#;
    testbed()
        .kubectl(&["patch", "resourcequota", "default", "-n", "edited-web", "--type=merge", "-p", storage])
        .await
        .unwrap();

    let bounds = json!({ "amounts": { "limits.cpu": "4" }, "security": "baseline" });
    let arguments = json!({ "cluster": "local", "namespace": "edited-web", "bounds": bounds });
    ok(&console.call(&root, "namespaces/edit", arguments).await);

    let quota = in_cluster(&["resourcequota", "default", "-n", "edited-web"]).await;
    assert_eq!(quota["spec"]["hard"], json!({ "limits.cpu": "4", "requests.storage": "1Gi" }));
    let labels = in_cluster(&["namespace", "edited-web"]).await["metadata"]["labels"].clone();
    assert_eq!(labels["pod-security.kubernetes.io/enforce"], "baseline");
}

#[tokio::test]
async fn deleting_asks_for_the_name() {
    let console = TestConsole::on_cluster().await;
    let root = console.root().await;
    ok(&project(&console, "ended").await);
    ok(&namespace(&console, &root, "ended", "web", json!({})).await);
    let delete = |confirmation: &str| json!({ "cluster": "local", "namespace": "ended-web", "confirmation": confirmation });

    let refused = console.call(&root, "namespaces/delete", delete("ended")).await;
    assert_eq!(refused.json()["invalid"]["fields"][0]["field"], "confirmation");
    assert_eq!(in_cluster(&["namespace", "ended-web"]).await["status"]["phase"], "Active");

    let busy =
        console.call(&root, "projects/delete", json!({ "project": "ended", "confirmation": "ended" })).await;
    assert_eq!(busy.status, StatusCode::CONFLICT);
    ok(&console.call(&root, "namespaces/delete", delete("ended-web")).await);
    testbed().kubectl(&["wait", "--for=delete", "namespace/ended-web", "--timeout=60s"]).await.unwrap();
    assert_eq!(console.call(&root, "namespaces/list", json!({})).await.json(), json!([]));
    ok(&console.call(&root, "projects/delete", json!({ "project": "ended", "confirmation": "ended" })).await);
    assert_eq!(console.call(&root, "projects/list", json!({})).await.json(), json!([]));
}

#[tokio::test]
async fn a_namespace_taken_out_of_its_project_keeps_what_is_in_it() {
    let console = TestConsole::on_cluster().await;
    let root = console.root().await;
    console.person("ada", "member").await;
    ok(&project(&console, "left").await);
    ok(&join(&console, "left", "ada", "namespace_administrator").await);
    ok(&namespace(&console, &root, "left", "web", json!({ "pods": "5" })).await);
    let account = account_name(&console, "ada").await;
    eventually("ada may write", async || {
        kubectl_as(&account, &["create", "configmap", "kept", "-n", "left-web"]).await.is_ok()
    })
    .await;

    let arguments = json!({ "cluster": "local", "namespace": "left-web" });
    ok(&console.call(&root, "namespaces/detach", arguments).await);

    let labels = in_cluster(&["namespace", "left-web"]).await["metadata"]["labels"].clone();
    assert_eq!(labels["pilothouse.dev/project"], Value::Null);
    in_cluster(&["configmap", "kept", "-n", "left-web"]).await;
    eventually("ada may not read any more", async || {
        let answer = kubectl_as(&account, &["get", "configmaps", "-n", "left-web"]).await;
        answer.is_err_and(|complaint| complaint.contains("orbidden"))
    })
    .await;
    assert_eq!(console.call(&root, "namespaces/list", json!({})).await.json(), json!([]));
}

#[tokio::test]
async fn a_role_that_changes_or_ends_changes_or_ends_in_the_cluster() {
    let console = TestConsole::on_cluster().await;
    let root = console.root().await;
    console.person("ada", "member").await;
    ok(&project(&console, "roles").await);
    ok(&namespace(&console, &root, "roles", "web", json!({})).await);
    let account = account_name(&console, "ada").await;
    let may = async |verb: &str, what: &str| {
        let answer = kubectl_as(&account, &["auth", "can-i", verb, what, "-n", "roles-web"]).await;
        answer.is_ok_and(|answer| answer.trim() == "yes")
    };

    ok(&join(&console, "roles", "ada", "developer").await);
    eventually("a developer deploys and gives no roles", async || {
        may("create", "deployments.apps").await && !may("create", "roles.rbac.authorization.k8s.io").await
    })
    .await;
    ok(&join(&console, "roles", "ada", "administrator").await);
    eventually("an administrator gives roles", async || {
        may("create", "roles.rbac.authorization.k8s.io").await
    })
    .await;
    ok(&join(&console, "roles", "ada", "viewer").await);
    eventually("a viewer reads, and no secrets", async || {
        may("get", "pods").await && !may("create", "deployments.apps").await && !may("get", "secrets").await
    })
    .await;
    let arguments = leaver("roles", "ada");
    ok(&console.call(&root, "projects/remove-member", arguments).await);
    eventually("nobody reads nothing", async || !may("get", "pods").await).await;

    let nobody = join(&console, "roles", "nobody", "viewer").await;
    assert_eq!(nobody.json()["invalid"]["fields"], json!([{ "field": "name", "problem": "no_such_user" }]));
}

#[tokio::test]
async fn a_project_administrator_runs_the_project_and_nothing_else() {
    let console = TestConsole::on_cluster().await;
    let ada = console.person("ada", "member").await;
    console.person("bob", "member").await;
    ok(&project(&console, "run").await);
    ok(&join(&console, "run", "ada", "administrator").await);

    ok(&namespace(&console, &ada, "run", "web", json!({})).await);
    let arguments = member("run", "bob", "viewer");
    ok(&console.call(&ada, "projects/set-member", arguments).await);
    let form = json!({ "name": "more", "display_name": "", "description": "", "clusters": [] });
    let refused = console.call(&ada, "projects/create", json!({ "form": form })).await;

    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let members = console.call(&ada, "projects/members", json!({ "project": "run" })).await.json();
    assert_eq!(members[1]["username"], "bob");
}

#[tokio::test]
async fn the_overview_leads_an_administrator_to_the_first_steps_and_a_member_to_their_projects() {
    let console = TestConsole::on_cluster().await;
    let root = console.root().await;
    let ada = console.person("ada", "member").await;

    assert!(console.get(&root, "/").await.body.contains("First steps"));
    assert!(console.get(&ada, "/").await.body.contains("No project has been given to you yet"));
    ok(&project(&console, "steps").await);
    ok(&join(&console, "steps", "ada", "viewer").await);
    assert!(console.get(&root, "/").await.body.contains("/projects/steps/namespaces/new"));
    ok(&namespace(&console, &root, "steps", "web", json!({})).await);

    assert!(!console.get(&root, "/").await.body.contains("First steps"));
    assert!(console.get(&ada, "/").await.body.contains("/projects/steps"));
}

#[tokio::test]
async fn a_membership_given_while_the_cluster_is_away_is_bound_when_it_is_back() {
    let mut console = TestConsole::on_cluster().await;
    console.person("ada", "member").await;
    ok(&project(&console, "away").await);
    ok(&namespace(&console, &console.root().await, "away", "web", json!({})).await);
    let folder = tempfile::tempdir().unwrap();
    let here = console.fleet.clone();

    console.fleet = cluster::Fleet::new(vec![silent("local", folder.path()).await]);
    console.restart().await;
    let answer = join(&console, "away", "ada", "viewer").await;
    assert_eq!(answer.status, StatusCode::BAD_GATEWAY);
    assert_eq!(answer.json()["cluster_unreachable"]["cluster"], "local");

    console.fleet = here;
    console.restart().await;
    console.clusters.prepare(true).await;
    let binding = in_cluster(&["rolebinding", "pilothouse:viewer", "-n", "away-web"]).await;
    assert_eq!(binding["subjects"].as_array().unwrap().len(), 1);
}

#[tokio::test]
async fn a_namespace_that_was_deleted_elsewhere_is_shown_as_gone_and_can_be_let_go() {
    let console = TestConsole::on_cluster().await;
    let root = console.root().await;
    ok(&project(&console, "lost").await);
    ok(&namespace(&console, &root, "lost", "web", json!({})).await);
    testbed().kubectl(&["delete", "namespace", "lost-web"]).await.unwrap();

    let list = console.call(&root, "namespaces/list", json!({})).await.json();
    assert_eq!(list[0]["phase"], "gone");
    let arguments = json!({ "cluster": "local", "namespace": "lost-web" });
    ok(&console.call(&root, "namespaces/detach", arguments).await);
    assert_eq!(console.call(&root, "namespaces/list", json!({})).await.json(), json!([]));
}
