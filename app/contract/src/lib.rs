//! Everything the console can do, as one async trait per domain.
//!
//! Native only, and free of kube, sqlx, axum and leptos: pages call these traits, `console` implements
//! them. To add a domain: one file here, one field in [`Console`].

pub mod audit;
pub mod error;
pub mod identity;
pub mod license;

use std::sync::Arc;

pub use audit::Audit;
pub use error::{Error, Kind};
pub use identity::{Actor, Identity};
pub use license::License;

/// The parts that pages and handlers are given. Built once, in the server's `compose.rs`.
#[derive(Clone)]
pub struct Console {
    pub license: Arc<dyn License>,
    pub identity: Arc<dyn Identity>,
    pub audit: Arc<dyn Audit>,
}
