//! Server-rendered HTML: the storefront, and later the back office.
//!
//! `web` may use `shop`, `search` and `commerce`; it never sees a row. Handlers fill the page
//! structs of [`storefront::page`], and [`render::Renderer`] turns them into HTML with the
//! templates of `templates/`, the texts of `locales/` and the files of `assets/storefront`.

pub mod assets;
pub mod format;
pub mod i18n;
pub mod render;
pub mod storefront;
