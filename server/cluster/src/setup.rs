//! The token of the first visit, where only who may read Secrets of the console's namespace finds it.

use contract::Error;
use gate::Grant;
use serde_json::json;

use crate::client::Cluster;
use crate::write::merge;

/// Puts the token into a Secret that its owner made. Errors: `NotFound`, those of clusters.
pub async fn keep_setup_token(
    cluster: &Cluster,
    grant: &Grant,
    namespace: &str,
    secret: &str,
    token: &str,
) -> Result<(), Error> {
    let path = format!("/api/v1/namespaces/{namespace}/secrets/{secret}");
    merge(cluster, grant, &path, &json!({ "stringData": { "token": token } })).await
}
