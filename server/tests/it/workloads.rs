//! Workloads through the console, against a real API server, its controllers and simulated nodes.

use http::StatusCode;
use serde_json::{Value, json};

use crate::console::{Answer, Person, TestConsole};
use crate::tenants::{eventually, in_cluster, join, namespace, ok, project};
use crate::testbed::testbed;

/// A console with a project, its namespace `web` and a developer.
async fn team(project_name: &str, amounts: Value) -> (TestConsole, Person) {
    let console = TestConsole::on_cluster().await;
    let ada = console.person("ada", "member").await;
    ok(&project(&console, project_name).await);
    ok(&join(&console, project_name, "ada", "developer").await);
    ok(&namespace(&console, &console.root().await, project_name, "web", amounts).await);
    (console, ada)
}

fn form(name: &str) -> Value {
    json!({ "name": name, "image": "testbed.local/base:1", "replicas": "2", "ports": "http:8080" })
}

async fn call(console: &TestConsole, who: &Person, what: &str, project: &str, form: &Value) -> Answer {
    let arguments = json!({ "cluster": "local", "namespace": format!("{project}-web"), "form": form });
    console.call(who, &format!("workloads/{what}"), arguments).await
}

fn target(project: &str, name: &str) -> Value {
    json!({ "cluster": "local", "namespace": format!("{project}-web"), "kind": "deployment", "name": name })
}

async fn change(console: &TestConsole, who: &Person, target: &Value, change: Value) -> Answer {
    console.call(who, "workloads/change", json!({ "target": target, "change": change })).await
}

async fn view(console: &TestConsole, who: &Person, target: &Value) -> Value {
    console.call(who, "workloads/view", json!({ "target": target })).await.json()
}

async fn list(console: &TestConsole, who: &Person, filter: &str) -> Value {
    let query = json!({ "kind": "workloads", "filter": filter, "sort": [], "offset": 0, "length": 50 });
    let answer = console.call(who, "rows/list", json!({ "query": query })).await;
    ok(&answer);
    answer.json()
}

fn names(window: &Value) -> Vec<&str> {
    window["rows"].as_array().unwrap().iter().map(|row| row["name"].as_str().unwrap()).collect()
}

/// Lets a Deployment's pods onto the simulated nodes, where they run without an image.
async fn simulate(namespace: &str, name: &str) {
    let spec = json!({
        "nodeSelector": { "type": "kwok" },
        "tolerations": [{ "key": "kwok.x-k8s.io/node", "operator": "Exists" }],
    });
    let patch = json!({ "spec": { "template": { "spec": spec } } }).to_string();
    testbed().kubectl(&["patch", "deployment", name, "-n", namespace, "-p", &patch]).await.unwrap();
}

#[tokio::test]
async fn a_review_shows_everything_and_makes_nothing() {
    let (console, ada) = team("look", json!({ "limits.cpu": "1", "default.cpu": "400m", "pods": "5" })).await;
    let wanted = json!({
        "name": "web", "image": "testbed.local/base:1", "replicas": "3", "ports": "8080", "service": true,
        "environment": "GREETING=hello", "restricted": true,
    });

    let review = call(&console, &ada, "review", "look", &wanted).await.json();

    let objects: Vec<_> =
        review["objects"].as_array().unwrap().iter().map(|o| o["object"].as_str().unwrap()).collect();
    assert_eq!(objects, ["Deployment/web", "Service/web"]);
    let lines = review["objects"][0]["lines"].to_string();
    assert!(lines.contains("GREETING") && !lines.contains("removed"), "{lines}");
    assert!(
        review["checks"].as_array().unwrap().iter().all(|check| check["verdict"] == "accepted"),
        "{review}"
    );
    // The default of the limit range counts for each of the three.
    let quota = review["quota"].as_array().unwrap();
    let cpu = quota.iter().find(|line| line["key"] == "limits.cpu").unwrap();
    assert_eq!((cpu["before"].as_str(), cpu["after"].as_str()), (Some("0"), Some("1.2")));
    assert_eq!(cpu["exceeds"], true);
    let found = testbed()
        .kubectl(&["get", "deployments,services,pods", "-n", "look-web", "-o", "name"])
        .await
        .unwrap();
    assert_eq!(found.trim(), "");
}

