//! Groups, projects' own roles, and access for a time, with a real API server that decides again.

use http::StatusCode;
use model::audit::Outcome;
use serde_json::{Value, json};

use crate::console::{Person, TestConsole};
use crate::tenants::{account_name, eventually, join, kubectl_as, leaver, member, namespace, ok, project};

const HOUR: i64 = 3_600_000;

/// Whether somebody may do this, by the cluster's own word.
async fn may(account: &str, verb: &str, resource: &str, place: &str) -> bool {
    kubectl_as(account, &["auth", "can-i", verb, resource, "-n", place]).await.is_ok()
}

async fn with_namespace(name: &str) -> (TestConsole, String) {
    let console = TestConsole::on_cluster().await;
    ok(&project(&console, name).await);
    ok(&namespace(&console, &console.root().await, name, "web", json!({})).await);
    (console, format!("{name}-web"))
}

fn problem(field: &str, problem: impl Into<Value>) -> Value {
    json!([{ "field": field, "problem": problem.into() }])
}

#[tokio::test]
async fn the_people_of_a_group_have_its_role_in_the_cluster_until_they_or_it_leave() {
    let (console, place) = with_namespace("grouped").await;
    let root = console.root().await;
    console.person("ada", "member").await;
    let ada = account_name(&console, "ada").await;
    let form = json!({ "form": { "name": "ops", "description": "on call" } });
    ok(&console.call(&root, "groups/create", form).await);
    let role = json!({ "who": { "name": "ops", "group": true }, "role": "developer" });
    ok(&console.call(&root, "projects/set-member", json!({ "project": "grouped", "form": role })).await);
    let person = json!({ "group": "ops", "username": "ada" });

    ok(&console.call(&root, "groups/add", person.clone()).await);
    eventually("the group brings the role", async || may(&ada, "create", "deployments.apps", &place).await)
        .await;
    let gone = console.call(&root, "projects/remove-member", leaver("grouped", "ada")).await;
    let through = json!({ "given_by_group": { "group": "ops" } });
    assert_eq!(gone.json()["invalid"]["fields"], problem("name", through));

    ok(&console.call(&root, "groups/take", person.clone()).await);
    eventually("who left it has nothing", async || !may(&ada, "get", "pods", &place).await).await;
    ok(&console.call(&root, "groups/add", person).await);
    eventually("again", async || may(&ada, "get", "pods", &place).await).await;
    let delete = json!({ "group": "ops", "confirmation": "ops" });
    ok(&console.call(&root, "groups/delete", delete).await);
    eventually("a group that is gone gives nothing", async || !may(&ada, "get", "pods", &place).await).await;
}

#[tokio::test]
async fn a_role_of_a_projects_own_is_what_it_says_in_the_console_and_in_the_cluster() {
    let (console, place) = with_namespace("own").await;
    let root = console.root().await;
    let ada = console.person("ada", "member").await;
    let account = account_name(&console, "ada").await;
    let form = json!({ "name": "operator", "permissions": ["operate", "shell"] });
    ok(&console.call(&root, "roles/set", json!({ "project": "own", "form": form })).await);

    ok(&join(&console, "own", "ada", "operator").await);
    let enter = ["auth", "can-i", "create", "pods", "--subresource", "exec", "-n", &place];
    let enters = async || kubectl_as(&account, &enter).await.is_ok();

    eventually("operators change workloads", async || {
        may(&account, "patch", "deployments.apps", &place).await
    })
    .await;
    eventually("see them", async || may(&account, "get", "pods", &place).await).await;
    eventually("enter them", async || enters().await).await;
    assert!(!may(&account, "create", "deployments.apps", &place).await);
    assert!(!may(&account, "get", "secrets", &place).await);
    let form = json!({ "cluster": "local", "namespace": place, "form": { "name": "" } });
    let refused = console.call(&ada, "workloads/create", form).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    assert_eq!(refused.json()["forbidden"]["project"], "own", "members are told where to ask");

    // The role as it is now counts, for everybody who has it.
    let form = json!({ "name": "operator", "permissions": ["secrets"] });
    ok(&console.call(&root, "roles/set", json!({ "project": "own", "form": form })).await);
    eventually("another role", async || {
        may(&account, "get", "secrets", &place).await
            && !may(&account, "patch", "deployments.apps", &place).await
    })
    .await;
    let remove = json!({ "project": "own", "role": "operator" });
    let used = console.call(&root, "roles/remove", remove.clone()).await;
    assert_eq!(used.json()["invalid"]["fields"], problem("name", json!({ "in_use": { "count": 1 } })));
    ok(&console.call(&root, "projects/remove-member", leaver("own", "ada")).await);
    ok(&console.call(&root, "roles/remove", remove).await);
}

