//! Lists of what a real cluster holds, and what kubectl says of it.

use std::collections::BTreeSet;

use http::StatusCode;
use serde_json::{Value, json};

use crate::console::{Person, TestConsole};
use crate::live::{hear, open, say};
use crate::tenants::{eventually, in_cluster, join, namespace, ok, project};
use crate::testbed::testbed;

const KINDS: [&str; 24] = [
    "pods",
    "nodes",
    "namespaces",
    "deployments",
    "statefulsets",
    "daemonsets",
    "jobs",
    "cronjobs",
    "resourcequotas",
    "secrets",
    "customresourcedefinitions",
    "replicasets",
    "services",
    "ingresses",
    "configmaps",
    "persistentvolumeclaims",
    "persistentvolumes",
    "storageclasses",
    "events",
    "horizontalpodautoscalers",
    "roles",
    "rolebindings",
    "clusterroles",
    "clusterrolebindings",
];

/// What lives in no namespace.
const NOWHERE: [&str; 7] = [
    "nodes",
    "namespaces",
    "persistentvolumes",
    "storageclasses",
    "customresourcedefinitions",
    "clusterroles",
    "clusterrolebindings",
];

pub(crate) fn query(kind: &str, filter: &str) -> Value {
    json!({ "kind": kind, "filter": filter, "sort": [["name", false]], "offset": 0, "length": 200 })
}

pub(crate) async fn list(console: &TestConsole, who: &Person, kind: &str, filter: &str) -> Value {
    let answer = console.call(who, "rows/list", json!({ "query": query(kind, filter) })).await;
    ok(&answer);
    answer.json()
}

pub(crate) fn names(window: &Value) -> BTreeSet<String> {
    let rows = window["rows"].as_array().unwrap().iter();
    rows.map(|row| format!("{}/{}", row["namespace"].as_str().unwrap(), row["name"].as_str().unwrap()))
        .collect()
}

/// Of one namespace, or of what lives in none.
async fn kubectl_names(kind: &str, namespace: &str) -> BTreeSet<String> {
    let template = "{range .items[*]}{.metadata.namespace}/{.metadata.name}{'\\n'}{end}";
    let said = testbed()
        .kubectl(&["get", kind, "-n", namespace, "-o", &format!("jsonpath={template}")])
        .await
        .unwrap();
    said.lines().map(str::to_owned).collect()
}

