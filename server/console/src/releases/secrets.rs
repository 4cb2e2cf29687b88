//! Where releases are kept: Helm's Secrets, read as the person.

use cluster::Cluster;
use contract::{Error, Kind};
use gate::Grant;
use helm::{KEY, StoredRelease, of_one, read_release};
use model::releases::ReleaseRef;

/// All revisions that are kept, newest first. Errors: `NotFound`, those of clusters.
pub(super) async fn revisions(
    cluster: &Cluster,
    grant: &Grant,
    target: &ReleaseRef,
) -> Result<Vec<StoredRelease>, Error> {
    let selector = of_one(&target.name);
    let held = cluster::secret_values(cluster, grant, &target.namespace, &selector, KEY).await?;
    let mut revisions = held.iter().map(|held| read_release(held)).collect::<Result<Vec<_>, _>>()?;
    revisions.sort_by_key(|revision| std::cmp::Reverse(revision.version));
    if revisions.is_empty() {
        return Err(Kind::NotFound { what: target.to_string() }.into());
    }
    Ok(revisions)
}
