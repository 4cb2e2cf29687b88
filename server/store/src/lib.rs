//! The database: SQLite by default, Postgres when asked for. One `Store`, one SQL text, two backends.
//!
//! Queries use `$1` placeholders, TEXT and BIGINT only, which both backends read alike.

mod audit;
mod backend;
mod catalog;
mod clusters;
mod error;
mod groups;
mod identity;
mod invitations;
mod jobs;
mod keys;
mod license;
mod logins;
mod memberships;
mod monitoring;
mod namespaces;
mod projects;
mod provider_sessions;
mod providers;
mod requests;
mod roles;
mod sessions;
mod tokens;
mod views;

pub use audit::{Chain, Entry};
pub use backend::Store;
pub use catalog::{Chart, Repository};
pub use clusters::StoredCluster;
pub use identity::{Account, Lock};
pub use jobs::Job;
pub use keys::{BadKey, Keys};
pub use license::{FirstVisit, Installation};
pub use memberships::Membership;
pub use monitoring::MetricsSource;
pub use namespaces::Namespace;
pub use projects::Project;
pub use provider_sessions::ProviderSession;
pub use providers::{Provider, SignOn};
pub use requests::StoredRequest;
pub use sessions::{AGENT, HANDLE, SEEN, SINCE, Sessions, StoredSession, USER};
pub use tokens::StoredToken;
