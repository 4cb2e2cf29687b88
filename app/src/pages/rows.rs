//! Lists of what clusters hold.

mod cells;
mod grid;
pub mod health;
pub mod list;
