//! Connecting clusters in the console: what is read of a file, tried, kept, and kept right.

use std::path::Path;
use std::time::{Duration, Instant};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD as BASE64;
use http::StatusCode;
use serde_json::{Value, json};
use testbed::Testbed;

use crate::console::{Answer, TestConsole, licence, signed};
use crate::tenants::{account_name, eventually, in_cluster, join, namespace, ok, project};
use crate::testbed::testbed;

fn text(file: &Path) -> String {
    std::fs::read_to_string(file).unwrap()
}

async fn add(console: &TestConsole, name: &str, kubeconfig: &str) -> Answer {
    let form =
        json!({ "name": name, "kubeconfig": kubeconfig, "context": "testbed", "administrators": true });
    console.call(&console.root().await, "clusters/add", json!({ "form": form })).await
}

async fn steps(console: &TestConsole, kubeconfig: &str) -> Vec<Value> {
    let arguments = json!({ "kubeconfig": kubeconfig, "context": "testbed" });
    let answer = console.call(&console.root().await, "clusters/try", arguments).await;
    ok(&answer);
    answer.json().as_array().unwrap().iter().map(|step| step["result"].clone()).collect()
}

/// The kubeconfig of the console's own account in the shared cluster, printed as the page tells.
pub(crate) async fn account() -> String {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("access.yaml");
    std::fs::write(&file, cluster::ACCESS).unwrap();
    testbed().kubectl(&["apply", "-f", file.to_str().unwrap()]).await.unwrap();
    let read = async |template: &str| {
        let flag = format!("go-template={template}");
        let secret = ["get", "secret", "pilothouse-token", "-n", "pilothouse", "-o", flag.as_str()];
        testbed().kubectl(&secret).await.unwrap_or_default()
    };
    let mut token = String::new();
    eventually("the token is made", async || {
        token = read("{{index .data \"token\" | base64decode}}").await;
        token.starts_with("ey")
    })
    .await;
    let authority = read("{{index .data \"ca.crt\"}}").await;
    let known: Value = serde_json::from_str(&text(testbed().kubeconfig())).unwrap();
    let server = known["clusters"][0]["cluster"]["server"].as_str().unwrap();
    format!(
        "apiVersion: v1\nkind: Config\n\
         clusters: [{{name: c, cluster: {{server: \"{server}\", certificate-authority-data: {authority}}}}}]\n\
         users: [{{name: pilothouse, user: {{token: {token}}}}}]\n\
         contexts: [{{name: testbed, context: {{cluster: c, user: pilothouse}}}}]\n"
    )
}

#[tokio::test]
async fn every_step_of_a_try_says_what_it_found_and_the_first_that_fails_why() {
    let console = TestConsole::activated().await;
    let good = text(testbed().kubeconfig());
    let known: Value = serde_json::from_str(&good).unwrap();
    let authority = known["clusters"][0]["cluster"]["certificate-authority-data"].as_str().unwrap();

    let all = steps(&console, &good).await;
    let silent = steps(&console, &good.replace("https://127.0.0.1:", "https://127.0.0.2:")).await;
    let no_authority = good.replace(&format!(",\"certificate-authority-data\":\"{authority}\""), "");
    let untrusted = steps(&console, &no_authority).await;
    let stranger = format!(
        "clusters: [{{name: c, cluster: {}}}]\nusers: [{{name: u, user: {{token: nobody}}}}]\n\
         contexts: [{{name: testbed, context: {{cluster: c, user: u}}}}]\n",
        known["clusters"][0]["cluster"]
    );
    let unauthorized = steps(&console, &stranger).await;

    assert!(all[0]["done"]["found"].as_str().unwrap().starts_with("127.0.0.1:"), "{all:?}");
    assert!(all[2]["done"]["found"].as_str().unwrap().starts_with("v1.35."), "{all:?}");
    assert!(all[3]["done"]["found"].is_string() && all[4]["done"]["found"].is_string(), "{all:?}");
    assert!(silent[0]["failed"]["said"].as_str().unwrap().contains("refused"), "{silent:?}");
    assert_eq!(silent[1], "not_tried");
    assert!(untrusted[0]["done"].is_object() && untrusted[1]["failed"].is_object(), "{untrusted:?}");
    assert!(unauthorized[1]["done"].is_object(), "{unauthorized:?}");
    let refused = unauthorized.iter().find(|step| step["failed"].is_object()).unwrap();
    assert!(refused["failed"]["said"].as_str().unwrap().contains("nauthorized"), "{unauthorized:?}");
}

