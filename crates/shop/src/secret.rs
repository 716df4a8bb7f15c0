//! The shop's key, and what is signed and sealed under it.

use chacha20poly1305::aead::{Aead, KeyInit};
use chacha20poly1305::{ChaCha20Poly1305, Nonce};
use data_encoding::BASE64URL_NOPAD;
use hmac::{Hmac, Mac};
use sha2::{Digest, Sha256};
use subtle::ConstantTimeEq;

/// The key of `GREENLEAF_SECRET_KEY`. Whoever has it can forge any link or cookie.
pub struct Key([u8; 32]);

/// What a signature is for, so that one made for a cookie opens no order.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Purpose {
    Cart,
    Order,
    Cancel,
    Csrf,
    Checkout,
}

impl Purpose {
    fn name(self) -> &'static [u8] {
        match self {
            Self::Cart => b"cart",
            Self::Order => b"order",
            Self::Cancel => b"cancel",
            Self::Csrf => b"csrf",
            Self::Checkout => b"checkout",
        }
    }
}

/// How many bytes of a signature a token carries.
const TAG: usize = 16;

impl Key {
    /// Derives the key from a secret of any length; `None` under 32 bytes, which could be guessed.
    pub fn new(secret: &[u8]) -> Option<Self> {
        (secret.len() >= 32).then(|| Self(Sha256::digest(secret).into()))
    }

    /// Makes a key that dies with the process, for tests and a first look.
    pub fn random() -> Self {
        Self(random())
    }

    fn tag(&self, purpose: Purpose, message: &[u8]) -> [u8; TAG] {
        let mut mac = Hmac::<Sha256>::new_from_slice(&self.0).expect("any length of key will do");
        mac.update(purpose.name());
        mac.update(&[0]);
        mac.update(message);
        let tag: [u8; 32] = mac.finalize().into_bytes().into();
        *tag.first_chunk().expect("32 bytes begin with 16")
    }

    /// Signs a short message: the token carries it, readable, and proves that we wrote it.
    pub fn sign(&self, purpose: Purpose, message: &[u8]) -> String {
        let mut token = message.to_vec();
        token.extend(self.tag(purpose, message));
        BASE64URL_NOPAD.encode(&token)
    }

    /// Reads a token that [`Key::sign`] made for the same purpose; `None` for any other text.
    pub fn verify(&self, purpose: Purpose, token: &str) -> Option<Vec<u8>> {
        if token.len() > 512 {
            return None;
        }
        let mut message = BASE64URL_NOPAD.decode(token.as_bytes()).ok()?;
        let tag = message.split_off(message.len().checked_sub(TAG)?);
        bool::from(self.tag(purpose, &message).ct_eq(&tag)).then_some(message)
    }

    /// Encrypts a secret that must be read again, such as that of a second factor.
    pub fn seal(&self, plain: &[u8]) -> Vec<u8> {
        let nonce: [u8; 12] = random();
        let cipher = ChaCha20Poly1305::new(&self.0.into());
        let sealed = cipher.encrypt(&Nonce::from(nonce), plain).expect("a short text encrypts");
        [nonce.as_slice(), &sealed].concat()
    }

    /// Decrypts what [`Key::seal`] made; `None` under another key.
    pub fn open(&self, sealed: &[u8]) -> Option<Vec<u8>> {
        let (nonce, sealed) = sealed.split_first_chunk::<12>()?;
        ChaCha20Poly1305::new(&self.0.into()).decrypt(&Nonce::from(*nonce), sealed).ok()
    }
}

/// Bytes that nobody can guess.
pub fn random<const N: usize>() -> [u8; N] {
    rand::random()
}

/// A token for a link or a cookie, and the hash of it that the database keeps.
pub struct Token {
    pub text: String,
    pub hash: [u8; 32],
}

impl Token {
    pub fn random() -> Self {
        let text = BASE64URL_NOPAD.encode(&random::<24>());
        Self { hash: hash(&text), text }
    }
}

/// The hash that a token is looked up by. The token is random, so no salt is needed.
pub fn hash(token: &str) -> [u8; 32] {
    Sha256::digest(token.as_bytes()).into()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_token_is_only_good_for_its_purpose_and_key() {
        let key = Key::new(&[7; 32]).unwrap();

        let token = key.sign(Purpose::Cart, b"cart 1");

        assert_eq!(key.verify(Purpose::Cart, &token).as_deref(), Some(b"cart 1".as_slice()));
        assert_eq!(key.verify(Purpose::Order, &token), None);
        assert_eq!(Key::random().verify(Purpose::Cart, &token), None);
        for hostile in ["", "AA", "é", &token[1..], &"A".repeat(100_000)] {
            assert_eq!(key.verify(Purpose::Cart, hostile), None);
        }
        assert!(Key::new(b"too short").is_none());
    }

    #[test]
    fn a_sealed_secret_opens_under_its_key_alone() {
        let key = Key::random();

        let sealed = key.seal(b"totp");

        assert_eq!(key.open(&sealed).as_deref(), Some(b"totp".as_slice()));
        assert_eq!(Key::random().open(&sealed), None);
        assert_eq!(key.open(&sealed[..11]), None);
    }
}
