//! Chart repositories and charts, read from a real HTTP server.

use std::path::Path as FilePath;
use std::sync::{Arc, Mutex};

use axum::Router;
use axum::extract::{Path, State};
use axum::routing::get;
use http::{HeaderMap, StatusCode};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};

use crate::console::{Answer, Person, TestConsole};
use crate::tenants::ok;

/// What a repository serves; tests change it.
type Files = Arc<Mutex<Vec<(String, Vec<u8>)>>>;

/// The name of a file of [`Files`] that holds the authorization it wants to see; none without it.
const LOCK: &str = "authorization";

pub(crate) struct Repository {
    pub(crate) address: String,
    files: Files,
}

impl Repository {
    async fn serve() -> Self {
        let files = Files::default();
        let router = Router::new().route("/{*path}", get(file)).with_state(files.clone());
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        Self { address, files }
    }

    /// With our chart and a promise of its digest.
    pub(crate) async fn with_hello(digest: Option<&str>) -> Self {
        let repository = Self::serve().await;
        let archive = hello();
        let digest = digest.map_or_else(|| hexadecimal(&archive), str::to_owned);
        repository.put("hello-1.0.0.tgz", archive);
        repository.put("index.yaml", index(&["1.0.0", "0.9.0"], &digest));
        repository
    }

    pub(crate) fn put(&self, path: &str, bytes: impl Into<Vec<u8>>) {
        let mut files = self.files.lock().unwrap();
        files.retain(|(known, _)| known != path);
        files.push((path.to_owned(), bytes.into()));
    }
}

async fn file(
    State(files): State<Files>,
    Path(path): Path<String>,
    headers: HeaderMap,
) -> Result<Vec<u8>, StatusCode> {
    let files = files.lock().unwrap();
    let lock = files.iter().find(|(known, _)| known == LOCK);
    if lock.is_some_and(|(_, wanted)| headers.get(LOCK).map(|sent| sent.as_bytes()) != Some(wanted)) {
        return Err(StatusCode::UNAUTHORIZED);
    }
    let found = files.iter().find(|(known, _)| *known == path);
    found.map(|(_, bytes)| bytes.clone()).ok_or(StatusCode::NOT_FOUND)
}

/// The chart that browser tests install, packed.
fn hello() -> Vec<u8> {
    let folder = FilePath::new(env!("CARGO_MANIFEST_DIR")).join("../end2end/charts/hello");
    let gzip = flate2::write::GzEncoder::new(Vec::new(), flate2::Compression::fast());
    let mut tar = tar::Builder::new(gzip);
    tar.append_dir_all("hello", folder).unwrap();
    tar.into_inner().unwrap().finish().unwrap()
}

fn hexadecimal(bytes: &[u8]) -> String {
    Sha256::digest(bytes).iter().map(|byte| format!("{byte:02x}")).collect()
}

fn index(versions: &[&str], digest: &str) -> String {
    let entry = |version: &&str| {
        json!({
            "name": "hello", "version": version, "appVersion": "1", "description": "A page that greets",
            "urls": [format!("hello-{version}.tgz")], "digest": digest, "icon": "icon.png",
        })
    };
    json!({ "apiVersion": "v1", "entries": { "hello": versions.iter().map(entry).collect::<Vec<_>>() } })
        .to_string()
}

async fn add(console: &TestConsole, who: &Person, url: &str, private: bool) -> Answer {
    add_as(console, who, url, private, "", "").await
}

async fn add_as(
    console: &TestConsole,
    who: &Person,
    url: &str,
    private: bool,
    username: &str,
    password: &str,
) -> Answer {
    let address =
        json!({ "url": url, "private_addresses": private, "username": username, "password": password });
    console.call(who, "catalog/add", json!({ "form": { "name": "stable", "address": address } })).await
}

async fn chart(console: &TestConsole, who: &Person, version: Option<&str>) -> Answer {
    let arguments = json!({ "repository": "stable", "name": "hello", "version": version });
    console.call(who, "catalog/chart", arguments).await
}

async fn repositories(console: &TestConsole, who: &Person) -> Value {
    console.call(who, "catalog/repositories", json!({})).await.json()
}

