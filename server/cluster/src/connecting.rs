//! Trying out a connection, step by step, so that somebody sees which one fails.

use std::sync::Arc;
use std::time::Duration;

use contract::Error;
use gate::Grant;
use http::Request;
use kube::client::ConfigExt as _;
use model::clusters::ClusterName;
use model::kubeconfig::{Step, StepName, StepResult};
use rustls_pki_types::ServerName;
use serde::Deserialize;
use serde_json::json;
use tokio::net::TcpStream;
use tokio::time::timeout;
use tokio_rustls::TlsConnector;
use url::Url;

use crate::client::Cluster;
use crate::error::within_deadline;
use crate::kubeconfig::Credential;
use crate::overview::version;
use crate::rights::rights;

/// Longest wait for a connection.
const CONNECT: Duration = Duration::from_secs(5);

const ALL: [StepName; 5] =
    [StepName::Tcp, StepName::Tls, StepName::Version, StepName::Identity, StepName::Permissions];

/// Every step, those after a failed one not tried. Missing permissions fail the last one only.
pub async fn try_out(credential: &Credential, name: &ClusterName, grant: &Grant) -> Result<Vec<Step>, Error> {
    let mut results = Vec::new();
    let stream = match tcp(credential).await {
        Ok((stream, found)) => {
            results.push(StepResult::Done { found });
            stream
        }
        Err(said) => return Ok(steps(vec![StepResult::Failed { said }])),
    };
    match tls(credential, stream).await {
        Ok(()) => results.push(StepResult::Done { found: String::new() }),
        Err(said) => {
            results.push(StepResult::Failed { said });
            return Ok(steps(results));
        }
    }
    let cluster = Cluster::from_credential(name.clone(), credential).await?;
    for step in [StepName::Version, StepName::Identity, StepName::Permissions] {
        let asked = match step {
            StepName::Version => version(&cluster, &cluster.client(grant)?).await,
            StepName::Identity => identity(&cluster, grant).await,
            _ => permissions(&cluster, grant).await,
        };
        match asked {
            Ok(found) => results.push(StepResult::Done { found }),
            Err(error) => {
                results.push(StepResult::Failed { said: in_words(&error) });
                break;
            }
        }
    }
    Ok(steps(results))
}

fn steps(results: Vec<StepResult>) -> Vec<Step> {
    let not_tried = std::iter::repeat(StepResult::NotTried);
    ALL.into_iter()
        .zip(results.into_iter().chain(not_tried))
        .map(|(name, result)| Step { name, result })
        .collect()
}

async fn tcp(credential: &Credential) -> Result<(TcpStream, String), String> {
    let url = Url::parse(&credential.server).map_err(|error| error.to_string())?;
    let host = url.host_str().unwrap_or_default().trim_matches(['[', ']']).to_owned();
    let port = url.port_or_known_default().unwrap_or(443);
    let connected = timeout(CONNECT, TcpStream::connect((host, port))).await;
    let stream = connected.map_err(|late| late.to_string())?.map_err(|error| error.to_string())?;
    let peer = stream.peer_addr().map(|peer| peer.to_string()).unwrap_or_default();
    Ok((stream, peer))
}

async fn tls(credential: &Credential, stream: TcpStream) -> Result<(), String> {
    let config = credential.config().await.map_err(|error| in_words(&error))?;
    let tls = config.rustls_client_config().map_err(|error| error.to_string())?;
    let host = config
        .tls_server_name
        .clone()
        .unwrap_or_else(|| config.cluster_url.host().unwrap_or_default().trim_matches(['[', ']']).to_owned());
    let host = ServerName::try_from(host).map_err(|error| error.to_string())?;
    let connecting = TlsConnector::from(Arc::new(tls)).connect(host, stream);
    let connected = timeout(CONNECT, connecting).await.map_err(|late| late.to_string())?;
    connected.map(|_| ()).map_err(|error| error.to_string())
}

/// The name under which the cluster knows the console.
async fn identity(cluster: &Cluster, grant: &Grant) -> Result<String, Error> {
    #[derive(Deserialize)]
    struct Review {
        status: Status,
    }
    #[derive(Deserialize)]
    #[serde(rename_all = "camelCase")]
    struct Status {
        user_info: UserInfo,
    }
    #[derive(Deserialize)]
    struct UserInfo {
        username: String,
    }
    let review = json!({ "apiVersion": "authentication.k8s.io/v1", "kind": "SelfSubjectReview" });
    let request = Request::post("/apis/authentication.k8s.io/v1/selfsubjectreviews")
        .header("content-type", "application/json")
        .body(review.to_string().into_bytes())
        .map_err(Error::internal)?;
    let client = cluster.client(grant)?;
    let answer =
        within_deadline(&cluster.name, "selfsubjectreviews", client.request::<Review>(request)).await?;
    Ok(answer.status.user_info.username)
}

/// How many of the rights that the console needs it has, or which it has not.
async fn permissions(cluster: &Cluster, grant: &Grant) -> Result<String, Error> {
    let rights = rights(cluster, grant).await?;
    let missing: Vec<_> = rights
        .iter()
        .filter(|right| right.allowed != Some(true))
        .map(|right| format!("{} {}", right.verb, right.resource))
        .collect();
    match missing.is_empty() {
        true => Ok(format!("{} / {}", rights.len(), rights.len())),
        false => Err(Error::internal(missing.join(", "))),
    }
}

/// The innermost cause, which is the one that helps.
fn in_words(error: &Error) -> String {
    let mut cause: &dyn std::error::Error = error;
    while let Some(next) = cause.source() {
        cause = next;
    }
    cause.to_string()
}
