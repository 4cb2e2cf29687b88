//! Roles, and who has them.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use serde::Deserialize;
use serde_json::value::RawValue;

use super::meta::{Decoded, Meta, text};
use crate::rows::table::Value;

#[derive(Deserialize)]
struct Role<'a> {
    metadata: Meta,
    #[serde(borrow)]
    rules: Option<&'a RawValue>,
}

/// Behind its columns a row knows whether the rules are others, because then somebody may see something else.
pub(super) fn role(json: &str) -> Decoded {
    let role: Role<'_> = serde_json::from_str(json)?;
    let mut hasher = DefaultHasher::new();
    role.rules.map(RawValue::get).hash(&mut hasher);
    Ok(role.metadata.into_row(None, vec![Value::Number(hasher.finish().cast_signed())]))
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
    /// Of service accounts.
    #[serde(default)]
    namespace: String,
}

pub(super) fn binding(json: &str) -> Decoded {
    let binding: Binding = serde_json::from_str(json)?;
    let named = |one: &Named| match one.namespace.as_str() {
        "" => format!("{}/{}", one.kind, one.name),
        namespace => format!("{}/{namespace}/{}", one.kind, one.name),
    };
    let subjects: Vec<_> = binding.subjects.iter().map(named).collect();
    let cells = vec![text(named(&binding.role_ref)), text(subjects.join(", "))];
    Ok(binding.metadata.into_row(None, cells))
}
