//! Server-rendered HTML: the storefront, the back office, and mails.
//!
//! `web` may use `shop`, `search` and `commerce`; it never sees a row. Handlers fill the page
//! structs of [`storefront::page`], and [`render::Renderer`] turns them into HTML with the
//! templates of `templates/`, the texts of `locales/` and the files of `assets/`.

pub mod admin;
pub mod app;
pub mod assets;
pub mod email;
pub mod format;
pub mod guard;
pub mod i18n;
pub mod render;
mod routes;
pub mod storefront;
pub mod visit;

pub use routes::router;
