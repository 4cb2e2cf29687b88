//! What clusters are taught: definitions of kinds, and objects of these kinds with what their authors want printed.

use jsonpath_rust::query::js_path_process;
use k8s_openapi::apimachinery::pkg::apis::meta::v1::Time;
use model::rows::Shape;
use serde::Deserialize;
use serde_json::Value as Json;

use super::meta::{Decoded, Meta, Object, text};
use crate::rows::definition::{Definition, Kept, KeptColumn, hidden};
use crate::rows::table::Value;

/// The age of an object, which every row has.
const AGE: &str = ".metadata.creationTimestamp";

#[derive(Default, Deserialize)]
#[serde(default)]
struct Spec {
    group: String,
    names: Names,
    scope: String,
    versions: Vec<Version>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Names {
    kind: String,
    plural: String,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Version {
    name: String,
    served: bool,
    storage: bool,
    additional_printer_columns: Vec<Column>,
}

#[derive(Default, Deserialize)]
#[serde(default, rename_all = "camelCase")]
struct Column {
    name: String,
    #[serde(rename = "type")]
    kind: String,
    json_path: String,
    /// Those above zero are for wide tables.
    priority: i64,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Status {
    conditions: Vec<Condition>,
}

#[derive(Default, Deserialize)]
#[serde(default)]
struct Condition {
    #[serde(rename = "type")]
    kind: String,
    status: String,
}

/// Behind its columns a row knows how objects of the kind are read, once the cluster serves them.
pub(super) fn definition(json: &str) -> Decoded {
    let definition: Object<Spec, Status> = serde_json::from_str(json)?;
    let Spec { group, names, scope, versions } = definition.spec;
    let served: Vec<_> = versions.iter().filter(|version| version.served).collect();
    let spoken: Vec<_> = served.iter().map(|version| version.name.as_str()).collect();
    let mut conditions = definition.status.conditions.iter();
    let serves = conditions.any(|condition| condition.kind == "Established" && condition.status == "True");
    // As it is stored nothing has to be converted.
    let version = served.iter().find(|version| version.storage).or(served.first());
    let printed = |version: &Version| {
        let mut columns: Vec<_> = version.additional_printer_columns.iter().filter_map(printed).collect();
        // Where there are too many these are left.
        columns.sort_by_key(|column| column.wide);
        columns
    };
    let kept = version.filter(|_| serves).map(|version| Kept {
        group: group.clone(),
        version: version.name.clone(),
        plural: names.plural.clone(),
        kind: names.kind.clone(),
        namespaced: scope == "Namespaced",
        printed: printed(version),
    });
    let cells = vec![
        text(names.kind),
        text(group),
        text(scope),
        text(spoken.join(", ")),
        kept.map_or(Value::Nothing, |kept| hidden(&kept)),
    ];
    Ok(definition.metadata.into_row(None, cells))
}

fn printed(column: &Column) -> Option<KeptColumn> {
    let shape = match column.kind.as_str() {
        "integer" | "number" => Shape::Number,
        "date" => Shape::Moment,
        _ => Shape::Text,
    };
    let (wide, path) = (column.priority > 0, column.json_path.clone());
    (path != AGE).then(|| KeptColumn { name: column.name.clone(), shape, wide, path })
}

#[derive(Deserialize)]
struct Named {
    metadata: Meta,
}

pub(super) fn object(definition: &Definition, json: &str) -> Decoded {
    let named: Named = serde_json::from_str(json)?;
    let whole: Json = serde_json::from_str(json)?;
    let columns = definition.custom.printed.iter().zip(&definition.paths);
    let cells = columns.map(|(printed, path)| {
        let found = path.as_ref().and_then(|path| js_path_process(path, &whole).ok()).unwrap_or_default();
        cell(printed.shape, &found.into_iter().map(|found| found.val()).collect::<Vec<_>>())
    });
    let cells = cells.collect();
    Ok(named.metadata.into_row(None, cells))
}

/// As the API server prints it.
fn cell(shape: Shape, found: &[&Json]) -> Value {
    let Some(first) = found.first() else { return Value::Nothing };
    match shape {
        Shape::Number => first.as_i64().map_or_else(|| text(words(first)), Value::Number),
        Shape::Moment => {
            let moment: Option<Time> = serde_json::from_value((*first).clone()).ok();
            moment.map_or(Value::Nothing, |moment| Value::Number(moment.0.as_second()))
        }
        // Of several all are written.
        Shape::Text => text(found.iter().map(|one| words(one)).collect::<Vec<_>>().join(" ")),
    }
}

fn words(json: &Json) -> String {
    match json {
        Json::Null => String::new(),
        Json::String(text) => text.clone(),
        other => other.to_string(),
    }
}
