//! The clusters that the console is connected to.

use std::sync::Arc;

use contract::{Error, Kind};
use model::clusters::ClusterName;

use crate::client::Cluster;

/// Cheap to clone.
#[derive(Clone, Default)]
pub struct Fleet {
    clusters: Arc<[Cluster]>,
}

impl Fleet {
    pub fn new(clusters: Vec<Cluster>) -> Self {
        Self { clusters: clusters.into() }
    }

    pub fn all(&self) -> &[Cluster] {
        &self.clusters
    }

    /// Errors: `NotFound`.
    pub fn get(&self, name: &ClusterName) -> Result<&Cluster, Error> {
        let found = self.clusters.iter().find(|cluster| cluster.name == *name);
        found.ok_or_else(|| Kind::NotFound { what: format!("cluster {name}") }.into())
    }
}
