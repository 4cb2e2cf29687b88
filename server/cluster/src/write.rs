//! Writing objects: server-side apply, patches, deletion.

use std::collections::BTreeMap;

use contract::{Error, Kind};
use http::Request;
use kube::client::Body;
use kube::core::Status;
use serde::Deserialize;
use serde::de::{DeserializeOwned, IgnoredAny};
use serde_json::{Value, json};

use crate::client::Cluster;
use crate::error::within_deadline;
use gate::Grant;

/// Who owns the fields that we apply.
const MANAGER: &str = "pilothouse";
/// Which request made an object; by it an object is recognised whose making was not answered.
const MARK: &str = "pilothouse.dev/request";

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

/// Makes an object that must not exist yet. Errors: `Conflict` when it does, `OutcomeUnknown`.
pub(crate) async fn create(
    cluster: &Cluster,
    grant: &Grant,
    path: &str,
    object: &Value,
) -> Result<(), Error> {
    let (mut object, mark) = (object.clone(), mark()?);
    if let Some(meta) = object.get_mut("metadata").and_then(Value::as_object_mut)
        && let Some(notes) = meta.entry("annotations").or_insert_with(|| json!({})).as_object_mut()
    {
        notes.insert(MARK.to_owned(), json!(mark));
    }
    let request = Request::post(format!("{path}?fieldManager={MANAGER}"))
        .header("content-type", "application/json")
        .body(object.to_string().into_bytes())
        .map_err(Error::internal)?;
    match send(cluster, grant, path, request).await {
        Err(error) if matches!(error.kind, Kind::OutcomeUnknown { .. }) => {
            // It is never made twice. When what is there has the mark of this request, it was made by it.
            let name = object.pointer("/metadata/name").and_then(Value::as_str).unwrap_or_default();
            let request = Request::get(format!("{path}/{name}")).body(Vec::new()).map_err(Error::internal)?;
            let found: Result<Made, _> = ask(cluster, grant, path, request).await;
            if found.is_ok_and(|made| made.metadata.annotations.get(MARK) == Some(&mark)) {
                Ok(())
            } else {
                Err(error)
            }
        }
        answer => answer,
    }
}

/// An object that may have been made a moment ago.
#[derive(Deserialize)]
struct Made {
    metadata: MadeMeta,
}

#[derive(Deserialize)]
struct MadeMeta {
    #[serde(default)]
    annotations: BTreeMap<String, String>,
}

/// Another each time.
fn mark() -> Result<String, Error> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(|error| Error::internal(error.to_string()))?;
    Ok(bytes.iter().map(|byte| format!("{byte:02x}")).collect())
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
    let answer = ask::<IgnoredAny>(cluster, grant, path, request).await;
    answer.map(|_| ()).map_err(|error| match is_lost(&error) {
        true => {
            let kind = Kind::OutcomeUnknown { cluster: cluster.name.clone(), what: path.to_owned() };
            Error { kind, ..error }
        }
        false => error,
    })
}

async fn ask<T: DeserializeOwned>(
    cluster: &Cluster,
    grant: &Grant,
    path: &str,
    request: Request<Vec<u8>>,
) -> Result<T, Error> {
    let client = cluster.client(grant)?;
    within_deadline(&cluster.name, path, client.request::<T>(request)).await
}

/// Whether a change may have been made though nobody said so: the answer did not come, or is that of somebody on the way.
fn is_lost(error: &Error) -> bool {
    let mut cause = error.cause.as_ref().map(|cause| &**cause as &(dyn std::error::Error + 'static));
    while let Some(one) = cause {
        if let Some(kube::Error::Api(status)) = one.downcast_ref() {
            return matches!(status.code, 502..=504);
        }
        if let Some(client) = one.downcast_ref::<hyper_util::client::legacy::Error>() {
            return !client.is_connect();
        }
        cause = one.source();
    }
    matches!(error.kind, Kind::ClusterUnreachable { .. })
}
