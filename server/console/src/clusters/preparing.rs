//! What the console makes in each cluster, and keeps as it is: roles, and memberships as role bindings.

use std::collections::BTreeSet;
use std::sync::Arc;
use std::time::Duration;

use cluster::{ADMINISTRATORS_BINDING, Cluster, ROLES};
use contract::{Error, Kind};
use futures::future::join_all;
use gate::{Grant, Intent};
use model::access::Action;
use model::clusters::{ClusterName, ClusterState};
use tokio::sync::oneshot;

use super::{ConnectedClusters, STATE};
use crate::bindings::bound;

/// Pause between two looks at a cluster that does not answer.
const RETRY: Duration = Duration::from_secs(15);
/// Pause between two looks at the bindings of one that does.
const LOOK: Duration = Duration::from_secs(60);
/// Longest wait for a cluster that was just connected.
const PREPARING: Duration = Duration::from_secs(5);
const BINDINGS: &str = "people are bound to roles that the console ships";

impl ConnectedClusters {
    /// Gives every cluster the roles that people are bound to, and its namespaces their bindings, as soon as it answers. Ends when
    /// all have them.
    pub async fn prepare(&self, administrators_are_cluster_admins: bool) {
        let clusters = self.fleet.all();
        let all = clusters.iter().map(|cluster| self.prepare_one(cluster, administrators_are_cluster_admins));
        join_all(all).await;
    }

    /// Prepares every cluster, and then sees for ever that its bindings are those of our books.
    pub async fn keep_prepared(&self, administrators_are_cluster_admins: bool) {
        // Without them nobody knows whose owner agreed to what.
        let stored = loop {
            match self.store.clusters().await {
                Ok(stored) => break stored,
                Err(error) => tracing::error!(event = "clusters.unread", error = error.to_string()),
            }
            tokio::time::sleep(RETRY).await;
        };
        for cluster in self.fleet.all() {
            let known = stored.iter().find(|known| known.name == cluster.name);
            let administrators =
                known.map_or(administrators_are_cluster_admins, |known| known.administrators);
            drop(self.prepare_in_background(&cluster.name, administrators));
        }
    }

    /// As [`ConnectedClusters::prepare_in_background`], waiting for a moment, so that the next page finds it done.
    pub(super) async fn prepare_now(&self, name: &ClusterName, administrators: bool) {
        let prepared = self.prepare_in_background(name, administrators);
        let _later = tokio::time::timeout(PREPARING, prepared).await;
    }

    /// What it returns is told when the cluster is prepared.
    fn prepare_in_background(&self, name: &ClusterName, administrators: bool) -> oneshot::Receiver<()> {
        let (book, name) = (self.clone(), name.clone());
        let (prepared, told) = oneshot::channel();
        tokio::spawn(async move {
            let Ok(cluster) = book.fleet.get(&name) else { return };
            book.prepare_one(&cluster, administrators).await;
            // Nobody may be waiting any more.
            let _nobody = prepared.send(());
            while book.is_connected(&cluster) {
                tokio::time::sleep(LOOK).await;
                // The gate has logged what failed, and the next look tries again.
                let _ended = book.repair(&cluster).await;
            }
        });
        told
    }

    /// Until it is disconnected, or another credential took its place.
    fn is_connected(&self, cluster: &Arc<Cluster>) -> bool {
        self.fleet.get(&cluster.name).is_ok_and(|now| Arc::ptr_eq(&now, cluster))
    }

    /// Keeps the token of the first visit in a Secret of the first cluster, which is the one that the console runs in.
    pub async fn keep_setup_token(&self, namespace: &str, secret: &str, token: &str) -> Result<(), Error> {
        let intent = Intent::new(Action::PrepareCluster, format!("secret {namespace}/{secret}"));
        let reason = "whoever installed the console reads the token there";
        let clusters = self.fleet.all();
        let place = clusters.first();
        let missing = || Kind::NotFound { what: "the cluster of the setup secret".to_owned() };
        self.gate
            .change_as_console(intent, reason, async |grant| {
                let cluster = place.ok_or_else(missing)?;
                cluster::keep_setup_token(cluster, &grant, namespace, secret, token).await
            })
            .await
    }

