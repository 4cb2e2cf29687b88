//! Secrets, of which only what they are called is known, and what Helm writes on its own.

use serde::Deserialize;

use super::meta::{Decoded, Meta, text};
use crate::rows::table::Value;

#[derive(Deserialize)]
struct Named {
    metadata: Meta,
}

pub(super) fn secret(json: &str) -> Decoded {
    let secret: Named = serde_json::from_str(json)?;
    Ok(secret.metadata.into_row(None, vec![]))
}

/// One revision of a release, under the name of its Secret: of which release, which, and Helm's word for its state.
pub(super) fn revision(json: &str) -> Decoded {
    let secret: Named = serde_json::from_str(json)?;
    let label = |key: &str| {
        let mut labels = secret.metadata.labels().split(',').filter_map(|label| label.split_once('='));
        labels.find(|(known, _)| *known == key).map(|(_, value)| value.to_owned())
    };
    let number = label("version").and_then(|version| version.parse::<u32>().ok());
    let cells = vec![
        text(label("name").unwrap_or_default()),
        number.map_or(Value::Nothing, |number| Value::Number(i64::from(number))),
        text(label("status").unwrap_or_default()),
    ];
    Ok(secret.metadata.into_row(None, cells))
}
