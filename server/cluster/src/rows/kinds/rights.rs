//! Roles, and who has them.

use serde::Deserialize;

use super::meta::{Decoded, Meta, text};

#[derive(Deserialize)]
struct Role {
    metadata: Meta,
}

pub(super) fn role(json: &str) -> Decoded {
    let role: Role = serde_json::from_str(json)?;
    Ok(role.metadata.into_row(None, vec![]))
}

#[derive(Deserialize)]
#[serde(rename_all = "camelCase")]
struct Binding {
    metadata: Meta,
    role_ref: Named,
    #[serde(default)]
    subjects: Vec<Named>,
}

#[derive(Deserialize)]
struct Named {
    kind: String,
    name: String,
}

pub(super) fn binding(json: &str) -> Decoded {
    let binding: Binding = serde_json::from_str(json)?;
    let named = |one: &Named| format!("{}/{}", one.kind, one.name);
    let subjects: Vec<_> = binding.subjects.iter().map(named).collect();
    let cells = vec![text(named(&binding.role_ref)), text(subjects.join(", "))];
    Ok(binding.metadata.into_row(None, cells))
}
