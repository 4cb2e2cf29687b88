//! Where is looked.

use serde::{Deserialize, Serialize};

use crate::clusters::ClusterName;
use crate::namespaces::NamespaceName;
use crate::projects::ProjectName;

/// Each list that names nothing allows everything; what is named has to hold of all three.
#[derive(Clone, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(default)]
pub struct Scope {
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub clusters: Vec<ClusterName>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub projects: Vec<ProjectName>,
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub namespaces: Vec<NamespaceName>,
}

impl Scope {
    pub fn is_everything(&self) -> bool {
        self.clusters.is_empty() && self.projects.is_empty() && self.namespaces.is_empty()
    }
}
