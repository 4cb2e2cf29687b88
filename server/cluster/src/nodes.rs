//! How many nodes there are, for the licence.

use std::sync::atomic::Ordering;

use contract::Error;
use gate::Grant;

use crate::client::Cluster;
use crate::read::Reader;

/// Asks the cluster how many nodes it has, and keeps that for [`Cluster::nodes`]. Where the console may not list them it stays as
/// it is. Errors: those of clusters.
pub async fn count_nodes(cluster: &Cluster, grant: &Grant) -> Result<(), Error> {
    let client = cluster.client(grant)?;
    let counted = Reader { cluster, client: &client }.count("/api/v1/nodes").await?;
    if let Ok(count) = counted {
        cluster.counted.store(count, Ordering::Relaxed);
    }
    Ok(())
}

impl Cluster {
    /// Nodes when they were last counted; none before the first time.
    pub fn nodes(&self) -> u32 {
        self.counted.load(Ordering::Relaxed)
    }
}