#[tokio::test]
async fn nobody_gives_or_takes_more_than_they_may_do_themselves() {
    let (console, _) = with_namespace("reach").await;
    let root = console.root().await;
    let (ada, _bob) = (console.person("ada", "member").await, console.person("bob", "member").await);
    let form = json!({ "name": "greeter", "permissions": ["members", "operate"] });
    ok(&console.call(&root, "roles/set", json!({ "project": "reach", "form": form })).await);
    ok(&join(&console, "reach", "ada", "greeter").await);
    ok(&join(&console, "reach", "bob", "developer").await);

    let raise = console.call(&ada, "projects/set-member", member("reach", "ada", "administrator")).await;
    assert_eq!(raise.json()["invalid"]["fields"], problem("role", "beyond_yours"));
    let form = json!({ "name": "greeter", "permissions": ["members", "install"] });
    let grow = console.call(&ada, "roles/set", json!({ "project": "reach", "form": form })).await;
    assert_eq!(grow.json()["invalid"]["fields"], problem("permissions", "beyond_yours"));
    for call in [
        ("projects/set-member", member("reach", "bob", "viewer")),
        ("projects/remove-member", leaver("reach", "bob")),
    ] {
        let lower = console.call(&ada, call.0, call.1).await;
        assert_eq!(lower.json()["invalid"]["fields"], problem("name", "beyond_yours"), "{}", call.0);
    }
    console.person("eve", "member").await;
    ok(&console.call(&ada, "projects/set-member", member("reach", "eve", "viewer")).await);
}

async fn ask(console: &TestConsole, who: &Person, project: &str, role: &str) -> crate::console::Answer {
    let form = json!({ "project": project, "role": role, "hours": 4, "reason": "a release tonight" });
    console.call(who, "requests/ask", json!({ "form": form })).await
}

async fn decide(
    console: &TestConsole,
    who: &Person,
    project: &str,
    id: &str,
    decision: Value,
) -> crate::console::Answer {
    let arguments = json!({ "project": project, "id": id, "decision": decision });
    console.call(who, "requests/decide", arguments).await
}

#[tokio::test]
async fn access_that_was_asked_for_is_given_for_a_time_and_ends_by_itself() {
    let (console, place) = with_namespace("asked").await;
    let (ada, bob) = (console.person("ada", "member").await, console.person("bob", "member").await);
    ok(&join(&console, "asked", "ada", "viewer").await);
    ok(&join(&console, "asked", "bob", "administrator").await);
    let account = account_name(&console, "ada").await;

    ok(&ask(&console, &ada, "asked", "developer").await);
    let again = ask(&console, &ada, "asked", "developer").await;
    assert_eq!(again.json()["invalid"]["fields"], problem("role", "asked_already"));
    let has = ask(&console, &ada, "asked", "viewer").await;
    assert_eq!(has.json()["invalid"]["fields"], problem("role", "has_it"));
    let open = console.call(&bob, "requests/of-project", json!({ "project": "asked" })).await.json();
    assert_eq!((&open[0]["username"], &open[0]["reason"]), (&json!("ada"), &json!("a release tonight")));
    let id = open[0]["id"].as_str().unwrap().to_owned();
    assert_eq!(decide(&console, &ada, "asked", &id, json!("refuse")).await.status, StatusCode::FORBIDDEN);
    ok(&decide(&console, &bob, "asked", &id, json!({ "approve": { "hours": 2 } })).await);
    let twice = decide(&console, &bob, "asked", &id, json!("refuse")).await;
    assert_eq!(twice.status, StatusCode::CONFLICT);

    eventually("she deploys", async || may(&account, "create", "deployments.apps", &place).await).await;
    let members = console.call(&bob, "projects/members", json!({ "project": "asked" })).await.json();
    let hers: Vec<_> = members.as_array().unwrap().iter().filter(|one| one["username"] == "ada").collect();
    assert_eq!(hers.len(), 2);
    assert!(hers.iter().any(|one| one["way"] == "asked" && one["until"] == "2027-01-15T10:00:00Z"));

    console.pass(2 * HOUR);
    let form = json!({ "cluster": "local", "namespace": place, "form": { "name": "" } });
    let (ada, _) = console.sign_in("ada", crate::console::PASSWORD).await;
    assert_eq!(console.call(&ada, "workloads/create", form).await.status, StatusCode::FORBIDDEN, "at once");
    console.projects.end_what_is_over().await.unwrap();
    eventually("and in the cluster", async || !may(&account, "create", "deployments.apps", &place).await)
        .await;
    assert!(may(&account, "get", "pods", &place).await, "what she has besides stays");
    let trail = console.trail().await;
    let ended = trail.iter().find(|entry| entry.action == "requests.end").unwrap();
    assert_eq!((ended.resource.as_str(), ended.outcome), ("project asked: user ada", Outcome::Done));
}

