//! Clusters: `contract::Clusters`, and what the console prepares in each.

use std::sync::Arc;
use std::time::Duration;

use async_trait::async_trait;
use cluster::{ADMINISTRATORS_BINDING, Cluster, Fleet, ROLES};
use contract::{Actor, Clusters, Error, Kind};
use futures::future::join_all;
use gate::{Gate, Grant, Intent};
use model::access::Action;
use model::clusters::{ClusterName, ClusterOverview, ClusterState, ClusterSummary};
use store::Store;

use crate::bindings::bind_everywhere;

/// Pause between two looks at a cluster that does not answer.
const RETRY: Duration = Duration::from_secs(15);
const STATE: &str = "the state of a cluster is how it answers to the console";

pub struct ConnectedClusters {
    pub fleet: Fleet,
    pub gate: Arc<Gate>,
    pub store: Store,
}

#[async_trait]
impl Clusters for ConnectedClusters {
    async fn list(&self, actor: &Actor) -> Result<Vec<ClusterSummary>, Error> {
        let grant = self.gate.read_as_system(actor, Action::ListClusters, STATE)?;
        let looks = self.fleet.all().iter().map(|cluster| async {
            let state = cluster::state(cluster, &grant).await?;
            Ok(ClusterSummary { name: cluster.name.clone(), state })
        });
        join_all(looks).await.into_iter().collect()
    }

    async fn overview(&self, actor: &Actor, name: &ClusterName) -> Result<ClusterOverview, Error> {
        let grant = self.gate.read(actor, Action::ViewCluster)?;
        let own =
            self.gate.read_as_system(actor, Action::ViewCluster, "nobody else may read its bindings")?;
        let cluster = self.fleet.get(name)?;
        let (overview, administrators) = tokio::join!(
            cluster::overview(cluster, &grant),
            cluster::administrators_are_bound(cluster, &own)
        );
        Ok(ClusterOverview { administrators: administrators.ok(), ..overview? })
    }
}

impl ConnectedClusters {
    /// Gives every cluster the roles that people are bound to, and its namespaces their bindings, as soon as it answers. Ends when all have them.
    pub async fn prepare(&self, administrators_are_cluster_admins: bool) {
        join_all(
            self.fleet
                .all()
                .iter()
                .map(|cluster| self.prepare_one(cluster, administrators_are_cluster_admins)),
        )
        .await;
    }

    /// Keeps the token of the first visit in a Secret of the first cluster, which is the one that the console runs in.
    pub async fn keep_setup_token(&self, namespace: &str, secret: &str, token: &str) -> Result<(), Error> {
        let intent = Intent::new(Action::PrepareCluster, format!("secret {namespace}/{secret}"));
        let reason = "whoever installed the console reads the token there";
        let place = self.fleet.all().first();
        let missing = || Kind::NotFound { what: "the cluster of the setup secret".to_owned() };
        self.gate
            .change_as_console(intent, reason, async |grant| {
                let cluster = place.ok_or_else(missing)?;
                cluster::keep_setup_token(cluster, &grant, namespace, secret, token).await
            })
            .await
    }

    async fn prepare_one(&self, cluster: &Cluster, administrators: bool) {
        let look = self.gate.housekeeping(STATE);
        while !matches!(cluster::state(cluster, &look).await, Ok(ClusterState::Connected { .. })) {
            tokio::time::sleep(RETRY).await;
        }
        let intent = Intent::new(Action::PrepareCluster, format!("cluster {}", cluster.name));
        let reason = "people are bound to roles that the console ships";
        // The gate has logged and audited how it ended; a refusal is for the cluster's owner to mend.
        let _ended = self
            .gate
            .change_as_console(intent, reason, async |grant| {
                let roles = async {
                    cluster::apply_roles(cluster, &grant, ROLES).await?;
                    match administrators {
                        true => cluster::apply_roles(cluster, &grant, ADMINISTRATORS_BINDING).await,
                        false => Ok(()),
                    }
                };
                // Where the console may not make roles, its owner has: the chart brings them.
                match roles.await {
                    Err(error) if matches!(error.kind, Kind::ClusterForbids { .. }) => {
                        let (cluster, error) = (cluster.name.as_str(), error.to_string());
                        tracing::info!(event = "clusters.roles_left_to_owner", cluster, error);
                    }
                    applied => applied?,
                }
                self.repair_bindings(cluster, &grant).await
            })
            .await;
    }

    /// Memberships that changed while the cluster was away.
    async fn repair_bindings(&self, cluster: &Cluster, grant: &Grant) -> Result<(), Error> {
        let namespaces = self.store.namespaces().await?;
        let here: Vec<_> =
            namespaces.into_iter().filter(|namespace| namespace.cluster == cluster.name).collect();
        for project in self.store.projects().await? {
            let own: Vec<_> =
                here.iter().filter(|namespace| namespace.project_id == project.id).cloned().collect();
            if !own.is_empty() {
                let members = self.store.members(&project.id).await?;
                bind_everywhere(&self.fleet, grant, &own, &members).await?;
            }
        }
        Ok(())
    }
}
