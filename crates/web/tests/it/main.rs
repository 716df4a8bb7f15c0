//! Pages and mails, rendered with rich samples in both languages; and the shop through its doors:
//! one file for each path, on both engines, without a socket.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails like a test")]

mod account;
mod admin;
mod browser;
mod cart;
mod checkout;
mod contact;
mod doors;
mod email;
mod form;
mod former;
mod headers;
mod hostile;
mod html;
mod integrations;
mod order_lookup;
mod orders;
mod packing;
mod pages;
mod samples;
mod slashes;
mod statements;
mod texts;
mod webhooks;
mod withdrawal;
