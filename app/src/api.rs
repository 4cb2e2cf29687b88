//! Server functions, one file per domain. Each body is: begin the call, ask the contract, respond.

pub mod audit;
pub mod catalog;
pub mod clusters;
pub mod groups;
pub mod identity;
pub mod license;
pub mod monitoring;
pub mod namespaces;
pub mod projects;
pub mod providers;
pub mod releases;
pub mod requests;
pub mod roles;
pub mod tokens;
pub mod workloads;

#[cfg(feature = "ssr")]
pub(crate) use call::{Call, respond};

#[cfg(feature = "ssr")]
mod call;