#[tokio::test]
async fn who_asked_takes_it_back_and_nobody_else_does() {
    let (console, _) = with_namespace("withdrawn").await;
    let root = console.root().await;
    let (ada, eve) = (console.person("ada", "member").await, console.person("eve", "member").await);
    ok(&ask(&console, &ada, "withdrawn", "developer").await);
    let listed = async |who: &Person, endpoint: &str| {
        console.call(who, endpoint, json!({ "project": "withdrawn" })).await.json()[0].clone()
    };
    let request = listed(&ada, "requests/own").await;
    assert_eq!(
        (&request["own"], &listed(&root, "requests/of-project").await["own"]),
        (&json!(true), &json!(false))
    );
    let withdraw = async |who: &Person| {
        console.call(who, "requests/withdraw", json!({ "id": request["id"] })).await.status
    };

    assert_eq!(withdraw(&eve).await, StatusCode::NOT_FOUND);
    assert_eq!(withdraw(&ada).await, StatusCode::OK);
    assert_eq!(withdraw(&ada).await, StatusCode::CONFLICT);

    let id = request["id"].as_str().unwrap();
    let approve = decide(&console, &root, "withdrawn", id, json!({ "approve": { "hours": 1 } })).await;
    assert_eq!(approve.status, StatusCode::CONFLICT);
    let members = console.call(&root, "projects/members", json!({ "project": "withdrawn" })).await.json();
    assert!(!members.to_string().contains("ada"), "{members}");
    ok(&ask(&console, &ada, "withdrawn", "developer").await);
}

#[tokio::test]
async fn what_somebody_has_for_a_time_is_not_theirs_to_give() {
    let (console, place) = with_namespace("lent").await;
    let root = console.root().await;
    let (ada, bob) = (console.person("ada", "member").await, console.person("bob", "member").await);
    ok(&join(&console, "lent", "ada", "viewer").await);
    ok(&ask(&console, &ada, "lent", "administrator").await);
    ok(&ask(&console, &bob, "lent", "developer").await);
    let open = console.call(&root, "requests/of-project", json!({ "project": "lent" })).await.json();
    let id = |name: &str| {
        let one = open.as_array().unwrap().iter().find(|one| one["username"] == name).unwrap();
        one["id"].as_str().unwrap().to_owned()
    };
    ok(&decide(&console, &root, "lent", &id("ada"), json!({ "approve": { "hours": 1 } })).await);

    let keep = console.call(&ada, "projects/set-member", member("lent", "ada", "administrator")).await;
    let lend = decide(&console, &ada, "lent", &id("bob"), json!({ "approve": { "hours": 99 } })).await;
    let form = json!({ "name": "mine", "permissions": ["install"] });
    let own = console.call(&ada, "roles/set", json!({ "project": "lent", "form": form })).await;
    for refused in [keep, lend] {
        assert_eq!(refused.json()["invalid"]["fields"], problem("role", "beyond_yours"));
    }
    assert_eq!(own.json()["invalid"]["fields"], problem("permissions", "beyond_yours"));

    // Taking back what was lent leaves her what is hers.
    let who = json!({ "name": "ada", "group": false });
    let lent = json!({ "project": "lent", "who": who, "asked": "administrator" });
    ok(&console.call(&root, "projects/remove-member", lent).await);
    let account = account_name(&console, "ada").await;
    eventually("not an administrator", async || !may(&account, "create", "deployments.apps", &place).await)
        .await;
    assert!(may(&account, "get", "pods", &place).await);
}