#[tokio::test]
async fn what_the_cluster_would_refuse_is_told_in_the_review() {
    let (console, ada) = team("strict", json!({ "pods": "5" })).await;

    // The namespace is at the level restricted.
    let loose = call(&console, &ada, "review", "strict", &form("web")).await.json();
    let mut careful = form("web");
    careful["restricted"] = json!(true);
    let careful = call(&console, &ada, "review", "strict", &careful).await.json();

    let verdict = |review: &Value, object: &str| {
        let checks = review["checks"].as_array().unwrap();
        checks.iter().find(|check| check["object"] == object).unwrap()["verdict"].clone()
    };
    let warned = verdict(&loose, "Deployment/web")["warned"]["message"].to_string();
    assert!(warned.contains("would violate PodSecurity"), "{loose}");
    let refused = verdict(&loose, "Pod/web-…")["refused"]["message"].to_string();
    assert!(refused.contains("violates PodSecurity"), "{loose}");
    assert_eq!(verdict(&careful, "Pod/web-…"), "accepted");
}

#[tokio::test]
async fn a_deployment_is_made_as_the_developer_with_its_service_and_one_entry() {
    let (console, ada) = team("make", json!({})).await;
    let wanted = json!({
        "name": "web", "image": "testbed.local/base:1", "replicas": "2", "ports": "http:8080, 53/udp", "service": true,
        "environment": "A=1\nB=x = y", "requests_cpu": "100m", "limits_memory": "64Mi", "restricted": true,
    });

    let made = call(&console, &ada, "create", "make", &wanted).await;

    assert_eq!(made.json(), target("make", "web"));
    let deployment = in_cluster(&["deployment", "web", "-n", "make-web"]).await;
    assert_eq!(deployment["spec"]["replicas"], 2);
    let container = &deployment["spec"]["template"]["spec"]["containers"][0];
    assert_eq!(container["image"], "testbed.local/base:1");
    assert_eq!(container["env"], json!([{ "name": "A", "value": "1" }, { "name": "B", "value": "x = y" }]));
    assert_eq!(
        container["resources"],
        json!({ "requests": { "cpu": "100m" }, "limits": { "memory": "64Mi" } })
    );
    assert_eq!(container["securityContext"]["allowPrivilegeEscalation"], false);
    let service = in_cluster(&["service", "web", "-n", "make-web"]).await;
    assert_eq!(service["spec"]["selector"], deployment["spec"]["selector"]["matchLabels"]);
    assert_eq!(service["spec"]["ports"][1]["protocol"], "UDP");
    let trail = console.trail().await;
    let entry = trail.iter().find(|entry| entry.action == "workloads.create").unwrap();
    assert_eq!(
        (entry.actor.as_str(), entry.resource.as_str()),
        ("ada", "Deployment make-web/web on cluster local")
    );

    let again = call(&console, &ada, "create", "make", &wanted).await;
    assert_eq!(again.json()["invalid"]["fields"], json!([{ "field": "name", "problem": "taken" }]));
}

#[tokio::test]
async fn a_taken_service_name_leaves_no_half_behind() {
    let (console, ada) = team("half", json!({})).await;
    testbed()
        .kubectl(&["create", "service", "clusterip", "web", "--tcp=80", "-n", "half-web"])
        .await
        .unwrap();
    let mut wanted = form("web");
    wanted["service"] = json!(true);

    let answer = call(&console, &ada, "create", "half", &wanted).await;

    assert_eq!(answer.json()["invalid"]["fields"][0], json!({ "field": "name", "problem": "taken" }));
    let found = testbed().kubectl(&["get", "deployments", "-n", "half-web", "-o", "name"]).await.unwrap();
    assert_eq!(found.trim(), "");
}

