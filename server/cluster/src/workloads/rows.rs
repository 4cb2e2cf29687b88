//! The list of a cluster's workloads, kept by one watch per kind.
//!
//! Held by the console's own account, so whoever reads rows filters them by what the person may see.

use std::collections::{BTreeMap, BTreeSet};
use std::sync::{Arc, PoisonError, RwLock};
use std::time::Duration;

use futures::StreamExt as _;
use gate::Grant;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::ObjectMeta;
use kube::api::ApiResource;
use kube::core::Object;
use kube::runtime::WatchStreamExt as _;
use kube::runtime::watcher::{self, watcher};
use kube::{Api, Client};
use model::clusters::ClusterName;
use model::namespaces::NamespaceName;
use model::workloads::{ObjectName, WorkloadKind, WorkloadRef, WorkloadRow};
use serde::de::DeserializeOwned;
use tokio::sync::watch;
use tokio::time::Instant;

use crate::client::Cluster;
use crate::workloads::health::{assess, ready, trouble};
use crate::workloads::objects::{Pod, Spec, Status, Workload, created, group, images, owner};

/// How long after the watches began a look still waits for the first lists.
const FIRST: Duration = Duration::from_secs(2);
/// Before a watch that was interrupted begins anew; its errors while it lists have a pause of their own.
const AGAIN: Duration = Duration::from_secs(1);

type Named = (String, String);

/// Rows of one cluster. Cheap to clone.
#[derive(Clone)]
pub struct Rows {
    cluster: ClusterName,
    tables: Arc<RwLock<Tables>>,
    begun: Instant,
    /// Grows when a row, or what is known, becomes another.
    changed: watch::Sender<u64>,
    /// Grows with every object that is seen, also when no row shows it.
    seen: watch::Sender<u64>,
}

#[derive(Default)]
struct Tables {
    workloads: BTreeMap<(WorkloadKind, Named), Entry>,
    /// Of each workload, the pods that are stuck and at what.
    stuck: BTreeMap<(WorkloadKind, Named), BTreeMap<String, String>>,
    /// Which workload each known pod belongs to.
    pods: BTreeMap<Named, (WorkloadKind, Named)>,
    /// Changes of each namespace.
    sequences: BTreeMap<String, u64>,
    /// Watches whose objects are not all known now.
    unknown: BTreeSet<&'static str>,
    /// Whether a row, or what is known, became another since this was last looked at.
    changed: bool,
}

struct Entry {
    generation: i64,
    spec: Spec,
    status: Status,
    row: WorkloadRow,
}

/// The rows of a cluster, which are watched from the first time on that somebody asks.
pub async fn rows(cluster: &Cluster, grant: &Grant) -> Result<Rows, contract::Error> {
    let client = cluster.client(grant)?;
    let rows = cluster.kept.get_or_init(|| Rows::watching(cluster, &client)).clone();
    let mut changed = rows.changed.subscribe();
    let known = async { while rows.is_silent() && changed.changed().await.is_ok() {} };
    // Later changes come by themselves, and a cluster that does not answer slows nobody down again.
    let _late = tokio::time::timeout_at(rows.begun + FIRST, known).await;
    Ok(rows)
}

impl Rows {
    /// Grows with every change of a row.
    pub fn sequence(&self) -> u64 {
        *self.changed.borrow()
    }

    /// Grows with every change in one namespace, pods included.
    pub fn sequence_in(&self, namespace: &NamespaceName) -> u64 {
        let tables = self.tables.read().unwrap_or_else(PoisonError::into_inner);
        tables.sequences.get(namespace.as_str()).copied().unwrap_or_default()
    }

    /// Wakes when the sequence grows.
    pub fn changes(&self) -> watch::Receiver<u64> {
        self.changed.subscribe()
    }

    /// Wakes when the sequence of any namespace grows.
    pub fn sightings(&self) -> watch::Receiver<u64> {
        self.seen.subscribe()
    }

    /// Whether some of the objects are not known now.
    pub fn is_silent(&self) -> bool {
        !self.tables.read().unwrap_or_else(PoisonError::into_inner).unknown.is_empty()
    }

    /// Those that pass.
    pub fn select(&self, passes: impl Fn(&WorkloadRow) -> bool) -> Vec<WorkloadRow> {
        let tables = self.tables.read().unwrap_or_else(PoisonError::into_inner);
        tables.workloads.values().map(|entry| &entry.row).filter(|row| passes(row)).cloned().collect()
    }

