//! Namespaces, and how much of what was given to them is used.

use std::collections::BTreeMap;

use model::workloads::Health;
use serde::Deserialize;

use super::meta::{Decoded, Object, text};

#[derive(Default, Deserialize)]
#[serde(default)]
struct Nothing {}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Phase {
    phase: String,
}

/// Lives in itself, so that whoever may see what is in it finds it.
pub(super) fn namespace(json: &str) -> Decoded {
    let namespace: Object<Nothing, Phase> = serde_json::from_str(json)?;
    let phase = namespace.status.phase;
    let health = if phase == "Terminating" { Health::Stopped } else { Health::Healthy };
    let (mut draft, version) = namespace.metadata.into_row(Some(health), vec![text(phase)]);
    draft.namespace.clone_from(&draft.name);
    Ok((draft, version))
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Amounts {
    hard: BTreeMap<String, String>,
    used: BTreeMap<String, String>,
}

/// `pods 3/10, requests.cpu 1/2`.
pub(super) fn quota(json: &str) -> Decoded {
    let quota: Object<Nothing, Amounts> = serde_json::from_str(json)?;
    let Amounts { hard, used } = &quota.status;
    let line = |(key, hard): (&String, &String)| {
        format!("{key} {}/{hard}", used.get(key).map_or("0", String::as_str))
    };
    let lines: Vec<_> = hard.iter().map(line).collect();
    Ok(quota.metadata.into_row(None, vec![text(lines.join(", "))]))
}
