//! What runs something.

use model::workloads::WorkloadKind;

use super::meta::{Decoded, Object, text};
use crate::rows::table::Value;
use crate::workloads::assess;
use crate::workloads::objects::{Spec, Status, images};

pub(super) fn workload(kind: WorkloadKind, json: &str) -> Decoded {
    let workload: Object<Spec, Status> = serde_json::from_str(json)?;
    let Object { metadata, spec, status } = workload;
    let found = assess(kind, metadata.generation(), &spec, &status, None);
    let ready = match kind {
        WorkloadKind::CronJob => Value::Nothing,
        _ => Value::Part(found.progress.ready, found.progress.wanted),
    };
    let cells = vec![text(kind.as_str()), text(found.reason), ready, text(images(&spec))];
    Ok(metadata.into_row(Some(found.health), cells))
}
