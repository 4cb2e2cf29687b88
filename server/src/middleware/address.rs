//! From where a request comes: the peer, or what a proxy that is trusted says.

use std::net::{IpAddr, SocketAddr};
use std::sync::Arc;

use axum::extract::{ConnectInfo, Request, State};
use axum::middleware::Next;
use axum::response::Response;
use http::HeaderMap;
use ipnet::IpNet;

/// The client's address, in the extensions of each request; none where nothing connected, as in tests.
#[derive(Clone, Copy, Debug)]
pub struct ClientAddress(pub Option<IpAddr>);

/// Whose word about the client counts.
#[derive(Clone)]
pub struct Proxies(Arc<[IpNet]>);

impl Proxies {
    pub fn new(networks: &[IpNet]) -> Self {
        Self(networks.into())
    }

    fn trusts(&self, address: IpAddr) -> bool {
        self.0.iter().any(|network| network.contains(&address))
    }

    /// The right-most hop that is none of ours: further to the left anybody could have written anything.
    pub fn client(&self, peer: IpAddr, headers: &HeaderMap) -> IpAddr {
        if !self.trusts(peer) {
            return peer;
        }
        let lines = headers.get_all("x-forwarded-for").iter().map(|line| line.to_str().unwrap_or_default());
        // One address has one spelling, also where it is written as one of the other family.
        let hops = lines.flat_map(|line| line.split(','));
        let hops: Vec<_> = hops.map(|hop| hop.trim().parse().map(|hop: IpAddr| hop.to_canonical())).collect();
        for hop in hops.into_iter().rev() {
            match hop {
                Ok(address) if self.trusts(address) => {}
                Ok(address) => return address,
                Err(_) => break,
            }
        }
        peer
    }
}

pub async fn find(State(proxies): State<Proxies>, mut request: Request, next: Next) -> Response {
    let peer = request.extensions().get::<ConnectInfo<SocketAddr>>().map(|info| info.0.ip().to_canonical());
    let address = peer.map(|peer| proxies.client(peer, request.headers()));
    request.extensions_mut().insert(ClientAddress(address));
    next.run(request).await
}

#[cfg(test)]
mod tests {
    use http::HeaderValue;
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn whatever_is_forwarded_the_client_is_the_peer_or_a_hop_that_is_none_of_ours(
            lines in proptest::collection::vec(proptest::collection::vec(proptest::num::u8::ANY, 0..40), 0..4),
            hops in proptest::collection::vec(proptest::array::uniform4(proptest::num::u8::ANY), 0..5),
            trusted in proptest::bool::ANY,
        ) {
            let proxies = Proxies::new(&["10.0.0.0/8".parse().unwrap()]);
            let peer = IpAddr::from(if trusted { [10, 0, 0, 1] } else { [192, 0, 2, 1] });
            let mut headers = HeaderMap::new();
            let hops: Vec<_> = hops.into_iter().map(IpAddr::from).collect();
            let good = hops.iter().map(IpAddr::to_string).collect::<Vec<_>>().join(", ");
            for line in lines.into_iter().chain([good.into_bytes()]) {
                if let Ok(value) = HeaderValue::from_bytes(&line) {
                    headers.append("x-forwarded-for", value);
                }
            }
            let client = proxies.client(peer, &headers);
            prop_assert!(client == peer || (trusted && !proxies.trusts(client)));
            // The last hop that is none of ours, where there is one.
            if let (true, Some(last)) = (trusted, hops.iter().rev().find(|hop| !proxies.trusts(**hop))) {
                prop_assert_eq!(client, *last);
            }
        }
    }
}
