//! Lists of what clusters hold, in one shape for every kind.

mod column;
mod custom;
mod delta;
mod filter;
mod listing;
mod saved;
mod scope;
mod search;
mod state;

use serde::{Deserialize, Serialize};

pub use column::{Column, SortBy};
pub use custom::{Custom, CustomName, MOST_PRINTED, Printed, Shape};
pub use delta::{Piece, RowDelta};
pub use filter::{RowFilter, Term, has_label};
pub use listing::Listing;
pub use saved::{MOST_SAVED, SavedView};
pub use scope::Scope;
pub use search::{Found, Hit, MOST_FOUND};
pub use state::{ClusterRows, RowState, TableHealth};

use crate::clusters::ClusterName;
use crate::workloads::{Health, WorkloadKind};

/// Most rows of one window.
pub const LONGEST: u32 = 200;

/// Declares each kind once: its group, the name of the resource, whether it lives in namespaces, and what its rows show.
macro_rules! kinds {
    ($($kind:ident: $group:literal $version:literal $plural:literal $namespaced:literal [$($column:ident),*];)+) => {
        /// What there are lists of. Of Secrets and ConfigMaps only what they are called is read; releases are what Helm writes on
        /// its Secrets.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum RowKind {
            $($kind),+
        }

        impl RowKind {
            pub const ALL: &[Self] = &[$(Self::$kind),+];

            /// The part of the console's addresses; but for releases as Kubernetes names the resource.
            pub fn plural(self) -> &'static str {
                match self {
                    $(Self::$kind => $plural),+
                }
            }

            /// Its API group; empty for the first one.
            pub fn group(self) -> &'static str {
                match self {
                    $(Self::$kind => $group),+
                }
            }

            pub fn version(self) -> &'static str {
                match self {
                    $(Self::$kind => $version),+
                }
            }

            pub fn namespaced(self) -> bool {
                match self {
                    $(Self::$kind => $namespaced),+
                }
            }

            /// What a row shows besides name, namespace, cluster and age.
            pub fn columns(self) -> &'static [Column] {
                match self {
                    $(Self::$kind => &[$(Column::$column),*]),+
                }
            }
        }
    };
}

kinds! {
    Pods: "" "v1" "pods" true [Status, Ready, Restarts, Node, Address, Owner, Images];
    Nodes: "" "v1" "nodes" false [Status, Roles, Version, Address, Cpu, Memory];
    Namespaces: "" "v1" "namespaces" false [Status];
    Deployments: "apps" "v1" "deployments" true [Kind, Status, Ready, Images];
    StatefulSets: "apps" "v1" "statefulsets" true [Kind, Status, Ready, Images];
    DaemonSets: "apps" "v1" "daemonsets" true [Kind, Status, Ready, Images];
    Jobs: "batch" "v1" "jobs" true [Kind, Status, Ready, Images];
    CronJobs: "batch" "v1" "cronjobs" true [Kind, Status, Ready, Images];
    ReplicaSets: "apps" "v1" "replicasets" true [Ready, Owner, Images];
    Services: "" "v1" "services" true [Type, Address, Ports];
    Ingresses: "networking.k8s.io" "v1" "ingresses" true [Class, Hosts, Address];
    HttpRoutes: "gateway.networking.k8s.io" "v1" "httproutes" true [Hosts, Target];
    ConfigMaps: "" "v1" "configmaps" true [];
    PersistentVolumeClaims: "" "v1" "persistentvolumeclaims" true [Status, Volume, Capacity, Class];
    PersistentVolumes: "" "v1" "persistentvolumes" false [Status, Capacity, Claim, Class];
    StorageClasses: "storage.k8s.io" "v1" "storageclasses" false [Provisioner];
    Events: "" "v1" "events" true [Type, Reason, Object, Message, Count];
    HorizontalPodAutoscalers: "autoscaling" "v2" "horizontalpodautoscalers" true [Target, Ready];
    ResourceQuotas: "" "v1" "resourcequotas" true [Used];
    Secrets: "" "v1" "secrets" true [];
    Releases: "" "v1" "releases" true [Status, Revision];
    CustomResourceDefinitions: "apiextensions.k8s.io" "v1" "customresourcedefinitions" false [Kind, Group, Scope, Version];
    Roles: "rbac.authorization.k8s.io" "v1" "roles" true [];
    RoleBindings: "rbac.authorization.k8s.io" "v1" "rolebindings" true [Target, Subjects];
    ClusterRoles: "rbac.authorization.k8s.io" "v1" "clusterroles" false [];
    ClusterRoleBindings: "rbac.authorization.k8s.io" "v1" "clusterrolebindings" false [Target, Subjects];
}

