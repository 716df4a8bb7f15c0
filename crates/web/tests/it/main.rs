//! Pages and mails, rendered with rich samples in both languages.

#![expect(clippy::unwrap_used, reason = "a helper of tests fails like a test")]

mod admin;
mod email;
mod html;
mod pages;
mod samples;
mod texts;
