//! The signed licence text: `v1.<payload>.<signature>.<key id>`, payload and signature in base64url.
//!
//! The signature covers the bytes before its dot, version included. There is no algorithm field, so none can be confused.

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD as BASE64;
use ed25519_dalek::{Signature, Signer as _, SigningKey, VerifyingKey};
use model::license::{GRACE_DAYS, Licence, LicenceProblem};

/// A public key that may sign licences.
#[derive(Clone, Debug)]
pub struct TrustedKey {
    pub id: String,
    key: VerifyingKey,
}

impl TrustedKey {
    /// Reads `<key id>:<base64url of 32 bytes>`, the form that `license keygen` prints.
    pub fn parse(line: &str) -> Option<Self> {
        let (id, key) = line.trim().split_once(':')?;
        let bytes: [u8; 32] = BASE64.decode(key.trim()).ok()?.try_into().ok()?;
        Some(Self { id: id.trim().to_owned(), key: VerifyingKey::from_bytes(&bytes).ok()? })
    }

    pub fn of(id: &str, key: &SigningKey) -> Self {
        Self { id: id.to_owned(), key: key.verifying_key() }
    }

    pub fn line(&self) -> String {
        format!("{}:{}", self.id, BASE64.encode(self.key.as_bytes()))
    }
}

/// The keys that this installation trusts.
#[derive(Clone, Debug, Default)]
pub struct KeyRing(pub Vec<TrustedKey>);

/// Signs a licence. The key id must have no dot.
pub fn issue(licence: &Licence, key_id: &str, key: &SigningKey) -> Result<String, serde_json::Error> {
    let signed = format!("v1.{}", BASE64.encode(serde_json::to_vec(licence)?));
    let signature = BASE64.encode(key.sign(signed.as_bytes()).to_bytes());
    Ok(format!("{signed}.{signature}.{key_id}"))
}

/// Checks everything about a licence that somebody enters. `now` in Unix seconds.
///
/// An expired licence within its grace period is still accepted: refusing it would take rights that it still gives.
pub fn verify(text: &str, keys: &KeyRing, instance: &str, now: i64) -> Result<Licence, LicenceProblem> {
    let licence = authenticate(text, keys, instance)?;
    if licence.issued > now {
        return Err(LicenceProblem::NotYetValid);
    }
    let grace = GRACE_DAYS * 86_400;
    if licence.expires.is_some_and(|expires| expires.saturating_add(grace) <= now) {
        return Err(LicenceProblem::Expired);
    }
    Ok(licence)
}

/// Checks form, key, signature and instance, but no dates: what is in force has a state instead of being refused.
pub fn authenticate(text: &str, keys: &KeyRing, instance: &str) -> Result<Licence, LicenceProblem> {
    let text = text.trim();
    let mut words = text.split_whitespace();
    let (Some(only), rest) = (words.next(), words.next()) else {
        return Err(LicenceProblem::Truncated);
    };
    if rest.is_some() {
        return Err(LicenceProblem::TrailingText);
    }

    let mut parts = only.split('.');
    let (Some("v1"), Some(payload), Some(signature), Some(key_id)) =
        (parts.next(), parts.next(), parts.next(), parts.next())
    else {
        return Err(LicenceProblem::Truncated);
    };
    if parts.next().is_some() {
        return Err(LicenceProblem::TrailingText);
    }
    let Some(trusted) = keys.0.iter().find(|key| key.id == key_id) else {
        return Err(prefix_of_a_key(keys, key_id));
    };

    let signature = BASE64
        .decode(signature)
        .ok()
        .and_then(|bytes| Signature::from_slice(&bytes).ok())
        .ok_or(LicenceProblem::WrongSignature)?;
    let signed = format!("v1.{payload}");
    trusted.key.verify_strict(signed.as_bytes(), &signature).map_err(|_| LicenceProblem::WrongSignature)?;
    let licence: Licence = BASE64
        .decode(payload)
        .ok()
        .and_then(|bytes| serde_json::from_slice(&bytes).ok())
        .ok_or(LicenceProblem::WrongSignature)?;

    if licence.instance.as_deref().is_some_and(|bound| bound != instance) {
        return Err(LicenceProblem::WrongInstance);
    }
    Ok(licence)
}

