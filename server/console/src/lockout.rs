//! Who tries too many passwords waits.

use std::net::IpAddr;

use contract::{Error, Kind};
use store::Store;

/// Failures in a row after which a name is locked.
const FREE_FAILURES: i64 = 5;
/// Failures from one network within [`NETWORK_WINDOW`], with whatever names, after which it is locked for [`LONGEST_LOCK`].
const FREE_OF_NETWORK: i64 = 50;
/// Milliseconds.
const NETWORK_WINDOW: i64 = 5 * 60_000;
/// First lock; it doubles with each further failure, up to [`LONGEST_LOCK`]. Milliseconds.
const FIRST_LOCK: i64 = 30_000;
const LONGEST_LOCK: i64 = 15 * 60_000;

/// What is locked after too many failures: a name, and the network they came from.
pub(crate) struct Doors {
    name: String,
    network: Option<String>,
}

impl Doors {
    pub(crate) fn of(name: &str, address: Option<IpAddr>) -> Self {
        let network = address.filter(|address| is_public(*address)).map(network);
        Self { name: name.to_owned(), network }
    }

    /// Errors: `Busy` while one is locked.
    pub(crate) async fn check(&self, store: &Store, now: i64) -> Result<(), Error> {
        let mut left = 0;
        for door in [Some(&self.name), self.network.as_ref()].into_iter().flatten() {
            left = left.max(store.lock(door).await?.locked_until.saturating_sub(now));
        }
        if left <= 0 {
            return Ok(());
        }
        let seconds = u32::try_from(left / 1000 + 1).unwrap_or(u32::MAX);
        Err(Kind::Busy { seconds }.into())
    }

    /// One failure more.
    pub(crate) async fn failed(&self, store: &Store, now: i64) -> Result<(), Error> {
        let failures = store.add_failure(&self.name, now, 0).await?;
        if failures >= FREE_FAILURES {
            store.lock_until(&self.name, now.saturating_add(lock_after(failures))).await?;
        }
        let Some(network) = &self.network else { return Ok(()) };
        let failures = store.add_failure(network, now, now.saturating_sub(NETWORK_WINDOW)).await?;
        if failures >= FREE_OF_NETWORK {
            store.lock_until(network, now.saturating_add(LONGEST_LOCK)).await?;
        }
        Ok(())
    }
}

/// Behind one private address stand all who come through a proxy or a port-forward: locking it would lock them all out.
fn is_public(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(address) => {
            let [a, b, ..] = address.octets();
            let shared = a == 100 && (64..128).contains(&b);
            !(address.is_private() || address.is_loopback() || address.is_link_local() || shared)
        }
        IpAddr::V6(address) => {
            !(address.is_loopback() || address.is_unique_local() || address.is_unicast_link_local())
        }
    }
}

/// The network that is locked with an address. No typed name is spelled so: those are trimmed.
fn network(address: IpAddr) -> String {
    match address {
        IpAddr::V4(address) => {
            let [a, b, c, _] = address.octets();
            format!(" {a}.{b}.{c}.0/24")
        }
        IpAddr::V6(address) => {
            let [a, b, c, ..] = address.segments();
            format!(" {a:x}:{b:x}:{c:x}::/48")
        }
    }
}

fn lock_after(failures: i64) -> i64 {
    let doublings = u32::try_from(failures - FREE_FAILURES).unwrap_or(u32::MAX).min(10);
    FIRST_LOCK.saturating_mul(1 << doublings).min(LONGEST_LOCK)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn locks_double_and_end_at_fifteen_minutes() {
        assert_eq!(lock_after(5), 30_000);
        assert_eq!(lock_after(6), 60_000);
        assert_eq!(lock_after(10), LONGEST_LOCK);
        assert_eq!(lock_after(i64::MAX), LONGEST_LOCK);
    }
}
