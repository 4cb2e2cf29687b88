//! Where releases are kept: Helm's Secrets, read as the person.

use std::collections::BTreeMap;

use cluster::Cluster;
use contract::{Error, Kind};
use gate::Grant;
use helm::{KEY, OF_ALL, StoredRelease, labelled, of_one, read_release};
use model::namespaces::NamespaceName;
use model::releases::{ReleaseRef, ReleaseRow};

/// The newest revision of each release; none when the person may not read what they are kept in. No namespace is all of them.
///
/// Errors: those of clusters.
pub(super) async fn newest(
    cluster: &Cluster,
    grant: &Grant,
    namespace: Option<&NamespaceName>,
) -> Result<Option<Vec<ReleaseRow>>, Error> {
    let Some(found) = cluster::secret_labels(cluster, grant, namespace, OF_ALL).await? else {
        return Ok(None);
    };
    let mut newest: BTreeMap<ReleaseRef, ReleaseRow> = BTreeMap::new();
    for secret in found {
        let place = NamespaceName::parse(&secret.namespace);
        let (Ok(namespace), Some((name, revision, status))) = (place, labelled(&secret.labels)) else {
            continue;
        };
        let target = ReleaseRef { cluster: cluster.name.clone(), namespace, name };
        if newest.get(&target).is_some_and(|known| known.revision >= revision) {
            continue;
        }
        let updated_at = secret.creation_timestamp;
        newest.insert(target.clone(), ReleaseRow { target, project: None, status, revision, updated_at });
    }
    Ok(Some(newest.into_values().collect()))
}

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
