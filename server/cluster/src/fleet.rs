//! The clusters that the console is connected to.

use std::sync::{Arc, PoisonError, RwLock};

use contract::{Error, Kind};
use model::clusters::ClusterName;

use crate::client::Cluster;

/// Cheap to clone; clones see what is connected and disconnected.
#[derive(Clone, Default)]
pub struct Fleet {
    clusters: Arc<RwLock<Vec<Arc<Cluster>>>>,
}

impl Fleet {
    pub fn new(clusters: Vec<Cluster>) -> Self {
        Self { clusters: Arc::new(RwLock::new(clusters.into_iter().map(Arc::new).collect())) }
    }

    /// As they are now, in the order they were connected.
    pub fn all(&self) -> Vec<Arc<Cluster>> {
        self.clusters.read().unwrap_or_else(PoisonError::into_inner).clone()
    }

    /// Errors: `NotFound`.
    pub fn get(&self, name: &ClusterName) -> Result<Arc<Cluster>, Error> {
        let found = self.all().into_iter().find(|cluster| cluster.name == *name);
        found.ok_or_else(|| Kind::NotFound { what: format!("cluster {name}") }.into())
    }

    /// Connects a cluster, in the place of one with its name.
    pub fn connect(&self, cluster: Cluster) -> Arc<Cluster> {
        let cluster = Arc::new(cluster);
        let mut clusters = self.clusters.write().unwrap_or_else(PoisonError::into_inner);
        match clusters.iter_mut().find(|known| known.name == cluster.name) {
            Some(known) => *known = cluster.clone(),
            None => clusters.push(cluster.clone()),
        }
        cluster
    }

    /// What works on it at this moment ends by itself; its watches end with that.
    pub fn disconnect(&self, name: &ClusterName) {
        let mut clusters = self.clusters.write().unwrap_or_else(PoisonError::into_inner);
        clusters.retain(|cluster| cluster.name != *name);
    }
}
