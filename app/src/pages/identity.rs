//! Signing in, the own account, the list of users, and where they sign in.

pub mod account;
pub mod groups;
pub mod provider;
pub mod provider_form;
mod provider_rules;
pub mod providers;
mod sessions;
pub mod sign_in;
mod tokens;
pub mod user;
pub mod users;
pub mod welcome;
