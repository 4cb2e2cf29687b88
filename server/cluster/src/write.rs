//! Writing objects: server-side apply, patches, deletion.

use contract::{Error, Kind};
use http::Request;
use serde::de::IgnoredAny;
use serde_json::Value;

use crate::client::Cluster;
use crate::error::within_deadline;
use gate::Grant;

/// Who owns the fields that we apply.
const MANAGER: &str = "pilothouse";

/// Applies an object of ours, in JSON or YAML. Fields that others own are left alone, ours are taken back.
pub(crate) async fn apply(
    cluster: &Cluster,
    grant: &Grant,
    path: &str,
    object: Vec<u8>,
) -> Result<(), Error> {
    let request = Request::patch(format!("{path}?fieldManager={MANAGER}&force=true"))
        .header("content-type", "application/apply-patch+yaml")
        .body(object)
        .map_err(Error::internal)?;
    send(cluster, grant, path, request).await
}

/// Makes an object that must not exist yet. Errors: `Conflict` when it does.
pub(crate) async fn create(
    cluster: &Cluster,
    grant: &Grant,
    path: &str,
    object: &Value,
) -> Result<(), Error> {
    let request = Request::post(format!("{path}?fieldManager={MANAGER}"))
        .header("content-type", "application/json")
        .body(object.to_string().into_bytes())
        .map_err(Error::internal)?;
    send(cluster, grant, path, request).await
}

/// Errors: `NotFound`.
pub(crate) async fn merge(cluster: &Cluster, grant: &Grant, path: &str, patch: &Value) -> Result<(), Error> {
    let request = Request::patch(format!("{path}?fieldManager={MANAGER}"))
        .header("content-type", "application/merge-patch+json")
        .body(patch.to_string().into_bytes())
        .map_err(Error::internal)?;
    send(cluster, grant, path, request).await
}

/// Deletes an object; one that is gone already is fine.
pub(crate) async fn delete(cluster: &Cluster, grant: &Grant, path: &str) -> Result<(), Error> {
    let request = Request::delete(path).body(Vec::new()).map_err(Error::internal)?;
    match send(cluster, grant, path, request).await {
        Err(error) if matches!(error.kind, Kind::NotFound { .. }) => Ok(()),
        answer => answer,
    }
}

async fn send(cluster: &Cluster, grant: &Grant, path: &str, request: Request<Vec<u8>>) -> Result<(), Error> {
    let client = cluster.client(grant)?;
    within_deadline(&cluster.name, path, client.request::<IgnoredAny>(request)).await?;
    Ok(())
}
