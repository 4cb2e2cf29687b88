//! What a cluster answers, in the words of the contract, cause kept.

use contract::{Error, Kind};
use model::clusters::ClusterName;

/// Turns a failed request into an error about `what` on this cluster.
pub(crate) fn refused(cluster: &ClusterName, what: &str, error: kube::Error) -> Error {
    let cluster = cluster.clone();
    let what = what.to_owned();
    let kind = match &error {
        kube::Error::Api(status) => match status.code {
            401 => Kind::ClusterUnauthorized { cluster },
            403 => Kind::ClusterForbids { cluster, message: status.message.clone() },
            404 => Kind::NotFound { what },
            409 => Kind::Conflict { what },
            _ => Kind::ClusterRefuses { cluster, message: status.message.clone() },
        },
        _ => Kind::ClusterUnreachable { cluster },
    };
    Error { kind, cause: Some(Box::new(error)) }
}

/// Bounds a request: an answer that comes too late is none.
pub(crate) async fn within_deadline<T>(
    cluster: &ClusterName,
    what: &str,
    request: impl Future<Output = Result<T, kube::Error>>,
) -> Result<T, Error> {
    match tokio::time::timeout(crate::client::DEADLINE, request).await {
        Ok(answer) => answer.map_err(|error| refused(cluster, what, error)),
        Err(late) => Err(Error {
            kind: Kind::ClusterUnreachable { cluster: cluster.clone() },
            cause: Some(Box::new(late)),
        }),
    }
}

/// An object that is not there is none, not a failure.
pub(crate) fn or_none<T>(answer: Result<T, Error>) -> Result<Option<T>, Error> {
    match answer {
        Ok(found) => Ok(Some(found)),
        Err(error) if matches!(error.kind, Kind::NotFound { .. }) => Ok(None),
        Err(error) => Err(error),
    }
}
