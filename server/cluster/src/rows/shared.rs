//! A table that one feed writes and many read.

use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError, RwLock, RwLockReadGuard, RwLockWriteGuard};
use std::time::{Duration, Instant};

use model::clusters::ClusterName;
use model::namespaces::NamespaceName;
#[cfg(test)]
use model::rows::RowKind;
use model::rows::{RowState, TableHealth};
use tokio::sync::watch;

use super::subject::Subject;
use super::table::Table;

/// How long a first list may take before it is said that the cluster does not answer.
const PATIENT: Duration = Duration::from_secs(5);

/// How much of the truth a table is.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(crate) enum State {
    /// The first list is under way.
    Unknown,
    /// As the cluster is.
    Live,
    /// As it was when the cluster last answered.
    Stale,
    /// The console's own account may not list these.
    Forbidden,
    /// The cluster has no such kind.
    Absent,
}

pub(crate) struct Shared {
    pub(crate) cluster: ClusterName,
    pub(super) subject: Subject,
    /// Where only that is watched.
    pub(super) namespace: Option<NamespaceName>,
    pods: Option<Arc<Self>>,
    table: RwLock<Table>,
    /// The sequence of the table; also touched when the state is another.
    changed: watch::Sender<u64>,
    /// Counts what the feed told, also when no row became another.
    seen: watch::Sender<u64>,
    state: Mutex<(State, Instant)>,
    /// When somebody last looked.
    looked: Mutex<Instant>,
    /// When the feed last heard anything.
    heard: Mutex<Instant>,
    pub(crate) counts: Counts,
}

/// Since the feed began.
#[derive(Default)]
pub(crate) struct Counts {
    pub(crate) events: AtomicU64,
    pub(crate) relists: AtomicU64,
    /// Objects that could not be understood.
    pub(crate) skipped: AtomicU64,
}

impl Counts {
    /// As they are of what this is made of.
    pub(super) fn follow(&self, other: &Self) {
        let pairs =
            [(&self.events, &other.events), (&self.relists, &other.relists), (&self.skipped, &other.skipped)];
        for (own, theirs) in pairs {
            own.store(theirs.load(Ordering::Relaxed), Ordering::Relaxed);
        }
    }
}

impl Shared {
    #[cfg(test)]
    pub(super) fn new(cluster: ClusterName, kind: RowKind) -> Self {
        Self::beside(cluster, Subject::Kind(kind), None, None)
    }

    /// `pods` say more of what this table has; without them not everything is known.
    pub(super) fn beside(
        cluster: ClusterName,
        subject: Subject,
        namespace: Option<NamespaceName>,
        pods: Option<Arc<Self>>,
    ) -> Self {
        Self {
            pods,
            cluster,
            subject,
            namespace,
            table: RwLock::default(),
            changed: watch::Sender::new(0),
            seen: watch::Sender::new(0),
            state: Mutex::new((State::Unknown, Instant::now())),
            looked: Mutex::new(Instant::now()),
            heard: Mutex::new(Instant::now()),
            counts: Counts::default(),
        }
    }

