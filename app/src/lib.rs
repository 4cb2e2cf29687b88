//! What a person sees. Compiled twice: into the server (`ssr`) and for the browser (`hydrate`).

#![expect(
    deprecated,
    reason = "load_locales! is kept because the build script that replaces it wants the network for ICU data"
)]

pub mod api;
pub mod app;
pub mod error;
pub mod flash;
pub mod layouts;
pub mod live;
pub mod pages;
pub mod parts;
pub mod paths;
pub mod routes;
pub mod ui;

leptos_i18n::load_locales!();
