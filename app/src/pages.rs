//! Pages, one folder or file per domain word.

pub mod activate;
pub mod audit;
pub mod identity;
pub mod license;
pub mod not_found;
pub mod overview;
