//! Signing in, the own account, and the list of users.

pub mod account;
mod sessions;
pub mod sign_in;
pub mod users;
