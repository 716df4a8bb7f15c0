//! What every handler needs: the shop, the templates, and what was prepared for them.

use std::sync::Arc;
use std::time::Duration;

use arc_swap::ArcSwapOption;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use jiff::tz::TimeZone;
use shop::Shop;

use crate::assets::Assets;
use crate::guard::Limits;
use crate::i18n::Locale;
use crate::render::{Page, Prepared, Renderer};
use crate::storefront::page::Site;
use crate::storefront::site;

/// The web side of the shop. Cheap to clone.
#[derive(Clone)]
pub struct App(Arc<Inner>);

pub struct Inner {
    pub shop: Shop,
    pub renderer: Renderer,
    pub assets: Assets,
    pub limits: Limits,
    /// Whether cookies are for HTTPS alone.
    pub is_secure: bool,
    pub zone: TimeZone,
    french: Cached,
    english: Cached,
}

/// What is the same on every page of one language, and what it was made from.
type Cached = ArcSwapOption<(u64, usize, Prepared<Site>)>;

impl std::ops::Deref for App {
    type Target = Inner;

    fn deref(&self) -> &Inner {
        &self.0
    }
}

impl App {
    /// `theme` is a folder whose templates win over the embedded ones.
    pub fn new(shop: Shop, theme: Option<&std::path::Path>) -> Self {
        let assets = Assets::embedded();
        let zone = TimeZone::get("Europe/Paris").unwrap_or(TimeZone::UTC);
        Self(Arc::new(Inner {
            renderer: Renderer::new(&assets, theme, &zone),
            is_secure: shop.base_url.starts_with("https:"),
            limits: Limits::default(),
            shop,
            assets,
            zone,
            french: ArcSwapOption::empty(),
            english: ArcSwapOption::empty(),
        }))
    }

    /// The frame of all pages, made again when the catalog, the settings or the pages changed.
    pub fn site(&self, locale: Locale) -> Prepared<Site> {
        let cached = match locale {
            Locale::French => &self.french,
            Locale::English => &self.english,
        };
        let catalog = self.shop.catalog();
        let (settings, pages) = (self.shop.settings(), self.shop.pages());
        let made_from = (
            catalog.version(),
            Arc::as_ptr(&settings).addr() ^ Arc::as_ptr(&pages).addr().rotate_left(17),
        );
        if let Some(known) = cached.load().as_deref()
            && (known.0, known.1) == made_from
        {
            return known.2.clone();
        }
        let made = Prepared::new(&site::site(locale, &catalog, &settings, &pages));
        cached.store(Some(Arc::new((made_from.0, made_from.1, made.clone()))));
        made
    }

    /// Renders a page. A template that fails is a bug: the log has it, the visitor an apology.
    pub fn page<P: Page>(&self, page: &P) -> Response {
        self.page_with(StatusCode::OK, page)
    }

    pub fn page_with<P: Page>(&self, status: StatusCode, page: &P) -> Response {
        match self.renderer.render(page) {
            Ok(html) => (status, Html(html)).into_response(),
            Err(error) => {
                tracing::error!(error = &error as &dyn std::error::Error, "a page failed");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        }
    }
}

/// How long a browser may keep an anonymous page before it asks whether it is still true.
pub const PAGE_LIFETIME: Duration = Duration::from_secs(0);
