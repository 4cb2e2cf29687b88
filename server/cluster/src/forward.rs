//! A request of somebody else's making, sent to a cluster as the person.

use contract::{Error, Kind};
use gate::Grant;
use http::{Request, Response};

use crate::client::Cluster;

pub use kube::client::Body;

/// The answer as it comes, whatever its status. Headers are the caller's to choose: those that say who somebody is are put over
/// them here.
///
/// Errors: `ClusterUnreachable`.
pub async fn forward(
    cluster: &Cluster,
    grant: &Grant,
    request: Request<Body>,
) -> Result<Response<Body>, Error> {
    let client = cluster.client(grant)?;
    client.send(request).await.map_err(|error| Error {
        kind: Kind::ClusterUnreachable { cluster: cluster.name.clone() },
        cause: Some(Box::new(error)),
    })
}
