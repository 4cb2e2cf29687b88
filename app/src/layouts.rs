//! What stands around a page.

pub mod bare;
pub mod frame;
mod preferences;
mod session_end;
