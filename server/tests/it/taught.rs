//! Kinds that a cluster was taught, releases and Secrets: lists that are no kinds of every cluster, or not everybody's.

use std::time::{Duration, Instant};

use cluster::{Cluster, Fleet};
use model::clusters::ClusterName;
use serde_json::{Value, json};

use crate::connecting::account;
use crate::console::{Person, TestConsole};
use crate::live::{hear, open, say};
use crate::rows::{apply, list, names, query};
use crate::tenants::{account_name, eventually, join, namespace, ok, project};
use crate::testbed::testbed;

/// A definition whose objects print these columns, stored in this version.
fn definition(plural: &str, columns: &str, storage: &str, conversion: &str) -> String {
    let version = |name: &str| {
        format!(
            "
  - name: {name}
    served: true
    storage: {}
    additionalPrinterColumns: {columns}
    schema: {{openAPIV3Schema: {{type: object, x-kubernetes-preserve-unknown-fields: true}}}}",
            name == storage
        )
    };
    format!(
        "apiVersion: apiextensions.k8s.io/v1
kind: CustomResourceDefinition
metadata: {{name: {plural}.test.pilothouse.dev}}
spec:
  group: test.pilothouse.dev
  scope: Namespaced
  names: {{plural: {plural}, singular: {plural}x, kind: {}}}
  conversion: {conversion}
  versions:{}{}
",
        plural.to_uppercase(),
        version("v1"),
        version("v2"),
    )
}

const COLUMNS: &str = r#"[
    {name: Ready, type: string, jsonPath: '.status.conditions[?(@.type=="Ready")].status'},
    {name: Team, type: string, jsonPath: .spec.team, priority: 1},
    {name: Size, type: integer, jsonPath: .spec.size},
    {name: Hosts, type: string, jsonPath: '.spec.host-names[*]'},
    {name: Due, type: date, jsonPath: .spec.due},
    {name: Age, type: date, jsonPath: .metadata.creationTimestamp}]"#;

fn object(kind: &str, name: &str, size: u32) -> String {
    format!(
        "apiVersion: test.pilothouse.dev/v1
kind: {kind}
metadata: {{name: {name}, labels: {{app: {name}}}}}
spec: {{size: {size}, team: harbour, host-names: [one.example, two.example], due: 2030-01-01T00:00:00Z}}
status: {{conditions: [{{type: Ready, status: 'True'}}]}}
"
    )
}

fn state(window: &Value) -> &Value {
    &window["clusters"][0]["state"]
}

