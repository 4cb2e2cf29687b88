//! How a list is asked for.

use serde::Deserialize;

/// The first that a server is good at.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub(super) enum Way {
    /// All at once, taken apart while it comes. Servers since 1.33 write such a list from their cache as it is sent; it takes them
    /// half as long as events or pages, and neither side ever holds it whole.
    Whole,
    /// As events of a watch, one by one; since 1.32.
    Streamed,
    Paged,
}

impl Way {
    /// By what a server says of its version.
    pub(super) fn of(version: &[u8]) -> Self {
        #[derive(Deserialize)]
        struct Version {
            major: String,
            minor: String,
        }
        let number = |text: &str| {
            let digits: String = text.chars().take_while(char::is_ascii_digit).collect();
            digits.parse::<u32>().unwrap_or_default()
        };
        match serde_json::from_slice::<Version>(version) {
            Ok(Version { major, minor }) if (number(&major), number(&minor)) >= (1, 33) => Self::Whole,
            // Whoever cannot stream says so.
            _ => Self::Streamed,
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn newer_servers_are_asked_for_whole_lists() {
        for (major, minor, way) in [
            ("1", "33", Way::Whole),
            ("1", "35+", Way::Whole),
            ("2", "0", Way::Whole),
            ("1", "32", Way::Streamed),
        ] {
            let version = serde_json::json!({ "major": major, "minor": minor, "platform": "linux/amd64" });
            assert_eq!(Way::of(version.to_string().as_bytes()), way);
        }
        assert_eq!(Way::of(b"?"), Way::Streamed);
    }
}
