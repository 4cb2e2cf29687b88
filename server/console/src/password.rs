//! Hashing passwords with argon2id, a bounded number at a time.

use std::sync::Arc;

use argon2::password_hash::{PasswordHash, PasswordHasher as _, PasswordVerifier as _, SaltString};
use argon2::{Algorithm, Argon2, Params, Version};
use contract::Error;
use tokio::sync::Semaphore;

/// Memory per hash in KiB; with [`ROUNDS`] the second recommendation of OWASP for argon2id.
const MEMORY: u32 = 19 * 1024;
const ROUNDS: u32 = 2;
/// Most hashes at a time: bounds memory to 2 × 19 MiB, however many people sign in at once.
const AT_ONCE: usize = 2;

/// Hashes and verifies. Clones share the bound.
#[derive(Clone)]
pub struct Passwords {
    permits: Arc<Semaphore>,
    /// Verified against when the name is unknown, so that both cases take the same time.
    decoy: Arc<str>,
}

impl Passwords {
    pub fn new() -> Result<Self, Error> {
        // One processor stays free for whoever does something else.
        let free = std::thread::available_parallelism().map_or(1, |all| all.get().saturating_sub(1));
        let at_once = free.clamp(1, AT_ONCE);
        Ok(Self { permits: Arc::new(Semaphore::new(at_once)), decoy: hash(&crate::random_id()?)?.into() })
    }

    pub async fn hash(&self, password: &str) -> Result<String, Error> {
        let password = password.to_owned();
        self.off_thread(move || hash(&password)).await
    }

    /// Whether the password fits the hash. Without a hash it works as long and says no.
    pub async fn verify(&self, password: &str, stored: Option<&str>) -> Result<bool, Error> {
        let password = password.to_owned();
        let known = stored.is_some();
        let against = stored.unwrap_or(&self.decoy).to_owned();
        let fits = self.off_thread(move || verify(&password, &against)).await?;
        Ok(fits && known)
    }

    async fn off_thread<T: Send + 'static>(
        &self,
        work: impl FnOnce() -> Result<T, Error> + Send + 'static,
    ) -> Result<T, Error> {
        let _permit = self.permits.acquire().await.map_err(Error::internal)?;
        tokio::task::spawn_blocking(work).await.map_err(Error::internal)?
    }
}

fn argon() -> Result<Argon2<'static>, Error> {
    let params = Params::new(MEMORY, ROUNDS, 1, None).map_err(Error::internal)?;
    Ok(Argon2::new(Algorithm::Argon2id, Version::V0x13, params))
}

fn hash(password: &str) -> Result<String, Error> {
    let mut salt = [0_u8; 16];
    getrandom::fill(&mut salt).map_err(|error| Error::internal(error.to_string()))?;
    let salt = SaltString::encode_b64(&salt).map_err(Error::internal)?;
    Ok(argon()?.hash_password(password.as_bytes(), &salt).map_err(Error::internal)?.to_string())
}

fn verify(password: &str, stored: &str) -> Result<bool, Error> {
    let parsed = PasswordHash::new(stored).map_err(Error::internal)?;
    Ok(argon()?.verify_password(password.as_bytes(), &parsed).is_ok())
}
