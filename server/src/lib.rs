//! The binary's parts: settings, composition, router, middleware, sign-in, commands.

pub mod auth;
pub mod command;
pub mod compose;
pub mod credentials;
pub mod health;
mod icons;
mod kubernetes;
mod live;
pub mod metrics;
pub mod middleware;
pub mod package;
pub mod pages;
pub mod router;
pub mod serve;
pub mod settings;
mod sso;
pub mod tls;