/// A key id that was cut off reads as unknown; say what is more likely.
fn prefix_of_a_key(keys: &KeyRing, key_id: &str) -> LicenceProblem {
    if keys.0.iter().any(|key| key.id.starts_with(key_id)) {
        LicenceProblem::Truncated
    } else if keys.0.iter().any(|key| key_id.starts_with(&key.id)) {
        LicenceProblem::TrailingText
    } else {
        LicenceProblem::UnknownKey
    }
}

#[cfg(test)]
mod tests {
    use model::license::{Amounts, Edition};

    use super::*;

    const NOW: i64 = 1_800_000_000;

    fn key() -> SigningKey {
        SigningKey::from_bytes(&[7; 32])
    }

    fn keys() -> KeyRing {
        KeyRing(vec![TrustedKey::of("k1", &key())])
    }

    fn licence() -> Licence {
        Licence {
            id: "l-1".into(),
            licensee: "Example".into(),
            edition: Edition::Team,
            limits: Amounts { users: 5, clusters: 3, nodes: 0 },
            features: vec![],
            issued: NOW - 10,
            expires: None,
            instance: None,
        }
    }

    fn check(licence: &Licence) -> Result<Licence, LicenceProblem> {
        verify(&issue(licence, "k1", &key()).unwrap(), &keys(), "here", NOW)
    }

    #[test]
    fn what_was_issued_is_what_is_read() {
        assert_eq!(check(&licence()), Ok(licence()));
    }

    #[test]
    fn a_changed_byte_anywhere_is_refused() {
        let text = issue(&licence(), "k1", &key()).unwrap();
        for at in 0..text.len() {
            let mut bytes = text.clone().into_bytes();
            bytes[at] = if bytes[at] == b'A' { b'B' } else { b'A' };
            let changed = String::from_utf8(bytes).unwrap();
            assert!(verify(&changed, &keys(), "here", NOW).is_err(), "byte {at}");
        }
    }

    #[test]
    fn every_cut_is_refused_and_a_cut_key_id_reads_as_truncated() {
        let text = issue(&licence(), "k1", &key()).unwrap();
        for end in 0..text.len() {
            assert!(verify(&text[..end], &keys(), "here", NOW).is_err(), "cut at {end}");
        }
        let cut = verify(&text[..text.len() - 1], &keys(), "here", NOW);
        assert_eq!(cut, Err(LicenceProblem::Truncated));
    }

    #[test]
    fn text_after_the_licence_is_refused() {
        let text = issue(&licence(), "k1", &key()).unwrap();
        for tail in ["x", ".x", " x", "\nx"] {
            let read = verify(&format!("{text}{tail}"), &keys(), "here", NOW);
            assert_eq!(read, Err(LicenceProblem::TrailingText), "{tail:?}");
        }
        assert!(verify(&format!("\n {text} \n"), &keys(), "here", NOW).is_ok());
    }

    #[test]
    fn another_key_is_unknown_and_another_signer_is_caught() {
        let other = SigningKey::from_bytes(&[8; 32]);
        let unknown = issue(&licence(), "other", &other).unwrap();
        let forged = issue(&licence(), "k1", &other).unwrap();
        assert_eq!(verify(&unknown, &keys(), "here", NOW), Err(LicenceProblem::UnknownKey));
        assert_eq!(verify(&forged, &keys(), "here", NOW), Err(LicenceProblem::WrongSignature));
    }

    #[test]
    fn dates_and_instance_are_checked() {
        let early = Licence { issued: NOW + 1, ..licence() };
        let late = Licence { expires: Some(NOW - 15 * 86_400), ..licence() };
        let grace = Licence { expires: Some(NOW - 13 * 86_400), ..licence() };
        let bound = Licence { instance: Some("there".into()), ..licence() };
        assert_eq!(check(&early), Err(LicenceProblem::NotYetValid));
        assert_eq!(check(&late), Err(LicenceProblem::Expired));
        assert_eq!(check(&grace), Ok(grace));
        assert_eq!(check(&bound), Err(LicenceProblem::WrongInstance));
    }
}
