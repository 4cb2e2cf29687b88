//! Plain data and pure rules that the browser and the server share.
//!
//! No IO, no clock, no features: a rule that needs the time takes it as a value.
//! One file per domain word; `problem` names what can be wrong with a form field.

pub mod access;
pub mod audit;
pub mod catalog;
pub mod clusters;
pub mod groups;
pub mod identity;
pub mod kubeconfig;
pub mod license;
pub mod live;
pub mod moment;
pub mod monitoring;
pub mod name;
pub mod namespaces;
pub mod outside;
pub mod panel;
pub mod problem;
pub mod projects;
pub mod providers;
pub mod quantity;
pub mod releases;
pub mod requests;
pub mod review;
pub mod roles;
pub mod rows;
pub mod tokens;
pub mod workloads;
