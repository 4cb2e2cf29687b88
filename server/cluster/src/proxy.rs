//! A way for one program to reach a cluster as one person, for one operation.
//!
//! The helm binary speaks to this instead of the API server: over TLS, because client-go sends a bearer token to https only,
//! on loopback, with a token that is worth nothing elsewhere. It never sees a credential of the cluster, and every call it
//! makes is the person's. A cluster's way keeps its port, after which client-go names what it remembers of what a cluster serves.

use std::collections::HashMap;
use std::convert::Infallible;
use std::net::SocketAddr;
use std::path::{Path, PathBuf};
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use contract::Error;
use gate::Grant;
use http::{HeaderMap, Request, Response, StatusCode, header};
use http_body_util::{BodyExt as _, Limited};
use hyper::body::Incoming;
use hyper::service::service_fn;
use hyper_util::rt::{TokioExecutor, TokioIo};
use kube::Client;
use kube::client::Body;
use rcgen::{BasicConstraints, CertificateParams, IsCa, Issuer, KeyPair};
use rustls_pki_types::{PrivateKeyDer, PrivatePkcs8KeyDer};
use serde_json::json;
use tokio::net::TcpListener;
use tokio::task::AbortHandle;
use tokio_rustls::TlsAcceptor;
use tokio_rustls::rustls::ServerConfig;

use crate::client::Cluster;

/// Largest body of one request. Bytes.
const REQUEST: usize = 16 * 1024 * 1024;
const HANDSHAKE: Duration = Duration::from_secs(5);
const AGAIN: Duration = Duration::from_millis(100);

/// Open while it is held.
pub struct Proxy {
    kubeconfig: PathBuf,
    authorization: Vec<u8>,
    guests: Guests,
}

impl Proxy {
    /// Opens a way as granted, and writes the kubeconfig that leads to it into a folder that only the console reads.
    pub async fn open(cluster: &Cluster, grant: &Grant, token: String, folder: &Path) -> Result<Self, Error> {
        let client = cluster.client(grant)?;
        let entrance = cluster.entrance.get_or_try_init(Entrance::open).await?;
        let kubeconfig = folder.join("kubeconfig");
        let text = json!({
            "apiVersion": "v1", "kind": "Config", "current-context": "here",
            "clusters": [{ "name": "here", "cluster": {
                "server": format!("https://{}", entrance.address), "certificate-authority-data": entrance.authority,
            } }],
            "users": [{ "name": "here", "user": { "token": token } }],
            "contexts": [{ "name": "here", "context": { "cluster": "here", "user": "here" } }],
        });
        write_private(&kubeconfig, text.to_string()).await?;
        let (guests, authorization) = (entrance.guests.clone(), format!("Bearer {token}").into_bytes());
        guests.lock().unwrap_or_else(PoisonError::into_inner).insert(authorization.clone(), client);
        Ok(Self { kubeconfig, authorization, guests })
    }

    pub fn kubeconfig(&self) -> &Path {
        &self.kubeconfig
    }
}

impl Drop for Proxy {
    fn drop(&mut self) {
        self.guests.lock().unwrap_or_else(PoisonError::into_inner).remove(&self.authorization);
    }
}

/// Who may pass, by what they send as authorization.
type Guests = Arc<Mutex<HashMap<Vec<u8>, Client>>>;

/// Where the ways to one cluster begin. Closed when it is dropped.
pub(crate) struct Entrance {
    address: SocketAddr,
    /// Base64 of PEM.
    authority: String,
    guests: Guests,
    serving: AbortHandle,
}

impl Entrance {
    async fn open() -> Result<Self, Error> {
        let (authority, tls) = certificates()?;
        let listener = TcpListener::bind(("127.0.0.1", 0)).await.map_err(Error::internal)?;
        let address = listener.local_addr().map_err(Error::internal)?;
        let guests = Guests::default();
        let serving = tokio::spawn(serve(listener, TlsAcceptor::from(Arc::new(tls)), guests.clone()));
        Ok(Self { address, authority, guests, serving: serving.abort_handle() })
    }
}

impl Drop for Entrance {
    fn drop(&mut self) {
        self.serving.abort();
    }
}

