//! Charts installed by the real helm binary, as the person, through the way that the console opens for it.

use std::time::Duration;

use http::StatusCode;
use serde_json::{Value, json};

use crate::catalog::Repository;
use crate::console::{Answer, Person, TestConsole};
use crate::rows;
use crate::tenants::{eventually, in_cluster, join, namespace, ok, project};
use crate::testbed::testbed;

struct Team {
    console: TestConsole,
    ada: Person,
    repository: Repository,
    project: &'static str,
}

impl Team {
    /// A project with a namespace `web` at the level baseline, a developer, and a repository with our chart.
    async fn new(project_name: &'static str) -> Self {
        let console = TestConsole::on_cluster().await;
        let root = console.root().await;
        let ada = console.person("ada", "member").await;
        ok(&project(&console, project_name).await);
        ok(&join(&console, project_name, "ada", "developer").await);
        ok(&namespace(&console, &root, project_name, "web", json!({})).await);
        let repository = Repository::with_hello(None).await;
        let form =
            json!({ "name": "stable", "address": { "url": repository.address, "private_addresses": true } });
        ok(&console.call(&root, "catalog/add", json!({ "form": form })).await);
        Self { console, ada, repository, project: project_name }
    }

    fn form(&self, values: &str) -> Value {
        json!({
            "chart": { "repository": "stable", "name": "hello", "version": "1.0.0" },
            "cluster": "local", "namespace": format!("{}-web", self.project), "name": "greeter", "values": values,
        })
    }

    fn target(&self) -> Value {
        json!({ "cluster": "local", "namespace": format!("{}-web", self.project), "name": "greeter" })
    }

    async fn call(&self, what: &str, arguments: Value) -> Answer {
        self.console.call(&self.ada, &format!("releases/{what}"), arguments).await
    }

    /// Begins the work and waits for its end.
    async fn job(&self, what: &str, arguments: Value) -> Value {
        let begun = self.call(what, arguments).await;
        ok(&begun);
        for _ in 0..300 {
            let job = self.call("job", json!({ "id": begun.json() })).await.json();
            if job["ended_at"] != "" {
                return job;
            }
            tokio::time::sleep(Duration::from_millis(100)).await;
        }
        panic!("the job does not end");
    }

    async fn view(&self) -> Value {
        let answer = self.call("view", json!({ "target": self.target() })).await;
        ok(&answer);
        answer.json()
    }

    /// The deployment of the release, as the cluster has it.
    async fn deployment(&self) -> Value {
        in_cluster(&["deployment", "greeter", "-n", &format!("{}-web", self.project)]).await
    }
}

