//! The small set of components that pages are made of.

pub mod error;
pub mod field;
pub mod form;
pub mod moment;
pub(crate) mod text;
pub mod words;
