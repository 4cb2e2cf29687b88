//! Projects: the list, a new one, one with its clusters and namespaces, its members.

pub mod create;
pub mod detail;
pub mod list;
pub mod members;
