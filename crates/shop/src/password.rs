//! Passwords: argon2id, a few at a time, and what Magento made of them.

use std::sync::Arc;

use argon2::password_hash::{PasswordHasher, PasswordVerifier, phc::PasswordHash};
use argon2::{Algorithm, Argon2, Params, Version};
use data_encoding::HEXLOWER;
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;
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
            if let Some(magento) = MagentoHash::parse(&hash) {
                let fits = magento.fits(&password);
                // A wrong password takes as long as the account of nobody; a right one is hashed
                // anew, which takes that long too.
                if !fits && magento.is_quick() {
                    let _ = argon2.hash_password(password.as_bytes());
                }
                return fits;
            }
            match PasswordHash::new(&hash) {
                Ok(hash) => argon2.verify_password(password.as_bytes(), &hash).is_ok(),
                Err(_) => {
                    let _ = argon2.hash_password(password.as_bytes());
                    false
                }
            }
        })
        .await
    }
}

/// Whether a password can be checked against a hash.
pub(crate) fn is_known(hash: &str) -> bool {
    let is_ours = hash.starts_with("$argon2") && PasswordHash::new(hash).is_ok();
    hash.len() <= 255 && hash.is_ascii() && (is_ours || is_foreign(hash))
}

/// Whether a hash was made by Magento, and is to be replaced at the first login.
pub(crate) fn is_foreign(hash: &str) -> bool {
    MagentoHash::parse(hash).is_some()
}

/// The most memory, in KiB, and the most passes that a hash may ask for: what a file says must not
/// exhaust the machine at the next login.
const MAX_MEMORY: u32 = 256 * 1024;
const MAX_PASSES: u32 = 10;

/// `digest:salt:version`, with further versions where a hash was hashed again.
struct MagentoHash<'a> {
    digest: &'a str,
    salt: &'a str,
    steps: Vec<Step>,
}

/// What a version number stands for; MD5, which is 0, is not taken.
enum Step {
    Sha256,
    Argon2id { length: usize, params: Params },
}

impl Step {
    fn parse(version: &str) -> Option<Self> {
        if version == "1" {
            return Some(Self::Sha256);
        }
        // Libsodium's interactive limits, which version 2 leaves unsaid.
        let spelled = if version == "2" { "3_32_2_67108864" } else { version };
        let mut numbers = spelled.strip_prefix("3_")?.split('_').map(str::parse::<u32>);
        let (length, passes, bytes) =
            (numbers.next()?.ok()?, numbers.next()?.ok()?, numbers.next()?.ok()?);
        let memory = bytes / 1024;
        let is_sane = (16..=64).contains(&length)
            && (1..=MAX_PASSES).contains(&passes)
            && (8..=MAX_MEMORY).contains(&memory)
            && numbers.next().is_none();
        let length = usize::try_from(length).ok().filter(|_| is_sane)?;
        Some(Self::Argon2id { length, params: Params::new(memory, passes, 1, Some(length)).ok()? })
    }

    fn hash(&self, password: &[u8], salt: &str) -> Option<String> {
        match self {
            Self::Sha256 => {
                let digest = Sha256::new().chain_update(salt).chain_update(password).finalize();
                Some(HEXLOWER.encode(&digest))
            }
            Self::Argon2id { length, params } => {
                // The salt is repeated or cut to what libsodium takes.
                let salt: Vec<u8> = salt.bytes().cycle().take(16).collect();
                let mut digest = vec![0; *length];
                let argon2 = Hasher::argon2(params.clone());
                argon2.hash_password_into(password, &salt, &mut digest).ok()?;
                Some(HEXLOWER.encode(&digest))
            }
        }
    }
}