    pub(crate) fn read(&self) -> RwLockReadGuard<'_, Table> {
        self.table.read().unwrap_or_else(PoisonError::into_inner)
    }

    pub(super) fn write(&self) -> RwLockWriteGuard<'_, Table> {
        self.table.write().unwrap_or_else(PoisonError::into_inner)
    }

    /// Wakes with each change of a row, and of the state.
    pub(crate) fn changes(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// Wakes with everything that the feed tells.
    pub(super) fn seen(&self) -> watch::Receiver<u64> {
        self.seen.subscribe()
    }

    /// Waits until the first list is there, at most for so long after its beginning.
    pub(super) async fn known(&self, first: Duration) {
        let mut changes = self.changes();
        let known = async { while self.state().0 == State::Unknown && changes.changed().await.is_ok() {} };
        // Later changes come by themselves, and a cluster that does not answer slows nobody down again.
        let left = first.saturating_sub(self.state().1);
        let _late = tokio::time::timeout(left, known).await;
        if let Some(pods) = &self.pods {
            Box::pin(pods.known(first)).await;
        }
    }

    /// The cluster said something, perhaps nothing that is new.
    pub(super) fn heard(&self) {
        *self.heard.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
        self.changed();
    }

    pub(super) fn changed(&self) {
        let sequence = self.read().sequence();
        self.changed.send_if_modified(|known| std::mem::replace(known, sequence) != sequence);
        self.seen.send_modify(|count| *count = count.saturating_add(1));
    }

    fn quiet(&self) -> Duration {
        self.heard.lock().unwrap_or_else(PoisonError::into_inner).elapsed()
    }

    /// With the age of what is not live: since when it is so.
    pub(crate) fn state(&self) -> (State, Duration) {
        let (state, since) = *self.state.lock().unwrap_or_else(PoisonError::into_inner);
        (state, since.elapsed())
    }

    /// As it is told to people.
    pub(super) fn told(&self) -> RowState {
        let own = self.own_state();
        match self.pods.as_ref().map(|pods| pods.own_state()) {
            Some(of_pods @ (RowState::Reading | RowState::Stale { .. })) if of_pods.is_worse_than(own) => {
                of_pods
            }
            _ => own,
        }
    }

    fn own_state(&self) -> RowState {
        let (state, since) = self.state();
        let seconds = u32::try_from(since.as_secs()).unwrap_or(u32::MAX);
        match state {
            State::Live => RowState::Live,
            State::Unknown if since < PATIENT => RowState::Reading,
            // Never heard of is as bad as not heard of for so long.
            State::Unknown | State::Stale => RowState::Stale { seconds },
            State::Forbidden => RowState::Forbidden,
            State::Absent => RowState::Absent,
        }
    }

    pub(super) fn health(&self) -> TableHealth {
        let (rows, bytes) = {
            let table = self.read();
            (table.len(), table.bytes())
        };
        let narrow = |number: usize| u32::try_from(number).unwrap_or(u32::MAX);
        TableHealth {
            cluster: self.cluster.clone(),
            kind: self.subject.listing(),
            namespace: self.namespace.clone(),
            state: self.told(),
            rows: narrow(rows),
            bytes: bytes as u64,
            events: self.counts.events.load(Ordering::Relaxed),
            relists: self.counts.relists.load(Ordering::Relaxed),
            skipped: self.counts.skipped.load(Ordering::Relaxed),
            followers: narrow(self.changed.receiver_count()),
            quiet: narrow(usize::try_from(self.quiet().as_secs()).unwrap_or(usize::MAX)),
        }
    }

    pub(super) fn set_state(&self, state: State) {
        {
            let mut known = self.state.lock().unwrap_or_else(PoisonError::into_inner);
            // What was never known does not become old.
            if known.0 == state || (known.0 == State::Unknown && state == State::Stale) {
                return;
            }
            *known = (state, Instant::now());
        }
        self.changed.send_modify(|_same| {});
    }

    /// Why a kind that this table of definitions does not name is not there.
    pub(super) fn untaught(&self) -> RowState {
        match self.told() {
            RowState::Live => RowState::Absent,
            other => other,
        }
    }

    /// There is no such kind any more, or another of its name.
    pub(super) fn end(&self) {
        self.write().forget();
        self.set_state(State::Absent);
    }

    /// Gives back what the rows needed.
    pub(super) fn forget(&self) {
        self.write().forget();
        self.set_state(State::Stale);
    }

    pub(super) fn look(&self) {
        *self.looked.lock().unwrap_or_else(PoisonError::into_inner) = Instant::now();
    }

    /// Since somebody last looked, or waits for changes.
    pub(super) fn unseen(&self) -> Duration {
        match self.changed.receiver_count() + self.seen.receiver_count() {
            0 => self.looked.lock().unwrap_or_else(PoisonError::into_inner).elapsed(),
            _ => Duration::ZERO,
        }
    }

    pub(super) fn count_events(&self, events: u64) {
        self.counts.events.fetch_add(events, Ordering::Relaxed);
    }

    pub(super) fn count_relist(&self) {
        self.counts.relists.fetch_add(1, Ordering::Relaxed);
    }

    pub(super) fn count_skipped(&self) {
        self.counts.skipped.fetch_add(1, Ordering::Relaxed);
    }
}
