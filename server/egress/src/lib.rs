//! The one way to the outside: resolves names itself, refuses addresses of private networks, caps size and time.
//!
//! A name that resolves to a public address when it is checked and to a private one when it is used (DNS rebinding) gains
//! nothing: the check is made on the addresses that are connected to. Redirects are followed here, each checked anew.

use std::net::{IpAddr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use contract::{Error, Login};
use futures::StreamExt as _;
use http::{Request, Response};
use model::outside::FetchProblem;
use reqwest::dns::{Addrs, Name, Resolve, Resolving};
use reqwest::redirect::Policy;
use reqwest::{Client, StatusCode, header};
use url::{Host, Origin, Url};

const CONNECT: Duration = Duration::from_secs(5);
const WHOLE: Duration = Duration::from_secs(30);
const REDIRECTS: usize = 5;

/// How something outside may be reached, and as whom.
#[derive(Clone, Debug, Default)]
pub struct Way {
    /// Addresses of private networks are fine.
    private: bool,
    /// Told to this origin only, wherever an index or a redirect leads.
    login: Option<(Origin, Login)>,
}

impl Way {
    /// For what is at or below an address. A login is for whoever serves that address.
    pub fn to(address: &str, private: bool, login: Option<Login>) -> Self {
        let origin = Url::parse(address).map(|url| url.origin());
        Self { private, login: login.and_then(|login| Some((origin.ok()?, login))) }
    }
}

/// Clients to the outside. Cheap to clone.
#[derive(Clone)]
pub struct Egress {
    public: Client,
    anywhere: Client,
    inside: Client,
}

/// To which addresses a client connects.
#[derive(Clone, Copy)]
enum Reach {
    Public,
    Anywhere,
    /// For what must not cross the internet in the clear.
    Inside,
}

impl Reach {
    fn allows(self, address: IpAddr) -> bool {
        match self {
            Self::Public => !is_private(address),
            Self::Anywhere => true,
            Self::Inside => is_private(address),
        }
    }

    fn refusal(self) -> FetchProblem {
        match self {
            Self::Public | Self::Anywhere => FetchProblem::PrivateAddress,
            Self::Inside => FetchProblem::PublicAddress,
        }
    }
}

impl Egress {
    pub fn new() -> Result<Self, Error> {
        let (public, anywhere) = (client(Reach::Public)?, client(Reach::Anywhere)?);
        Ok(Self { public, anywhere, inside: client(Reach::Inside)? })
    }

    /// One exchange as it is asked for, without following where it leads. Without TLS it stays in a private network, which has to
    /// be allowed.
    pub async fn send(
        &self,
        request: Request<Vec<u8>>,
        private: bool,
        most: usize,
    ) -> Result<Response<Vec<u8>>, FetchProblem> {
        let request = reqwest::Request::try_from(request).map_err(|_| FetchProblem::Unreadable)?;
        let (reach, client) = match (private, request.url().scheme()) {
            (true, "http") => (Reach::Inside, &self.inside),
            (true, "https") => (Reach::Anywhere, &self.anywhere),
            (false, "https") => (Reach::Public, &self.public),
            _ => return Err(FetchProblem::Unreadable),
        };
        if literal(request.url()).is_some_and(|address| !reach.allows(address)) {
            return Err(reach.refusal());
        }
        let answer = client.execute(request).await.map_err(|error| problem(&error))?;
        let mut response = Response::builder().status(answer.status());
        if let Some(headers) = response.headers_mut() {
            headers.clone_from(answer.headers());
        }
        response.body(body(answer, most).await?).map_err(|_| FetchProblem::Unreadable)
    }

    /// What is at an address, at most `most` bytes of it.
    pub async fn get(&self, address: &str, way: &Way, most: usize) -> Result<Vec<u8>, FetchProblem> {
        let mut url = Url::parse(address).map_err(|_| FetchProblem::Unreadable)?;
        for _ in 0..=REDIRECTS {
            if !matches!(url.scheme(), "http" | "https") {
                return Err(FetchProblem::Unreadable);
            }
            let login = way.login.as_ref().filter(|(origin, _)| url.origin() == *origin);
            let (reach, client) = match (way.private, login) {
                (false, _) => (Reach::Public, &self.public),
                (true, Some(_)) if url.scheme() == "http" => (Reach::Inside, &self.inside),
                (true, _) => (Reach::Anywhere, &self.anywhere),
            };
            // A literal address is not resolved, so nobody else looks at it.
            if literal(&url).is_some_and(|address| !reach.allows(address)) {
                return Err(reach.refusal());
            }
            let mut request = client.get(url.clone());
            if let Some((_, login)) = login {
                request = request.basic_auth(&login.username, Some(&login.password));
            }
            let answer = request.send().await.map_err(|error| problem(&error))?;
            let status = answer.status();
            if status.is_redirection() {
                let next = answer.headers().get(header::LOCATION).and_then(|next| next.to_str().ok());
                let next = next.and_then(|next| url.join(next).ok());
                url = next.ok_or(FetchProblem::Status(status.as_u16()))?;
                continue;
            }
            if status != StatusCode::OK {
                return Err(FetchProblem::Status(status.as_u16()));
            }
            return body(answer, most).await;
        }
        Err(FetchProblem::Unreachable)
    }
}

async fn body(answer: reqwest::Response, most: usize) -> Result<Vec<u8>, FetchProblem> {
    let mut whole = Vec::new();
    let mut parts = answer.bytes_stream();
    while let Some(part) = parts.next().await {
        let part = part.map_err(|error| problem(&error))?;
        if whole.len().saturating_add(part.len()) > most {
            return Err(FetchProblem::TooLarge);
        }
        whole.extend_from_slice(&part);
    }
    Ok(whole)
}

fn client(reach: Reach) -> Result<Client, Error> {
    Client::builder()
        .redirect(Policy::none())
        // A proxy of the environment would resolve names itself, and nobody would look at the addresses.
        .no_proxy()
        .connect_timeout(CONNECT)
        .timeout(WHOLE)
        .user_agent(concat!("pilothouse/", env!("CARGO_PKG_VERSION")))
        .dns_resolver(Arc::new(Guard { reach }))
        .build()
        .map_err(Error::internal)
}

/// Resolves names, and gives only the addresses that may be connected to.
struct Guard {
    reach: Reach,
}

#[derive(Debug, thiserror::Error)]
#[error("the name resolves to no address that may be connected to: {0:?}")]
struct Refused(FetchProblem);

impl Resolve for Guard {
    fn resolve(&self, name: Name) -> Resolving {
        let reach = self.reach;
        Box::pin(async move {
            let found = tokio::net::lookup_host((name.as_str(), 0)).await?;
            let found: Vec<SocketAddr> = found.filter(|found| reach.allows(found.ip())).collect();
            if found.is_empty() {
                return Err(Refused(reach.refusal()).into());
            }
            Ok(Box::new(found.into_iter()) as Addrs)
        })
    }
}

fn problem(error: &reqwest::Error) -> FetchProblem {
    let mut cause: Option<&(dyn std::error::Error + 'static)> = Some(error);
    while let Some(error) = cause {
        if let Some(Refused(problem)) = error.downcast_ref() {
            return *problem;
        }
        cause = error.source();
    }
    tracing::info!(event = "egress.failed", error = format!("{error:?}"));
    FetchProblem::Unreachable
}

fn literal(url: &Url) -> Option<IpAddr> {
    match url.host()? {
        Host::Ipv4(address) => Some(address.into()),
        Host::Ipv6(address) => Some(address.into()),
        Host::Domain(_) => None,
    }
}

/// Everything that is not reached over the public internet (IANA special-purpose registries).
fn is_private(address: IpAddr) -> bool {
    match address {
        IpAddr::V4(v4) => {
            let [a, b, ..] = v4.octets();
            v4.is_private()
                || v4.is_loopback()
                || v4.is_link_local()
                || v4.is_unspecified()
                || v4.is_broadcast()
                || v4.is_multicast()
                || v4.is_documentation()
                || a == 0
                || (a == 100 && (64..128).contains(&b))
                || (a == 192 && b == 0)
                || (a == 198 && (18..20).contains(&b))
                || a >= 240
        }
        IpAddr::V6(v6) => match v6.to_ipv4_mapped().or_else(|| embedded(v6)) {
            Some(v4) => is_private(v4.into()),
            None => {
                v6.is_loopback()
                    || v6.is_unspecified()
                    || v6.is_multicast()
                    || v6.is_unique_local()
                    || v6.is_unicast_link_local()
            }
        },
    }
}

/// The IPv4 address behind a NAT64 or 6to4 one.
fn embedded(v6: Ipv6Addr) -> Option<std::net::Ipv4Addr> {
    let [a, b, c, d, e, f, g, h] = v6.segments();
    let of = |high: u16, low: u16| std::net::Ipv4Addr::from((u32::from(high) << 16) | u32::from(low));
    match (a, b) {
        (0x64, 0xff9b) if [c, d, e, f] == [0; 4] => Some(of(g, h)),
        (0x2002, _) => Some(of(b, c)),
        _ => None,
    }
}

#[cfg(test)]
mod tests {
    use axum::response::IntoResponse as _;

    use super::*;

    #[test]
    fn private_addresses_are_known_in_every_disguise() {
        for inside in [
            "127.0.0.1",
            "10.1.2.3",
            "172.16.0.1",
            "192.168.1.1",
            "169.254.169.254",
            "100.64.0.1",
            "0.0.0.0",
            "::1",
            "fd00::1",
            "fe80::1",
            "::ffff:10.0.0.1",
            "64:ff9b::a00:1",
            "2002:7f00:1::",
            "224.0.0.1",
        ] {
            assert!(is_private(inside.parse().unwrap()), "{inside}");
        }
        for outside in ["1.1.1.1", "2606:4700::1111", "100.128.0.1", "172.32.0.1"] {
            assert!(!is_private(outside.parse().unwrap()), "{outside}");
        }
    }

    #[tokio::test]
    async fn a_name_of_a_private_address_is_refused_where_it_is_connected_to() {
        let egress = Egress::new().unwrap();

        for address in
            ["http://127.0.0.1:1/", "http://localhost:1/", "http://[::1]:1/", "http://2130706433:1/"]
        {
            let way = Way::to(address, false, None);
            assert_eq!(egress.get(address, &way, 10).await, Err(FetchProblem::PrivateAddress), "{address}");
        }
        let anywhere = Way::to("file:///etc/passwd", true, None);
        assert_eq!(egress.get("file:///etc/passwd", &anywhere, 10).await, Err(FetchProblem::Unreadable));
    }

    /// Answers with what it was sent as authorization, or leads on to another address.
    async fn echo(next: Option<String>) -> String {
        let answer = move |headers: axum::http::HeaderMap| async move {
            let sent = headers.get("authorization").map(|sent| sent.to_str().unwrap().to_owned());
            match next {
                Some(next) => axum::response::Redirect::temporary(&next).into_response(),
                None => sent.unwrap_or_else(|| "nothing".to_owned()).into_response(),
            }
        };
        let router = axum::Router::new().fallback(answer);
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = format!("http://{}", listener.local_addr().unwrap());
        tokio::spawn(async move { axum::serve(listener, router).await });
        address
    }

    #[tokio::test]
    async fn a_login_is_told_to_whom_it_is_for_and_to_nobody_behind_a_redirect() {
        let egress = Egress::new().unwrap();
        let login = Login { username: "ada".into(), password: "walnut".into() };
        let home = echo(None).await;
        let stranger = echo(None).await;
        let leading = echo(Some(format!("{stranger}/x"))).await;

        let way = Way::to(&home, true, Some(login.clone()));
        let at_home = egress.get(&format!("{home}/index.yaml"), &way, 100).await.unwrap();
        let elsewhere = egress.get(&format!("{stranger}/chart.tgz"), &way, 100).await.unwrap();
        let led = Way::to(&leading, true, Some(login.clone()));
        let led = egress.get(&leading, &led, 100).await.unwrap();

        let open = Way::to("http://1.1.1.1", true, Some(login));
        let outside = egress.get("http://1.1.1.1/", &open, 1).await;
        assert_eq!(
            outside,
            Err(FetchProblem::PublicAddress),
            "a password crosses the internet over TLS only"
        );
        assert_eq!(at_home, b"Basic YWRhOndhbG51dA==");
        assert_eq!(elsewhere, b"nothing");
        assert_eq!(led, b"nothing");
    }
}
