//! That something happened in a namespace, for those who look at one object in it.

use std::sync::Arc;

use contract::Error;
use futures::future::select_all;
use gate::Grant;
use model::namespaces::NamespaceName;
use model::rows::RowKind;

use super::kept::table;
use super::shared::Shared;
use crate::client::Cluster;

/// Of workloads and pods.
pub struct Sightings(Vec<Arc<Shared>>);

/// `grant` is the console's own: nothing but that something happened is told.
pub fn sightings(cluster: &Cluster, grant: &Grant) -> Result<Sightings, Error> {
    let kinds = RowKind::WORKLOADS.into_iter().chain([RowKind::Pods]);
    Ok(Sightings(kinds.map(|kind| table(cluster, grant, kind)).collect::<Result<_, _>>()?))
}

impl Sightings {
    /// Grows with every object of the namespace that is seen, also when no row shows what is new.
    pub fn count_in(&self, namespace: &NamespaceName) -> u64 {
        let each = self.0.iter().map(|shared| shared.read().touched(namespace.as_str()));
        each.fold(0, u64::saturating_add)
    }

    /// Waits until the count is another than before.
    pub async fn more_in(&self, namespace: &NamespaceName, before: u64) {
        let mut seen: Vec<_> = self.0.iter().map(|shared| shared.seen()).collect();
        while self.count_in(namespace) == before {
            let changed = seen.iter_mut().map(|seen| Box::pin(seen.changed()));
            if select_all(changed).await.0.is_err() {
                return;
            }
        }
    }
}
