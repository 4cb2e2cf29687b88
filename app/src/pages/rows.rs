//! Lists of what clusters hold.

mod bulk;
mod cells;
mod chosen;
mod columns;
#[cfg(test)]
mod counts;
mod grid;
pub mod health;
pub mod list;
mod menu;
#[cfg(feature = "hydrate")]
mod moving;
mod row;
mod saved;
mod scope;
pub mod search;
mod state;

/// Acts again and again for as long as the owner lives.
#[cfg(feature = "hydrate")]
fn every(pause: std::time::Duration, act: impl Fn() + 'static) {
    use leptos::prelude::{on_cleanup, set_interval_with_handle};
    if let Ok(handle) = set_interval_with_handle(act, pause) {
        on_cleanup(move || handle.clear());
    }
}
