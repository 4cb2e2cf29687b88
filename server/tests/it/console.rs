//! A console for one test, and people who use it.

use std::sync::Arc;
use std::sync::atomic::{AtomicI64, Ordering};

use axum::Router;
use axum::body::{Body, to_bytes};
use cluster::Fleet;
use console::{ConnectedClusters, Observatory, ProjectBook, ProviderBook};
use ed25519_dalek::SigningKey;
use gate::{Clock, KeyRing, TrustedKey, issue};
use http::{HeaderMap, Method, Request, StatusCode, header};
use model::audit::AuditEntry;
use model::license::{Amounts, Edition, Licence};
use serde_json::{Value, json};
use server::compose;
use server::metrics::Metrics;
use server::router::{self, Parts};
use server::settings::{Arguments, Database, Settings};
use store::{Sessions, Store};
use tempfile::TempDir;
use tower::ServiceExt as _;

use crate::testbed::local;

pub(crate) const NOW: i64 = 1_800_000_000_000;
pub(crate) const PASSWORD: &str = "walnut-harbour-42";
pub(crate) const HOST: &str = "127.0.0.1:8080";

/// The clock that tests move.
pub(crate) struct At(AtomicI64);

impl Clock for At {
    fn now(&self) -> i64 {
        self.0.load(Ordering::Relaxed)
    }
}

pub(crate) struct TestConsole {
    pub(crate) store: Store,
    pub(crate) clock: Arc<At>,
    pub(crate) clusters: Arc<ConnectedClusters>,
    pub(crate) observatory: Arc<Observatory>,
    pub(crate) providers: Arc<ProviderBook>,
    pub(crate) projects: Arc<ProjectBook>,
    pub(crate) fleet: Fleet,
    router: Router,
    settings: Settings,
    folder: TempDir,
}

pub(crate) struct Answer {
    pub(crate) status: StatusCode,
    pub(crate) headers: HeaderMap,
    pub(crate) body: String,
}

impl Answer {
    pub(crate) fn json(&self) -> Value {
        serde_json::from_str(&self.body).unwrap_or_else(|_| panic!("not JSON: {}", self.body))
    }

    pub(crate) fn location(&self) -> &str {
        self.headers.get(header::LOCATION).map_or("", |value| value.to_str().unwrap())
    }

    /// `name=value` of every cookie that the answer sets.
    pub(crate) fn cookies(&self) -> Vec<String> {
        let cookies = self.headers.get_all(header::SET_COOKIE).iter();
        cookies.map(|value| value.to_str().unwrap().split(';').next().unwrap().to_owned()).collect()
    }
}

/// Somebody with a browser: keeps cookies.
#[derive(Clone, Default)]
pub(crate) struct Person {
    pub(crate) cookies: Vec<String>,
}

/// The key that tests issue licences with; trusted by every test console.
pub(crate) fn key() -> SigningKey {
    SigningKey::from_bytes(&[3; 32])
}

/// A licence for this many users that ends at `expires` (Unix seconds).
pub(crate) fn licence(users: u32, expires: Option<i64>) -> Licence {
    Licence {
        id: "test".into(),
        licensee: "Test".into(),
        edition: Edition::Team,
        limits: Amounts { users, clusters: 0, nodes: 0 },
        features: vec![],
        issued: 0,
        expires,
        instance: None,
    }
}

pub(crate) fn signed(licence: &Licence) -> String {
    issue(licence, "test", &key()).unwrap()
}

impl TestConsole {
    /// As it is before the first visit, without a cluster.
    pub(crate) async fn fresh() -> Self {
        Self::fresh_with(Fleet::default()).await
    }

    /// Activated, behind proxies in these networks.
    pub(crate) async fn trusting(networks: &[&str]) -> Self {
        let trusted = Some(networks.iter().map(|network| (*network).to_owned()).collect());
        let arguments = Arguments { trusted_proxies: trusted, ..Arguments::default() };
        Self::with_arguments(Fleet::default(), arguments).await
    }

    async fn fresh_with(fleet: Fleet) -> Self {
        Self::start(fleet, Arguments::default()).await
    }