#[tokio::test]
async fn asking_tells_nobody_whether_a_project_is_there() {
    let console = TestConsole::activated().await;
    let ada = console.person("ada", "member").await;
    let clusters: [(model::clusters::ClusterName, model::projects::Allotment); 0] = [];
    let secret = store::Project {
        id: "id-secret".into(),
        name: model::projects::ProjectName::parse("secret").unwrap(),
        display_name: "secret".into(),
        description: String::new(),
        created_at: 0,
        clusters: clusters.to_vec(),
    };
    console.store.add_project(&secret).await.unwrap();

    let mut answers = Vec::new();
    for name in ["secret", "nothing"] {
        for role in ["developer", "developer", "made-up"] {
            let answer = ask(&console, &ada, name, role).await;
            answers.push((answer.status, answer.body));
        }
    }
    let own = console.call(&ada, "requests/own", json!({})).await.json();

    assert_eq!(answers[..3], answers[3..]);
    let states: Vec<_> = own.as_array().unwrap().iter().map(|one| one["state"].clone()).collect();
    assert_eq!(states, [json!("open"), json!("open"), json!("open"), json!("open")]);
}

#[tokio::test]
async fn an_administrator_sees_the_console_as_somebody_else_and_changes_nothing() {
    let console = TestConsole::activated().await;
    let ada = console.person("ada", "member").await;
    console.person("bob", "auditor").await;
    let mut root = console.root().await;
    let started = console.post(&root, "/auth/view-as", "username=ada").await;
    assert_eq!(started.location(), "/");
    // The id of the session changed with what it may do.
    assert_ne!(started.cookies(), root.cookies);
    root.cookies = started.cookies();

    let me = console.call(&root, "identity/me", json!({})).await.json();
    assert_eq!(
        (&me["username"], &me["viewer"], &me["role"]),
        (&json!("ada"), &json!("root"), &json!("member"))
    );
    assert_eq!(console.get(&root, "/users").await.status, StatusCode::FORBIDDEN, "as she sees it");
    let page = console.get(&root, "/").await.body;
    assert!(page.contains("You are looking as "), "the banner is in the first HTML");
    for (endpoint, arguments) in [
        ("identity/end-other-sessions", json!({})),
        (
            "requests/ask",
            json!({ "form": { "project": "shop", "role": "viewer", "hours": 1, "reason": "x" } }),
        ),
        ("tokens/create", json!({ "form": { "name": "x", "days": "1", "read_only": true } })),
    ] {
        let refused = console.call(&root, endpoint, arguments).await;
        assert_eq!((refused.status, refused.json()), (StatusCode::FORBIDDEN, json!("looking")), "{endpoint}");
    }
    let nested = console.post(&root, "/auth/view-as", "username=bob").await;
    assert_eq!(nested.location(), "/users", "one at a time");

    let stopped = console.post(&root, "/auth/stop-viewing", "").await;
    assert_eq!(stopped.location(), "/people/ada");
    root.cookies = stopped.cookies();
    assert_eq!(console.call(&root, "identity/me", json!({})).await.json()["username"], "root");
    let trail = console.trail().await;
    let entries: Vec<_> = trail
        .iter()
        .filter(|entry| entry.actor == "root" && entry.resource == "user ada")
        .map(|entry| (entry.action.as_str(), entry.outcome))
        .collect();
    assert!(entries.contains(&("identity.view_as", Outcome::Done)));
    assert!(entries.contains(&("identity.stop_viewing", Outcome::Done)));
    let refused = console.post(&ada, "/auth/view-as", "username=root").await;
    assert_eq!(refused.location(), "/users");
    assert_eq!(console.call(&ada, "identity/me", json!({})).await.json()["username"], "ada");
}

#[tokio::test]
async fn who_looks_as_somebody_stops_when_they_lose_the_right_or_the_person_is_disabled() {
    let console = TestConsole::activated().await;
    console.person("ada", "member").await;
    let mut root = console.root().await;
    root.cookies = console.post(&root, "/auth/view-as", "username=ada").await.cookies();
    let ada = console.store.account_by_name("ada").await.unwrap().unwrap();

    console.store.set_disabled(&ada.id, true).await.unwrap();

    let me = console.call(&root, "identity/me", json!({})).await.json();
    assert_eq!((&me["username"], &me["viewer"]), (&json!("root"), &Value::Null));

    // Nor does it outlast another sign-in in the same browser.
    console.store.set_disabled(&ada.id, false).await.unwrap();
    root.cookies = console.post(&root, "/auth/view-as", "username=ada").await.cookies();
    let form = format!("username=root&password={}", crate::console::PASSWORD);
    root.cookies = console.post(&root, "/auth/sign-in", &form).await.cookies();
    let me = console.call(&root, "identity/me", json!({})).await.json();
    assert_eq!((&me["username"], &me["viewer"]), (&json!("root"), &Value::Null));
}

