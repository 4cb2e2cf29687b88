//! What every object says of itself.

use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use model::workloads::Health;
use serde::Deserialize;
use serde::de::{Deserializer, MapAccess, Visitor};

use crate::rows::table::{Draft, Value};

/// The label of a Deployment's pods that ends the name of their ReplicaSet.
const HASH: &str = "pod-template-hash=";

/// A row, and the version of its object.
pub(in crate::rows) type Decoded = Result<(Draft, String), serde_json::Error>;

/// An object of the usual shape.
#[derive(Deserialize)]
pub(super) struct Object<S, T> {
    pub(super) metadata: Meta,
    #[serde(default)]
    pub(super) spec: S,
    #[serde(default)]
    pub(super) status: T,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
pub(super) struct Meta {
    name: String,
    namespace: String,
    resource_version: String,
    generation: i64,
    creation_timestamp: Option<Time>,
    deletion_timestamp: Option<Time>,
    labels: Labels,
    owner_references: Vec<Owner>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Owner {
    kind: String,
    name: String,
    #[serde(default)]
    controller: bool,
}

impl Meta {
    pub(super) fn is_going(&self) -> bool {
        self.deletion_timestamp.is_some()
    }

    /// Counts the changes of what is wanted.
    pub(super) fn generation(&self) -> i64 {
        self.generation
    }

    /// `key=value` with commas.
    pub(super) fn labels(&self) -> &str {
        &self.labels.0
    }

    /// `StatefulSet/web`, of what controls it; of a ReplicaSet the Deployment that made it, whose name it begins with.
    pub(super) fn owner(&self) -> Value {
        let Some(Owner { kind, name, .. }) = self.owner_references.iter().find(|owner| owner.controller)
        else {
            return Value::Nothing;
        };
        let mut hashes = self.labels.0.split(',').filter_map(|label| label.strip_prefix(HASH));
        let deployment = hashes.next().and_then(|hash| name.strip_suffix(hash)?.strip_suffix('-'));
        match deployment.filter(|_| kind == "ReplicaSet") {
            Some(deployment) => Value::Text(format!("Deployment/{deployment}")),
            None => Value::Text(format!("{kind}/{name}")),
        }
    }

    pub(super) fn into_row(self, health: Option<Health>, cells: Vec<Value>) -> (Draft, String) {
        let draft = Draft {
            created: self.creation_timestamp.map(|at| at.0.as_second()).unwrap_or_default(),
            namespace: self.namespace,
            name: self.name,
            labels: self.labels.0,
            health,
            cells,
        };
        (draft, self.resource_version)
    }
}

/// `key=value` with commas, in the order that the cluster sends them in, which is that of the keys.
#[derive(Default)]
struct Labels(String);

impl<'de> Deserialize<'de> for Labels {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        struct Pairs;
        impl<'de> Visitor<'de> for Pairs {
            type Value = Labels;

            fn expecting(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
                f.write_str("labels")
            }

            fn visit_unit<E>(self) -> Result<Labels, E> {
                Ok(Labels::default())
            }

            fn visit_map<A: MapAccess<'de>>(self, mut pairs: A) -> Result<Labels, A::Error> {
                let mut all = String::new();
                while let Some((key, value)) = pairs.next_entry::<String, String>()? {
                    if !all.is_empty() {
                        all.push(',');
                    }
                    all.push_str(&key);
                    all.push('=');
                    all.push_str(&value);
                }
                Ok(Labels(all))
            }
        }
        deserializer.deserialize_any(Pairs)
    }
}

/// Nothing where there is nothing to say.
pub(super) fn text(text: impl Into<String>) -> Value {
    let text = text.into();
    if text.is_empty() { Value::Nothing } else { Value::Text(text) }
}
