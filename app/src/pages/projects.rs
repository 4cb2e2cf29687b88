//! Projects: the list, a new one, one with its clusters and namespaces, its members and their roles.

mod allotments;
pub mod change;
pub mod create;
mod decide;
pub mod detail;
pub mod list;
pub mod members;
pub mod roles;
