//! Workloads: list, deploying an image, one in detail.

mod change;
pub mod deploy;
pub mod detail;
pub mod list;
mod log;
