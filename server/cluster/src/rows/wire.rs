//! Lists and events as an API server sends them, as far as every kind has it.

use std::borrow::Cow;

use serde::Deserialize;
use serde_json::value::RawValue;

/// What an object says of itself.
pub(super) fn marks(object: &str) -> Result<Marks, serde_json::Error> {
    let object: Marked = serde_json::from_str(object)?;
    Ok(object.metadata)
}

#[derive(Deserialize)]
pub(super) struct Page<'a> {
    pub(super) metadata: PageMeta,
    #[serde(borrow, default, deserialize_with = "or_empty")]
    pub(super) items: Vec<&'a RawValue>,
}

/// Some servers say null for nothing.
fn or_empty<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<Vec<&'de RawValue>, D::Error> {
    Ok(Option::deserialize(deserializer)?.unwrap_or_default())
}

#[derive(Deserialize)]
pub(super) struct PageMeta {
    #[serde(default, rename = "resourceVersion")]
    pub(super) version: String,
    #[serde(default, rename = "continue")]
    pub(super) next: String,
}

#[derive(Deserialize)]
pub(super) struct Event<'a> {
    #[serde(borrow, rename = "type")]
    pub(super) kind: Cow<'a, str>,
    #[serde(borrow)]
    pub(super) object: &'a RawValue,
}

#[derive(Deserialize)]
pub(super) struct Status {
    #[serde(default)]
    pub(super) code: u16,
    #[serde(default)]
    pub(super) message: String,
}

#[derive(Deserialize)]
struct Marked {
    metadata: Marks,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Marks {
    pub(super) name: String,
    pub(super) namespace: String,
    #[serde(rename = "resourceVersion")]
    pub(super) version: String,
    pub(super) annotations: Annotations,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(super) struct Annotations {
    #[serde(rename = "k8s.io/initial-events-end", deserialize_with = "yes")]
    /// Of the bookmark after a streamed list.
    pub(super) ends: bool,
}

fn yes<'de, D: serde::Deserializer<'de>>(deserializer: D) -> Result<bool, D::Error> {
    Ok(String::deserialize(deserializer)? == "true")
}