    fn watching(cluster: &Cluster, client: &Client) -> Self {
        let mut tables = Tables::default();
        tables.unknown.extend(WorkloadKind::ALL.map(WorkloadKind::plural));
        tables.unknown.insert("pods");
        let rows = Self {
            cluster: cluster.name.clone(),
            tables: Arc::new(RwLock::new(tables)),
            begun: Instant::now(),
            changed: watch::Sender::new(1),
            seen: watch::Sender::new(1),
        };
        for kind in WorkloadKind::ALL {
            let resource = resource(group(kind), kind.as_str(), kind.plural());
            let (mut old, kept) = (BTreeSet::new(), rows.clone());
            let see = move |event| kept.see_workload(kind, &mut old, event);
            let following =
                follow::<Spec, Status>(client.clone(), resource, rows.clone(), kind.plural(), see);
            cluster.watches.add(tokio::spawn(following).abort_handle());
        }
        let (mut old, kept) = (BTreeSet::new(), rows.clone());
        let see = move |event| kept.see_pod(&mut old, event);
        let following = follow(client.clone(), resource("", "Pod", "pods"), rows.clone(), "pods", see);
        cluster.watches.add(tokio::spawn(following).abort_handle());
        rows
    }

    fn see_workload(&self, kind: WorkloadKind, old: &mut BTreeSet<Named>, event: watcher::Event<Workload>) {
        self.change(|tables| match event {
            watcher::Event::Init => {
                let known = tables.workloads.keys().filter(|(known, _)| *known == kind);
                *old = known.map(|(_, named)| named.clone()).collect();
            }
            watcher::Event::InitApply(object) | watcher::Event::Apply(object) => {
                let Some(named) = named(&object.metadata) else { return };
                old.remove(&named);
                tables.touch(&named.0);
                tables.put(&self.cluster, kind, named, object);
            }
            watcher::Event::Delete(object) => {
                if let Some(named) = named(&object.metadata) {
                    tables.touch(&named.0);
                    tables.remove(&(kind, named));
                }
            }
            watcher::Event::InitDone => {
                for named in std::mem::take(old) {
                    tables.remove(&(kind, named));
                }
            }
        });
    }

    fn see_pod(&self, old: &mut BTreeSet<Named>, event: watcher::Event<Pod>) {
        self.change(|tables| match event {
            watcher::Event::Init => *old = tables.pods.keys().cloned().collect(),
            watcher::Event::InitApply(pod) | watcher::Event::Apply(pod) => {
                let Some(named) = named(&pod.metadata) else { return };
                old.remove(&named);
                tables.touch(&named.0);
                tables.put_pod(named, &pod);
            }
            watcher::Event::Delete(pod) => {
                if let Some(named) = named(&pod.metadata) {
                    tables.touch(&named.0);
                    tables.drop_pod(&named);
                }
            }
            watcher::Event::InitDone => {
                for named in std::mem::take(old) {
                    tables.drop_pod(&named);
                }
            }
        });
    }

    fn set_known(&self, watch: &'static str, known: bool) {
        self.change(|tables| {
            tables.changed = true;
            if known {
                tables.unknown.remove(watch);
            } else {
                tables.unknown.insert(watch);
            }
        });
    }

    fn change(&self, change: impl FnOnce(&mut Tables)) {
        let changed = {
            let mut tables = self.tables.write().unwrap_or_else(PoisonError::into_inner);
            change(&mut tables);
            std::mem::take(&mut tables.changed)
        };
        let grow = |sequence: &mut u64| *sequence = sequence.saturating_add(1);
        self.seen.send_modify(grow);
        // Most of what a busy cluster tells changes no row, and then no list has to be made again.
        if changed {
            self.changed.send_modify(grow);
        }
    }
}

impl Tables {
    fn touch(&mut self, namespace: &str) {
        match self.sequences.get_mut(namespace) {
            Some(sequence) => *sequence = sequence.saturating_add(1),
            None => {
                self.sequences.insert(namespace.to_owned(), 1);
            }
        }
    }

