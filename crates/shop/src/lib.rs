//! What the shop can do: one function per use case, one transaction each.
//!
//! Depends on `commerce` (the rules), `db` (the truth) and `search` (the read side). `web` and
//! `api` call it; vendors stand behind [`ports`], which `gateways` implements.

pub mod ports;