impl RowKind {
    /// Everything that runs something.
    pub const WORKLOADS: [Self; 5] =
        [Self::Deployments, Self::StatefulSets, Self::DaemonSets, Self::Jobs, Self::CronJobs];

    /// As Kubernetes names it.
    pub fn resource(self) -> &'static str {
        if self == Self::Releases { Self::Secrets.plural() } else { self.plural() }
    }

    /// Whether these are Secrets, which the console's own account may not be allowed to read.
    pub fn is_secret(self) -> bool {
        matches!(self, Self::Secrets | Self::Releases)
    }

    pub fn workload(self) -> Option<WorkloadKind> {
        WorkloadKind::ALL.into_iter().find(|kind| kind.plural() == self.plural())
    }

    pub fn parse(plural: &str) -> Option<Self> {
        Self::ALL.iter().copied().find(|kind| kind.plural() == plural)
    }
}

/// The part of a list that somebody looks at.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RowQuery {
    pub kind: Listing,
    /// As typed.
    pub filter: String,
    /// The first counts most; `true` turns it around.
    pub sort: Vec<(SortBy, bool)>,
    pub offset: u32,
    /// At most [`LONGEST`].
    pub length: u32,
    /// Columns that are left out; where nothing is said, those for wide tables.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub hidden: Option<Vec<Column>>,
    /// Where is looked.
    #[serde(default, skip_serializing_if = "Scope::is_everything")]
    pub scope: Scope,
}

impl RowQuery {
    /// The beginning of what passes a filter.
    pub fn new(kind: Listing, filter: impl Into<String>) -> Self {
        let (filter, scope) = (filter.into(), Scope::default());
        Self { kind, filter, sort: vec![], offset: 0, length: LONGEST, hidden: None, scope }
    }

    /// What is shown of each row. That it is of this kind or that always is.
    pub fn columns(&self, custom: Option<&Custom>) -> Vec<Column> {
        let shown = |column: &Column| *column == Column::Kind || !self.hides(*column, custom);
        self.kind.columns(custom).iter().copied().filter(shown).collect()
    }

    /// Whether a column is left out.
    pub fn hides(&self, column: Column, custom: Option<&Custom>) -> bool {
        match &self.hidden {
            Some(hidden) => hidden.contains(&column),
            None => is_wide(column, custom),
        }
    }

    /// As it would be with a column left out, or shown when it is.
    #[must_use]
    pub fn turned(&self, column: Column, custom: Option<&Custom>) -> Self {
        let is_hidden = |other: &Column| (*other == column) != self.hides(*other, custom);
        let columns = self.kind.columns(custom).iter().copied();
        let hidden: Vec<_> = columns.clone().filter(is_hidden).collect();
        // What is usual need not be said.
        let is_usual = columns.filter(|column| is_wide(*column, custom)).eq(hidden.iter().copied());
        Self { hidden: (!is_usual).then_some(hidden), ..self.clone() }
    }
}

fn is_wide(column: Column, custom: Option<&Custom>) -> bool {
    custom.and_then(|custom| custom.printed(column)).is_some_and(|printed| printed.wide)
}

/// What they see.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct RowWindow {
    pub rows: Vec<RowView>,
    pub offset: u32,
    /// Of all that pass the filter.
    pub total: u32,
    /// Of all that pass the filter but for what it says of the status; empty for kinds that have none.
    pub counts: Vec<(Health, u32)>,
    pub clusters: Vec<ClusterRows>,
    /// What the list looks like, where a cluster was taught its kind.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub custom: Option<Custom>,
}

/// One row.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
pub struct RowView {
    pub cluster: ClusterName,
    /// Empty for what lives in none.
    pub namespace: String,
    pub name: String,
    pub health: Option<Health>,
    /// Unix seconds.
    pub created: u32,
    /// In the order of [`RowQuery::columns`].
    pub cells: Vec<RowCell>,
}

/// Each has a shape of its own in JSON: `null`, `"text"`, `7`, `[1, 2]`.
#[derive(Clone, Debug, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(untagged)]
pub enum RowCell {
    Nothing,
    Text(String),
    Number(i64),
    /// So many of so many.
    Part(u32, u32),
}

/// What is told of a list that is followed.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum RowNews {
    Window(RowWindow),
    /// Of the window that was told before.
    Delta(RowDelta),
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn each_kind_and_column_is_found_by_its_word() {
        for kind in RowKind::ALL {
            assert_eq!(RowKind::parse(kind.plural()), Some(*kind));
            for column in kind.columns() {
                assert_eq!(SortBy::parse(column.as_str()), Some(SortBy::Column(*column)));
            }
        }
        for kind in WorkloadKind::ALL {
            assert_eq!(RowKind::parse(kind.plural()).and_then(RowKind::workload), Some(kind));
        }
    }
}
