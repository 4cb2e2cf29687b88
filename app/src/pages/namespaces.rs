//! Namespaces: the list, a new one, one with its bounds.

mod bounds;
pub mod create;
pub mod detail;
pub mod list;