    async fn start(fleet: Fleet, arguments: Arguments) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let mut settings = Settings::resolve(arguments).unwrap();
        settings.helm = testbed::program("helm").unwrap();
        settings.database = Database::Sqlite(folder.path().to_owned());
        settings.keys = KeyRing([settings.keys.0, vec![TrustedKey::of("test", &key())]].concat());
        let store = compose::open_store(&settings).await.unwrap();
        let clock = Arc::new(At(AtomicI64::new(NOW)));
        let Built { router, clusters, observatory, providers, projects } =
            build(&store, &clock, &settings, &fleet).await;
        Self { store, clock, clusters, observatory, providers, projects, fleet, router, settings, folder }
    }

    /// Activated, with the administrator `root`, without a cluster.
    pub(crate) async fn activated() -> Self {
        Self::with(Fleet::default()).await
    }

    /// Activated, with the administrator `root` and the shared cluster `local`, whose owner agreed to administrators.
    pub(crate) async fn on_cluster() -> Self {
        let console = Self::with(Fleet::new(vec![local().await])).await;
        console.clusters.prepare(true).await;
        console
    }

    pub(crate) async fn with(fleet: Fleet) -> Self {
        Self::with_arguments(fleet, Arguments::default()).await
    }

    async fn with_arguments(fleet: Fleet, arguments: Arguments) -> Self {
        let console = Self::start(fleet, arguments).await;
        let answer = console.activate(&signed(&licence(0, None))).await;
        assert_eq!(answer.status, StatusCode::OK, "{}", answer.body);
        console
    }

    pub(crate) async fn activate(&self, licence: &str) -> Answer {
        let token = compose::new_setup_token(&self.store, self.clock.as_ref()).await.unwrap();
        let form = json!({ "token": token, "username": "root", "password": PASSWORD, "confirmation": PASSWORD, "licence": licence });
        self.call(&Person::default(), "license/activate", json!({ "form": form })).await
    }

    /// As after a restart: the same database, a new process.
    pub(crate) async fn restart(&mut self) {
        let built = build(&self.store, &self.clock, &self.settings, &self.fleet).await;
        self.router = built.router;
        self.clusters = built.clusters;
        self.observatory = built.observatory;
        self.providers = built.providers;
        self.projects = built.projects;
    }

    /// As after a restart, with other lists.
    pub(crate) async fn replace_rows(&mut self, rows: Arc<dyn contract::Rows>) {
        self.router =
            build_with(&self.store, &self.clock, &self.settings, &self.fleet, Some(rows)).await.router;
    }

    /// Another process of the console at the same database.
    pub(crate) async fn replica(&self) -> Self {
        let built = build(&self.store, &self.clock, &self.settings, &self.fleet).await;
        Self {
            store: self.store.clone(),
            clock: self.clock.clone(),
            clusters: built.clusters,
            observatory: built.observatory,
            providers: built.providers,
            projects: built.projects,
            fleet: self.fleet.clone(),
            router: built.router,
            settings: self.settings.clone(),
            folder: tempfile::tempdir().unwrap(),
        }
    }

    /// Serves on a port of its own, for what needs a connection. Ends with the test's runtime.
    pub(crate) async fn listen(&self) -> std::net::SocketAddr {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let (address, router) = (listener.local_addr().unwrap(), self.router.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        address
    }

    /// Everything that its database has on disk.
    pub(crate) async fn database(&self) -> Vec<u8> {
        let mut whole = Vec::new();
        for file in ["pilothouse.db", "pilothouse.db-wal"] {
            whole.extend(tokio::fs::read(self.folder.path().join(file)).await.unwrap_or_default());
        }
        whole
    }

    /// The files of its data folder, with their modes.
    pub(crate) fn files(&self) -> Vec<(String, u32)> {
        use std::os::unix::fs::PermissionsExt as _;
        let files = std::fs::read_dir(self.folder.path()).unwrap().map(Result::unwrap);
        let mode = |file: &std::fs::DirEntry| file.metadata().unwrap().permissions().mode() & 0o777;
        files.map(|file| (file.file_name().to_string_lossy().into_owned(), mode(&file))).collect()
    }

    pub(crate) fn pass(&self, millis: i64) {
        self.clock.0.fetch_add(millis, Ordering::Relaxed);
    }

    pub(crate) async fn get(&self, person: &Person, path: &str) -> Answer {
        self.send(request(Method::GET, path, person).body(Body::empty()).unwrap()).await
    }

    /// A server function, as the page calls it.
    pub(crate) async fn call(&self, person: &Person, endpoint: &str, arguments: Value) -> Answer {
        let request = request(Method::POST, &format!("/api/{endpoint}"), person)
            .header(header::CONTENT_TYPE, "application/json")
            .body(Body::from(arguments.to_string()))
            .unwrap();
        self.send(request).await
    }

    /// A plain form, as a browser without scripts sends it.
    pub(crate) async fn post(&self, person: &Person, path: &str, form: &str) -> Answer {
        let request = request(Method::POST, path, person)
            .header(header::CONTENT_TYPE, "application/x-www-form-urlencoded")
            .body(Body::from(form.to_owned()))
            .unwrap();
        self.send(request).await
    }

    pub(crate) async fn send(&self, request: Request<Body>) -> Answer {
        let response = self.router.clone().oneshot(request).await.unwrap();
        let (parts, body) = response.into_parts();
        let body = to_bytes(body, 4 * 1024 * 1024).await.unwrap();
        Answer {
            status: parts.status,
            headers: parts.headers,
            body: String::from_utf8_lossy(&body).into_owned(),
        }
    }

    pub(crate) async fn sign_in(&self, username: &str, password: &str) -> (Person, Answer) {
        let form = format!("username={username}&password={password}");
        let answer = self.post(&Person::default(), "/auth/sign-in", &form).await;
        (Person { cookies: answer.cookies() }, answer)
    }

    pub(crate) async fn root(&self) -> Person {
        self.sign_in("root", PASSWORD).await.0
    }

    /// A new account with this role, signed in.
    pub(crate) async fn person(&self, username: &str, role: &str) -> Person {
        let form = json!({ "username": username, "password": PASSWORD, "role": role });
        let arguments = json!({ "form": form });
        let made = self.call(&self.root().await, "identity/create", arguments).await;
        assert_eq!(made.status, StatusCode::OK, "{}", made.body);
        self.sign_in(username, PASSWORD).await.0
    }

    /// The trail, newest first, as an administrator sees it.
    pub(crate) async fn trail(&self) -> Vec<AuditEntry> {
        let answer = self.call(&self.root().await, "audit/list", json!({ "query": {} })).await;
        serde_json::from_str(&answer.body).unwrap()
    }
}

