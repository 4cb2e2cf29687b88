//! The small set of components that pages are made of.

pub mod absent;
pub mod address;
pub mod change;
pub mod chart;
pub mod confirm;
pub mod counts;
pub mod editor;
pub mod error;
pub mod field;
pub mod file;
pub mod form;
pub mod list;
pub mod load;
pub mod long;
pub mod moment;
pub mod outside;
pub mod review;
pub mod search;
pub mod status;
pub mod table;
pub(crate) mod text;
pub mod words;
