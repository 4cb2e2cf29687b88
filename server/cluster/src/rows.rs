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
use model::rows::{RowKind, TableHealth};
use tokio::sync::watch;
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

/// What a list is made of: the tables of a kind, and what somebody may see of each.
#[derive(Clone)]
pub struct Sources(Vec<(Arc<Shared>, Places)>);

/// Each cluster is watched from the first time on that somebody asks. `grant` is the console's own.
pub async fn sources(
    grant: &Grant,
    kind: RowKind,
    clusters: Vec<(Arc<Cluster>, Places)>,
) -> Result<Sources, Error> {
    let mut tables = Vec::new();
    for (cluster, places) in clusters {
        tables.push((table(&cluster, grant, kind)?, places));
    }
    futures::future::join_all(tables.iter().map(|(shared, _)| shared.known(FIRST))).await;
    Ok(Sources(tables))
}

impl Sources {
    /// Each wakes with a change of one of the tables.
    pub fn changes(&self) -> Vec<watch::Receiver<u64>> {
        self.0.iter().map(|(shared, _)| shared.changes()).collect()
    }
}

impl PartialEq for Sources {
    /// The same tables, seen as far.
    fn eq(&self, other: &Self) -> bool {
        let same = |((one, places), (other, others)): (&(Arc<Shared>, Places), &(Arc<Shared>, Places))| {
            Arc::ptr_eq(one, other) && places == others
        };
        self.0.len() == other.0.len() && self.0.iter().zip(&other.0).all(same)
    }
}

/// The table of a kind, which is watched from the first time on that somebody asks.
fn table(cluster: &Cluster, grant: &Grant, kind: RowKind) -> Result<Arc<Shared>, Error> {
    let client = cluster.client(grant)?;
    let mut kept = cluster.tables.kept.lock().unwrap_or_else(PoisonError::into_inner);
    kept.retain(|_, (_, feed)| !feed.is_finished());
    if let Some((shared, _)) = kept.get(&kind) {
        shared.look();
        return Ok(shared.clone());
    }
    let shared = Arc::new(Shared::new(cluster.name.clone()));
    let feed = Feed { client, kind, shared: shared.clone(), patience: PATIENCE };
    let watched = shared.clone();
    let task = tokio::spawn(async move {
        tokio::select! {
            () = feed.run() => {}
            () = unseen(&watched) => watched.forget(),
        }
    });
    kept.insert(kind, (shared.clone(), task.abort_handle()));
    Ok(shared)
}

impl Cluster {
    /// What keeping its rows costs, by kind.
    pub fn table_health(&self) -> Vec<TableHealth> {
        let kept = self.tables.kept.lock().unwrap_or_else(PoisonError::into_inner);
        let watched = kept.iter().filter(|(_, (_, feed))| !feed.is_finished());
        watched.map(|(kind, (shared, _))| shared.health(*kind)).collect()
    }
}

/// Returns when nobody has looked for long.
async fn unseen(shared: &Shared) {
    while shared.unseen() < IDLE {
        tokio::time::sleep(IDLE / 20).await;
    }
}

impl Drop for Tables {
    fn drop(&mut self) {
        for (_, feed) in self.kept.get_mut().unwrap_or_else(PoisonError::into_inner).values() {
            feed.abort();
        }
    }
}
