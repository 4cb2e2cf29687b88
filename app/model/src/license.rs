//! Licences: what one grants, and in which state it is at a given moment.
//!
//! Checking a signature is `gate`'s work; the rules here are pure.

use std::fmt;

use serde::{Deserialize, Serialize};

const DAY: i64 = 86_400;
/// Days after the expiry in which nothing is refused yet.
pub const GRACE_DAYS: i64 = 14;
/// Days before the expiry from which on it is announced.
pub const NOTICE_DAYS: i64 = 30;

/// What a signed licence text says. Times are Unix seconds; a limit of 0 means no limit.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct Licence {
    pub id: String,
    pub licensee: String,
    pub edition: Edition,
    pub limits: Amounts,
    #[serde(default)]
    pub features: Vec<String>,
    pub issued: i64,
    #[serde(default)]
    pub expires: Option<i64>,
    /// Set when the licence is bound to one installation.
    #[serde(default)]
    pub instance: Option<String>,
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Edition {
    Personal,
    Team,
    Enterprise,
}

impl Edition {
    pub fn parse(word: &str) -> Option<Self> {
        match word {
            "personal" => Some(Self::Personal),
            "team" => Some(Self::Team),
            "enterprise" => Some(Self::Enterprise),
            _ => None,
        }
    }
}

/// Counts of what a licence limits: as limits (0 = none) or as what is in use.
#[derive(Clone, Copy, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Amounts {
    pub users: u32,
    pub clusters: u32,
    pub nodes: u32,
}

impl Amounts {
    /// Whether this use exceeds any of `limits`.
    pub fn exceed(self, limits: Self) -> bool {
        let over = |used: u32, limit: u32| limit != 0 && used > limit;
        over(self.users, limits.users)
            || over(self.clusters, limits.clusters)
            || over(self.nodes, limits.nodes)
    }
}

/// Where a licence stands. Only `Limited` and `OverLimit` refuse anything, and only adding.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LicenceState {
    Active,
    /// Whole days left, at most [`NOTICE_DAYS`].
    Expiring {
        days: i64,
    },
    /// Expired; whole days until adding is refused.
    Grace {
        days: i64,
    },
    Limited,
    OverLimit,
}

impl LicenceState {
    /// The state at `now` (Unix seconds) for what is in use.
    pub fn of(licence: &Licence, used: Amounts, now: i64) -> Self {
        if let Some(expires) = licence.expires {
            let left = expires.saturating_sub(now);
            let grace_left = left.saturating_add(GRACE_DAYS * DAY);
            if grace_left <= 0 {
                return Self::Limited;
            }
            if used.exceed(licence.limits) {
                return Self::OverLimit;
            }
            if left <= 0 {
                return Self::Grace { days: days_up(grace_left) };
            }
            if left <= NOTICE_DAYS * DAY {
                return Self::Expiring { days: days_up(left) };
            }
        } else if used.exceed(licence.limits) {
            return Self::OverLimit;
        }
        Self::Active
    }

    pub fn refuses_adding(self) -> bool {
        matches!(self, Self::Limited | Self::OverLimit)
    }
}

fn days_up(seconds: i64) -> i64 {
    seconds.saturating_add(DAY - 1) / DAY
}

/// Why a licence text was not accepted.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum LicenceProblem {
    /// Not of the form `v1.<payload>.<signature>.<key id>`, for instance cut off when copied.
    Truncated,
    /// Something follows the licence.
    TrailingText,
    UnknownKey,
    WrongSignature,
    Expired,
    NotYetValid,
    WrongInstance,
}

/// What the licence page shows.
#[derive(Clone, Debug, PartialEq, Eq, Serialize, Deserialize)]
pub struct LicenceStatus {
    pub licence: Licence,
    pub state: LicenceState,
    pub used: Amounts,
    pub instance: String,
    /// RFC 3339, UTC.
    pub issued_at: String,
    /// RFC 3339, UTC.
    pub expires_at: Option<String>,
}

/// What the activation form sends. `licence` is empty for the free personal one.
#[derive(Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct Activation {
    pub token: String,
    pub username: String,
    pub password: String,
    pub confirmation: String,
    pub licence: String,
}

impl fmt::Debug for Activation {
    /// Without the secrets.
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Activation").field("username", &self.username).finish_non_exhaustive()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn licence(expires: Option<i64>) -> Licence {
        Licence {
            id: "l-1".into(),
            licensee: "Example".into(),
            edition: Edition::Team,
            limits: Amounts { users: 2, clusters: 0, nodes: 0 },
            features: vec![],
            issued: 0,
            expires,
            instance: None,
        }
    }

    #[test]
    fn a_licence_passes_through_notice_and_grace_before_it_limits() {
        let at = |now| LicenceState::of(&licence(Some(100 * DAY)), Amounts::default(), now);
        assert_eq!(at(69 * DAY), LicenceState::Active);
        assert_eq!(at(70 * DAY), LicenceState::Expiring { days: 30 });
        assert_eq!(at(100 * DAY - 1), LicenceState::Expiring { days: 1 });
        assert_eq!(at(100 * DAY), LicenceState::Grace { days: 14 });
        assert_eq!(at(114 * DAY - 1), LicenceState::Grace { days: 1 });
        assert_eq!(at(114 * DAY), LicenceState::Limited);
    }

    #[test]
    fn zero_is_no_limit_and_reaching_a_limit_is_not_exceeding_it() {
        let used = |users| Amounts { users, clusters: 900, nodes: 9_000 };
        let state = |users| LicenceState::of(&licence(None), used(users), 0);
        assert_eq!(state(2), LicenceState::Active);
        assert_eq!(state(3), LicenceState::OverLimit);
    }

    #[test]
    fn extreme_dates_do_not_overflow() {
        for expires in [i64::MIN, i64::MAX] {
            let _ = LicenceState::of(&licence(Some(expires)), Amounts::default(), i64::MAX);
            let _ = LicenceState::of(&licence(Some(expires)), Amounts::default(), i64::MIN);
        }
    }
}