#[tokio::test]
async fn a_cluster_from_a_kubeconfig_is_used_kept_sealed_and_there_after_a_restart() {
    let mut console = TestConsole::activated().await;
    let kubeconfig = text(testbed().kubeconfig());
    let root = console.root().await;

    let read = console.call(&root, "clusters/read", json!({ "kubeconfig": kubeconfig })).await;
    assert_eq!(read.json()[0]["name"], "testbed");
    assert_eq!(
        (&read.json()[0]["authentication"], &read.json()[0]["problems"]),
        (&json!("certificate"), &json!([]))
    );
    ok(&add(&console, "local", &kubeconfig).await);
    eventually("it is prepared", async || {
        console
            .trail()
            .await
            .iter()
            .any(|entry| entry.action == "clusters.prepare" && entry.resource == "cluster local")
    })
    .await;
    ok(&project(&console, "connected").await);
    ok(&namespace(&console, &root, "connected", "web", json!({})).await);

    console.fleet = cluster::Fleet::default();
    console.restart().await;
    let list = console.call(&root, "clusters/list", json!({})).await.json();
    assert!(list[0]["state"]["connected"].is_object(), "{list}");
    assert_eq!(list[0]["registered"], true);

    // Neither the key nor the file are in the database, on a page or in an answer.
    let known: Value = serde_json::from_str(&kubeconfig).unwrap();
    let key = known["users"][0]["user"]["client-key-data"].as_str().unwrap();
    let pem = String::from_utf8(BASE64.decode(key).unwrap()).unwrap();
    let canary = pem.lines().nth(1).unwrap();
    let database = console.database().await;
    for secret in [key, canary] {
        assert!(!database.windows(secret.len()).any(|part| part == secret.as_bytes()));
        assert!(!console.get(&root, "/clusters/local").await.body.contains(secret));
        assert!(!read.body.contains(secret) && !list.to_string().contains(secret));
    }

    // It is not let go while it is used, and what runs in it stays.
    let remove = json!({ "cluster": "local", "confirmation": "local" });
    let used = console.call(&root, "clusters/remove", remove.clone()).await;
    assert_eq!(used.json()["invalid"]["fields"][0]["problem"], json!({ "still_used": { "namespaces": 1 } }));
    let detach = json!({ "cluster": "local", "namespace": "connected-web" });
    ok(&console.call(&root, "namespaces/detach", detach).await);
    ok(&console.call(&root, "clusters/remove", remove).await);
    assert_eq!(console.call(&root, "clusters/list", json!({})).await.json(), json!([]));
    assert_eq!(in_cluster(&["namespace", "connected-web"]).await["metadata"]["name"], "connected-web");
}

#[tokio::test]
async fn what_cannot_be_connected_is_refused_at_its_field() {
    let console = TestConsole::on_cluster().await;
    let good = text(testbed().kubeconfig());
    let refused = async |name: &str, kubeconfig: &str| {
        let answer = add(&console, name, kubeconfig).await;
        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", answer.body);
        let field = answer.json()["invalid"]["fields"][0].clone();
        (field["field"].as_str().unwrap().to_owned(), field["problem"].clone())
    };
    let exec = "clusters: [{name: c, cluster: {server: 'https://127.0.0.1:1'}}]\n\
                users: [{name: u, user: {exec: {command: /usr/bin/touch, args: [/tmp/pilothouse-was-here]}}}]\n\
                contexts: [{name: testbed, context: {cluster: c, user: u}}]\n";

    assert_eq!(refused("local", &good).await, ("name".into(), json!("taken")));
    assert_eq!(refused("new", &good).await, ("name".into(), json!("reserved_name")));
    assert_eq!(refused("A b", &good).await, ("name".into(), json!("not_a_label")));
    assert_eq!(refused("other", exec).await, ("context".into(), json!("not_a_context")));
    assert_eq!(refused("other", "nothing").await, ("context".into(), json!("not_a_context")));
    let root = console.root().await;
    let read = console.call(&root, "clusters/read", json!({ "kubeconfig": exec })).await.json();
    assert_eq!(read[0]["authentication"]["exec"]["command"], "/usr/bin/touch");
    let tried = json!({ "kubeconfig": exec, "context": "testbed" });
    let tried = console.call(&root, "clusters/try", tried).await;
    assert_eq!(tried.status, StatusCode::UNPROCESSABLE_ENTITY);
    assert!(!Path::new("/tmp/pilothouse-was-here").exists());
    let settings = json!({ "cluster": "local", "confirmation": "local" });
    let settings = console.call(&root, "clusters/remove", settings).await;
    assert_eq!(settings.json()["invalid"]["fields"][0]["problem"], "in_settings");
}

