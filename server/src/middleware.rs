//! What every request passes through; `router.rs` has the order.

pub mod address;
pub mod calm;
pub mod entry;
pub mod headers;
pub mod host;
pub mod origin;
pub mod person;
pub mod rendering;
pub mod request_id;
