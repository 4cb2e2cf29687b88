//! Releases: list, one in detail, installing and upgrading, the jobs that do it.

pub mod detail;
mod form;
pub mod install;
pub mod job;
pub mod list;
pub mod upgrade;
