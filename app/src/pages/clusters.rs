//! The clusters, one at a glance, and connecting them.

mod account;
pub mod connect;
mod context;
pub mod list;
mod metrics;
pub mod overview;
mod registered;
mod rights;
