//! The claims of a token as rules compare them: names with lists of words.

use model::providers::Claims;
use serde_json::Value;

use crate::token::Payload;

/// How deep claims are looked into, as in `resource_access.shop.roles`.
const DEEPEST: usize = 4;
/// Longest word, in bytes.
const LONGEST: usize = 256;
/// What a token says of itself, not of a person.
const OF_THE_TOKEN: [&str; 15] = [
    "iss",
    "aud",
    "sid",
    "exp",
    "iat",
    "nbf",
    "auth_time",
    "jti",
    "nonce",
    "at_hash",
    "c_hash",
    "acr",
    "amr",
    "azp",
    "typ",
];

/// Leaves out what could be mistaken for an identity of Kubernetes, and what no rule could name.
pub fn flat(payload: &Payload) -> Claims {
    let mut claims = Claims::new();
    let own = payload.iter().filter(|(name, _)| !OF_THE_TOKEN.contains(&name.as_str()));
    for (name, value) in own {
        add(&mut claims, name, value, DEEPEST);
    }
    claims
}

fn add(claims: &mut Claims, name: &str, value: &Value, deeper: usize) {
    match value {
        Value::Object(fields) if deeper > 0 => {
            for (field, value) in fields {
                add(claims, &format!("{name}.{field}"), value, deeper - 1);
            }
        }
        Value::Array(values) => {
            let words = values.iter().filter_map(word).collect::<Vec<_>>();
            claims.entry(name.to_owned()).or_default().extend(words);
        }
        value => claims.entry(name.to_owned()).or_default().extend(word(value)),
    }
}

fn word(value: &Value) -> Option<String> {
    let word = match value {
        Value::String(word) => word.clone(),
        Value::Bool(_) | Value::Number(_) => value.to_string(),
        _ => return None,
    };
    let harmless = !word.is_empty()
        && word.len() <= LONGEST
        && !word.chars().any(char::is_control)
        && !word.to_lowercase().starts_with("system:");
    if !harmless {
        tracing::warn!(event = "oidc.claim_dropped", bytes = word.len());
    }
    harmless.then_some(word)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;
    use serde_json::json;

    use super::*;

    #[test]
    fn claims_inside_others_have_a_dotted_name_and_every_value_is_a_word() {
        let payload = json!({
            "sub": "1", "exp": 5, "email_verified": true, "realm_access": { "roles": ["a", "b"] }, "groups": "one"
        });

        let claims = flat(payload.as_object().unwrap());

        let names: Vec<_> = claims.keys().map(String::as_str).collect();
        assert_eq!(names, ["email_verified", "groups", "realm_access.roles", "sub"]);
        assert_eq!(claims["realm_access.roles"], ["a", "b"]);
        assert_eq!(claims["email_verified"], ["true"]);
    }

    #[test]
    fn names_of_kubernetes_itself_and_words_that_hide_something_are_dropped() {
        let payload = json!({
            "groups": ["system:masters", "System:nodes", "dev\nops", "", "x".repeat(300), "dev"]
        });

        let claims = flat(payload.as_object().unwrap());

        assert_eq!(claims["groups"], ["dev"]);
    }

    /// Any JSON, a few levels deep.
    fn json_value() -> impl Strategy<Value = Value> {
        let leaf = prop_oneof![
            Just(Value::Null),
            proptest::bool::ANY.prop_map(Value::from),
            proptest::num::i64::ANY.prop_map(Value::from),
            ".{0,40}".prop_map(Value::from),
            "(?i)system:[a-z]{0,8}".prop_map(Value::from),
        ];
        leaf.prop_recursive(6, 60, 6, |inner| {
            prop_oneof![
                proptest::collection::vec(inner.clone(), 0..6).prop_map(Value::from),
                proptest::collection::btree_map("[a-z.]{0,6}", inner, 0..6)
                    .prop_map(|fields| Value::Object(fields.into_iter().collect())),
            ]
        })
    }

    proptest::proptest! {
        #[test]
        fn whatever_a_token_claims_becomes_harmless_words(fields in proptest::collection::btree_map(".{0,10}", json_value(), 0..8)) {
            let payload: Payload = fields.into_iter().collect();
            for word in flat(&payload).values().flatten() {
                prop_assert!(!word.is_empty() && word.len() <= LONGEST);
                prop_assert!(!word.chars().any(char::is_control));
                prop_assert!(!word.to_lowercase().starts_with("system:"));
            }
        }
    }
}
