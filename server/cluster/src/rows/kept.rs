//! The tables of one cluster that are watched, each from the first look on until nobody has looked for long.

use std::collections::BTreeMap;
use std::panic::AssertUnwindSafe;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use contract::{Error, Kind};
use futures::FutureExt as _;
use gate::Grant;
use kube::Client;
use model::namespaces::NamespaceName;
use model::rows::{CustomName, RowKind, TableHealth};
use tokio::task::AbortHandle;

use super::definition;
use super::feed::{Feed, PATIENCE};
use super::shared::Shared;
use super::subject::Subject;
use super::{releases, trouble};
use crate::client::Cluster;

/// A kind that nobody has looked at for so long is not watched any more.
const IDLE: Duration = Duration::from_secs(600);

/// Most tables of one cluster that are watched as one person.
const MOST_OF_ONE: usize = 200;

/// Ends with the last that knows of the cluster.
#[derive(Default)]
pub(crate) struct Tables {
    kept: Mutex<BTreeMap<Key, Kept>>,
}

type Kept = (Arc<Shared>, AbortHandle);

#[derive(Clone, PartialEq, Eq, PartialOrd, Ord)]
enum Key {
    Kind(RowKind),
    Custom(CustomName),
    /// As one person, by their slug, everywhere or in one namespace.
    Lent(RowKind, String, Option<NamespaceName>),
}

/// The table of a kind, which is watched from the first time on that somebody asks.
pub(super) fn table(cluster: &Cluster, grant: &Grant, kind: RowKind) -> Result<Arc<Shared>, Error> {
    let pods = kind.workload().map(|_| table(cluster, grant, RowKind::Pods)).transpose()?;
    keep(cluster, grant, Key::Kind(kind), Subject::Kind(kind), pods)
}

/// The kinds that a cluster was taught.
pub(super) fn definitions(cluster: &Cluster, grant: &Grant) -> Result<Arc<Shared>, Error> {
    table(cluster, grant, RowKind::CustomResourceDefinitions)
}

/// The table of such a kind; none where the cluster does not have it now.
pub(super) fn custom(
    cluster: &Cluster,
    grant: &Grant,
    name: &CustomName,
) -> Result<Option<Arc<Shared>>, Error> {
    let taught = definitions(cluster, grant)?;
    let key = Key::Custom(name.clone());
    if let Some(shared) = known(cluster, &key) {
        if shared.subject.definition().is_some_and(|known| definition::is_current(&taught, known)) {
            shared.look();
            return Ok(Some(shared));
        }
        // What was watched with another definition ends by itself in a moment.
        if let Some((_, feed)) = cluster.tables.lock().remove(&key) {
            feed.abort();
        }
    }
    // Only here a definition is read.
    let Some(found) = definition::find(&taught, name) else { return Ok(None) };
    keep(cluster, grant, key, Subject::Custom(found), Some(taught)).map(Some)
}

/// As [`table`], watched as a person.
pub(super) fn lent(
    cluster: &Cluster,
    person: &Grant,
    kind: RowKind,
    namespace: Option<&NamespaceName>,
) -> Result<Arc<Shared>, Error> {
    let slug = person.actor().user.as_ref().ok_or(Kind::Unauthenticated)?.slug.clone();
    keep(cluster, person, Key::Lent(kind, slug, namespace.cloned()), Subject::Kind(kind), None)
}

/// As [`custom`], only where somebody looks at it already.
pub(super) fn known_custom(cluster: &Cluster, name: &CustomName) -> Option<Arc<Shared>> {
    known(cluster, &Key::Custom(name.clone()))
}

/// As [`lent`], only where they look at it already.
pub(super) fn known_lent(
    cluster: &Cluster,
    person: &Grant,
    kind: RowKind,
    namespace: Option<&NamespaceName>,
) -> Result<Option<Arc<Shared>>, Error> {
    let slug = person.actor().user.as_ref().ok_or(Kind::Unauthenticated)?.slug.clone();
    Ok(known(cluster, &Key::Lent(kind, slug, namespace.cloned())))
}

fn known(cluster: &Cluster, key: &Key) -> Option<Arc<Shared>> {
    let kept = cluster.tables.lock();
    kept.get(key).filter(|(_, feed)| !feed.is_finished()).map(|(shared, _)| shared.clone())
}

