//! The storefront's pages, rendered with rich samples in both languages.

mod email;
mod html;
mod pages;
mod samples;
mod texts;
