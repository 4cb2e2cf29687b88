//! Verifying what a provider signed.

use std::str::FromStr as _;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use model::providers::SignOnProblem;
use openidconnect::ProviderMetadataWithLogout;
use openidconnect::core::{CoreIdToken, CoreIdTokenVerifier, CoreJwsSigningAlgorithm};
use openidconnect::{ClaimsVerificationError, ClientId, Nonce, SignatureVerificationError};

use crate::{BELIEVED, LOOK_AGAIN, Party, Relying, untrusted};

/// The claims of a token.
pub type Payload = serde_json::Map<String, serde_json::Value>;

/// How far clocks may differ. Seconds.
pub(crate) const SKEW: i64 = 60;

/// Signatures that are made with a key which only the provider has.
pub(crate) const ALGORITHMS: [CoreJwsSigningAlgorithm; 8] = [
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha256,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha384,
    CoreJwsSigningAlgorithm::RsaSsaPkcs1V15Sha512,
    CoreJwsSigningAlgorithm::RsaSsaPssSha256,
    CoreJwsSigningAlgorithm::RsaSsaPssSha384,
    CoreJwsSigningAlgorithm::RsaSsaPssSha512,
    CoreJwsSigningAlgorithm::EcdsaP256Sha256,
    CoreJwsSigningAlgorithm::EdDsa,
];

impl Relying {
    /// The claims of an ID token that the provider signed for this party, now, in answer to this nonce.
    pub(crate) async fn verified(
        &self,
        party: &Party,
        token: &str,
        nonce: Option<&Nonce>,
    ) -> Result<Payload, SignOnProblem> {
        let parsed = CoreIdToken::from_str(token).map_err(|_| untrusted("it is no ID token"))?;
        let metadata = self.metadata(party, BELIEVED).await?;
        let mut checked = check(party, &metadata, &parsed, nonce);
        if let Err(ClaimsVerificationError::SignatureVerification(
            SignatureVerificationError::NoMatchingKey,
        )) = checked
        {
            // Providers change their keys.
            let metadata = self.metadata(party, LOOK_AGAIN).await?;
            checked = check(party, &metadata, &parsed, nonce);
        }
        checked.map_err(|error| untrusted(&error.to_string()))?;
        let payload = payload(token).ok_or_else(|| untrusted("it is no ID token"))?;
        let begins = payload.get("nbf").and_then(serde_json::Value::as_i64).unwrap_or(i64::MIN);
        if begins > now().saturating_add(SKEW) {
            return Err(untrusted("it is not valid yet"));
        }
        Ok(payload)
    }
}

fn check(
    party: &Party,
    metadata: &ProviderMetadataWithLogout,
    token: &CoreIdToken,
    nonce: Option<&Nonce>,
) -> Result<(), ClaimsVerificationError> {
    // As for a public client: a signature with the client's own secret proves nothing about the provider.
    let verifier = CoreIdTokenVerifier::new_public_client(
        ClientId::new(party.client_id.clone()),
        metadata.issuer().clone(),
        metadata.jwks().clone(),
    )
    .set_allowed_algs(ALGORITHMS);
    match nonce {
        Some(nonce) => token.claims(&verifier, nonce),
        None => token.claims(&verifier, |_: Option<&Nonce>| Ok(())),
    }
    .map(|_| ())
}

/// What stands in a token, verified or not.
pub(crate) fn payload(token: &str) -> Option<Payload> {
    serde_json::from_slice(&BASE64.decode(token.split('.').nth(1)?).ok()?).ok()
}

/// Unix seconds.
#[expect(
    clippy::disallowed_methods,
    reason = "tokens are dated by the machine's clock, which the library takes, too"
)]
pub(crate) fn now() -> i64 {
    let since = std::time::SystemTime::now().duration_since(std::time::UNIX_EPOCH);
    since.map_or(0, |since| i64::try_from(since.as_secs()).unwrap_or(i64::MAX))
}