fn pod(name: &str) -> String {
    format!(
        "apiVersion: v1
kind: Pod
metadata: {{name: {name}, labels: {{app: {name}, tier: front}}}}
spec: {{containers: [{{name: c, image: \"testbed.local/{name}:1\"}}, {{name: d, image: b}}]}}
"
    )
}

/// Puts objects into a namespace.
pub(crate) async fn apply(place: &str, manifest: &str) {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("objects.yaml");
    std::fs::write(&file, manifest).unwrap();
    testbed().kubectl(&["apply", "-n", place, "-f", &file.display().to_string()]).await.unwrap();
}

#[tokio::test]
async fn every_list_has_what_kubectl_has() {
    let console = TestConsole::on_cluster().await;
    let root = console.root().await;
    ok(&project(&console, "every").await);
    ok(&namespace(&console, &root, "every", "web", json!({})).await);
    apply(
        "every-web",
        "apiVersion: v1
kind: Service
metadata: {name: web}
spec: {ports: [{port: 80, name: web}, {port: 53, protocol: UDP, name: dns}]}
---
apiVersion: networking.k8s.io/v1
kind: Ingress
metadata: {name: web}
spec: {ingressClassName: nginx, rules: [{host: shop.example}]}
---
apiVersion: v1
kind: PersistentVolumeClaim
metadata: {name: data}
spec: {accessModes: [ReadWriteOnce], storageClassName: slow, resources: {requests: {storage: 1Gi}}}
---
apiVersion: autoscaling/v2
kind: HorizontalPodAutoscaler
metadata: {name: web}
spec: {scaleTargetRef: {apiVersion: apps/v1, kind: Deployment, name: web}, maxReplicas: 3}
",
    )
    .await;

    for kind in KINDS {
        // Other tests make and remove things meanwhile.
        eventually(kind, async || {
            let before = kubectl_names(kind, "every-web").await;
            let filter = if NOWHERE.contains(&kind) { "" } else { "ns:every-web" };
            let window = list(&console, &root, kind, filter).await;
            let after = kubectl_names(kind, "every-web").await;
            before == after && names(&window) == after
        })
        .await;
    }
    let row = async |kind: &str| list(&console, &root, kind, "ns:every-web").await["rows"][0].clone();
    assert_eq!(row("services").await["cells"][2], json!("80/TCP, 53/UDP"));
    assert_eq!(row("ingresses").await["cells"][1], json!("shop.example"));
    let claim = row("persistentvolumeclaims").await;
    assert_eq!((&claim["cells"][0], &claim["health"]), (&json!("Pending"), &json!("progressing")));
    assert_eq!(row("horizontalpodautoscalers").await["cells"][0], json!("Deployment/web"));
    let image = ["create", "deployment", "shown", "--image=testbed.local/base:1", "-n", "every-web"];
    testbed().kubectl(&image).await.unwrap();
    eventually("its ReplicaSet is there", async || {
        row("replicasets").await["cells"][1] == json!("Deployment/shown")
    })
    .await;
}

#[tokio::test]
async fn rows_are_filtered_sorted_counted_and_only_those_that_somebody_may_see() {
    let console = TestConsole::on_cluster().await;
    let root = console.root().await;
    for team in ["mine", "theirs"] {
        ok(&project(&console, team).await);
        let bounds = json!({ "amounts": {}, "security": "privileged" });
        let form = json!({ "project": team, "cluster": "local", "name": "web", "bounds": bounds });
        ok(&console.call(&root, "namespaces/create", json!({ "form": form })).await);
        apply(&format!("{team}-web"), &[pod("apple"), pod("pear")].join("---\n")).await;
    }
    let ada = console.person("ada", "member").await;
    ok(&join(&console, "mine", "ada", "viewer").await);
    let of = async |filter: &str| names(&list(&console, &ada, "pods", filter).await);
    let set = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<BTreeSet<_>>();

    eventually("she sees hers", async || of("").await == set(&["mine-web/apple", "mine-web/pear"])).await;
    for (filter, found) in [
        ("app", &["mine-web/apple"] as &[_]),
        ("label:app=pear", &["mine-web/pear"]),
        ("label:tier image:apple", &["mine-web/apple"]),
        ("status:failed", &["mine-web/apple", "mine-web/pear"]),
        ("status:healthy", &[]),
        ("ns:theirs-web", &[]),
        ("cluster:local pear", &["mine-web/pear"]),
    ] {
        // Nothing runs them: nobody has room.
        eventually(filter, async || of(filter).await == set(found)).await;
    }
    let counted = list(&console, &ada, "pods", "status:healthy").await;
    assert_eq!(counted["counts"][0], json!(["failed", 2]), "counts are taken without the status");
    let mut backwards = query("pods", "");
    backwards["sort"] = json!([["name", true]]);
    backwards["length"] = json!(1);
    let last = console.call(&ada, "rows/list", json!({ "query": backwards })).await.json();
    assert_eq!((&last["rows"][0]["name"], &last["total"]), (&json!("pear"), &json!(2)));
    // What lives in no namespace is for those who may list all of it.
    assert_eq!(list(&console, &ada, "nodes", "").await["total"], 0);
    // Somebody without a project does not even learn of the cluster.
    let eve = console.person("eve", "member").await;
    assert_eq!(list(&console, &eve, "pods", "").await["clusters"], json!([]));
    let health = console.call(&root, "rows/health", json!({})).await.json();
    let pods = health.as_array().unwrap().iter().find(|table| table["kind"] == "pods").unwrap();
    assert!(pods["rows"].as_u64() >= Some(4) && pods["state"] == "live", "{pods}");
}

#[tokio::test]
async fn a_list_that_is_followed_tells_what_changed_and_nothing_else() {
    let console = TestConsole::on_cluster().await;
    let root = console.root().await;
    ok(&project(&console, "delta").await);
    ok(&namespace(&console, &root, "delta", "web", json!({})).await);
    for name in ["a", "b", "c"] {
        testbed().kubectl(&["create", "configmap", name, "-n", "delta-web"]).await.unwrap();
    }
    let shown = query("configmaps", "ns:delta-web");
    // With the one that every namespace has.
    eventually("all are there", async || {
        list(&console, &root, "configmaps", "ns:delta-web").await["total"] == 4
    })
    .await;
    let mut socket = open(&console, &root, None).await.unwrap();
    say(&mut socket, json!({ "subscribe": { "id": 1, "topic": { "rows": shown } } })).await;
    let first = hear(&mut socket).await.unwrap();
    let rows = first["news"]["rows"]["window"]["rows"].as_array().unwrap().len();
    assert_eq!(rows, 4, "{first}");

    testbed().kubectl(&["create", "configmap", "bb", "-n", "delta-web"]).await.unwrap();
    let news = hear(&mut socket).await.unwrap();

    let pieces = news["news"]["rows"]["delta"]["pieces"].as_array().unwrap();
    let new: Vec<_> = pieces.iter().filter_map(|piece| piece["row"]["name"].as_str()).collect();
    assert_eq!(new, ["bb"], "{news}");
    assert!(news.to_string().len() < 500, "{news}");
    testbed().kubectl(&["delete", "configmap", "bb", "-n", "delta-web"]).await.unwrap();
    let gone = hear(&mut socket).await.unwrap();
    let pieces = gone["news"]["rows"]["delta"]["pieces"].as_array().unwrap();
    assert!(pieces.iter().all(|piece| piece.get("keep").is_some()), "{gone}");
}

#[tokio::test]
async fn what_somebody_may_see_is_found_by_name_label_image_owner_and_address_on_every_kind() {
    let console = TestConsole::on_cluster().await;
    let root = console.root().await;
    for team in ["found", "stray"] {
        ok(&project(&console, team).await);
        let bounds = json!({ "amounts": {}, "security": "privileged" });
        let form = json!({ "project": team, "cluster": "local", "name": "web", "bounds": bounds });
        ok(&console.call(&root, "namespaces/create", json!({ "form": form })).await);
        let place = format!("{team}-web");
        apply(&place, &pod("quince")).await;
        testbed()
            .kubectl(&["create", "deployment", "orchard", "--image=testbed.local/quince:7", "-n", &place])
            .await
            .unwrap();
        testbed()
            .kubectl(&["create", "service", "clusterip", "quince-tree", "--tcp=80", "-n", &place])
            .await
            .unwrap();
    }
    let ada = console.person("ada", "member").await;
    ok(&join(&console, "found", "ada", "viewer").await);
    let find = async |who: &Person, typed: &str| {
        let answer = console.call(who, "rows/search", json!({ "typed": typed })).await;
        ok(&answer);
        answer.json()
    };
    let hits = |found: &Value| -> Vec<String> {
        let hits = found["hits"].as_array().unwrap().iter();
        hits.map(|hit| {
            format!(
                "{} {}/{}",
                hit["kind"].as_str().unwrap(),
                hit["namespace"].as_str().unwrap(),
                hit["name"].as_str().unwrap()
            )
        })
        .collect()
    };

    // By name before what begins with it, and that before what only mentions it.
    eventually("all that is hers", async || {
        let found = hits(&find(&ada, "quince").await);
        found.first().is_some_and(|first| first == "pods found-web/quince")
            && found.get(1).is_some_and(|next| next == "services found-web/quince-tree")
            && found.contains(&"deployments found-web/orchard".to_owned())
            && found.iter().any(|hit| hit.starts_with("replicasets found-web/orchard-"))
    })
    .await;
    let seen = find(&ada, "quince").await;
    assert!(!seen.to_string().contains("stray-web"), "{seen}");
    let deployment =
        seen["hits"].as_array().unwrap().iter().find(|hit| hit["kind"] == "deployments").unwrap();
    assert_eq!(deployment["why"], "testbed.local/quince:7");
    let of_label = find(&ada, "label:tier=front").await;
    assert_eq!(hits(&of_label), ["pods found-web/quince"]);
    let address = in_cluster(&["service", "quince-tree", "-n", "found-web"]).await;
    let address = address["spec"]["clusterIP"].as_str().unwrap().to_owned();
    assert!(hits(&find(&ada, &address).await).contains(&"services found-web/quince-tree".to_owned()));
    assert!(
        hits(&find(&root, "quince namespace:stray-web").await).contains(&"pods stray-web/quince".to_owned())
    );
    assert_eq!(hits(&find(&ada, "quince namespace:stray-web").await), [""; 0]);
    assert_eq!(find(&ada, "  ").await["total"], 0);
    let long = console.call(&ada, "rows/search", json!({ "typed": "a".repeat(201) })).await;
    assert_eq!(long.json()["invalid"]["fields"][0]["problem"], json!({ "too_long": { "max": 200 } }));
    let eve = console.person("eve", "member").await;
    assert_eq!(find(&eve, "quince").await["total"], 0);
    let page = console.get(&ada, "/search?words=quince").await;
    assert!(page.body.contains("quince-tree") && !page.body.contains("stray-web"), "{}", page.body);
}

#[tokio::test]
async fn what_is_granted_by_its_name_is_all_that_is_seen() {
    let console = TestConsole::on_cluster().await;
    let root = console.root().await;
    ok(&project(&console, "byname").await);
    ok(&namespace(&console, &root, "byname", "web", json!({})).await);
    let ada = console.person("ada", "member").await;
    ok(&join(&console, "byname", "ada", "viewer").await);
    for name in ["shown", "hidden"] {
        testbed().kubectl(&["create", "configmap", name, "-n", "byname-web"]).await.unwrap();
    }
    let bindings =
        testbed().kubectl(&["get", "rolebindings", "-n", "byname-web", "-o", "json"]).await.unwrap();
    let bindings: Value = serde_json::from_str(&bindings).unwrap();
    let subject = bindings["items"][0]["subjects"][0]["name"].as_str().unwrap();
    let person = format!("--serviceaccount=pilothouse-users:{subject}");

    testbed().kubectl(&["delete", "rolebinding", "--all", "-n", "byname-web"]).await.unwrap();
    let rule = [
        "create",
        "role",
        "one",
        "--verb=get",
        "--resource=configmaps",
        "--resource-name=shown",
        "-n",
        "byname-web",
    ];
    testbed().kubectl(&rule).await.unwrap();
    testbed()
        .kubectl(&["create", "rolebinding", "one", "--role=one", &person, "-n", "byname-web"])
        .await
        .unwrap();

    eventually("only that", async || {
        names(&list(&console, &ada, "configmaps", "").await)
            == BTreeSet::from(["byname-web/shown".to_owned()])
    })
    .await;
    assert_eq!(list(&console, &ada, "pods", "").await["total"], 0);
    let found = console.call(&ada, "rows/search", json!({ "typed": "namespace:byname-web" })).await.json();
    assert_eq!(found["total"], 1, "{found}");
}

#[tokio::test]
async fn a_column_that_is_left_out_is_not_told() {
    let console = TestConsole::on_cluster().await;
    let root = console.root().await;
    let mut without = query("nodes", "");
    without["hidden"] = json!(["version", "roles"]);

    let whole = list(&console, &root, "nodes", "").await;
    let answer = console.call(&root, "rows/list", json!({ "query": without })).await.json();

    let (all, some) = (&whole["rows"][0]["cells"], &answer["rows"][0]["cells"]);
    assert_eq!((all.as_array().unwrap().len(), some.as_array().unwrap().len()), (6, 4));
    assert_eq!((&some[0], &some[1]), (&all[0], &all[3]));
}

#[tokio::test]
async fn a_list_reads_without_scripts() {
    let console = TestConsole::on_cluster().await;
    let root = console.root().await;
    eventually("it is read", async || {
        !list(&console, &root, "configmaps", "kube-root-ca").await["rows"].as_array().unwrap().is_empty()
    })
    .await;

    let page = console.get(&root, "/resources/configmaps?filter=kube-root-ca&sort=-namespace").await;
    let unknown = console.get(&root, "/resources/nothing").await;

    assert_eq!((page.status, unknown.status), (StatusCode::OK, StatusCode::NOT_FOUND));
    assert!(page.body.contains("kube-root-ca.crt") && page.body.contains("aria-sort=\"descending\""));
}

#[tokio::test]
async fn who_loses_a_right_in_the_cluster_itself_sees_no_more_within_seconds() {
    let console = TestConsole::on_cluster().await;
    let root = console.root().await;
    ok(&project(&console, "bereft").await);
    ok(&namespace(&console, &root, "bereft", "web", json!({})).await);
    let ada = console.person("ada", "member").await;
    ok(&join(&console, "bereft", "ada", "viewer").await);
    eventually("she sees hers", async || {
        list(&console, &ada, "configmaps", "").await["total"].as_u64() >= Some(1)
    })
    .await;
    // Long enough that what is believed would be believed on.
    tokio::time::sleep(std::time::Duration::from_secs(3)).await;
    let mut socket = open(&console, &ada, None).await.unwrap();
    say(&mut socket, json!({ "subscribe": { "id": 1, "topic": { "rows": query("configmaps", "") } } })).await;
    assert!(hear(&mut socket).await.unwrap()["news"]["rows"]["window"]["total"].as_u64() >= Some(1));

    testbed().kubectl(&["delete", "rolebinding", "--all", "-n", "bereft-web"]).await.unwrap();
    let begun = std::time::Instant::now();
    loop {
        let news = hear(&mut socket).await.unwrap();
        let rows = &news["news"]["rows"];
        if rows["delta"]["total"] == 0 || rows["window"]["total"] == 0 {
            break;
        }
    }

    assert!(begun.elapsed().as_secs() < 10, "{:?}", begun.elapsed());
    assert_eq!(list(&console, &ada, "configmaps", "").await["total"], 0);
}
