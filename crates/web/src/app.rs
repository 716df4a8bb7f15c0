//! What every handler needs: the shop, the templates, and what was prepared for them.

use std::sync::Arc;

use arc_swap::ArcSwapOption;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{Html, IntoResponse, Response};
use jiff::tz::TimeZone;
use kept::{Answer, Answers};
use search::Snapshot;
use shop::Shop;

use crate::assets::Assets;
use crate::guard::Limits;
use crate::i18n::Locale;
use crate::render::{Page, Prepared, Renderer};
use crate::storefront::cache::Version;
use crate::storefront::cards::Cards;
use crate::storefront::failure::Failure;
use crate::storefront::page::Site;
use crate::storefront::site;
use crate::visit::Visit;

/// The most memory that pages may take, in bytes.
const PAGES_CAPACITY: u64 = 96 << 20;

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
    pub pages: Answers<Version>,
    pub cards: Cards,
    french: Cached,
    english: Cached,
}

/// What is the same on every page of one language, and what it was made from.
type Cached = ArcSwapOption<(Version, Prepared<Site>)>;

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
        let zone = zone();
        Self(Arc::new(Inner {
            renderer: Renderer::new(&assets, theme, &zone),
            is_secure: shop.base_url.starts_with("https:"),
            limits: Limits::default(),
            shop,
            assets,
            zone,
            pages: Answers::new(PAGES_CAPACITY, "greenleaf_page_cache_total"),
            cards: Cards::default(),
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
        let version = self.version(&self.shop.catalog(), 0);
        if let Some(known) = cached.load().as_deref()
            && known.0 == version
        {
            return known.1.clone();
        }
        let (catalog, settings) = (self.shop.catalog(), self.shop.settings());
        let pages = self.shop.pages();
        let made = Prepared::new(&site::site(locale, &catalog, &settings, &pages, &self.renderer));
        cached.store(Some(Arc::new((version, made.clone()))));
        made
    }

    /// The version of a page that is made from this catalog, whose products are of that version.
    pub fn version(&self, catalog: &Snapshot, products: u64) -> Version {
        let (settings, structure) = (self.shop.settings_version(), catalog.structure_version());
        Version { settings, structure, products }
    }

    /// Sends a page that is the same for everybody, from memory if it was made before.
    ///
    /// A visitor who is to be told something gets a page of his own, made by the same `make`.
    pub fn public_page<P: Page>(
        &self,
        visit: &Visit,
        request: &HeaderMap,
        key: &str,
        version: Version,
        make: impl FnOnce() -> Result<P, Failure>,
    ) -> Result<Response, Failure> {
        let key = format!("{}{key}", visit.locale.tag());
        self.kept(&key, version, request, "text/html; charset=utf-8", || {
            let page = make()?;
            self.renderer.render(&page).map_err(|error| Failure::internal(self, visit, &error))
        })
    }

    /// Sends what is kept under `key`, or makes it.
    pub fn kept<E>(
        &self,
        key: &str,
        version: Version,
        request: &HeaderMap,
        content_type: &'static str,
        make: impl FnOnce() -> Result<String, E>,
    ) -> Result<Response, E> {
        let kept = match self.pages.find(key, &version) {
            Some(kept) => kept,
            None => {
                let (status, body) = (StatusCode::OK, make()?.into());
                self.pages.keep(key.to_owned(), version, Answer { status, content_type, body })
            }
        };
        Ok(kept.send(request, "accept-encoding"))
    }

    /// Renders a page. A template that fails is a bug: the log has it, the visitor an apology.
    pub fn page<P: Page>(&self, page: &P) -> Response {
        self.page_with(StatusCode::OK, page)
    }

    pub fn page_with<P: Page>(&self, status: StatusCode, page: &P) -> Response {
        let mut response = match self.renderer.render(page) {
            Ok(html) => (status, Html(html)).into_response(),
            Err(error) => {
                tracing::error!(error = shop::logged(&error), "a page failed");
                StatusCode::INTERNAL_SERVER_ERROR.into_response()
            }
        };
        if let Some(seconds) = retry_after(response.status()) {
            response.headers_mut().insert(header::RETRY_AFTER, HeaderValue::from(seconds));
        }
        response
    }
}

/// After how many seconds asking again makes sense, where the status says that it does: of a
/// database that is away, and of an address that asked too often.
pub fn retry_after(status: StatusCode) -> Option<u32> {
    match status {
        StatusCode::SERVICE_UNAVAILABLE => Some(10),
        StatusCode::TOO_MANY_REQUESTS => Some(60),
        _ => None,
    }
}

/// The shop's time: that of Paris, by the rule the Union has had since 1996.
pub fn zone() -> TimeZone {
    TimeZone::posix("CET-1CEST,M3.5.0,M10.5.0/3").unwrap_or(TimeZone::UTC)
}
