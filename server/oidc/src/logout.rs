//! Being told by the provider that a session ended (OpenID Connect Back-Channel Logout 1.0).

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use model::providers::SignOnProblem;
use openidconnect::JsonWebKey as _;
use openidconnect::ProviderMetadataWithLogout;
use openidconnect::core::CoreJwsSigningAlgorithm;
use serde::Deserialize;
use serde_json::Value;

use crate::token::{ALGORITHMS, Payload, SKEW, now, payload};
use crate::{BELIEVED, LOOK_AGAIN, Party, Relying, untrusted};

const EVENT: &str = "http://schemas.openid.net/event/backchannel-logout";
/// Oldest logout token that is taken. Seconds.
const LONGEST: i64 = 600;

/// Whose sessions ended: one, or all of somebody.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Ended {
    pub subject: Option<String>,
    pub session: Option<String>,
}

#[derive(Deserialize)]
struct Head {
    alg: CoreJwsSigningAlgorithm,
    kid: Option<String>,
}

impl Relying {
    /// Errors: `BadToken` for anything but a logout token of this provider for this party.
    pub async fn ended(&self, party: &Party, token: &str) -> Result<Ended, SignOnProblem> {
        let metadata = self.metadata(party, BELIEVED).await?;
        let payload = match signed(&metadata, token) {
            Some(payload) => payload,
            None => {
                let metadata = self.metadata(party, LOOK_AGAIN).await?;
                signed(&metadata, token).ok_or_else(|| untrusted("no key of the provider signed it"))?
            }
        };
        check(party, &payload).map_err(untrusted)?;
        let text = |name: &str| payload.get(name).and_then(Value::as_str).map(str::to_owned);
        let ended = Ended { subject: text("sub"), session: text("sid") };
        match ended {
            Ended { subject: None, session: None } => Err(untrusted("it names nobody")),
            ended => Ok(ended),
        }
    }
}

fn signed(metadata: &ProviderMetadataWithLogout, token: &str) -> Option<Payload> {
    let (message, signature) = token.rsplit_once('.')?;
    let signature = BASE64.decode(signature).ok()?;
    let head: Head = serde_json::from_slice(&BASE64.decode(message.split('.').next()?).ok()?).ok()?;
    if !ALGORITHMS.contains(&head.alg) {
        return None;
    }
    let fits = metadata.jwks().keys().iter().any(|key| {
        let named = head.kid.is_none() || key.key_id().map(|id| id.as_str()) == head.kid.as_deref();
        named && key.verify_signature(&head.alg, message.as_bytes(), &signature).is_ok()
    });
    if fits { payload(token) } else { None }
}

fn check(party: &Party, payload: &Payload) -> Result<(), &'static str> {
    let text = |name: &str| payload.get(name).and_then(Value::as_str);
    let time = |name: &str| payload.get(name).and_then(Value::as_i64);
    let audience = match payload.get("aud") {
        Some(Value::Array(all)) => all.iter().any(|one| one.as_str() == Some(&party.client_id)),
        Some(Value::String(one)) => *one == party.client_id,
        _ => false,
    };
    let event = payload.get("events").and_then(|events| events.get(EVENT)).is_some();
    let age = now().saturating_sub(time("iat").ok_or("it has no date")?);
    let over = time("exp").is_some_and(|end| end.saturating_add(SKEW) < now());
    match () {
        () if text("iss") != Some(&party.issuer) => Err("it is of another issuer"),
        () if !audience => Err("it is for somebody else"),
        () if !event => Err("it tells of nothing"),
        () if payload.contains_key("nonce") => Err("it is an ID token"),
        () if over || !(-SKEW..=LONGEST).contains(&age) => Err("it is of another time"),
        () => Ok(()),
    }
}
