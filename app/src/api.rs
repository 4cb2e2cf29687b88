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
pub mod rows;
pub mod tokens;
pub mod workloads;

#[cfg(feature = "ssr")]
pub(crate) use call::{Call, respond};

#[cfg(feature = "ssr")]
mod call;

use crate::error::ApiError;

/// For a part of an address that can be no name: nobody has to be asked to know that it is nothing's.
pub(crate) fn missing(what: String) -> ApiError {
    #[cfg(feature = "ssr")]
    call::set_not_found();
    ApiError::NotFound { what }
}