#[tokio::test]
async fn bad_fields_are_all_named_and_nothing_is_made() {
    let (console, ada) = team("wrong", json!({})).await;
    let wanted = json!({ "name": "Web", "image": "https://x", "replicas": "-1", "ports": "99999", "environment": "=" });

    for what in ["review", "create"] {
        let answer = call(&console, &ada, what, "wrong", &wanted).await;

        assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY);
        let fields = answer.json()["invalid"]["fields"].clone();
        let fields: Vec<_> = fields.as_array().unwrap().iter().map(|field| field["field"].clone()).collect();
        assert_eq!(fields, ["name", "image", "replicas", "ports", "environment"]);
    }
}

#[tokio::test]
async fn a_workload_is_scaled_restarted_changed_rolled_back_and_deleted() {
    let (console, ada) = team("life", json!({})).await;
    let web = target("life", "web");
    let mut wanted = form("web");
    wanted["restricted"] = json!(true);
    ok(&call(&console, &ada, "create", "life", &wanted).await);
    let spec = async || in_cluster(&["deployment", "web", "-n", "life-web"]).await["spec"].clone();
    let revision = async |number: &str| {
        let seen = in_cluster(&["deployment", "web", "-n", "life-web"]).await;
        seen["metadata"]["annotations"]["deployment.kubernetes.io/revision"] == number
    };
    eventually("the first revision", async || revision("1").await).await;

    ok(&change(&console, &ada, &web, json!({ "scale": { "replicas": "3" } })).await);
    assert_eq!(spec().await["replicas"], 3);

    let image = json!({ "image": { "container": "web", "image": "testbed.local/broken:9" } });
    let review =
        console.call(&ada, "workloads/review-change", json!({ "target": web, "change": image })).await.json();
    let lines = review["objects"][0]["lines"].as_array().unwrap();
    assert!(
        lines.iter().any(|line| line["removed"].as_str().is_some_and(|text| text.contains("base:1"))),
        "{review}"
    );
    assert!(
        lines.iter().any(|line| line["added"].as_str().is_some_and(|text| text.contains("broken:9"))),
        "{review}"
    );
    assert_eq!(spec().await["template"]["spec"]["containers"][0]["image"], "testbed.local/base:1");
    ok(&change(&console, &ada, &web, image).await);
    assert_eq!(spec().await["template"]["spec"]["containers"][0]["image"], "testbed.local/broken:9");
    eventually("the second revision", async || revision("2").await).await;

    let seen = view(&console, &ada, &web).await;
    let numbers: Vec<_> = seen["revisions"]
        .as_array()
        .unwrap()
        .iter()
        .map(|r| (r["number"].clone(), r["current"].clone()))
        .collect();
    assert_eq!(numbers, [(json!(2), json!(true)), (json!(1), json!(false))]);
    ok(&change(&console, &ada, &web, json!({ "roll_back": { "revision": 1 } })).await);
    assert_eq!(spec().await["template"]["spec"]["containers"][0]["image"], "testbed.local/base:1");

    ok(&change(&console, &ada, &web, json!("restart")).await);
    let annotations = spec().await["template"]["metadata"]["annotations"].clone();
    assert!(annotations["kubectl.kubernetes.io/restartedAt"].is_string(), "{annotations}");

    let scale = json!({ "scale": { "replicas": "1" } });
    let review =
        console.call(&ada, "workloads/review-change", json!({ "target": web, "change": scale })).await.json();
    testbed().kubectl(&["scale", "deployment", "web", "--replicas=7", "-n", "life-web"]).await.unwrap();
    let late = json!({ "target": web, "change": scale, "reviewed": review["generation"] });
    let late = console.call(&ada, "workloads/change", late).await;
    assert_eq!((late.status, spec().await["replicas"].clone()), (StatusCode::CONFLICT, json!(7)));

    let missing = change(&console, &ada, &web, json!({ "roll_back": { "revision": 77 } })).await;
    assert_eq!(
        missing.json()["not_found"]["what"],
        "revision 77 of Deployment life-web/web on cluster local"
    );
    let bad = change(&console, &ada, &web, json!({ "scale": { "replicas": "lots" } })).await;
    assert_eq!(bad.json()["invalid"]["fields"][0]["field"], "replicas");

    let deletion = |typed: &str| json!({ "target": web, "confirmation": typed });
    let wrong = console.call(&ada, "workloads/delete", deletion("we")).await;
    assert_eq!(wrong.json()["invalid"]["fields"][0]["problem"], "not_the_name");
    ok(&console.call(&ada, "workloads/delete", deletion("web")).await);
    eventually("its pods are gone, too", async || {
        let found =
            testbed().kubectl(&["get", "deployments,replicasets,pods", "-n", "life-web", "-o", "name"]).await;
        found.unwrap().trim().is_empty()
    })
    .await;
    let trail = console.trail().await.into_iter().map(|entry| entry.action);
    let actions: Vec<_> = trail.filter(|action| action.starts_with("workloads.")).collect();
    assert_eq!(
        actions[..8],
        ["delete", "delete", "scale", "roll_back", "scale", "restart", "roll_back", "edit"]
            .map(|action| format!("workloads.{action}"))
    );
}