#[tokio::test]
async fn the_licence_counts_clusters() {
    let console = TestConsole::fresh().await;
    let mut one = licence(0, None);
    one.limits.clusters = 1;
    ok(&console.activate(&signed(&one)).await);
    let kubeconfig = text(testbed().kubeconfig());

    ok(&add(&console, "one", &kubeconfig).await);
    let second = add(&console, "two", &kubeconfig).await;

    assert_eq!(second.status, StatusCode::FORBIDDEN);
    assert!(second.json()["licence"].is_object(), "{}", second.body);
}

#[tokio::test]
async fn a_credential_is_renewed_for_its_own_server_only_and_its_end_is_told() {
    let console = TestConsole::activated().await;
    let kubeconfig = text(testbed().kubeconfig());
    ok(&add(&console, "local", &kubeconfig).await);
    let root = console.root().await;
    let renew = async |kubeconfig: &str| {
        let form = json!({ "name": "local", "kubeconfig": kubeconfig, "context": "testbed", "administrators": false });
        console.call(&root, "clusters/renew", json!({ "form": form })).await
    };

    let elsewhere = renew(&kubeconfig.replace("https://127.0.0.1:", "https://127.0.0.2:")).await;
    ok(&renew(&account().await).await);
    let rights = console.call(&root, "clusters/rights", json!({ "cluster": "local" })).await.json();
    // A token that ends within a month.
    let soon = console.store.clusters().await.unwrap()[0].clone();
    console.store.set_cluster_expiry(&soon.name, Some(crate::console::NOW + 86_400_000)).await.unwrap();
    let list = console.call(&root, "clusters/list", json!({})).await.json();

    let problem = &elsewhere.json()["invalid"]["fields"][0];
    assert_eq!(problem["field"], "context");
    assert!(problem["problem"]["other_server"]["server"].as_str().unwrap().starts_with("https://127.0.0.1:"));
    assert!(rights.as_array().unwrap().iter().all(|right| right["allowed"] == true), "{rights}");
    assert!(list[0]["state"]["expiring"]["at"].is_string(), "{list}");
}

#[tokio::test]
async fn the_console_s_own_account_is_people_of_ours_and_nobody_else() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("account");
    std::fs::write(&file, account().await).unwrap();
    let may = async |flags: &[&str]| {
        let arguments = [&["--context", "testbed", "get", "--raw", "/version"], flags].concat();
        testbed::kubectl(&file, &arguments).await.map(|_| ()).map_err(|error| error.to_string())
    };
    let ours = "--as=system:serviceaccount:pilothouse-users:ada-00000000";

    assert_eq!(may(&[ours]).await, Ok(()));
    for group in ["pilothouse:platform-admins", "pilothouse:platform-auditors"] {
        assert_eq!(may(&[ours, &format!("--as-group={group}")]).await, Ok(()), "{group}");
    }
    for others in [
        vec!["--as=admin"],
        vec!["--as=system:kube-controller-manager"],
        vec!["--as=system:serviceaccount:kube-system:default"],
        vec!["--as=system:serviceaccount:pilothouse:pilothouse"],
        vec!["--as=system:serviceaccount:default:ada-00000000"],
        vec!["--as=system:node:real"],
        vec![ours, "--as-group=system:masters"],
        vec![ours, "--as-group=system:nodes"],
        vec![ours, "--as-uid=1"],
    ] {
        let told = may(&others).await.unwrap_err();
        assert!(told.contains("forbidden") || told.contains("Forbidden"), "{others:?}: {told}");
    }
    // And it is no cluster-admin: it reads no Secret and binds nothing stronger.
    let secrets = testbed::kubectl(&file, &["--context", "testbed", "get", "secrets", "-A"]).await;
    assert!(secrets.unwrap_err().to_string().contains("forbidden"));
    let bind = ["--context", "testbed", "create", "rolebinding", "x", "--clusterrole=admin", "--user=x"];
    assert!(testbed::kubectl(&file, &bind).await.unwrap_err().to_string().contains("forbidden"));
}

