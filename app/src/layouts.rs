//! What stands around a page.

pub mod bare;
mod finder;
pub mod frame;
pub mod places;
mod preferences;
mod session_end;
