//! The use-cases: implements every trait of `contract`. One file per domain word.
//!
//! Each operation goes through [`gate::Gate`] first; nothing here knows HTTP or SQL.

mod audit;
mod bindings;
mod catalog;
mod clusters;
mod following;
mod groups;
mod identity;
mod invitations;
mod licence_facts;
mod license;
mod lockout;
mod members;
mod monitoring;
mod namespaces;
mod password;
mod projects;
mod providers;
mod releases;
mod requests;
mod roles;
mod room;
mod rows;
mod text;
mod token;
mod tokens;
mod when;
mod workloads;

pub use audit::AuditTrail;
pub use catalog::ChartBook;
pub use clusters::ConnectedClusters;
pub use identity::Accounts;
pub use licence_facts::StoredLicence;
pub use license::Licensing;
pub use monitoring::Observatory;
pub use namespaces::NamespaceBook;
pub use password::Passwords;
pub use projects::ProjectBook;
pub use providers::ProviderBook;
pub use releases::ReleaseBook;
pub use rows::RowBook;
pub use token::{hash_token, random_id};
pub use tokens::{Bearer, TokenBook};
pub use workloads::WorkloadBook;
