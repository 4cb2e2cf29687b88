//! Workloads: deploying an image, one in detail.

mod change;
pub mod deploy;
pub mod detail;
mod events;
mod glance;
mod history;
mod log;
mod why;
