//! Secrets by a label: what one key of them holds. Always as the person.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use contract::Error;
use gate::Grant;
use model::namespaces::NamespaceName;
use serde::Deserialize;

use crate::client::Cluster;
use crate::read::{Reader, permitted};

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
struct Secret {
    #[serde(default)]
    data: BTreeMap<String, String>,
}