    async fn prepare_one(&self, cluster: &Arc<Cluster>, administrators: bool) {
        let look = self.gate.housekeeping(STATE);
        while !matches!(cluster::state(cluster, &look).await, Ok(ClusterState::Connected { .. })) {
            tokio::time::sleep(RETRY).await;
            if !self.is_connected(cluster) {
                return;
            }
        }
        let intent = Intent::new(Action::PrepareCluster, format!("cluster {}", cluster.name));
        // The gate has logged and audited how it ended; a refusal is for the cluster's owner to mend.
        let _ended = self
            .gate
            .change_as_console(intent, BINDINGS, async |grant| {
                let roles = async {
                    cluster::apply_roles(cluster, &grant, ROLES).await?;
                    match administrators {
                        true => cluster::apply_roles(cluster, &grant, ADMINISTRATORS_BINDING).await,
                        false => Ok(()),
                    }
                };
                // Where the console may not make roles, its owner has: the chart or the manifest brings them.
                match roles.await {
                    Err(error) if matches!(error.kind, Kind::ClusterForbids { .. }) => {
                        let (cluster, error) = (cluster.name.as_str(), error.to_string());
                        tracing::info!(event = "clusters.roles_left_to_owner", cluster, error);
                    }
                    applied => applied?,
                }
                let mut first = Ok(());
                for drift in self.drifts(cluster, &grant).await? {
                    let done = self.mend(cluster, &grant, &drift).await;
                    if first.is_ok() {
                        first = done;
                    }
                }
                first
            })
            .await;
    }

    /// Gives namespaces whose bindings are not those of our books the right ones. Bindings of others are left alone.
    pub async fn repair(&self, cluster: &Cluster) -> Result<(), Error> {
        let look = self.gate.housekeeping(BINDINGS);
        // One that cannot be mended holds up no other.
        let mut first = Ok(());
        for drift in self.drifts(cluster, &look).await? {
            let words = format!("role bindings of namespace {} in cluster {}", drift.namespace, cluster.name);
            let intent = Intent::new(Action::PrepareCluster, words);
            let bind = async |grant| self.mend(cluster, &grant, &drift).await;
            let done = self.gate.change_as_console(intent, BINDINGS, bind).await;
            if first.is_ok() {
                first = done;
            }
        }
        first
    }

    /// With those who are members at this moment: somebody may have left since the look.
    async fn mend(&self, cluster: &Cluster, grant: &Grant, drift: &Drift) -> Result<(), Error> {
        let members = self.store.members(&drift.project_id, self.clock.now()).await?;
        cluster::bind(cluster, grant, &drift.namespace, &bound(&members)).await
    }

    async fn drifts(&self, cluster: &Cluster, grant: &Grant) -> Result<Vec<Drift>, Error> {
        // The books after the cluster: what is being added at this moment is in them first.
        let now = cluster::bound_now(cluster, grant).await?;
        let namespaces = self.store.namespaces().await?;
        let mut drifts = Vec::new();
        for project in self.store.projects().await? {
            let here = namespaces
                .iter()
                .filter(|namespace| namespace.project_id == project.id && namespace.cluster == cluster.name);
            let here: Vec<_> = here.collect();
            if here.is_empty() {
                continue;
            }
            let wanted = bound(&self.store.members(&project.id, self.clock.now()).await?);
            for namespace in here {
                let differs = |(role, people): &(&str, Vec<String>)| {
                    let key = (namespace.name.to_string(), (*role).to_owned());
                    let there = now.get(&key).cloned().unwrap_or_default();
                    there != people.iter().cloned().collect::<BTreeSet<_>>()
                };
                if wanted.iter().any(differs) {
                    drifts.push(Drift { namespace: namespace.name.clone(), project_id: project.id.clone() });
                }
            }
        }
        Ok(drifts)
    }
}

/// A namespace where somebody is bound, or not, otherwise than in our books.
struct Drift {
    namespace: model::namespaces::NamespaceName,
    project_id: String,
}
