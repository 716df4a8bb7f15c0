//! The outside world, behind the ports of `shop`.
//!
//! ```text
//! gateways ─► shop (its ports only), commerce
//! ```
//!
//! The only crate that names vendors' clients: mail ([`mail`]), the store of pictures ([`media`]),
//! the work on pixels ([`pictures`]) and the calls to webhooks ([`webhook`]). Each is plain data outside, so that nobody else compiles
//! the generics of `lettre`, `object_store` or `image`. `greenleaf` builds them from the
//! configuration and hands them to the shop as `Arc<dyn …>`; `shop` never names this crate.

pub mod mail;
pub mod media;
pub mod pictures;
pub mod webhook;

/// Why an address in the configuration cannot be used. Never quotes the address, which may hold a
/// password.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
#[error("{0}")]
pub struct BadUrl(String);

/// Chooses ring for every TLS connection of this process, unless one was chosen before.
///
/// `reqwest` is built without a provider of its own and panics when none is installed.
pub fn install_tls() {
    // The error only says that a provider is there already.
    let _ = rustls::crypto::ring::default_provider().install_default();
}