/// A request of a person's browser from a page of the console itself.
pub(crate) fn request(method: Method, path: &str, person: &Person) -> http::request::Builder {
    let mut request = Request::builder().method(method.clone()).uri(path).header(header::HOST, HOST);
    if !person.cookies.is_empty() {
        request = request.header(header::COOKIE, person.cookies.join("; "));
    }
    if method == Method::GET { request } else { request.header(header::ORIGIN, format!("http://{HOST}")) }
}

/// One process of the console.
struct Built {
    router: Router,
    clusters: Arc<ConnectedClusters>,
    observatory: Arc<Observatory>,
    providers: Arc<ProviderBook>,
    projects: Arc<ProjectBook>,
}

async fn build(store: &Store, clock: &Arc<At>, settings: &Settings, fleet: &Fleet) -> Built {
    build_with(store, clock, settings, fleet, None).await
}

async fn build_with(
    store: &Store,
    clock: &Arc<At>,
    settings: &Settings,
    fleet: &Fleet,
    rows: Option<Arc<dyn contract::Rows>>,
) -> Built {
    let clock: Arc<dyn Clock> = clock.clone();
    let mut composed =
        compose::compose(store, settings.keys.clone(), &clock, fleet.clone(), settings.helm.clone()).unwrap();
    if let Some(rows) = rows {
        composed.console.rows = rows;
    }
    composed.releases.interrupt().await.unwrap();
    composed.clusters.reconnect().await.unwrap();
    let parts = Parts {
        console: composed.console,
        sessions: Sessions::new(store.clone(), clock.clone(), settings.session_idle),
        instance: store.read_installation().await.unwrap().instance,
        store: store.clone(),
        clock,
        tokens: composed.tokens,
        metrics: Metrics::default(),
        ended: composed.ended,
        stopping: tokio::sync::watch::channel(false).1,
    };
    Built {
        router: router::build(parts, settings),
        clusters: composed.clusters,
        observatory: composed.observatory,
        providers: composed.providers,
        projects: composed.projects,
    }
}
