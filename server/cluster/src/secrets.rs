//! Secrets by a label: what is written on them, and what one key of them holds. Always as the person.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use contract::Error;
use gate::Grant;
use model::namespaces::NamespaceName;
use serde::Deserialize;

use crate::client::Cluster;
use crate::read::{Reader, permitted};

/// What is written on a Secret; nothing of what it holds.
#[derive(Clone, Debug, Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub struct SecretLabels {
    pub namespace: String,
    pub labels: BTreeMap<String, String>,
    /// RFC 3339, UTC.
    pub creation_timestamp: String,
}

/// Those that a selector finds; none when the person may not list them. No namespace is all of them.
///
/// Errors: those of clusters.
pub async fn secret_labels(
    cluster: &Cluster,
    grant: &Grant,
    namespace: Option<&NamespaceName>,
    selector: &str,
) -> Result<Option<Vec<SecretLabels>>, Error> {
    let client = cluster.client(grant)?;
    let read = Reader { cluster, client: &client };
    let path = match namespace {
        Some(namespace) => format!("/api/v1/namespaces/{namespace}/secrets"),
        None => "/api/v1/secrets".to_owned(),
    };
    let found = read.list_metadata::<Labelled>(&path, &query(selector)).await?.ok();
    Ok(found.map(|found| found.into_iter().map(|secret| secret.metadata).collect()))
}

/// What one key of each Secret holds. Errors: those of clusters.
pub async fn secret_values(
    cluster: &Cluster,
    grant: &Grant,
    namespace: &NamespaceName,
    selector: &str,
    key: &str,
) -> Result<Vec<Vec<u8>>, Error> {
    let client = cluster.client(grant)?;
    let read = Reader { cluster, client: &client };
    let path = format!("/api/v1/namespaces/{namespace}/secrets");
    let found = permitted(cluster, read.list::<Secret>(&path, &query(selector)).await?)?;
    let held = found.iter().filter_map(|secret| secret.data.get(key));
    held.map(|text| STANDARD.decode(text).map_err(Error::internal)).collect()
}

fn query(selector: &str) -> String {
    let selector: String = form_urlencoded::byte_serialize(selector.as_bytes()).collect();
    format!("&labelSelector={selector}")
}

#[derive(Deserialize)]
struct Labelled {
    #[serde(default)]
    metadata: SecretLabels,
}

#[derive(Deserialize)]
struct Secret {
    #[serde(default)]
    data: BTreeMap<String, String>,
}