#[tokio::test]
async fn a_chart_is_reviewed_installed_upgraded_rolled_back_and_uninstalled() {
    let team = Team::new("helmed").await;

    let review = team.call("review", json!({ "form": team.form("replicas: 2\n") })).await.json();
    let objects: Vec<_> =
        review["objects"].as_array().unwrap().iter().map(|o| o["object"].as_str().unwrap()).collect();
    assert_eq!(objects, ["Service/greeter", "Deployment/greeter"]);
    assert!(
        review["checks"].as_array().unwrap().iter().all(|c| c["verdict"]["refused"].is_null()),
        "{review}"
    );
    let found = testbed().kubectl(&["get", "all,secrets", "-n", "helmed-web", "-o", "name"]).await.unwrap();
    assert_eq!(found.trim(), "", "a review makes nothing");

    let job = team.job("install", json!({ "form": team.form("replicas: 2\ngreeting: ahoy\n") })).await;
    assert_eq!((&job["state"], &job["work"]), (&json!("done"), &json!("install")), "{job}");
    assert_eq!(team.deployment().await["spec"]["replicas"], 2);
    let seen = team.view().await;
    assert_eq!((&seen["status"], &seen["chart_version"]), (&json!("deployed"), &json!("1.0.0")));
    assert_eq!(seen["values"], "greeting: ahoy\nreplicas: 2\n");
    assert_eq!(seen["notes"], "greeter greets with \"ahoy\".\n");
    let resources: Vec<_> =
        seen["resources"].as_array().unwrap().iter().map(|r| r["object"].clone()).collect();
    assert_eq!(resources, ["Service/greeter", "Deployment/greeter"]);
    let row = async || {
        let list = rows::list(&team.console, &team.ada, "releases", "").await;
        (list["total"].clone(), list["rows"][0]["name"].clone(), list["rows"][0]["cells"].clone())
    };
    let shown = |status: &str, revision| (json!(1), json!("greeter"), json!([status, revision]));
    eventually("its row", async || row().await == shown("deployed", 1)).await;

    let change = team.call("review", json!({ "form": team.form("replicas: 3\n") })).await.json();
    let lines = change["objects"][1]["lines"].to_string();
    assert!(lines.contains(r#"{"removed":"  replicas: 2"},{"added":"  replicas: 3"}"#), "{lines}");
    assert_eq!(team.job("upgrade", json!({ "form": team.form("replicas: 3\n") })).await["state"], "done");
    assert_eq!(team.deployment().await["spec"]["replicas"], 3);

    let back = team.job("roll-back", json!({ "target": team.target(), "revision": 1 })).await;
    assert_eq!(back["state"], "done", "{back}");
    assert_eq!(team.deployment().await["spec"]["replicas"], 2);
    let numbers: Vec<_> =
        team.view().await["history"].as_array().unwrap().iter().map(|r| r["number"].clone()).collect();
    assert_eq!(numbers, [3, 2, 1]);
    eventually("of all revisions the newest", async || row().await == shown("deployed", 3)).await;

    let wrong = team.call("uninstall", json!({ "target": team.target(), "confirmation": "x" })).await;
    assert_eq!(wrong.json()["invalid"]["fields"][0]["problem"], "not_the_name");
    let gone = team.job("uninstall", json!({ "target": team.target(), "confirmation": "greeter" })).await;
    assert_eq!(gone["state"], "done", "{gone}");
    eventually("everything is gone", async || {
        let found = testbed().kubectl(&["get", "all,secrets", "-n", "helmed-web", "-o", "name"]).await;
        found.unwrap().trim().is_empty()
    })
    .await;

    let trail = team.console.trail().await;
    let own = trail.iter().filter(|entry| entry.action.starts_with("releases."));
    let told: Vec<_> = own.map(|entry| (entry.action.as_str(), entry.actor.as_str())).collect();
    assert_eq!(
        told,
        ["uninstall", "uninstall", "roll_back", "upgrade", "install"]
            .map(|work| format!("releases.{work}"))
            .iter()
            .map(|action| (action.as_str(), "ada"))
            .collect::<Vec<_>>()
    );
    let entries = team.console.store.audit_entries(&Default::default(), 100).await.unwrap();
    let upgrade =
        entries.iter().find(|entry| entry.action == "releases.upgrade").unwrap().changed.clone().unwrap();
    assert!(upgrade.before.contains("revision: 1") && upgrade.before.contains("replicas: 2"), "{upgrade:?}");
    assert!(
        upgrade.before.contains("greeting: (not kept)") && !upgrade.before.contains("ahoy"),
        "{upgrade:?}"
    );
    assert!(upgrade.after.contains("revision: 2") && upgrade.after.contains("replicas: 3"), "{upgrade:?}");
    let install = trail.iter().find(|entry| entry.action == "releases.install").unwrap();
    assert_eq!(install.resource, "release helmed-web/greeter on cluster local chart stable/hello 1.0.0");
}

#[tokio::test]
async fn what_helm_or_the_cluster_refuses_ends_the_job_with_their_words() {
    let team = Team::new("fails").await;

    let bad = team.call("review", json!({ "form": team.form("replicas: [") })).await;
    assert_eq!(bad.status, StatusCode::UNPROCESSABLE_ENTITY, "{}", bad.body);
    assert_eq!(bad.json()["invalid"]["fields"][0]["field"], "values");

    let job = team.job("install", json!({ "form": team.form("replicas: many\n") })).await;
    assert_eq!(job["state"], "failed");
    assert!(job["said"].as_str().unwrap().contains("replicas"), "{job}");
    let trail = team.console.trail().await;
    let entry = trail.iter().find(|entry| entry.action == "releases.install").unwrap();
    assert_eq!(serde_json::to_value(entry.outcome).unwrap(), "invalid");

    team.repository.put("hello-1.0.0.tgz", "not the promised one");
    let job = team.job("install", json!({ "form": team.form("") })).await;
    assert_eq!(job["state"], "failed");
}

#[tokio::test]
async fn helm_does_what_the_person_may_and_no_more() {
    let team = Team::new("bound").await;
    let (eve, bob) = (team.console.person("eve", "member").await, team.console.person("bob", "member").await);
    ok(&join(&team.console, "bound", "eve", "viewer").await);

    for who in [&eve, &bob] {
        let refused = team.console.call(who, "releases/install", json!({ "form": team.form("") })).await;
        assert_eq!(refused.status, StatusCode::FORBIDDEN, "{}", refused.body);
    }
    // A namespace that nobody gave to ada, and a kind that no developer may make.
    let mut elsewhere = team.form("");
    elsewhere["namespace"] = json!("kube-system");
    let refused = team.call("install", json!({ "form": elsewhere })).await;
    assert_eq!(refused.status, StatusCode::FORBIDDEN);
    let found =
        testbed().kubectl(&["get", "secrets,deployments", "-n", "bound-web", "-o", "name"]).await.unwrap();
    assert_eq!(found.trim(), "");

    assert_eq!(team.job("install", json!({ "form": team.form("") })).await["state"], "done");
    eventually("it is listed", async || {
        rows::list(&team.console, &team.ada, "releases", "").await["total"] == 1
    })
    .await;
    let list = rows::list(&team.console, &eve, "releases", "").await;
    let told = (&list["total"], &list["clusters"][0]["denied"]);
    assert_eq!(told, (&json!(0), &json!(1)), "a viewer may not read what releases are kept in");
    let none = rows::list(&team.console, &bob, "releases", "").await;
    assert_eq!((&none["rows"], &none["clusters"]), (&json!([]), &json!([])));
}

#[tokio::test]
async fn a_restart_says_of_unfinished_work_that_it_was_interrupted() {
    let mut team = Team::new("again").await;
    let ada = team.console.store.account_by_name("ada").await.unwrap().unwrap();
    let target: model::releases::ReleaseRef = serde_json::from_value(team.target()).unwrap();
    let job = store::Job {
        id: "unfinished".into(),
        user_id: ada.id,
        work: "install".into(),
        target,
        state: model::releases::JobState::Running,
        said: String::new(),
        started_at: 0,
        ended_at: None,
    };
    team.console.store.add_job(&job).await.unwrap();
    let busy = team.call("install", json!({ "form": team.form("") })).await;
    assert_eq!(busy.status, StatusCode::CONFLICT, "{}", busy.body);

    team.console.restart().await;

    let seen = team.call("job", json!({ "id": "unfinished" })).await.json();
    assert_eq!(seen["state"], "interrupted");
    assert_eq!(team.job("install", json!({ "form": team.form("") })).await["state"], "done");
}
