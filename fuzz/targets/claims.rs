//! What a token says of a person: words that no rule and no cluster could mistake for another's.
#![no_main]

use libfuzzer_sys::fuzz_target;
use serde_json::{Map, Value};

fuzz_target!(|text: &str| {
    let Ok(payload) = serde_json::from_str::<Map<String, Value>>(text) else { return };
    for word in oidc::flat(&payload).values().flatten() {
        assert!(!word.is_empty() && word.len() <= 256);
        assert!(!word.chars().any(char::is_control));
        assert!(!word.to_lowercase().starts_with("system:"));
    }
});
