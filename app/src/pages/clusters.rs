//! The clusters, and one at a glance.

pub mod list;
mod metrics;
pub mod overview;
