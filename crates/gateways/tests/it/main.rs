//! The gateways against files, sockets and servers.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails like a test")]

mod mail;
mod media;
mod pictures;
mod webhook;