    fn put(&mut self, cluster: &ClusterName, kind: WorkloadKind, named: Named, object: Workload) {
        let (namespace, name) = &named;
        let (Ok(namespace), Ok(name)) = (NamespaceName::parse(namespace), ObjectName::parse(name)) else {
            return;
        };
        let row = WorkloadRow {
            target: WorkloadRef { cluster: cluster.clone(), namespace, kind, name },
            health: model::workloads::Health::Progressing,
            reason: String::new(),
            ready: String::new(),
            images: images(&object.spec),
            created_at: created(&object.metadata),
        };
        let entry = Entry {
            generation: object.metadata.generation.unwrap_or_default(),
            spec: object.spec,
            status: object.status.unwrap_or_default(),
            row,
        };
        let key = (kind, named);
        let before = self.workloads.insert(key.clone(), entry).map(|entry| entry.row);
        self.assess(&key, before.as_ref());
    }

    fn remove(&mut self, key: &(WorkloadKind, Named)) {
        self.changed |= self.workloads.remove(key).is_some();
    }

    fn put_pod(&mut self, named: Named, pod: &Pod) {
        let Some((kind, name)) = owner(&pod.metadata) else { return };
        let key = (kind, (named.0.clone(), name));
        match pod.status.as_ref().and_then(trouble) {
            Some(trouble) if pod.metadata.deletion_timestamp.is_none() => {
                self.stuck.entry(key.clone()).or_default().insert(named.1.clone(), trouble);
                self.pods.insert(named, key.clone());
                self.assess_again(&key);
            }
            _ => self.drop_pod(&named),
        }
    }

    /// A pod that is gone, or no longer stuck.
    fn drop_pod(&mut self, named: &Named) {
        let Some(key) = self.pods.remove(named) else { return };
        if let Some(stuck) = self.stuck.get_mut(&key) {
            stuck.remove(&named.1);
            if stuck.is_empty() {
                self.stuck.remove(&key);
            }
        }
        self.assess_again(&key);
    }

    fn assess_again(&mut self, key: &(WorkloadKind, Named)) {
        let before = self.workloads.get(key).map(|entry| entry.row.clone());
        self.assess(key, before.as_ref());
    }

    /// `before` is the row as it was shown.
    fn assess(&mut self, key: &(WorkloadKind, Named), before: Option<&WorkloadRow>) {
        let Some(entry) = self.workloads.get_mut(key) else { return };
        let trouble = self.stuck.get(key).and_then(|stuck| stuck.values().next()).map(String::as_str);
        let found = assess(key.0, entry.generation, &entry.spec, &entry.status, trouble);
        entry.row.ready = ready(key.0, found.progress);
        entry.row.health = found.health;
        entry.row.reason = found.reason;
        self.changed |= before != Some(&entry.row);
    }
}

/// Until the process ends: lists and watches, and lists again after an interruption.
///
/// kube would go on where it was interrupted, and says nothing when it does: on a quiet cluster nobody would know whether
/// it answers again.
async fn follow<S, T>(
    client: Client,
    resource: ApiResource,
    rows: Rows,
    watch: &'static str,
    mut see: impl FnMut(watcher::Event<Object<S, T>>) + Send,
) where
    S: Clone + std::fmt::Debug + DeserializeOwned + Send + 'static,
    T: Clone + Default + std::fmt::Debug + DeserializeOwned + Send + 'static,
{
    let api: Api<Object<S, T>> = Api::all_with(client, &resource);
    loop {
        let events = watcher(api.clone(), watcher::Config::default()).default_backoff();
        let mut events = std::pin::pin!(events);
        let mut known = false;
        while let Some(event) = events.next().await {
            match event {
                Ok(event) => {
                    let whole = matches!(event, watcher::Event::InitDone);
                    see(event);
                    if whole && !known {
                        known = true;
                        rows.set_known(watch, true);
                    }
                }
                Err(error) => {
                    let (cluster, error) = (rows.cluster.as_str(), error.to_string());
                    tracing::warn!(event = "watch.interrupted", cluster, watch, error);
                    if known {
                        rows.set_known(watch, false);
                        break;
                    }
                }
            }
        }
        tokio::time::sleep(AGAIN).await;
    }
}

fn resource(group: &str, kind: &str, plural: &str) -> ApiResource {
    ApiResource {
        group: group.to_owned(),
        version: "v1".to_owned(),
        api_version: if group.is_empty() { "v1".to_owned() } else { format!("{group}/v1") },
        kind: kind.to_owned(),
        plural: plural.to_owned(),
    }
}

fn named(meta: &ObjectMeta) -> Option<Named> {
    Some((meta.namespace.clone()?, meta.name.clone()?))
}
