//! What clusters hold, as rows: of each kind one watch, which everybody's lists are read from.
//!
//! Watched by the console's own account, so whoever reads rows filters them by what the person may see.

mod feed;
mod kinds;
mod lines;
mod shared;
mod strings;
mod table;
#[cfg(test)]
mod tests;
mod view;

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use contract::Error;
use gate::Grant;
use model::rows::{RowKind, RowQuery};
use tokio::task::AbortHandle;

use crate::client::Cluster;
use feed::{Feed, PATIENCE};
pub(crate) use shared::Shared;
pub use view::{Places, View};

/// A kind that nobody has looked at for so long is not watched any more.
const IDLE: Duration = Duration::from_secs(600);

/// The tables of one cluster; ends with it.
#[derive(Default)]
pub(crate) struct Tables {
    kept: Mutex<BTreeMap<RowKind, (Arc<Shared>, AbortHandle)>>,
}

/// How long after a watch began a look still waits for its first list.
const FIRST: Duration = Duration::from_secs(2);

/// A list over clusters, each of which is watched from the first time on that somebody asks. `grant` is the console's own; what the
/// person may see of each cluster says `places`.
pub async fn view(
    grant: &Grant,
    query: &RowQuery,
    clusters: &[(Arc<Cluster>, Places)],
) -> Result<View, Error> {
    let mut tables = Vec::new();
    for (cluster, places) in clusters {
        tables.push((table(cluster, grant, query.kind)?, places.clone()));
    }
    futures::future::join_all(tables.iter().map(|(shared, _)| shared.known(FIRST))).await;
    Ok(View::new(query, tables))
}

/// The table of a kind, which is watched from the first time on that somebody asks.
fn table(cluster: &Cluster, grant: &Grant, kind: RowKind) -> Result<Arc<Shared>, Error> {
    let client = cluster.client(grant)?;
    let mut kept = cluster.tables.kept.lock().unwrap_or_else(PoisonError::into_inner);
    // Whoever asks for one looks at what the others cost, too.
    kept.retain(|known, (shared, feed)| {
        let wanted = *known == kind || shared.unseen() < IDLE;
        if !wanted {
            feed.abort();
        }
        wanted
    });
    if let Some((shared, _)) = kept.get(&kind) {
        shared.look();
        return Ok(shared.clone());
    }
    let shared = Arc::new(Shared::new(cluster.name.clone()));
    let feed = Feed { client, kind, shared: shared.clone(), patience: PATIENCE };
    let task = tokio::spawn(feed.run()).abort_handle();
    kept.insert(kind, (shared.clone(), task));
    Ok(shared)
}

impl Drop for Tables {
    fn drop(&mut self) {
        for (_, feed) in self.kept.get_mut().unwrap_or_else(PoisonError::into_inner).values() {
            feed.abort();
        }
    }
}