impl<'a> MagentoHash<'a> {
    fn parse(hash: &'a str) -> Option<Self> {
        let mut parts = hash.split(':');
        let (digest, salt) = (parts.next()?, parts.next()?);
        let steps: Option<Vec<Step>> = parts.map(Step::parse).collect();
        let steps = steps.filter(|steps| (1..=4).contains(&steps.len()))?;
        let is_digest = digest.len() >= 32 && digest.bytes().all(|byte| byte.is_ascii_hexdigit());
        (is_digest && !salt.is_empty()).then_some(Self { digest, salt, steps })
    }

    /// Whether checking it takes next to no time.
    fn is_quick(&self) -> bool {
        self.steps.iter().all(|step| matches!(step, Step::Sha256))
    }

    fn fits(&self, password: &str) -> bool {
        let mut text = password.to_owned();
        for step in &self.steps {
            let Some(next) = step.hash(text.as_bytes(), self.salt) else { return false };
            text = next;
        }
        text.as_bytes().ct_eq(self.digest.to_ascii_lowercase().as_bytes()).into()
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

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

    /// Made by Python's hashlib and argon2-cffi.
    const OF_MAGENTO: [&str; 5] = [
        "6e7985144f0597a9f93f6db353921ae2e72d3fa7a2ce7f05f3f4c4b55891664e:\
         8qnyO4H1OYIfGCUbXhDb8qnyO4H1OYIf:1",
        "f27f233e81580e5eb4ff32f7edaa370db37e886149b2828f3562de5f48379001:\
         8qnyO4H1OYIfGCUbXhDb8qnyO4H1OYIf:2",
        "f27f233e81580e5eb4ff32f7edaa370db37e886149b2828f3562de5f48379001:\
         8qnyO4H1OYIfGCUbXhDb8qnyO4H1OYIf:3_32_2_67108864",
        "28f60acde520a1f40ad26fb09cd5e4826d9dd6c9b94394ebb529d1f0c3e8544b:\
         8qnyO4H1OYIfGCUbXhDb8qnyO4H1OYIf:1:3_32_3_8388608",
        "d50471894c77caf8bba100cb70883268:abc:3_16_1_1048576",
    ];

    #[tokio::test]
    async fn a_password_of_magento_is_known_by_its_hash() {
        let hasher = Hasher::default();

        for hash in OF_MAGENTO {
            assert!(is_known(hash) && is_foreign(hash), "{hash}");
            assert!(hasher.verify("Magento d’été 7", Some(hash)).await, "{hash}");
            assert!(!hasher.verify("Magento d’été 8", Some(hash)).await, "{hash}");
        }
    }

    #[test]
    fn hashes_that_cannot_be_checked_are_not_taken() {
        let digest = "6e7985144f0597a9f93f6db353921ae2e72d3fa7a2ce7f05f3f4c4b55891664e";
        for rest in [
            "",
            ":salt",
            "::1",
            ":salt:0",
            ":salt:9",
            ":salt:1:1:1:1:1",
            ":salt:3_32_2_99999999999",
            ":salt:3_32_2_4294967295",
            ":salt:3_32_99_67108864",
            ":salt:3_9_2_67108864",
            ":salt:3_32_2_67108864_1",
        ] {
            assert!(!is_known(&format!("{digest}{rest}")), "{rest}");
        }
        assert!(!is_known("md5:salt:1") && !is_known(""));
    }

    proptest! {
        #[test]
        fn arbitrary_hashes_do_no_harm(
            digest in "[0-9a-fA-F]{0,70}|\\PC{0,20}",
            salt in "\\PC{0,20}",
            versions in prop::collection::vec("[0-9_]{0,24}|1|2|3_32_1_8192", 0..6),
        ) {
            let hash = format!("{digest}:{salt}:{}", versions.join(":"));
            if let Some(magento) = MagentoHash::parse(&hash) {
                // No more memory and passes than a login may take.
                for step in &magento.steps {
                    if let Step::Argon2id { length, params } = step {
                        prop_assert!(*length <= 64);
                        prop_assert!(params.m_cost() <= MAX_MEMORY);
                        prop_assert!(params.t_cost() <= MAX_PASSES);
                    }
                }
            }
        }
    }
}