#[tokio::test]
async fn a_repository_is_added_and_everybody_sees_its_charts() {
    let console = TestConsole::activated().await;
    let (root, ada) = (console.root().await, console.person("ada", "member").await);
    let repository = Repository::with_hello(None).await;

    ok(&add(&console, &root, &repository.address, true).await);

    let charts = console.call(&ada, "catalog/charts", json!({ "words": "GREETS" })).await.json();
    assert_eq!((&charts[0]["name"], &charts[0]["version"]), (&json!("hello"), &json!("1.0.0")));
    let none = console.call(&ada, "catalog/charts", json!({ "words": "greets database" })).await.json();
    assert_eq!(none, json!([]));
    let seen = chart(&console, &ada, None).await.json();
    let values = seen["archive"]["Ok"]["values"].as_str().unwrap();
    assert!(values.starts_with("# How many pods greet.\nreplicas: 1\n"), "{values}");
    let versions: Vec<_> =
        seen["versions"].as_array().unwrap().iter().map(|v| v["version"].clone()).collect();
    assert_eq!(versions, ["1.0.0", "0.9.0"]);
    let page = console.get(&ada, "/catalog/charts/stable/hello").await;
    assert!(page.body.contains("# How many pods greet."), "{}", page.body);
    assert_eq!(chart(&console, &ada, Some("7.0.0")).await.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn what_cannot_be_read_is_not_added_and_says_why_at_its_field() {
    let console = TestConsole::activated().await;
    let root = console.root().await;
    let repository = Repository::serve().await;
    let reason =
        |answer: &Answer| answer.json()["invalid"]["fields"][0]["problem"]["outside"]["reason"].clone();

    let missing = add(&console, &root, &repository.address, true).await;
    repository.put("index.yaml", "<html>not here</html>");
    let broken = add(&console, &root, &repository.address, true).await;
    let silent = add(&console, &root, "http://127.0.0.1:1", true).await;

    assert_eq!(reason(&missing), json!({ "status": 404 }));
    assert_eq!(reason(&broken), "unreadable");
    assert_eq!(reason(&silent), "unreachable");
    assert_eq!(repositories(&console, &root).await, json!([]));
    let wrong = add(&console, &root, "charts.example", true).await.json();
    assert_eq!(wrong["invalid"]["fields"], json!([{ "field": "url", "problem": "not_an_address" }]));
}

#[tokio::test]
async fn an_address_inside_is_refused_unless_it_is_allowed_for_this_repository() {
    let console = TestConsole::activated().await;
    let root = console.root().await;
    let repository = Repository::with_hello(None).await;

    let refused = add(&console, &root, &repository.address, false).await.json();

    let reason = &refused["invalid"]["fields"][0]["problem"]["outside"]["reason"];
    assert_eq!(reason, "private_address");
    assert!(repository.files.lock().unwrap().len() == 2, "it still serves");
}

#[tokio::test]
async fn a_refresh_that_fails_keeps_what_was_known_and_says_why() {
    let console = TestConsole::activated().await;
    let root = console.root().await;
    let repository = Repository::with_hello(None).await;
    ok(&add(&console, &root, &repository.address, true).await);
    let before = repositories(&console, &root).await;

    console.pass(60_000);
    repository.put("index.yaml", "entries: 7");
    let refresh = json!({ "name": "stable" });
    ok(&console.call(&root, "catalog/refresh", refresh.clone()).await);
    let broken = repositories(&console, &root).await;
    assert_eq!((&broken[0]["problem"], &broken[0]["charts"]), (&json!("unreadable"), &json!(1)));
    assert_eq!(broken[0]["synced_at"], before[0]["synced_at"]);

    repository.put("index.yaml", index(&["2.0.0"], ""));
    ok(&console.call(&root, "catalog/refresh", refresh).await);
    let healed = repositories(&console, &root).await;
    assert_eq!(healed[0]["problem"], Value::Null);
    assert_ne!(healed[0]["synced_at"], before[0]["synced_at"]);
    let charts = console.call(&root, "catalog/charts", json!({ "words": "" })).await.json();
    assert_eq!(charts[0]["version"], "2.0.0");
}

#[tokio::test]
async fn an_archive_that_is_not_the_promised_one_is_not_shown() {
    let console = TestConsole::activated().await;
    let root = console.root().await;
    let repository = Repository::with_hello(Some(&"0".repeat(64))).await;
    ok(&add(&console, &root, &repository.address, true).await);

    let seen = chart(&console, &root, None).await.json();
    let missing = chart(&console, &root, Some("0.9.0")).await.json();

    assert_eq!(seen["archive"]["Err"], "wrong_digest");
    assert_eq!(missing["archive"]["Err"], json!({ "status": 404 }));
}

#[tokio::test]
async fn a_picture_is_served_by_the_console_as_what_it_is() {
    let console = TestConsole::activated().await;
    let root = console.root().await;
    let repository = Repository::with_hello(None).await;
    let icon = json!({ "entries": { "hello": [{
        "name": "hello", "version": "1.0.0", "urls": ["x.tgz"], "icon": format!("{}/icon", repository.address),
    }] } });
    repository.put("index.yaml", icon.to_string());
    repository.put("icon", b"\x89PNG\r\n\x1a\nrest".as_slice());
    ok(&add(&console, &root, &repository.address, true).await);

    let picture = console.get(&root, "/icons/stable/hello").await;
    repository.put("icon", b"<script>alert(1)</script>".as_slice());
    let page = console.get(&root, "/icons/stable/hello").await;
    let stranger = console.get(&Person::default(), "/icons/stable/hello").await;

    assert_eq!(picture.headers["content-type"], "image/png");
    assert_eq!(picture.headers["cache-control"], "private, max-age=86400");
    assert_eq!(page.status, StatusCode::NOT_FOUND);
    assert_eq!(stranger.status, StatusCode::SEE_OTHER);
}

#[tokio::test]
async fn only_an_administrator_changes_repositories_and_removing_one_takes_its_charts() {
    let console = TestConsole::activated().await;
    let (root, ada) = (console.root().await, console.person("ada", "member").await);
    let repository = Repository::with_hello(None).await;

    assert_eq!(add(&console, &ada, &repository.address, true).await.status, StatusCode::FORBIDDEN);
    ok(&add(&console, &root, &repository.address, true).await);
    let twice = add(&console, &root, &repository.address, true).await.json();
    assert_eq!(twice["invalid"]["fields"], json!([{ "field": "name", "problem": "taken" }]));
    ok(&console.call(&root, "catalog/remove", json!({ "name": "stable" })).await);

    assert_eq!(repositories(&console, &ada).await, json!([]));
    let charts = console.call(&ada, "catalog/charts", json!({ "words": "" })).await.json();
    assert_eq!(charts, json!([]));
}

#[tokio::test]
async fn a_repository_behind_a_password_is_read_with_it_and_shows_it_to_nobody() {
    let console = TestConsole::activated().await;
    let root = console.root().await;
    let repository = Repository::with_hello(None).await;
    // ada:walnut-42
    repository.put(LOCK, "Basic YWRhOndhbG51dC00Mg==");

    let open = add(&console, &root, &repository.address, true).await.json();
    ok(&add_as(&console, &root, &repository.address, true, "ada", "walnut-42").await);

    assert_eq!(open["invalid"]["fields"][0]["problem"]["outside"]["reason"], json!({ "status": 401 }));
    ok(&console.call(&root, "catalog/refresh", json!({ "name": "stable" })).await);
    let list = repositories(&console, &root).await;
    assert_eq!((&list[0]["username"], &list[0]["problem"]), (&json!("ada"), &Value::Null));
    let seen = chart(&console, &root, None).await;
    assert!(seen.json()["archive"]["Ok"].is_object(), "{}", seen.body);
    let page = console.get(&root, "/catalog/repositories").await;
    for told in [list.to_string(), seen.body, page.body] {
        assert!(!told.contains("walnut-42"), "{told}");
    }
    ok(&console.call(&root, "catalog/remove", json!({ "name": "stable" })).await);
    assert!(console.store.login_names().await.unwrap().is_empty());
}
