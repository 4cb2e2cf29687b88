//! Kubernetes: clients that act as a person or as the console, and what the console reads and writes with them.
//!
//! No product words beyond the roles' names. Every function that reaches a cluster takes a [`gate::Grant`], which only the gate makes.

mod client;
mod error;
mod fleet;
mod namespaces;
mod overview;
mod read;
mod roles;
mod write;

pub use client::{ADMINISTRATORS, AUDITORS, Cluster, USERS};
pub use fleet::Fleet;
pub use namespaces::{
    Bound, NamespaceState, PROJECT_LABEL, QuotaState, bind, bounds, create_namespace, delete_namespace,
    detach_namespace, namespace, namespaces, quotas, set_bounds,
};
pub use overview::{overview, state};
pub use roles::{ADMINISTRATORS_BINDING, ROLES, administrators_are_bound, apply_roles};
