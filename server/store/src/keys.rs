//! The keys that passwords at other services are kept with. They live in a file outside the database, newest first.

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use chacha20poly1305::aead::{Aead as _, KeyInit as _, Payload};
use chacha20poly1305::{XChaCha20Poly1305, XNonce};
use contract::Error;
use sha2::{Digest as _, Sha256};

/// Bytes of a key, and of the random beginning of what is sealed.
const KEY: usize = 32;
const NONCE: usize = 24;

/// None at all keeps nothing. Cheap to clone.
#[derive(Clone, Default)]
pub struct Keys {
    keys: Arc<[Key]>,
}

struct Key {
    /// Made from the key, so that a row can say which one it needs.
    id: String,
    cipher: XChaCha20Poly1305,
}

/// What is shown of them is which they are.
impl std::fmt::Debug for Keys {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_list().entries(self.keys.iter().map(|key| &key.id)).finish()
    }
}

#[derive(Debug, thiserror::Error)]
#[error("line {line} is not the base64 of {KEY} bytes")]
pub struct BadKey {
    line: usize,
}

impl Keys {
    /// One key a line, in base64. Empty lines and those that begin with `#` say nothing.
    pub fn parse(text: &str) -> Result<Self, BadKey> {
        let lines = text.lines().enumerate().map(|(index, line)| (index + 1, line.trim()));
        let keys = lines
            .filter(|(_, line)| !line.is_empty() && !line.starts_with('#'))
            .map(|(line, text)| {
                let bytes = STANDARD.decode(text).ok().filter(|bytes| bytes.len() == KEY);
                let bytes = bytes.ok_or(BadKey { line })?;
                let cipher = XChaCha20Poly1305::new_from_slice(&bytes).map_err(|_| BadKey { line })?;
                Ok(Key { id: id(&bytes), cipher })
            })
            .collect::<Result<Vec<_>, BadKey>>()?;
        Ok(Self { keys: keys.into() })
    }

    /// A new key as a line of the file.
    pub fn new_line() -> Result<String, Error> {
        Ok(STANDARD.encode(random::<KEY>()?))
    }

    /// Whether what names this key was made with the newest.
    pub(crate) fn is_newest(&self, id: &str) -> bool {
        self.keys.first().is_some_and(|key| key.id == id)
    }

    /// Whether anything can be kept.
    pub fn is_empty(&self) -> bool {
        self.keys.is_empty()
    }

    /// Id of the newest key and what it made of the text; `row` is where that belongs and opens nowhere else.
    pub(crate) fn seal(&self, row: &str, text: &str) -> Result<(String, String), Error> {
        let key = self.keys.first().ok_or_else(|| Error::internal("there is no key"))?;
        let nonce = random::<NONCE>()?;
        let payload = Payload { msg: text.as_bytes(), aad: &place(row, &key.id) };
        let sealed = key
            .cipher
            .encrypt(&XNonce::from(nonce), payload)
            .map_err(|_| Error::internal("sealing failed"))?;
        Ok((key.id.clone(), STANDARD.encode([nonce.as_slice(), &sealed].concat())))
    }

    /// None when the key is not there, or the row is not the one that was sealed.
    pub(crate) fn open(&self, row: &str, id: &str, sealed: &str) -> Option<String> {
        let key = self.keys.iter().find(|key| key.id == id)?;
        let bytes = STANDARD.decode(sealed).ok()?;
        let (nonce, sealed) = bytes.split_first_chunk::<NONCE>()?;
        let payload = Payload { msg: sealed, aad: &place(row, id) };
        String::from_utf8(key.cipher.decrypt(&XNonce::from(*nonce), payload).ok()?).ok()
    }
}

fn place(row: &str, key: &str) -> Vec<u8> {
    format!("logins|password|{row}|{key}").into_bytes()
}

fn id(key: &[u8]) -> String {
    let digest = Sha256::new().chain_update("pilothouse key id").chain_update(key).finalize();
    digest.iter().take(8).map(|byte| format!("{byte:02x}")).collect()
}

fn random<const N: usize>() -> Result<[u8; N], Error> {
    let mut bytes = [0; N];
    getrandom::fill(&mut bytes).map_err(Error::internal)?;
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn keys(lines: &[&str]) -> Keys {
        Keys::parse(&lines.join("\n")).unwrap()
    }

    #[test]
    fn what_is_sealed_opens_in_its_row_with_its_key_only() {
        let (old, new) = (Keys::new_line().unwrap(), Keys::new_line().unwrap());
        let (id, sealed) = keys(&[&old]).seal("repository/stable", "walnut").unwrap();
        assert!(!sealed.contains("walnut"));

        let open = |keys: &Keys, row: &str, sealed: &str| keys.open(row, &id, sealed);

        assert_eq!(open(&keys(&[&new, &old]), "repository/stable", &sealed).as_deref(), Some("walnut"));
        assert_eq!(open(&keys(&[&new]), "repository/stable", &sealed), None, "another key");
        assert_eq!(open(&keys(&[&old]), "repository/other", &sealed), None, "another row");
        let changed = sealed.replacen(|c: char| c.is_ascii_lowercase(), "A", 1);
        assert_eq!(open(&keys(&[&old]), "repository/stable", &changed), None, "changed");
        assert_eq!(open(&keys(&[&old]), "repository/stable", "AA"), None, "cut short");
    }

    #[test]
    fn the_same_text_is_never_sealed_alike_and_the_newest_key_seals() {
        let (old, new) = (Keys::new_line().unwrap(), Keys::new_line().unwrap());
        let both = keys(&["# newest first", &new, "", &old]);

        let (first, second) = (both.seal("x", "y").unwrap(), both.seal("x", "y").unwrap());

        assert_ne!(first.1, second.1);
        assert_eq!(first.0, keys(&[&new]).seal("x", "y").unwrap().0);
    }

    #[test]
    fn a_line_that_is_no_key_is_named_and_not_shown() {
        let told = Keys::parse("# key\nc2hvcnQ=").unwrap_err().to_string();

        assert_eq!(told, "line 2 is not the base64 of 32 bytes");
        assert!(!format!("{:?}", keys(&[&Keys::new_line().unwrap()])).contains('='));
    }
}
