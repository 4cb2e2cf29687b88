//! What rows show, and what lists are sorted by.

use serde::{Deserialize, Serialize};

use super::custom::{PLACES, PRINTED};

/// Declares each column once, with its word in filters and addresses.
macro_rules! columns {
    ($($column:ident: $word:literal),+ $(,)?) => {
        /// A column, by what stands in it.
        #[derive(Clone, Copy, Debug, PartialEq, Eq, Hash, PartialOrd, Ord, Serialize, Deserialize)]
        #[serde(rename_all = "snake_case")]
        pub enum Column {
            $($column,)+
            /// Of a kind that the cluster was taught, by its place.
            Printed(u8),
        }

        impl Column {
            pub fn as_str(self) -> &'static str {
                match self {
                    $(Self::$column => $word,)+
                    Self::Printed(at) => PLACES.get(usize::from(at)).unwrap_or(&""),
                }
            }

            pub fn parse(word: &str) -> Option<Self> {
                match word {
                    $($word => Some(Self::$column),)+
                    place => {
                        let at = PLACES.iter().position(|known| *known == place)?;
                        PRINTED.get(at).copied()
                    }
                }
            }
        }
    };
}

columns! {
    Kind: "kind",
    Status: "status",
    Ready: "ready",
    Restarts: "restarts",
    Node: "node",
    Address: "address",
    Owner: "owner",
    Images: "images",
    Roles: "roles",
    Version: "version",
    Cpu: "cpu",
    Memory: "memory",
    Type: "type",
    Ports: "ports",
    Class: "class",
    Hosts: "hosts",
    Volume: "volume",
    Capacity: "capacity",
    Claim: "claim",
    Provisioner: "provisioner",
    Reason: "reason",
    Object: "object",
    Message: "message",
    Count: "count",
    Target: "target",
    Subjects: "subjects",
    Used: "used",
    Revision: "revision",
    Group: "group",
    Scope: "scope",
}

/// What a list is sorted by; equal ones by name.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum SortBy {
    #[default]
    Name,
    Namespace,
    Cluster,
    /// The youngest first.
    Age,
    Health,
    Column(Column),
}

impl SortBy {
    /// The word in addresses.
    pub fn as_str(self) -> &'static str {
        match self {
            Self::Name => "name",
            Self::Namespace => "namespace",
            Self::Cluster => "cluster",
            Self::Age => "age",
            Self::Health => "health",
            Self::Column(column) => column.as_str(),
        }
    }

    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "name" => Some(Self::Name),
            "namespace" => Some(Self::Namespace),
            "cluster" => Some(Self::Cluster),
            "age" => Some(Self::Age),
            "health" => Some(Self::Health),
            word => Column::parse(word).map(Self::Column),
        }
    }
}