#[tokio::test]
async fn what_somebody_may_do_is_shown_with_every_way_that_leads_there() {
    let console = TestConsole::activated().await;
    let root = console.root().await;
    console.person("ada", "member").await;
    let ada = console.store.account_by_name("ada").await.unwrap().unwrap();
    let shop = store::Project {
        id: "id-shop".into(),
        name: model::projects::ProjectName::parse("shop").unwrap(),
        display_name: "shop".into(),
        description: String::new(),
        created_at: 0,
        clusters: Vec::new(),
    };
    console.store.add_project(&shop).await.unwrap();
    ok(&join(&console, "shop", "ada", "viewer").await);
    ok(&console.call(&root, "groups/create", json!({ "form": { "name": "ops", "description": "" } })).await);
    ok(&console.call(&root, "groups/add", json!({ "group": "ops", "username": "ada" })).await);
    let role = json!({ "who": { "name": "ops", "group": true }, "role": "developer" });
    ok(&console.call(&root, "projects/set-member", json!({ "project": "shop", "form": role })).await);
    console
        .store
        .set_given(&ada.id, "corp", &[("id-shop".into(), model::roles::ProjectRole::Viewer)], 0)
        .await
        .unwrap();

    let shown = console.call(&root, "identity/view", json!({ "username": "Ada" })).await.json();

    assert_eq!(shown["groups"], json!(["ops"]));
    assert_eq!(shown["sessions"], 1);
    let project = &shown["projects"][0];
    assert_eq!(project["permissions"], json!(["view", "operate", "deploy", "secrets", "shell", "install"]));
    let ways: Vec<_> =
        project["paths"].as_array().unwrap().iter().map(|path| (&path["role"], &path["way"])).collect();
    let expected = [
        (json!("viewer"), json!("by_hand")),
        (json!("viewer"), json!({ "rules": "corp" })),
        (json!("developer"), json!({ "group": "ops" })),
    ];
    assert_eq!(ways, expected.iter().map(|(role, way)| (role, way)).collect::<Vec<_>>());
}

#[tokio::test]
async fn asking_how_long_a_session_lasts_does_not_make_it_last_longer() {
    let console = TestConsole::activated().await;
    let ada = console.person("ada", "member").await;
    let left = async |who: &Person| console.call(who, "identity/session-left", json!({})).await;
    assert_eq!(left(&ada).await.json(), json!({ "idle": 28_800, "whole": 86_400, "warn": 300 }));

    console.pass(7 * HOUR);
    assert_eq!(left(&ada).await.json()["idle"], 3_600);
    assert_eq!(left(&ada).await.json()["idle"], 3_600);
    console.call(&ada, "identity/me", json!({})).await;
    assert_eq!(left(&ada).await.json(), json!({ "idle": 28_800, "whole": 61_200, "warn": 300 }));
    console.pass(8 * HOUR);
    assert_eq!(left(&ada).await.status, StatusCode::UNAUTHORIZED);
}

#[tokio::test]
async fn a_project_gets_other_clusters_and_amounts_but_keeps_those_that_its_namespaces_are_in() {
    let (console, _) = with_namespace("grown").await;
    let root = console.root().await;
    let change = async |clusters: Value| {
        let form =
            json!({ "name": "", "display_name": "Grown up", "description": "more", "clusters": clusters });
        console.call(&root, "projects/change", json!({ "project": "grown", "form": form })).await
    };

    let stranded = change(json!([])).await;
    let used = json!({ "still_used": { "namespaces": 1 } });
    assert_eq!(stranded.json()["invalid"]["fields"], problem("clusters", used));
    ok(&change(json!([{ "cluster": "local", "cpu": "6", "memory": "8Gi", "pods": "40" }])).await);

    let form = console.call(&root, "projects/form", json!({ "project": "grown" })).await.json();
    assert_eq!((&form["name"], &form["display_name"]), (&json!("grown"), &json!("Grown up")));
    assert_eq!(form["clusters"], json!([{ "cluster": "local", "cpu": "6", "memory": "8Gi", "pods": "40" }]));
    let unknown = change(json!([{ "cluster": "local", "cpu": "x", "memory": "", "pods": "" }, { "cluster": "mars", "cpu": "", "memory": "", "pods": "" }])).await;
    let fields: Vec<_> = unknown.json()["invalid"]["fields"]
        .as_array()
        .unwrap()
        .iter()
        .map(|one| one["field"].clone())
        .collect();
    assert_eq!(fields, [json!("cpu@local"), json!("clusters")]);
}
