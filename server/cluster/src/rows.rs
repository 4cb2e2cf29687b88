//! What clusters hold, as rows: of each kind one watch, which everybody's lists are read from.
//!
//! Watched by the console's own account, so whoever reads rows filters them by what the person may see.

#[cfg(test)]
mod counts;
mod feed;
mod items;
mod kinds;
mod lines;
mod lists;
mod search;
mod shared;
mod sightings;
mod strings;
mod table;
#[cfg(test)]
mod tests;
mod trouble;
mod view;
mod way;
mod wire;

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
pub use search::search;
pub(crate) use shared::Shared;
pub use sightings::{Sightings, sightings};
pub use view::{Places, Seen, View};

/// A kind that nobody has looked at for so long is not watched any more.
const IDLE: Duration = Duration::from_secs(600);

/// The tables of one cluster; ends with it.
#[derive(Default)]
pub(crate) struct Tables {
    kept: Mutex<BTreeMap<RowKind, (Arc<Shared>, AbortHandle)>>,
}

/// How long after a watch began a look still waits for its first list.
const FIRST: Duration = Duration::from_secs(2);

/// What says what people may see.
const RIGHTS: [RowKind; 4] =
    [RowKind::Roles, RowKind::RoleBindings, RowKind::ClusterRoles, RowKind::ClusterRoleBindings];

/// What a list is made of: the tables of its kinds, and what somebody may see of each.
#[derive(Clone)]
pub struct Sources {
    tables: Vec<Source>,
    rights: Vec<Arc<Shared>>,
}

/// Each cluster is watched from the first time on that somebody asks. `grant` is the console's own.
pub async fn sources(grant: &Grant, kinds: Vec<(Arc<Cluster>, RowKind, Places)>) -> Result<Sources, Error> {
    let (mut tables, mut rights) = (Vec::new(), Vec::new());
    for (cluster, kind, places) in kinds {
        tables.push((table(&cluster, grant, kind)?, places));
        for kind in RIGHTS {
            let shared = table(&cluster, grant, kind)?;
            if !rights.iter().any(|known| Arc::ptr_eq(known, &shared)) {
                rights.push(shared);
            }
        }
    }
    futures::future::join_all(tables.iter().map(|(shared, _)| shared.known(FIRST))).await;
    Ok(Sources { tables, rights })
}

/// Grows when somebody's rights in a cluster may have become others; stays where the console's account may not see them.
pub fn rights_version(cluster: &Cluster, grant: &Grant) -> Result<u64, Error> {
    let mut version = 0_u64;
    for kind in RIGHTS {
        version = version.saturating_add(table(cluster, grant, kind)?.read().sequence());
    }
    Ok(version)
}

impl Sources {
    /// Each wakes with a change of one of the tables, or of what people may see of them.
    pub fn changes(&self) -> Vec<watch::Receiver<u64>> {
        let tables = self.tables.iter().map(|(shared, _)| shared);
        tables.chain(&self.rights).map(|shared| shared.changes()).collect()
    }

    /// Those of one kind.
    fn of(&self, kind: RowKind) -> Self {
        let tables = self.tables.iter().filter(|(shared, _)| shared.kind == kind).cloned();
        Self { tables: tables.collect(), rights: self.rights.clone() }
    }

    /// Whether a cluster does not say what the person may see.
    pub fn are_unread(&self) -> bool {
        self.tables.iter().any(|(_, places)| *places == Places::Unknown)
    }

    /// As [`rights_version`], of all clusters.
    pub fn rights(&self) -> u64 {
        self.rights.iter().fold(0, |all, shared| all.saturating_add(shared.read().sequence()))
    }
}

type Source = (Arc<Shared>, Places);

impl PartialEq for Sources {
    /// The same tables, seen as far.
    fn eq(&self, other: &Self) -> bool {
        let same = |(one, other): (&Source, &Source)| Arc::ptr_eq(&one.0, &other.0) && one.1 == other.1;
        self.tables.len() == other.tables.len() && self.tables.iter().zip(&other.tables).all(same)
    }
}

/// The table of a kind, which is watched from the first time on that somebody asks.
fn table(cluster: &Cluster, grant: &Grant, kind: RowKind) -> Result<Arc<Shared>, Error> {
    let client = cluster.client(grant)?;
    let pods = kind.workload().map(|_| table(cluster, grant, RowKind::Pods)).transpose()?;
    let mut kept = cluster.tables.kept.lock().unwrap_or_else(PoisonError::into_inner);
    kept.retain(|_, (_, feed)| !feed.is_finished());
    if let Some((shared, _)) = kept.get(&kind) {
        shared.look();
        return Ok(shared.clone());
    }
    let shared = Arc::new(Shared::beside(cluster.name.clone(), kind, pods.clone()));
    let feed = Feed { client, shared: shared.clone(), patience: PATIENCE };
    let watched = shared.clone();
    let task = tokio::spawn(async move {
        let trouble = async {
            match pods {
                Some(pods) => trouble::follow(pods, kind, watched.clone()).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = feed.run() => {}
            () = trouble => {}
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
        watched.map(|(_, (shared, _))| shared.health()).collect()
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
