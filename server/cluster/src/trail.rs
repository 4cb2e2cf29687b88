//! What the trail keeps of an object.

use contract::Error;
use serde_json::{Value, json};

use crate::workloads::{clean, yaml};

/// Where the containers of pods, of what makes pods, and of what makes those are.
const POD_SPECS: [&str; 4] =
    ["/spec", "/template/spec", "/spec/template/spec", "/spec/jobTemplate/spec/template/spec"];

/// Without what changes by itself, and without values that may be secrets in all but name.
pub(crate) fn kept(object: Value) -> Result<String, Error> {
    let mut object = clean(object);
    for root in POD_SPECS {
        for kind in ["containers", "initContainers", "ephemeralContainers"] {
            let containers = object.pointer_mut(&format!("{root}/{kind}")).and_then(Value::as_array_mut);
            let variables =
                containers.into_iter().flatten().filter_map(|one| one.get_mut("env")?.as_array_mut());
            for value in variables.flatten().filter_map(|variable| variable.get_mut("value")) {
                *value = json!("(not kept)");
            }
        }
    }
    if let Some(notes) = object.pointer_mut("/metadata/annotations").and_then(Value::as_object_mut) {
        notes.remove("kubectl.kubernetes.io/last-applied-configuration");
    }
    yaml(&object)
}
