//! Releases: list, one in detail, installing and upgrading, the jobs that do it.

pub mod detail;
mod form;
pub mod install;
pub mod job;
pub mod upgrade;

use leptos::prelude::{Get as _, Memo};
use model::releases::ReleaseRef;

use crate::error::ApiError;
use crate::ui::address::{named, use_part};

/// The release that the page's address names.
fn use_release() -> Memo<Result<ReleaseRef, ApiError>> {
    let (cluster, namespace, name) = (use_part("cluster"), use_part("namespace"), use_part("release"));
    Memo::new(move |_| {
        Ok(ReleaseRef {
            cluster: named("cluster", cluster.get())?,
            namespace: named("namespace", namespace.get())?,
            name: named("release", name.get())?,
        })
    })
}