/// F21.
#[tokio::test]
async fn a_kind_that_a_cluster_is_taught_is_listed_by_the_columns_that_its_author_prints() {
    let console = TestConsole::on_cluster().await;
    let root = console.root().await;
    ok(&project(&console, "taught").await);
    ok(&namespace(&console, &root, "taught", "web", json!({})).await);
    let ada = console.person("ada", "member").await;
    ok(&join(&console, "taught", "ada", "viewer").await);
    let kind = "gadgets.test.pilothouse.dev";
    assert_eq!(state(&list(&console, &root, kind, "").await), "absent");
    let mut socket = open(&console, &root, None).await.unwrap();
    say(&mut socket, json!({ "subscribe": { "id": 1, "topic": { "rows": query(kind, "") } } })).await;
    hear(&mut socket).await.unwrap();

    apply("default", &definition("gadgets", COLUMNS, "v1", "{strategy: None}")).await;
    testbed().kubectl(&["wait", "--for=condition=Established", "crd", kind]).await.unwrap();
    apply("taught-web", &[object("GADGETS", "large", 10), object("GADGETS", "small", 9)].join("---\n")).await;

    let begun = Instant::now();
    loop {
        let news = hear(&mut socket).await.unwrap();
        let rows = &news["news"]["rows"];
        if rows["window"]["total"] == 2 || rows["delta"]["total"] == 2 {
            break;
        }
    }
    assert!(begun.elapsed() < Duration::from_secs(10), "{:?}", begun.elapsed());
    let shown = list(&console, &root, kind, "").await;
    assert_eq!(shown["custom"]["kind"], "GADGETS");
    let printed: Vec<_> =
        shown["custom"]["printed"].as_array().unwrap().iter().map(|column| column["name"].clone()).collect();
    assert_eq!(printed, ["Ready", "Size", "Hosts", "Due", "Team"], "every row has its age");
    assert_eq!(shown["rows"][0]["cells"], json!(["True", 10, "one.example two.example", 1_893_456_000]));
    let mut wide = query(kind, "team:harbour");
    wide["hidden"] = json!([]);
    let wide = console.call(&root, "rows/list", json!({ "query": wide })).await.json();
    assert_eq!((&wide["total"], &wide["rows"][0]["cells"][4]), (&json!(2), &json!("harbour")));
    let mut by_size = query(kind, "ready:true hosts:two");
    by_size["sort"] = json!([[{ "column": { "printed": 1 } }, false]]);
    let sorted = console.call(&root, "rows/list", json!({ "query": by_size })).await.json();
    let order: Vec<_> = sorted["rows"].as_array().unwrap().iter().map(|row| row["name"].clone()).collect();
    assert_eq!(order, ["small", "large"], "numbers are sorted as numbers");
    assert_eq!(list(&console, &root, kind, "size:9").await["total"], 1);
    // Nobody gave it to viewers; that there are such kinds everybody may know.
    let hers = list(&console, &ada, kind, "").await;
    assert_eq!((&hers["total"], &hers["clusters"][0]["denied"]), (&json!(0), &json!(1)));
    assert_eq!(list(&console, &ada, "customresourcedefinitions", "gadgets").await["total"], 1);
    let found = console.call(&root, "rows/search", json!({ "typed": "large" })).await.json();
    assert!(found["hits"].as_array().unwrap().iter().any(|hit| hit["kind"] == kind), "{found}");
    let page = console.get(&root, &format!("/resources/{kind}")).await;
    assert!(page.body.contains("two.example") && page.body.contains(">Hosts"), "{}", page.body);
    assert!(!page.body.contains("harbour"), "what is for wide tables has to be asked for");
    let page = console.get(&root, &format!("/resources/{kind}?hide=none")).await;
    assert!(page.body.contains("harbour"), "{}", page.body);

    let fewer = COLUMNS.replace("{name: Size, type: integer, jsonPath: .spec.size},", "");
    apply("default", &definition("gadgets", &fewer, "v1", "{strategy: None}")).await;
    let changed = Instant::now();
    eventually("another column less", async || {
        let shown = list(&console, &root, kind, "").await;
        shown["custom"]["printed"].as_array().is_some_and(|printed| printed.len() == 4)
            && shown["rows"][0]["cells"][1] == "one.example two.example"
    })
    .await;
    assert!(changed.elapsed() < Duration::from_secs(10), "{:?}", changed.elapsed());
    testbed().kubectl(&["delete", "crd", kind]).await.unwrap();
    let gone = Instant::now();
    eventually("the kind is gone", async || {
        let shown = list(&console, &root, kind, "").await;
        state(&shown) == "absent" && shown["total"] == 0
    })
    .await;
    assert!(gone.elapsed() < Duration::from_secs(10), "{:?}", gone.elapsed());
}

/// F23.
#[tokio::test]
async fn a_conversion_that_fails_keeps_one_kind_from_being_listed_and_no_other() {
    let console = TestConsole::on_cluster().await;
    let root = console.root().await;
    ok(&project(&console, "convert").await);
    ok(&namespace(&console, &root, "convert", "web", json!({})).await);
    let kind = "relics.test.pilothouse.dev";
    let dead = "{strategy: Webhook, webhook: {conversionReviewVersions: [v1], clientConfig: {url: 'https://127.0.0.1:1/x'}}}";
    apply("default", &definition("relics", COLUMNS, "v1", "{strategy: None}")).await;
    testbed().kubectl(&["wait", "--for=condition=Established", "crd", kind]).await.unwrap();
    apply("convert-web", &object("RELICS", "urn", 1)).await;
    eventually("it is listed", async || list(&console, &root, kind, "").await["total"] == 1).await;

    // What is stored is of the version before, and nothing makes the new one of it.
    apply("default", &definition("relics", COLUMNS, "v2", dead)).await;
    eventually("that it cannot be read is told", async || {
        let shown = list(&console, &root, kind, "").await;
        *state(&shown) != "live" && *state(&shown) != "reading"
    })
    .await;
    let other = list(&console, &root, "configmaps", "ns:convert-web").await;
    assert_eq!((state(&other), &other["total"]), (&json!("live"), &json!(1)));

    apply("default", &definition("relics", COLUMNS, "v2", "{strategy: None}")).await;
    eventually("it is listed again", async || {
        let shown = list(&console, &root, kind, "").await;
        state(&shown) == "live" && shown["total"] == 1
    })
    .await;
    testbed().kubectl(&["delete", "crd", kind]).await.unwrap();
}

