//! Passwords: argon2id, a few at a time.

use std::sync::Arc;

use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use tokio::sync::Semaphore;

/// Hashes and checks passwords on blocking threads.
///
/// At most two at a time: each takes 19 MiB and 20 ms of a core, and a burst of logins must not
/// starve the shop (OWASP's argon2id parameters: 19 MiB, 2 passes, 1 lane).
#[derive(Clone)]
pub struct Hasher {
    seats: Arc<Semaphore>,
    params: Params,
}

impl Default for Hasher {
    fn default() -> Self {
        let params = Params::new(19 * 1024, 2, 1, None).expect("parameters that argon2 documents");
        Self { seats: Arc::new(Semaphore::new(2)), params }
    }
}

impl Hasher {
    fn argon2(params: Params) -> Argon2<'static> {
        Argon2::new(Algorithm::Argon2id, Version::V0x13, params)
    }

    async fn run<T: Send + 'static>(
        &self,
        work: impl FnOnce(Argon2<'static>) -> T + Send + 'static,
    ) -> T {
        let seat = self.seats.clone().acquire_owned().await.expect("the semaphore is never closed");
        let params = self.params.clone();
        let done = tokio::task::spawn_blocking(move || {
            let result = work(Self::argon2(params));
            drop(seat);
            result
        });
        done.await.expect("hashing does not panic and is not aborted")
    }

    pub async fn hash(&self, password: &str) -> String {
        let password = password.to_owned();
        self.run(move |argon2| {
            argon2
                .hash_password(password.as_bytes())
                .expect("the system gives random salts and the password is short")
                .to_string()
        })
        .await
    }

    /// Whether the password is the one that was hashed. Without a hash, when nobody has that
    /// name, it takes as long and says no: the time must not tell who has an account.
    pub async fn verify(&self, password: &str, hash: Option<&str>) -> bool {
        let password = password.to_owned();
        let hash = hash.map(str::to_owned);
        self.run(move |argon2| {
            let Some(hash) = hash else {
                let _ = argon2.hash_password(password.as_bytes());
                return false;
            };
            PasswordHash::new(&hash)
                .is_ok_and(|hash| argon2.verify_password(password.as_bytes(), &hash).is_ok())
        })
        .await
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_password_is_known_by_its_hash_alone() {
        let hasher = Hasher::default();

        let hash = hasher.hash("correct horse battery").await;

        assert!(hash.starts_with("$argon2id$v=19$m=19456,t=2,p=1$"), "{hash}");
        assert!(hasher.verify("correct horse battery", Some(&hash)).await);
        assert!(!hasher.verify("wrong horse battery", Some(&hash)).await);
        assert!(!hasher.verify("correct horse battery", None).await);
        assert!(!hasher.verify("correct horse battery", Some("not a hash")).await);
    }
}