async fn serve(listener: TcpListener, tls: TlsAcceptor, guests: Guests) {
    let mut connections = tokio::task::JoinSet::new();
    loop {
        let Ok((stream, _)) = listener.accept().await else {
            // No descriptor is left: the caller tries again, and so does this.
            tokio::time::sleep(AGAIN).await;
            continue;
        };
        let (tls, guests) = (tls.clone(), guests.clone());
        connections.spawn(async move {
            // As in the client: nothing waits for an acknowledgement.
            let _slower = stream.set_nodelay(true);
            let Ok(Ok(stream)) = tokio::time::timeout(HANDSHAKE, tls.accept(stream)).await else { return };
            let service = service_fn(move |request| {
                let guests = guests.clone();
                async move { Ok::<_, Infallible>(forward(&guests, request).await) }
            });
            let builder = hyper_util::server::conn::auto::Builder::new(TokioExecutor::new());
            // The caller sees what ends its connection.
            let _ended = builder.serve_connection(TokioIo::new(stream), service).await;
        });
        while connections.try_join_next().is_some() {}
    }
}

async fn forward(guests: &Guests, request: Request<Incoming>) -> Response<Body> {
    let (mut head, body) = request.into_parts();
    let Some(client) = head.headers.get(header::AUTHORIZATION).and_then(|token| {
        guests.lock().unwrap_or_else(PoisonError::into_inner).get(token.as_bytes()).cloned()
    }) else {
        return told(StatusCode::UNAUTHORIZED);
    };
    strip(&mut head.headers);
    let Ok(body) = Limited::new(body, REQUEST).collect().await else {
        return told(StatusCode::PAYLOAD_TOO_LARGE);
    };
    let path = head.uri.path_and_query().map_or("/", |path| path.as_str()).to_owned();
    let Ok(uri) = path.parse() else { return told(StatusCode::BAD_REQUEST) };
    head.uri = uri;
    match client.send(Request::from_parts(head, Body::from(body.to_bytes().to_vec()))).await {
        Ok(answer) => answer,
        Err(error) => {
            tracing::warn!(event = "proxy.unreachable", error = error.to_string());
            told(StatusCode::BAD_GATEWAY)
        }
    }
}

/// Who somebody is, is said by the console alone; hop-by-hop headers are of this connection only.
fn strip(headers: &mut HeaderMap) {
    let names: Vec<_> = headers.keys().cloned().collect();
    for name in names {
        let text = name.as_str();
        let identity = text.starts_with("impersonate-") || text.starts_with("x-remote-");
        let connection = matches!(
            text,
            "authorization"
                | "host"
                | "connection"
                | "upgrade"
                | "te"
                | "trailer"
                | "transfer-encoding"
                | "keep-alive"
                | "accept-encoding"
                | "content-length"
                | "proxy-authorization"
                | "forwarded"
                | "x-forwarded-for"
        );
        if identity || connection {
            headers.remove(&name);
        }
    }
}

fn told(status: StatusCode) -> Response<Body> {
    let mut answer = Response::new(Body::empty());
    *answer.status_mut() = status;
    answer
}

/// An authority in base64 of PEM, and what is served with a certificate of it. Both live as long as the entrance.
fn certificates() -> Result<(String, ServerConfig), Error> {
    let mut authority = CertificateParams::default();
    authority.is_ca = IsCa::Ca(BasicConstraints::Unconstrained);
    let key = KeyPair::generate().map_err(Error::internal)?;
    let certificate = authority.self_signed(&key).map_err(Error::internal)?;
    let issuer = Issuer::new(authority, key);
    let own = KeyPair::generate().map_err(Error::internal)?;
    let leaf = CertificateParams::new(vec!["127.0.0.1".to_owned()]).map_err(Error::internal)?;
    let leaf = leaf.signed_by(&own, &issuer).map_err(Error::internal)?;
    let own = PrivateKeyDer::from(PrivatePkcs8KeyDer::from(own.serialize_der()));
    let provider = Arc::new(tokio_rustls::rustls::crypto::aws_lc_rs::default_provider());
    let tls = ServerConfig::builder_with_provider(provider)
        .with_safe_default_protocol_versions()
        .map_err(Error::internal)?
        .with_no_client_auth()
        .with_single_cert(vec![leaf.der().clone()], own)
        .map_err(Error::internal)?;
    Ok((base64(certificate.pem().as_bytes()), tls))
}

fn base64(bytes: &[u8]) -> String {
    use base64::Engine as _;
    base64::engine::general_purpose::STANDARD.encode(bytes)
}

async fn write_private(file: &Path, text: String) -> Result<(), Error> {
    let mut options = tokio::fs::OpenOptions::new();
    options.write(true).create_new(true);
    #[cfg(unix)]
    options.mode(0o600);
    let mut file = options.open(file).await.map_err(Error::internal)?;
    tokio::io::AsyncWriteExt::write_all(&mut file, text.as_bytes()).await.map_err(Error::internal)
}
