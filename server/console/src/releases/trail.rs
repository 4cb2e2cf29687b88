//! What the trail keeps of a release.

use cluster::Cluster;
use contract::{Error, Kind};
use gate::Grant;
use helm::StoredRelease;
use model::releases::ReleaseRef;
use serde_json::{Value, json};

use super::{secrets, values_text};

/// The release as it is, in words; empty when there is none, nothing when the person may not read it.
pub(super) async fn standing(cluster: &Cluster, grant: &Grant, target: &ReleaseRef) -> Option<String> {
    match secrets::revisions(cluster, grant, target).await {
        Ok(revisions) => in_words(revisions.first()?).ok(),
        Err(Error { kind: Kind::NotFound { .. }, .. }) => Some(String::new()),
        Err(_) => None,
    }
}

fn in_words(release: &StoredRelease) -> Result<String, Error> {
    let meta = &release.chart.metadata;
    let mut values = release.config.clone();
    hide(&mut values);
    let set = values_text(&values)?;
    Ok(format!("chart: {} {}\nrevision: {}\nvalues:\n{set}", meta.name, meta.version, release.version))
}

/// Largest number that is shown: replicas and ports, not passwords.
const LARGEST: i64 = 65_535;

/// Charts take passwords as values, and nothing says which those are: of a text only that it is there is kept.
fn hide(value: &mut Value) {
    match value {
        Value::String(_) => *value = json!("(not kept)"),
        Value::Array(values) => values.iter_mut().for_each(hide),
        Value::Object(fields) => fields.values_mut().for_each(hide),
        Value::Number(number) if number.as_i64().is_none_or(|number| number.abs() > LARGEST) => {
            *value = json!("(not kept)");
        }
        Value::Null | Value::Bool(_) | Value::Number(_) => {}
    }
}
