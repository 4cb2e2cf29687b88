//! Workloads: list, deploying an image, one in detail.

mod change;
pub mod deploy;
pub mod detail;
mod events;
mod glance;
mod history;
pub mod list;
mod log;
mod why;
