//! What stands around a page.

pub mod bare;
mod finder;
pub mod frame;
mod preferences;
mod session_end;
