//! What a table is of, and how its objects are asked for and read.

use std::sync::Arc;

use model::namespaces::NamespaceName;
use model::rows::{Listing, RowKind};

use super::definition::Definition;
use super::kinds::{self, Decoded};

#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) enum Subject {
    Kind(RowKind),
    /// Of Helm's Secrets each, which the rows of releases are made of.
    Revisions,
    /// What the cluster was taught.
    Custom(Arc<Definition>),
}

impl Subject {
    /// As it is told to people.
    pub(crate) fn listing(&self) -> Listing {
        match self {
            Self::Kind(kind) => Listing::Kind(*kind),
            Self::Revisions => Listing::Kind(RowKind::Releases),
            Self::Custom(definition) => Listing::Custom(definition.name.clone()),
        }
    }

    pub(super) fn definition(&self) -> Option<&Definition> {
        match self {
            Self::Custom(definition) => Some(definition),
            Self::Kind(_) | Self::Revisions => None,
        }
    }

    /// Where its objects are, all of them or those of one namespace, with the beginning of a query.
    pub(super) fn target(&self, namespace: Option<&NamespaceName>) -> String {
        let (group, version, plural) = match self {
            Self::Kind(kind) => (kind.group(), kind.version(), kind.resource()),
            Self::Revisions => ("", "v1", RowKind::Secrets.resource()),
            Self::Custom(definition) => (&*definition.group, &*definition.version, &*definition.plural),
        };
        let api = if group.is_empty() { "/api".to_owned() } else { format!("/apis/{group}") };
        let place = namespace.map(|name| format!("/namespaces/{name}")).unwrap_or_default();
        let selector = if *self == Self::Revisions { "labelSelector=owner%3Dhelm&" } else { "" };
        format!("{api}/{version}{place}/{plural}?{selector}")
    }

    /// What is asked for of them, in a list or in a watch.
    pub(super) fn accept(&self, watches: bool) -> &'static str {
        match self {
            // Only what they are called: what they hold is not asked for.
            Self::Kind(RowKind::ConfigMaps | RowKind::Secrets) | Self::Revisions if watches => METADATA,
            Self::Kind(RowKind::ConfigMaps | RowKind::Secrets) | Self::Revisions => METADATA_LIST,
            Self::Kind(_) | Self::Custom(_) => "application/json",
        }
    }

    /// An object as JSON into its row and version.
    pub(super) fn decode(&self, object: &str) -> Decoded {
        match self {
            Self::Kind(kind) => kinds::decode(*kind, object),
            Self::Revisions => kinds::revision(object),
            Self::Custom(definition) => kinds::custom(definition, object),
        }
    }
}

const METADATA: &str = "application/json;as=PartialObjectMetadata;g=meta.k8s.io;v=v1,application/json";
const METADATA_LIST: &str =
    "application/json;as=PartialObjectMetadataList;g=meta.k8s.io;v=v1,application/json";