/// `beside` is another table that says more of this one.
fn keep(
    cluster: &Cluster,
    grant: &Grant,
    key: Key,
    subject: Subject,
    beside: Option<Arc<Shared>>,
) -> Result<Arc<Shared>, Error> {
    let client = cluster.client(grant)?;
    let mut kept = cluster.tables.lock();
    kept.retain(|_, (_, feed)| !feed.is_finished());
    if let Some((shared, _)) = kept.get(&key) {
        shared.look();
        return Ok(shared.clone());
    }
    let namespace = match &key {
        Key::Lent(_, slug, namespace) => {
            // Whoever looks at more waits until what they looked at before is given back.
            let theirs = kept.keys().filter(|known| matches!(known, Key::Lent(_, other, _) if other == slug));
            if theirs.count() >= MOST_OF_ONE {
                return Err(Kind::Busy { seconds: 60 }.into());
            }
            namespace.clone()
        }
        Key::Kind(_) | Key::Custom(_) => None,
    };
    let pods = beside.clone().filter(|_| matches!(key, Key::Kind(_)));
    let shared = Arc::new(Shared::beside(cluster.name.clone(), subject, namespace, pods));
    let watched = shared.clone();
    let task = tokio::spawn(async move {
        tokio::select! {
            () = watch(client, &watched) => {}
            () = trouble_of(beside.as_ref(), &watched) => {}
            () = replaced(beside.as_ref(), &watched) => watched.end(),
            () = unseen(&watched) => watched.forget(),
        }
    });
    kept.insert(key, (shared.clone(), task.abort_handle()));
    Ok(shared)
}

/// For ever, also after a panic.
async fn watch(client: Client, shared: &Arc<Shared>) {
    while AssertUnwindSafe(watch_once(client.clone(), shared)).catch_unwind().await.is_err() {
        let (cluster, rows) = (shared.cluster.as_str(), shared.subject.listing());
        tracing::error!(event = "rows.panicked", cluster, rows = rows.as_str());
        tokio::time::sleep(PATIENCE.longest).await;
    }
}

async fn watch_once(client: Client, shared: &Arc<Shared>) {
    let feed = |shared: Arc<Shared>| {
        let namespace = shared.namespace.clone();
        Feed { client, shared, namespace, patience: PATIENCE }.run()
    };
    if shared.subject != Subject::Kind(RowKind::Releases) {
        return feed(shared.clone()).await;
    }
    let (cluster, namespace) = (shared.cluster.clone(), shared.namespace.clone());
    let revisions = Arc::new(Shared::beside(cluster, Subject::Revisions, namespace, None));
    tokio::join!(feed(revisions.clone()), releases::follow(revisions, shared.clone()));
}

/// For ever: what pods are stuck at, laid over the workloads that they belong to.
async fn trouble_of(pods: Option<&Arc<Shared>>, shared: &Arc<Shared>) {
    match (pods, &shared.subject) {
        (Some(pods), Subject::Kind(kind)) => trouble::follow(pods.clone(), *kind, shared.clone()).await,
        _ => std::future::pending().await,
    }
}

/// Returns when the cluster was taught something else of this kind.
async fn replaced(definitions: Option<&Arc<Shared>>, shared: &Shared) {
    match (definitions, shared.subject.definition()) {
        (Some(definitions), Some(known)) => definition::replaced(definitions.clone(), known).await,
        _ => std::future::pending().await,
    }
}

/// Returns when nobody has looked for long.
async fn unseen(shared: &Shared) {
    while shared.unseen() < IDLE {
        tokio::time::sleep(IDLE / 20).await;
    }
}

impl Tables {
    fn lock(&self) -> MutexGuard<'_, BTreeMap<Key, Kept>> {
        self.kept.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Cluster {
    /// What keeping its rows costs, by kind.
    pub fn table_health(&self) -> Vec<TableHealth> {
        let kept = self.tables.lock();
        let watched = kept.values().filter(|(_, feed)| !feed.is_finished());
        watched.map(|(shared, _)| shared.health()).collect()
    }

    /// The kinds it was taught that somebody looked at lately.
    pub fn watched_custom(&self) -> Vec<CustomName> {
        let kept = self.tables.lock();
        let custom = kept.keys().filter_map(|key| match key {
            Key::Custom(name) => Some(name.clone()),
            Key::Kind(_) | Key::Lent(..) => None,
        });
        custom.collect()
    }
}

impl Drop for Tables {
    fn drop(&mut self) {
        for (_, feed) in self.kept.get_mut().unwrap_or_else(PoisonError::into_inner).values() {
            feed.abort();
        }
    }
}
