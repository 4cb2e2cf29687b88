//! What is found among everything that somebody may see.

use serde::{Deserialize, Serialize};

use super::{ClusterRows, Listing, RowKind};
use crate::clusters::ClusterName;
use crate::workloads::Health;

/// Most hits of one answer.
pub const MOST_FOUND: usize = 100;

/// The best come first.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Found {
    /// At most [`MOST_FOUND`].
    pub hits: Vec<Hit>,
    pub total: u32,
    /// Clusters of which not all is known.
    pub clusters: Vec<ClusterRows>,
}

#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Hit {
    /// A kind that every cluster has, or one that some were taught.
    pub kind: Listing,
    pub cluster: ClusterName,
    /// Empty for what lives in none.
    pub namespace: String,
    pub name: String,
    pub health: Option<Health>,
    /// The label, image, address or owner that was found; empty when it was the name.
    pub why: String,
}

impl RowKind {
    /// Everything but what happened, of which there is too much.
    pub fn searched() -> impl Iterator<Item = Self> {
        Self::ALL.iter().copied().filter(|kind| *kind != Self::Events)
    }
}
