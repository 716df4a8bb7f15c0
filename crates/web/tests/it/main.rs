//! Pages and mails, rendered with rich samples in both languages.

mod admin;
mod email;
mod html;
mod pages;
mod samples;
mod texts;
