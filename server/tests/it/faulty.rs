//! A way to an API server that does things wrong when it is told to.

use std::net::SocketAddr;
use std::path::PathBuf;
use std::sync::{Arc, Mutex};

use axum::body::{Body, Bytes};
use axum::extract::{Request, State};
use axum::response::Response;
use axum::routing::any;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use cluster::Cluster;
use futures::StreamExt as _;
use http::{StatusCode, header};
use model::clusters::ClusterName;
use serde_json::Value;
use tempfile::TempDir;
use testbed::Testbed;
use tokio::sync::watch;

/// What goes wrong with lists and watches.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum Fault {
    /// Versions are forgotten: watches that go on from one are told 410, as a status of HTTP.
    Gone,
    /// Asked too often.
    Throttled,
    /// 503, with nothing behind it.
    Refused,
    /// A line of a watch is cut in its middle, and the connection with it.
    Garbled,
    /// Each line of a watch is told twice.
    Twice,
    /// Nothing marks where a watch is.
    Unmarked,
    /// Nothing says that a streamed list is whole.
    Unended,
    /// What is changed is changed, and the answer of somebody on the way comes in the place of what is said of it.
    Lost,
}

/// Ends with the test.
pub(crate) struct Way {
    pub(crate) cluster: Cluster,
    road: Road,
    folder: TempDir,
}

#[derive(Clone)]
struct Road {
    server: String,
    /// It says that it is of the last version that streams lists.
    old: bool,
    client: reqwest::Client,
    fault: Arc<Mutex<Option<Fault>>>,
    /// Streams end when it changes.
    cut: watch::Sender<u64>,
    /// Lists and watches so far.
    asked: Arc<Mutex<u64>>,
}

impl Way {
    /// To this cluster, as its administrator; whoever is impersonated stays.
    pub(crate) async fn open(testbed: &Testbed) -> Self {
        Self::to(testbed, false).await
    }

    /// As [`Way::open`], to what says that it is of the last version that lists are asked of as a stream.
    pub(crate) async fn open_old(testbed: &Testbed) -> Self {
        Self::to(testbed, true).await
    }