#[tokio::test]
async fn bindings_that_somebody_changed_are_mended_and_those_of_others_left_alone() {
    let console = TestConsole::on_cluster().await;
    let root = console.root().await;
    console.person("ada", "member").await;
    ok(&project(&console, "drift").await);
    ok(&namespace(&console, &root, "drift", "web", json!({})).await);
    ok(&join(&console, "drift", "ada", "viewer").await);
    let slug = account_name(&console, "ada").await.rsplit(':').next().unwrap().to_owned();
    let cluster = console.fleet.all()[0].clone();
    let kubectl = async |arguments: &[&str]| testbed().kubectl(arguments).await.unwrap();
    let subjects = async || {
        let binding = in_cluster(&["rolebinding", "pilothouse:viewer", "-n", "drift-web"]).await;
        let role = binding["roleRef"]["name"].as_str().unwrap().to_owned();
        let names = binding["subjects"]
            .as_array()
            .unwrap()
            .iter()
            .map(|one| one["name"].as_str().unwrap().to_owned());
        (role, names.collect::<Vec<_>>())
    };
    let right = ("pilothouse:viewer".to_owned(), vec![slug]);
    let quiet = console.trail().await.len();
    console.clusters.repair(&cluster).await.unwrap();
    assert_eq!(console.trail().await.len(), quiet + 1, "nothing is mended; the one entry is of looking");

    // Deleted; made to lead to another role, with somebody else in it; and with somebody added.
    kubectl(&["delete", "rolebinding", "pilothouse:viewer", "-n", "drift-web"]).await;
    console.clusters.repair(&cluster).await.unwrap();
    assert_eq!(subjects().await, right);
    kubectl(&["delete", "rolebinding", "pilothouse:viewer", "-n", "drift-web"]).await;
    let other = [
        "create",
        "rolebinding",
        "pilothouse:viewer",
        "-n",
        "drift-web",
        "--clusterrole=admin",
        "--user=eve",
    ];
    kubectl(&other).await;
    console.clusters.repair(&cluster).await.unwrap();
    assert_eq!(subjects().await, right);
    let patch = r#"[{"op":"add","path":"/subjects/-","value":{"kind":"User","apiGroup":"rbac.authorization.k8s.io","name":"eve"}}]"#;
    kubectl(&["patch", "rolebinding", "pilothouse:viewer", "-n", "drift-web", "--type=json", "-p", patch])
        .await;
    kubectl(&["create", "rolebinding", "theirs", "-n", "drift-web", "--clusterrole=view", "--user=eve"])
        .await;
    console.clusters.repair(&cluster).await.unwrap();
    assert_eq!(subjects().await, right);
    let theirs = in_cluster(&["rolebinding", "theirs", "-n", "drift-web"]).await;
    assert_eq!(theirs["subjects"][0]["name"], "eve");
}

#[tokio::test]
async fn two_clusters_keep_apart_and_one_that_is_away_slows_nobody() {
    let mut second = Testbed::start().await.unwrap();
    let console = TestConsole::activated().await;
    let root = console.root().await;
    ok(&add(&console, "local", &text(testbed().kubeconfig())).await);
    ok(&add(&console, "far", &text(second.kubeconfig())).await);
    eventually("both are prepared", async || {
        let trail = console.trail().await;
        let prepared =
            |name: &str| trail.iter().any(|e| e.action == "clusters.prepare" && e.resource == name);
        prepared("cluster local") && prepared("cluster far")
    })
    .await;
    let ada = console.person("ada", "member").await;
    let clusters = json!([{ "cluster": "far", "cpu": "", "memory": "", "pods": "" }]);
    let form = json!({ "name": "apart", "display_name": "", "description": "", "clusters": clusters });
    ok(&console.call(&root, "projects/create", json!({ "form": form })).await);
    ok(&join(&console, "apart", "ada", "developer").await);
    let bounds = json!({ "amounts": {}, "security": "restricted" });
    let form = json!({ "project": "apart", "cluster": "far", "name": "web", "bounds": bounds });
    ok(&console.call(&root, "namespaces/create", json!({ "form": form })).await);

    let there = second.kubectl(&["get", "rolebinding", "-n", "apart-web", "-o", "name"]).await.unwrap();
    assert!(there.contains("pilothouse:developer"), "{there}");
    assert!(testbed().kubectl(&["get", "namespace", "apart-web"]).await.is_err(), "in one cluster only");
    // Hers on one cluster is nobody's on the other, and an unknown cluster answers alike.
    let view = async |cluster: &str| {
        let answer = console
            .call(&ada, "namespaces/view", json!({ "cluster": cluster, "namespace": "apart-web" }))
            .await;
        (answer.status, answer.body.replace(cluster, "?"))
    };
    assert_eq!(view("far").await.0, StatusCode::OK);
    let local = view("local").await;
    assert_eq!(local.0, StatusCode::FORBIDDEN);
    assert_eq!(local, view("nowhere").await);

    second.stop_apiserver().await.unwrap();
    let begun = Instant::now();
    let local = console.call(&root, "clusters/overview", json!({ "cluster": "local" })).await;
    assert_eq!(local.status, StatusCode::OK);
    assert!(begun.elapsed() < Duration::from_secs(5));
    let list = console.call(&root, "clusters/list", json!({})).await.json();
    assert!(list[0]["state"]["connected"].is_object(), "{list}");
    assert_eq!(list[1]["state"], "unreachable");
}