#[tokio::test]
async fn secrets_are_listed_by_what_they_are_called_and_by_nothing_else() {
    let console = TestConsole::on_cluster().await;
    let root = console.root().await;
    ok(&project(&console, "sealed").await);
    ok(&namespace(&console, &root, "sealed", "web", json!({})).await);
    let (ada, eve) = (console.person("ada", "member").await, console.person("eve", "member").await);
    ok(&join(&console, "sealed", "ada", "developer").await);
    ok(&join(&console, "sealed", "eve", "viewer").await);
    let secret =
        ["create", "secret", "generic", "vault", "--from-literal=key=ruby-slippers", "-n", "sealed-web"];
    testbed().kubectl(&secret).await.unwrap();

    eventually("its name is there", async || {
        names(&list(&console, &ada, "secrets", "").await).contains("sealed-web/vault")
    })
    .await;
    let seen = list(&console, &ada, "secrets", "").await;
    let text = seen.to_string();
    assert!(!text.contains("ruby") && !text.contains("cnVieS1"), "{text}");
    let page = console.get(&ada, "/resources/secrets").await.body;
    assert!(page.contains("vault") && !page.contains("ruby") && !page.contains("cnVieS1"), "{page}");
    // A viewer is told in how many of their namespaces that is so.
    let hers = list(&console, &eve, "secrets", "").await;
    assert_eq!((&hers["total"], &hers["clusters"][0]["denied"]), (&json!(0), &json!(1)));
}

/// What the console's own account may not read is read as the person, for that person only.
#[tokio::test]
async fn without_the_right_to_secrets_releases_are_watched_as_whoever_looks() {
    let folder = tempfile::tempdir().unwrap();
    let file = folder.path().join("few.kubeconfig");
    let config = format!("{}current-context: testbed\n", account().await);
    std::fs::write(&file, config).unwrap();
    let few = Cluster::from_file(ClusterName::parse("local").unwrap(), &file).await.unwrap();
    let console = TestConsole::with(Fleet::new(vec![few])).await;
    let whole = TestConsole::on_cluster().await;
    // By one with all rights: projects and bindings are not what this is about.
    for one in [&whole, &console] {
        one.clusters.prepare(true).await;
    }
    let root = console.root().await;
    ok(&project(&console, "borrowed").await);
    ok(&namespace(&console, &root, "borrowed", "web", json!({})).await);
    let (ada, eve) = (console.person("ada", "member").await, console.person("eve", "member").await);
    ok(&join(&console, "borrowed", "ada", "developer").await);
    ok(&join(&console, "borrowed", "eve", "viewer").await);
    for (revision, status) in [(1, "superseded"), (2, "deployed")] {
        let secret = format!(
            "apiVersion: v1
kind: Secret
metadata: {{name: sh.helm.release.v1.web.v{revision}, labels: {{owner: helm, name: web, version: '{revision}', status: {status}}}}}
type: helm.sh/release.v1
stringData: {{release: nothing}}
"
        );
        apply("borrowed-web", &secret).await;
    }

    eventually("the newest", async || {
        list(&console, &ada, "releases", "").await["rows"][0]["cells"] == json!(["deployed", 2])
    })
    .await;
    let hers = list(&console, &eve, "releases", "").await;
    assert_eq!((&hers["total"], &hers["clusters"][0]["denied"]), (&json!(0), &json!(1)));
    let health = console.call(&root, "rows/health", json!({})).await.json();
    let lent = health.as_array().unwrap().iter().find(|table| table["kind"] == "releases").unwrap();
    assert_eq!((&lent["namespace"], &lent["state"]), (&json!("borrowed-web"), &json!("live")), "{health}");
    testbed()
        .kubectl(&["delete", "secret", "sh.helm.release.v1.web.v2", "-n", "borrowed-web"])
        .await
        .unwrap();
    eventually("what is left", async || {
        list(&console, &ada, "releases", "").await["rows"][0]["cells"] == json!(["superseded", 1])
    })
    .await;
    // Custom resources take a right of their own.
    apply("default", &definition("closed", COLUMNS, "v1", "{strategy: None}")).await;
    let kind = "closed.test.pilothouse.dev";
    testbed().kubectl(&["wait", "--for=condition=Established", "crd", kind]).await.unwrap();
    eventually("that it may not is told", async || {
        state(&list(&console, &ada, kind, "").await) == "forbidden"
    })
    .await;
    testbed().kubectl(&["delete", "crd", kind]).await.unwrap();
}

fn scoped(kind: &str, scope: Value) -> Value {
    let mut query = query(kind, "");
    query["scope"] = scope;
    json!({ "query": query })
}

