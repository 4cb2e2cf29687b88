//! One connection per cluster, with a person's identity put on top of it.

use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::AtomicU32;
use std::time::Duration;

use contract::identity::SignedIn;
use contract::{Error, Kind};
use gate::Grant;
use http::{HeaderName, HeaderValue, Request, Response};
use hyper::body::Incoming;
use hyper_util::client::legacy::connect::HttpConnector;
use hyper_util::rt::TokioExecutor;
use kube::client::{Body, ConfigExt as _};
use kube::config::{KubeConfigOptions, Kubeconfig};
use kube::{Client, Config};
use model::clusters::ClusterName;
use model::identity::PlatformRole;
use tokio::sync::OnceCell;
use tower::util::BoxCloneSyncService;
use tower::{BoxError, ServiceBuilder};

use crate::access::Access;
use crate::kubeconfig::Credential;
use crate::monitoring::Samples;
use crate::proxy::Entrance;
use crate::rows::Tables;

/// The namespace whose service accounts people are impersonated as. The accounts need not exist.
pub const USERS: &str = "pilothouse-users";
/// Bound to `cluster-admin` where the cluster's owner agreed.
pub const ADMINISTRATORS: &str = "pilothouse:platform-admins";
/// Bound to `pilothouse:auditor`.
pub const AUDITORS: &str = "pilothouse:platform-auditors";

/// Every request names its namespace itself; kube only wants to have one.
const NAMESPACE: &str = "default";
const CONNECT: Duration = Duration::from_secs(3);
/// Longest wait for the answer to one interactive request.
pub(crate) const DEADLINE: Duration = Duration::from_secs(10);

type Own = BoxCloneSyncService<Request<Body>, Response<Incoming>, BoxError>;

/// A cluster that the console is connected to.
#[derive(Clone)]
pub struct Cluster {
    pub name: ClusterName,
    /// The address of its API server.
    pub server: String,
    /// As the console's own account. Never handed out without a [`Grant`].
    own: Own,
    /// What the console's own watches know; they end with the last that knows of the cluster.
    pub(crate) tables: Arc<Tables>,
    pub(crate) access: Access,
    pub(crate) samples: Samples,
    /// Nodes, when they were last counted.
    pub(crate) counted: Arc<AtomicU32>,
    /// Where programs begin that work on it as a person; open from the first one on.
    pub(crate) entrance: Arc<OnceCell<Entrance>>,
}

impl Cluster {
    /// Reads a kubeconfig's current context. No request is made yet.
    pub async fn from_file(name: ClusterName, kubeconfig: &Path) -> Result<Self, Error> {
        let kubeconfig = Kubeconfig::read_from(kubeconfig).map_err(Error::internal)?;
        let config = Config::from_custom_kubeconfig(kubeconfig, &KubeConfigOptions::default())
            .await
            .map_err(Error::internal)?;
        Self::connect(name, &config)
    }

    /// With what was kept of a kubeconfig. No request is made yet.
    pub async fn from_credential(name: ClusterName, credential: &Credential) -> Result<Self, Error> {
        Self::connect(name, &credential.config().await?)
    }

    /// From inside a pod, with its service account, whose token is read anew before it ends. No request is made yet.
    pub fn from_inside(name: ClusterName) -> Result<Self, Error> {
        Self::connect(name, &Config::incluster().map_err(Error::internal)?)
    }

    /// A client for what was granted: as the person, or as the console on behalf of the person.
    pub fn client(&self, grant: &Grant) -> Result<Client, Error> {
        match grant {
            Grant::System(_) => Ok(Client::new(self.own.clone(), NAMESPACE)),
            Grant::User(_) => {
                let person = grant.actor().user.as_ref().ok_or(Kind::Unauthenticated)?;
                self.impersonating(person)
            }
        }
    }

    /// One pool of connections for everybody; identities are put on top of it, request by request.
    fn connect(name: ClusterName, config: &Config) -> Result<Self, Error> {
        let mut tcp = HttpConnector::new();
        tcp.enforce_http(false);
        tcp.set_connect_timeout(Some(CONNECT));
        // Head and body of a request are two packets: without this each change waits 40 ms for an acknowledgement.
        tcp.set_nodelay(true);
        let https = config.rustls_https_connector_with_connector(tcp).map_err(Error::internal)?;
        let connections = hyper_util::client::legacy::Client::builder(TokioExecutor::new()).build(https);
        let own = ServiceBuilder::new()
            .layer(config.base_uri_layer())
            .option_layer(config.auth_layer().map_err(Error::internal)?)
            .map_err(BoxError::from)
            .service(connections);
        Ok(Self {
            name,
            server: config.cluster_url.to_string().trim_end_matches('/').to_owned(),
            own: BoxCloneSyncService::new(own),
            tables: Arc::default(),
            access: Access::default(),
            samples: Samples::default(),
            counted: Arc::default(),
            entrance: Arc::default(),
        })
    }

    fn impersonating(&self, person: &SignedIn) -> Result<Client, Error> {
        let headers = identity_headers(person)?;
        let service = ServiceBuilder::new()
            .map_request(move |mut request: Request<Body>| {
                for (name, value) in &headers {
                    request.headers_mut().insert(name.clone(), value.clone());
                }
                request
            })
            .service(self.own.clone());
        Ok(Client::new(service, NAMESPACE))
    }
}

/// Who the API server is told that somebody is.
fn identity_headers(person: &SignedIn) -> Result<Vec<(HeaderName, HeaderValue)>, Error> {
    let value = |text: &str| HeaderValue::from_str(text).map_err(Error::internal);
    let mut headers = vec![
        (
            HeaderName::from_static("impersonate-user"),
            value(&format!("system:serviceaccount:{USERS}:{}", person.slug))?,
        ),
        (HeaderName::from_static("impersonate-extra-pilothouse-user"), value(person.username.as_str())?),
    ];
    let group = match person.role {
        PlatformRole::Administrator => Some(ADMINISTRATORS),
        PlatformRole::Auditor => Some(AUDITORS),
        PlatformRole::Member => None,
    };
    if let Some(group) = group {
        headers.push((HeaderName::from_static("impersonate-group"), value(group)?));
    }
    Ok(headers)
}