#[tokio::test]
async fn the_detail_follows_the_rollout_and_says_why_it_does_not_go_on() {
    let (console, ada) = team("why", json!({})).await;
    let web = target("why", "web");
    let mut wanted = form("web");
    wanted["restricted"] = json!(true);
    ok(&call(&console, &ada, "create", "why", &wanted).await);

    eventually("no node takes either pod", async || {
        let diagnosis = &view(&console, &ada, &web).await["diagnosis"];
        diagnosis["cause"] == json!("unschedulable") && diagnosis["pods"] == json!(2)
    })
    .await;
    let seen = view(&console, &ada, &web).await;
    assert_eq!((&seen["health"], &seen["reason"]), (&json!("failed"), &json!("Unschedulable")));
    assert_eq!(seen["diagnosis"]["of"], 2);

    simulate("why-web", "web").await;
    eventually("both pods run on simulated nodes", async || {
        let seen = view(&console, &ada, &web).await;
        seen["health"] == "healthy" && seen["pods"]["ready"].as_array().is_some_and(|pods| pods.len() == 2)
    })
    .await;
    let seen = view(&console, &ada, &web).await;
    assert_eq!(seen["progress"], json!({ "wanted": 2, "updated": 2, "ready": 2, "available": 2 }));
    assert_eq!(seen["pods"]["ready"][0]["containers"], json!(["web"]));
    assert!(seen["pods"]["ready"][0]["node"].as_str().unwrap().starts_with("fake-"), "{seen}");
    assert_eq!(seen["usage"]["unavailable"]["reason"], "no_metrics_api");
    assert_eq!((&seen["project"], &seen["may"][5]), (&json!("why"), &json!("install")));
    assert!(!seen["events"]["ready"].as_array().unwrap().is_empty(), "{seen}");
    let yaml = console.call(&ada, "workloads/manifest", json!({ "target": web })).await.json();
    assert!(yaml.as_str().unwrap().contains("\nkind: Deployment\n"), "{yaml}");
    assert!(!yaml.as_str().unwrap().contains("managedFields"), "{yaml}");
}