#[tokio::test]
async fn a_scope_leaves_the_projects_clusters_and_namespaces_that_it_names() {
    let console = TestConsole::on_cluster().await;
    let root = console.root().await;
    for team in ["inside", "outside"] {
        ok(&project(&console, team).await);
        for space in ["one", "two"] {
            ok(&namespace(&console, &root, team, space, json!({})).await);
        }
    }
    let ada = console.person("ada", "member").await;
    ok(&join(&console, "inside", "ada", "viewer").await);
    let of = async |who: &Person, scope: Value| {
        let answer = console.call(who, "rows/list", scoped("configmaps", scope)).await;
        ok(&answer);
        names(&answer.json()).into_iter().filter(|name| name.contains("side-")).collect::<Vec<_>>()
    };
    let all =
        |names: &[&str]| names.iter().map(|name| format!("{name}/kube-root-ca.crt")).collect::<Vec<_>>();

    eventually("what is in a project", async || {
        of(&root, json!({ "projects": ["inside"] })).await == all(&["inside-one", "inside-two"])
    })
    .await;
    assert_eq!(of(&root, json!({ "namespaces": ["outside-one"] })).await, all(&["outside-one"]));
    let both = json!({ "projects": ["inside"], "namespaces": ["inside-two", "outside-two"] });
    assert_eq!(of(&root, both).await, all(&["inside-two"]));
    assert_eq!(of(&root, json!({ "clusters": ["elsewhere"] })).await, all(&[]));
    assert_eq!(of(&ada, json!({})).await, all(&["inside-one", "inside-two"]));
    assert_eq!(of(&ada, json!({ "projects": ["outside"] })).await, all(&[]), "nobody sees more by a scope");
    assert_eq!(of(&ada, json!({ "namespaces": ["outside-one"] })).await, all(&[]));
    let nodes =
        console.call(&root, "rows/list", scoped("nodes", json!({ "projects": ["inside"] }))).await.json();
    assert_eq!(nodes["total"], 0, "what lives in no namespace is in no project");
    let known = console.call(&ada, "rows/scopes", json!({})).await.json();
    assert_eq!(
        known,
        json!({ "clusters": ["local"], "projects": ["inside"], "namespaces": ["inside-one", "inside-two"] })
    );
    let page =
        console.get(&ada, "/resources/configmaps?project=inside&namespace=inside-two&sort=-age").await.body;
    assert!(
        page.contains("inside › inside-two") && !page.contains("href=\"/namespaces/local/inside-one\""),
        "{page}"
    );
    assert!(page.contains("<input type=\"hidden\" name=\"sort\" value=\"-age\""), "{page}");
}

#[tokio::test]
async fn a_view_is_kept_for_its_person_until_they_remove_it() {
    let console = TestConsole::on_cluster().await;
    let (ada, eve) = (console.person("ada", "member").await, console.person("eve", "member").await);
    let view =
        |name: &str, query: &str| json!({ "view": { "name": name, "listing": "pods", "query": query } });

    ok(&console.call(&ada, "rows/save", view(" Failing ", "filter=status%3Afailed")).await);
    ok(&console.call(&ada, "rows/save", view("Failing", "filter=status%3Afailed&sort=-age")).await);

    let kept = console.call(&ada, "rows/saved", json!({})).await.json();
    assert_eq!(
        kept,
        json!([{ "name": "Failing", "listing": "pods", "query": "filter=status%3Afailed&sort=-age" }])
    );
    assert_eq!(console.call(&eve, "rows/saved", json!({})).await.json(), json!([]));
    let page = console.get(&ada, "/resources/pods").await.body;
    assert!(page.contains("href=\"/resources/pods?filter=status%3Afailed&amp;sort=-age\""), "{page}");
    let unnamed = console.call(&ada, "rows/save", view(" ", "")).await;
    assert_eq!(unnamed.json()["invalid"]["fields"], json!([{ "field": "name", "problem": "required" }]));
    ok(&console.call(&ada, "rows/forget", view("Failing", "")).await);
    assert_eq!(console.call(&ada, "rows/saved", json!({})).await.json(), json!([]));
    let again = console.call(&ada, "rows/forget", view("Failing", "")).await;
    assert_eq!(again.status, http::StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_is_granted_by_its_name_and_lives_in_no_namespace_is_seen() {
    let console = TestConsole::on_cluster().await;
    let root = console.root().await;
    ok(&project(&console, "onenode").await);
    ok(&namespace(&console, &root, "onenode", "web", json!({})).await);
    let ada = console.person("ada", "member").await;
    ok(&join(&console, "onenode", "ada", "viewer").await);
    let nodes: Vec<_> = names(&list(&console, &root, "nodes", "").await).into_iter().collect();
    let node = nodes[0].trim_start_matches('/');
    let account = account_name(&console, "ada").await;
    let role =
        ["create", "clusterrole", "one-node", "--verb=get", "--resource=nodes", "--resource-name", node];
    testbed().kubectl(&role).await.unwrap();
    let person = format!("--user={account}");
    testbed()
        .kubectl(&["create", "clusterrolebinding", "one-node", "--clusterrole=one-node", &person])
        .await
        .unwrap();

    eventually("that node only", async || {
        names(&list(&console, &ada, "nodes", "").await).into_iter().collect::<Vec<_>>()
            == [format!("/{node}")]
    })
    .await;
    testbed().kubectl(&["delete", "clusterrolebinding", "one-node"]).await.unwrap();
    testbed().kubectl(&["delete", "clusterrole", "one-node"]).await.unwrap();
}
