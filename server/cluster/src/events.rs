//! Events, as clusters keep them for about an hour.

use serde::Deserialize;

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EventObject {
    pub(crate) metadata: EventMeta,
    pub(crate) involved_object: Involved,
    /// `Normal` or `Warning`.
    #[serde(default, rename = "type")]
    pub(crate) kind: String,
    #[serde(default)]
    pub(crate) reason: String,
    #[serde(default)]
    pub(crate) message: String,
    #[serde(default)]
    pub(crate) count: Option<i64>,
    #[serde(default)]
    last_timestamp: Option<String>,
    #[serde(default)]
    event_time: Option<String>,
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
pub(crate) struct EventMeta {
    #[serde(default)]
    pub(crate) namespace: String,
    #[serde(default)]
    creation_timestamp: Option<String>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
pub(crate) struct Involved {
    pub(crate) kind: String,
    pub(crate) name: String,
}

impl EventObject {
    /// `Pod/web-1`.
    pub(crate) fn object(&self) -> String {
        format!("{}/{}", self.involved_object.kind, self.involved_object.name)
    }

    /// RFC 3339, UTC; empty when the cluster does not say. Which field has it depends on who reported the event.
    pub(crate) fn last_at(&self) -> String {
        let known = [&self.last_timestamp, &self.event_time, &self.metadata.creation_timestamp];
        known.into_iter().flatten().next().cloned().unwrap_or_default()
    }
}
