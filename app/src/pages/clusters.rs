//! The clusters, and one at a glance.

pub mod list;
pub mod overview;
