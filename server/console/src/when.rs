//! Times for people: RFC 3339, UTC, whole seconds. The browser shows them in the person's zone.

use time::OffsetDateTime;
use time::format_description::well_known::Rfc3339;

/// Text for Unix milliseconds. Times outside years 0–9999 read as the epoch.
pub(crate) fn rfc3339(millis: i64) -> String {
    OffsetDateTime::from_unix_timestamp(millis.div_euclid(1000))
        .unwrap_or(OffsetDateTime::UNIX_EPOCH)
        .format(&Rfc3339)
        .unwrap_or_default()
}
