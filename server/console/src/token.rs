//! Random identifiers and one-time tokens.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use contract::Error;
use sha2::{Digest as _, Sha256};

/// 128 random bits in base64url; long enough to be a secret.
pub fn random_id() -> Result<String, Error> {
    let mut bytes = [0_u8; 16];
    getrandom::fill(&mut bytes).map_err(|error| Error::internal(error.to_string()))?;
    Ok(BASE64.encode(bytes))
}

/// What is kept of a token: enough to recognise it, not to use it.
pub fn hash_token(token: &str) -> String {
    BASE64.encode(Sha256::digest(token.trim().as_bytes()))
}
