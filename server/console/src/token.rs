//! Random identifiers and one-time tokens.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use contract::Error;
use model::identity::Username;
use model::name::to_label;
use sha2::{Digest as _, Sha256};

/// 128 random bits in base64url; long enough to be a secret.
pub fn random_id() -> Result<String, Error> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(|error| Error::internal(error.to_string()))?;
    Ok(BASE64.encode(bytes))
}

/// The name of a new account in clusters: readable, a DNS label, and never given twice.
pub(crate) fn slug_for(username: &Username) -> Result<String, Error> {
    let mut bytes = [0_u8; 4];
    getrandom::fill(&mut bytes).map_err(|error| Error::internal(error.to_string()))?;
    Ok(format!("{}-{:08x}", to_label(username.as_str(), 40), u32::from_be_bytes(bytes)))
}

/// What is kept of a token: enough to recognise it, not to use it.
pub fn hash_token(token: &str) -> String {
    BASE64.encode(Sha256::digest(token.trim().as_bytes()))
}