    async fn to(testbed: &Testbed, old: bool) -> Self {
        let folder = tempfile::tempdir().unwrap();
        let config = testbed.kubectl(&["config", "view", "--raw", "-o", "json"]).await.unwrap();
        let config: Value = serde_json::from_str(&config).unwrap();
        let (cluster, user) = (&config["clusters"][0]["cluster"], &config["users"][0]["user"]);
        let decoded = |text: &Value| STANDARD.decode(text.as_str().unwrap()).unwrap();
        let mut identity = decoded(&user["client-certificate-data"]);
        identity.extend(decoded(&user["client-key-data"]));
        let authority = decoded(&cluster["certificate-authority-data"]);
        let client = reqwest::Client::builder()
            .identity(reqwest::Identity::from_pem(&identity).unwrap())
            .add_root_certificate(reqwest::Certificate::from_pem(&authority).unwrap())
            .no_proxy()
            .build()
            .unwrap();
        let server = cluster["server"].as_str().unwrap().to_owned();
        let (cut, fault) = (watch::Sender::new(0), Arc::default());
        let road = Road { server, old, client, fault, cut, asked: Arc::default() };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = axum::Router::new().fallback(any(pass)).with_state(road.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        let file = write(&folder, address);
        let name = ClusterName::parse("local").unwrap();
        Self { cluster: Cluster::from_file(name, &file).await.unwrap(), road, folder }
    }

    /// The same cluster, of which nothing is known yet.
    pub(crate) async fn again(&self) -> Cluster {
        let file = self.folder.path().join("kubeconfig.json");
        Cluster::from_file(self.cluster.name.clone(), &file).await.unwrap()
    }

    /// From now on; what is under way ends.
    pub(crate) fn set(&self, fault: Option<Fault>) {
        *self.road.fault.lock().unwrap() = fault;
        self.road.cut.send_modify(|cut| *cut += 1);
    }

    /// Lists and watches so far.
    pub(crate) fn asked(&self) -> u64 {
        *self.road.asked.lock().unwrap()
    }
}

fn write(folder: &TempDir, address: SocketAddr) -> PathBuf {
    let file = folder.path().join("kubeconfig.json");
    let config = serde_json::json!({
        "apiVersion": "v1", "kind": "Config", "current-context": "c",
        "clusters": [{ "name": "c", "cluster": { "server": format!("http://{address}") } }],
        "users": [{ "name": "u", "user": {} }],
        "contexts": [{ "name": "c", "context": { "cluster": "c", "user": "u" } }],
    });
    std::fs::write(&file, config.to_string()).unwrap();
    file
}

async fn pass(State(road): State<Road>, request: Request) -> Response {
    let (parts, body) = request.into_parts();
    let target = parts.uri.path_and_query().map_or("/", |target| target.as_str()).to_owned();
    let watches = target.contains("watch=true");
    let lists = watches || target.contains("limit=") || target.ends_with(['?', '&']);
    if road.old && target == "/version" {
        return old_version();
    }
    let changes =
        parts.method == http::Method::POST && target.contains("fieldManager=") && !target.contains("dryRun");
    let fault = if lists || changes { *road.fault.lock().unwrap() } else { None };
    if lists {
        *road.asked.lock().unwrap() += 1;
    }
    let goes_on = watches && !target.contains("sendInitialEvents");
    match fault {
        Some(Fault::Gone) if goes_on => return status(410),
        Some(Fault::Throttled) => return status(429),
        Some(Fault::Refused) => return status(503),
        _ => {}
    }
    let mut headers = parts.headers;
    headers.remove(header::HOST);
    // What is changed here is read here.
    headers.remove(header::ACCEPT_ENCODING);
    let body = axum::body::to_bytes(body, usize::MAX).await.unwrap();
    let asked =
        road.client.request(parts.method, format!("{}{target}", road.server)).headers(headers).body(body);
    let Ok(answer) = asked.send().await else { return status(502) };
    if changes && fault == Some(Fault::Lost) {
        return status(504);
    }
    let mut response = Response::builder().status(answer.status());
    if let Some(kind) = answer.headers().get(header::CONTENT_TYPE) {
        response = response.header(header::CONTENT_TYPE, kind);
    }
    let mut cut = road.cut.subscribe();
    let ended = async move {
        let _gone = cut.changed().await;
    };
    let pieces = answer.bytes_stream();
    if !watches {
        return response.body(Body::from_stream(pieces)).unwrap();
    }
    let mut told = 0;
    let mut begun = Vec::new();
    let lines = pieces.take_until(Box::pin(ended)).map(move |piece| {
        begun.extend_from_slice(&piece.map_err(std::io::Error::other)?);
        let whole = begun.iter().rposition(|byte| *byte == b'\n').map_or(0, |end| end + 1);
        let lines: Vec<u8> = begun.drain(..whole).collect();
        let mut out = Vec::new();
        for line in lines.split_inclusive(|byte| *byte == b'\n') {
            told += 1;
            let text = String::from_utf8_lossy(line);
            let mark = text.contains("\"BOOKMARK\"");
            match fault {
                Some(Fault::Twice) if !mark => out.extend([line, line].concat()),
                Some(Fault::Unmarked) if mark && !text.contains("initial-events-end") => {}
                Some(Fault::Unended) if mark => {}
                Some(Fault::Garbled) if told > 3 => {
                    out.extend_from_slice(&line[..line.len() / 2]);
                    out.push(b'\n');
                }
                _ => out.extend_from_slice(line),
            }
        }
        Ok::<_, std::io::Error>(Bytes::from(out))
    });
    response.body(Body::from_stream(lines)).unwrap()
}

fn old_version() -> Response {
    let version = serde_json::json!({
        "major": "1", "minor": "32", "gitVersion": "v1.32.0", "gitCommit": "", "gitTreeState": "", "buildDate": "",
        "goVersion": "", "compiler": "", "platform": "",
    });
    Response::builder()
        .header(header::CONTENT_TYPE, "application/json")
        .body(Body::from(version.to_string()))
        .unwrap()
}

fn status(code: u16) -> Response {
    let body = serde_json::json!({ "kind": "Status", "apiVersion": "v1", "status": "Failure", "code": code });
    Response::builder()
        .status(StatusCode::from_u16(code).unwrap())
        .header(header::CONTENT_TYPE, "application/json")
        .header(header::RETRY_AFTER, "1")
        .body(Body::from(body.to_string()))
        .unwrap()
}
