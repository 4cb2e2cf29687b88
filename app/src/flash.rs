//! What a refused sign-in leaves for the next page: a short-lived cookie that scripts cannot read.

use model::providers::SignOnProblem;
use serde::{Deserialize, Serialize};

/// Name of the cookie.
pub const COOKIE: &str = "pilothouse_flash";

/// How the last sign-in ended. Never holds a password.
#[derive(Clone, Debug, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct SignInFlash {
    /// As typed, when it was a name that could exist.
    pub username: String,
    /// Set when the account is locked: seconds until the next try.
    pub locked: Option<u32>,
    /// The pair was right, and the account is disabled.
    #[serde(default)]
    pub disabled: bool,
    /// Why signing in with a provider failed.
    #[serde(default)]
    pub sso: Option<SignOnProblem>,
}

#[cfg(feature = "ssr")]
impl SignInFlash {
    /// The value of the cookie.
    pub fn encode(&self) -> String {
        use base64::Engine as _;
        let json = serde_json::to_vec(self).unwrap_or_default();
        base64::engine::general_purpose::URL_SAFE_NO_PAD.encode(json)
    }

    pub fn decode(value: &str) -> Option<Self> {
        use base64::Engine as _;
        let json = base64::engine::general_purpose::URL_SAFE_NO_PAD.decode(value).ok()?;
        serde_json::from_slice(&json).ok()
    }
}

/// The flash of the current request. On the server only; the browser gets it with the page.
pub fn current() -> Option<SignInFlash> {
    #[cfg(feature = "ssr")]
    {
        SignInFlash::decode(&cookie(COOKIE)?)
    }
    #[cfg(not(feature = "ssr"))]
    None
}

/// A cookie of the request that is being rendered.
#[cfg(feature = "ssr")]
pub(crate) fn cookie(name: &str) -> Option<String> {
    cookie_of(&leptos::prelude::use_context::<http::request::Parts>()?.headers, name)
}

/// The value of the first cookie with this name.
#[cfg(feature = "ssr")]
pub fn cookie_of(headers: &http::HeaderMap, name: &str) -> Option<String> {
    headers
        .get_all(http::header::COOKIE)
        .iter()
        .filter_map(|value| value.to_str().ok())
        .flat_map(|value| value.split(';'))
        .filter_map(|pair| pair.trim().split_once('='))
        .find(|(key, _)| *key == name)
        .map(|(_, value)| value.to_owned())
}
