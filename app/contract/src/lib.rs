//! Everything the console can do, as one async trait per domain.
//!
//! Native only, and free of kube, sqlx, axum and leptos: pages call these traits, `console` implements
//! them. To add a domain: one file here, one field in [`Console`].

pub mod audit;
pub mod catalog;
pub mod clusters;
pub mod error;
pub mod groups;
pub mod identity;
pub mod license;
pub mod login;
pub mod monitoring;
pub mod namespaces;
pub mod projects;
pub mod providers;
pub mod releases;
pub mod requests;
pub mod roles;
pub mod rows;
pub mod tokens;
pub mod workloads;

use std::sync::Arc;

pub use audit::Audit;
pub use catalog::Catalog;
pub use clusters::Clusters;
pub use error::{Error, Kind};
pub use groups::Groups;
pub use identity::{Actor, Identity};
pub use license::License;
pub use login::Login;
pub use monitoring::Monitoring;
pub use namespaces::Namespaces;
pub use projects::Projects;
pub use providers::Providers;
pub use releases::Releases;
pub use requests::Requests;
pub use roles::Roles;
pub use rows::Rows;
pub use tokens::Tokens;
pub use workloads::Workloads;

/// The parts that pages and handlers are given. Built once, in the server's `compose.rs`.
#[derive(Clone)]
pub struct Console {
    pub license: Arc<dyn License>,
    pub identity: Arc<dyn Identity>,
    pub groups: Arc<dyn Groups>,
    pub providers: Arc<dyn Providers>,
    pub tokens: Arc<dyn Tokens>,
    pub clusters: Arc<dyn Clusters>,
    pub projects: Arc<dyn Projects>,
    pub roles: Arc<dyn Roles>,
    pub requests: Arc<dyn Requests>,
    pub namespaces: Arc<dyn Namespaces>,
    pub catalog: Arc<dyn Catalog>,
    pub releases: Arc<dyn Releases>,
    pub rows: Arc<dyn Rows>,
    pub workloads: Arc<dyn Workloads>,
    pub monitoring: Arc<dyn Monitoring>,
    pub audit: Arc<dyn Audit>,
}
