//! Kubernetes: clients that act as a person or as the console, and what the console reads and writes with them.
//!
//! No product words beyond the roles' names. Every function that reaches a cluster takes a [`gate::Grant`], which only the gate makes.

mod access;
mod bindings;
mod bounds;
mod client;
mod connecting;
mod error;
mod events;
mod fleet;
mod forward;
mod kubeconfig;
mod logs;
mod monitoring;
mod namespaces;
mod nodes;
mod objects;
mod overview;
mod proxy;
mod read;
mod rights;
mod roles;
mod rows;
mod secrets;
mod setup;
mod trail;
mod workloads;
mod write;

pub use access::{may_watch, places};
pub use bindings::{Bound, bind, bound_now};
pub use bounds::{QuotaState, bounds, quotas};
pub use client::{ADMINISTRATORS, AUDITORS, Cluster, USERS};
pub use connecting::try_out;
pub use fleet::Fleet;
pub use forward::{Body, forward, forward_change};
pub use kubeconfig::{Credential, contexts, credential};
pub use logs::{Log, log};
pub use monitoring::{Prometheus, STEP, node_history, pod_history, sample};
pub use namespaces::{
    NamespaceState, PROJECT_LABEL, create_namespace, delete_namespace, detach_namespace, namespace,
    namespaces, set_bounds,
};
pub use nodes::count_nodes;
pub use objects::{parse_objects, resources, review_objects};
pub use overview::{overview, state};
pub use proxy::Proxy;
pub use rights::{ACCESS, rights};
pub use roles::{ADMINISTRATORS_BINDING, ROLES, administrators_are_bound, apply_roles};
pub use rows::{
    By, Look, Places, Seen, Sightings, Sources, View, rights_version, search, sightings, sources,
    taught_version,
};
pub use secrets::secret_values;
pub use setup::keep_setup_token;
pub use workloads::{
    change_workload, create_deployment, delete_workload, difference, manifest_of, pod_names, review_change,
    review_deployment, workload,
};