#[tokio::test]
async fn the_list_holds_what_a_person_may_see_filtered_and_counted() {
    let (console, ada) = team("list", json!({})).await;
    let bob = console.person("bob", "member").await;
    for name in ["beta", "alpha"] {
        let mut wanted = form(name);
        wanted["restricted"] = json!(true);
        if name == "beta" {
            wanted["replicas"] = json!("0");
        }
        ok(&call(&console, &ada, "create", "list", &wanted).await);
    }
    testbed()
        .kubectl(&["create", "job", "gamma", "--image=testbed.local/base:1", "-n", "list-web"])
        .await
        .unwrap();

    eventually("all three", async || names(&list(&console, &ada, "").await) == ["alpha", "beta", "gamma"])
        .await;
    eventually("their health", async || names(&list(&console, &ada, "status:stopped").await) == ["beta"])
        .await;
    eventually("what its pods wait for", async || {
        let alpha = &list(&console, &ada, "alpha").await["rows"][0];
        alpha["health"] == "failed" && alpha["cells"][1] == json!("Unschedulable")
    })
    .await;
    simulate("list-web", "alpha").await;
    eventually("that they wait no longer", async || {
        let alpha = &list(&console, &ada, "alpha").await["rows"][0];
        alpha["health"] == "healthy" && alpha["cells"][2] == json!([2, 2])
    })
    .await;
    let stopped = list(&console, &ada, "status:stopped").await;
    assert_eq!(stopped["total"], 1);
    let all: u64 = stopped["counts"].as_array().unwrap().iter().map(|pair| pair[1].as_u64().unwrap()).sum();
    assert_eq!(all, 3, "the counts are of all, whatever status is looked at");
    assert_eq!(names(&list(&console, &ada, "kind:job").await), ["gamma"]);
    assert_eq!(names(&list(&console, &ada, "image:base alp").await), ["alpha"]);
    assert!(names(&list(&console, &bob, "").await).is_empty(), "bob belongs to no project");
    let root = console.root().await;
    assert_eq!(names(&list(&console, &root, "namespace:list-web").await), ["alpha", "beta", "gamma"]);

    let page = console.get(&ada, "/workloads?filter=kind%3Ajob").await;
    assert!(page.body.contains("gamma") && !page.body.contains("alpha"), "{}", page.body);
}

#[tokio::test]
async fn a_viewer_looks_and_changes_nothing_and_others_see_nothing() {
    let (console, ada) = team("ranks", json!({})).await;
    let (eve, bob) = (console.person("eve", "member").await, console.person("bob", "member").await);
    ok(&join(&console, "ranks", "eve", "viewer").await);
    let mut wanted = form("web");
    wanted["restricted"] = json!(true);
    ok(&call(&console, &ada, "create", "ranks", &wanted).await);
    let web = target("ranks", "web");

    assert_eq!(view(&console, &eve, &web).await["target"], web);
    let scale = json!({ "scale": { "replicas": "5" } });
    let refused = change(&console, &eve, &web, scale.clone()).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(refused.json()["forbidden"]["role"], json!({ "project": "developer" }));
    assert_eq!(call(&console, &eve, "create", "ranks", &form("other")).await.status, StatusCode::FORBIDDEN);
    for (endpoint, arguments) in [
        ("view", json!({ "target": web })),
        ("manifest", json!({ "target": web })),
        ("change", json!({ "target": web, "change": scale })),
        ("delete", json!({ "target": web, "confirmation": "web" })),
    ] {
        let answer = console.call(&bob, &format!("workloads/{endpoint}"), arguments).await;
        assert_eq!(answer.status, StatusCode::FORBIDDEN, "{endpoint}: {}", answer.body);
    }
    assert_eq!(in_cluster(&["deployment", "web", "-n", "ranks-web"]).await["spec"]["replicas"], 2);
}

#[tokio::test]
async fn a_page_of_a_workload_reads_without_scripts() {
    let (console, ada) = team("page", json!({})).await;
    let mut wanted = form("web");
    wanted["restricted"] = json!(true);
    ok(&call(&console, &ada, "create", "page", &wanted).await);
    eventually("a pod", async || {
        let seen = view(&console, &ada, &target("page", "web")).await;
        seen["pods"]["ready"].as_array().is_some_and(|pods| pods.len() == 2)
    })
    .await;

    let page = console.get(&ada, "/workloads/local/page-web/deployments/web").await;
    let yaml = console.get(&ada, "/workloads/local/page-web/deployments/web?tab=yaml").await;
    let missing = console.get(&ada, "/workloads/local/page-web/deployments/none").await;

    assert_eq!(page.status, StatusCode::OK);
    assert!(page.body.contains("Unschedulable") || page.body.contains("Pending"), "{}", page.body);
    assert!(yaml.body.contains("apiVersion: apps/v1"), "{}", yaml.body);
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
}
