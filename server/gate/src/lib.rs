//! The one door: licence, role, audit. The only maker of a [`Grant`].
//!
//! It names what it needs from storage ([`AuditLog`], [`LicenceFacts`]) and knows neither SQL nor HTTP.

mod clock;
mod gate;
mod grant;
mod license;
mod license_text;

pub use clock::{Clock, SystemClock};
pub use gate::{AuditLog, Gate, Intent, Memberships, NewEntry};
pub use grant::{Grant, System, User};
pub use license::{LicenceFacts, effective_now};
pub use license_text::{KeyRing, TrustedKey, authenticate, issue, verify};
