//! Pages, one folder or file per domain word.

pub mod activate;
pub mod audit;
pub mod catalog;
pub mod clusters;
pub mod identity;
pub mod license;
pub mod namespaces;
pub mod not_found;
pub mod overview;
pub mod projects;
pub mod releases;
pub mod requests;
pub mod rows;
pub mod workloads;
