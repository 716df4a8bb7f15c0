//! The storefront's pages, rendered with rich samples in both languages.

mod html;
mod pages;
mod samples;
mod texts;
