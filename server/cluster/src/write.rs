//! Writing objects: server-side apply, patches, deletion.

use contract::{Error, Kind};
use http::Request;
use kube::client::Body;
use kube::core::Status;
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

/// Deletes an object and what belongs to it; one that is gone already is fine.
pub(crate) async fn delete(cluster: &Cluster, grant: &Grant, path: &str) -> Result<(), Error> {
    // Not every kind's default: Jobs would leave their pods behind.
    let request = Request::delete(format!("{path}?propagationPolicy=Background"))
        .body(Vec::new())
        .map_err(Error::internal)?;
    match send(cluster, grant, path, request).await {
        Err(error) if matches!(error.kind, Kind::NotFound { .. }) => Ok(()),
        answer => answer,
    }
}

/// Changes an object by RFC 6902 operations. Errors: `NotFound`; `ClusterRefuses` when a `test` does not hold.
pub(crate) async fn edit(cluster: &Cluster, grant: &Grant, path: &str, patch: &Value) -> Result<(), Error> {
    send(cluster, grant, path, edit_request(path, "", patch)?).await
}

/// What would be made, with the server's warnings. Nothing is. Errors: as of [`create`].
pub(crate) async fn try_create(
    cluster: &Cluster,
    grant: &Grant,
    path: &str,
    object: &Value,
) -> Result<Tried, Error> {
    let request = Request::post(format!("{path}?fieldManager={MANAGER}&dryRun=All"))
        .header("content-type", "application/json")
        .body(object.to_string().into_bytes())
        .map_err(Error::internal)?;
    dry_run(cluster, grant, path, request).await
}

/// What the object would become by server-side apply. Nothing changes. Errors: as of [`apply`].
pub(crate) async fn try_apply(
    cluster: &Cluster,
    grant: &Grant,
    path: &str,
    object: &Value,
) -> Result<Tried, Error> {
    let request = Request::patch(format!("{path}?fieldManager={MANAGER}&force=true&dryRun=All"))
        .header("content-type", "application/apply-patch+yaml")
        .body(object.to_string().into_bytes())
        .map_err(Error::internal)?;
    dry_run(cluster, grant, path, request).await
}

/// What the object would become. Nothing changes. Errors: as of [`edit`].
pub(crate) async fn try_edit(
    cluster: &Cluster,
    grant: &Grant,
    path: &str,
    patch: &Value,
) -> Result<Tried, Error> {
    dry_run(cluster, grant, path, edit_request(path, "&dryRun=All", patch)?).await
}

/// The server's answer to a dry run.
pub(crate) struct Tried {
    pub(crate) object: Value,
    /// The texts of its `Warning` headers.
    pub(crate) warnings: Vec<String>,
}

fn edit_request(path: &str, query: &str, patch: &Value) -> Result<Request<Vec<u8>>, Error> {
    Request::patch(format!("{path}?fieldManager={MANAGER}{query}"))
        .header("content-type", "application/json-patch+json")
        .body(patch.to_string().into_bytes())
        .map_err(Error::internal)
}

/// Unlike [`send`], keeps the headers of the answer.
async fn dry_run(
    cluster: &Cluster,
    grant: &Grant,
    path: &str,
    request: Request<Vec<u8>>,
) -> Result<Tried, Error> {
    let client = cluster.client(grant)?;
    let asked = async {
        let (head, body) = client.send(request.map(Body::from)).await?.into_parts();
        let body = body.collect_bytes().await?;
        if !head.status.is_success() {
            let told = serde_json::from_slice::<Status>(&body).unwrap_or_default();
            return Err(kube::Error::Api(Box::new(Status { code: head.status.as_u16(), ..told })));
        }
        let object = serde_json::from_slice(&body).map_err(kube::Error::SerdeError)?;
        let warnings = head.headers.get_all(http::header::WARNING).iter();
        let warnings = warnings.filter_map(|value| warning(value.to_str().ok()?)).collect();
        Ok(Tried { object, warnings })
    };
    within_deadline(&cluster.name, path, asked).await
}

/// The text in `299 - "text"` (RFC 7234 §5.5).
fn warning(header: &str) -> Option<String> {
    let (_, rest) = header.split_once('"')?;
    let (text, _) = rest.rsplit_once('"')?;
    Some(text.replace("\\\"", "\"").replace("\\\\", "\\"))
}

async fn send(cluster: &Cluster, grant: &Grant, path: &str, request: Request<Vec<u8>>) -> Result<(), Error> {
    let client = cluster.client(grant)?;
    within_deadline(&cluster.name, path, client.request::<IgnoredAny>(request)).await?;
    Ok(())
}
