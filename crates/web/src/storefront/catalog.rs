//! Home, categories, products and search: pages made from memory alone.

use axum::Router;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::{IntoResponse, Json, Response};
use axum::routing::get;
use commerce::catalog::{Category, CategoryId, Visibility};
use commerce::content::Slug;
use search::{Listing, Match, Scope, Snapshot, Sort, Suggestion};
use serde::Serialize;
use serde_json::json;

use super::failure::Failure;
use super::listing::{self, Query};
use super::page::{
    Breadcrumb, CategoryPage, CategoryTile, HomePage, Link, Picture, SearchPage,
    breadcrumbs_json_ld,
};
use super::product;
use super::view::{self, About};
use crate::app::App;
use crate::i18n::Locale;
use crate::visit::Visit;

pub fn routes() -> Router<App> {
    Router::new()
        .route("/", get(home))
        .route("/c/{slug}", get(category))
        .route("/p/{slug}", get(product::product))
        .route("/search", get(search))
        .route("/search/suggest", get(suggest))
}

async fn home(
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
) -> Result<Response, Failure> {
    let catalog = app.shop.catalog();
    let version = app.version(&catalog, catalog.list_version(&Scope::All));
    app.public_page(&visit, &headers, "/", version, || {
        let locale = visit.locale;
        let settings = app.shop.settings();
        let merchant = &settings.channel.merchant;
        let tile = |category: &Category| {
            let (name, path) = name_and_path(&catalog, category, locale)?;
            let picture =
                category.picture.as_ref().map(|original| view::picture(original, "", 800));
            let n_products = catalog.n_products_in(category.id);
            Some(CategoryTile { name, path, n_products, picture })
        };
        let featured = catalog
            .products()
            .filter(|offer| offer.product.is_featured && offer.is_listed() && offer.is_in_stock)
            .take(8);
        let newest =
            Listing { sort: Sort::Newest, page_size: 4, ..Listing::new(locale.into(), Scope::All) };
        let url = format!("{}{}", app.shop.base_url, locale.path("/"));
        let search_url = format!("{}{}", app.shop.base_url, locale.path("/search?q={query}"));
        Ok(HomePage {
            layout: view::public_layout(
                &app,
                locale,
                About {
                    paths: Locale::ALL.map(|locale| (locale, "/".to_owned())).into(),
                    ..About::default()
                },
            ),
            hero: hero(&app),
            categories: catalog.children(None).into_iter().filter_map(tile).collect(),
            featured: view::cards(&catalog, featured, locale),
            novelties: view::cards(&catalog, &catalog.list(&newest).items, locale),
            json_ld: vec![
                json!({"@context": "https://schema.org", "@type": "Organization", "url": url,
                    "name": merchant.trade_name, "legalName": merchant.legal_name,
                    "email": merchant.email}),
                json!({"@context": "https://schema.org", "@type": "WebSite", "url": url,
                    "name": merchant.trade_name,
                    "potentialAction": {"@type": "SearchAction", "target": search_url,
                        "query-input": "required name=query"}}),
            ],
        })
    })
}

/// The drawing at the top of the home page; a theme puts its own in its place.
fn hero(app: &App) -> Option<Picture> {
    let src = app.assets.url("img/hero.svg")?;
    let (webp, jpeg) = (Vec::new(), Vec::new());
    Some(Picture { alt: String::new(), width: 1920, height: 1080, src, webp, jpeg })
}

fn name_and_path(
    catalog: &Snapshot,
    category: &Category,
    locale: Locale,
) -> Option<(String, String)> {
    let text = category.texts.get(locale.into(), catalog.channel().default_locale())?;
    Some((text.name.clone(), format!("/c/{}", text.slug)))
}

/// The way from the home page to a category, which comes last.
pub(super) fn trail(catalog: &Snapshot, category: CategoryId, locale: Locale) -> Vec<Breadcrumb> {
    catalog
        .breadcrumbs(category)
        .into_iter()
        .filter_map(|category| name_and_path(catalog, category, locale))
        .map(|(name, path)| Breadcrumb { name, path })
        .collect()
}

/// The address of a category or product in every language it was written in.
pub(super) fn paths<T>(
    texts: &commerce::content::Localized<T>,
    path: impl Fn(&T) -> String,
) -> Vec<(Locale, String)> {
    Locale::ALL
        .into_iter()
        .filter_map(|locale| Some((locale, path(texts.0.get(&locale.into())?))))
        .collect()
}

async fn category(
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
    Path(slug): Path<String>,
    RawQuery(raw): RawQuery,
) -> Result<Response, Failure> {
    let catalog = app.shop.catalog();
    let locale = visit.locale;
    let found = Slug::new(slug).and_then(|slug| catalog.category_by_slug(locale.into(), &slug));
    let category = found.ok_or_else(|| Failure::not_found(&app, &visit))?;
    let (name, path) = name_and_path(&catalog, category, locale)
        .ok_or_else(|| Failure::not_found(&app, &visit))?;
    let query = Query::parse(&catalog, raw.as_deref().unwrap_or_default());
    let scope = Scope::Category(category.id);
    let version = app.version(&catalog, catalog.list_version(&scope));
    app.public_page(&visit, &headers, &query.path(&path), version, || {
        let result = catalog.list(&query.listing(scope, locale));
        let text = category.texts.get(locale.into(), catalog.channel().default_locale());
        let breadcrumbs = trail(&catalog, category.id, locale);
        let origin = format!("{}{}", app.shop.base_url, locale.path("/").trim_end_matches('/'));
        let about = About {
            title: name.clone(),
            description: text.map(|text| text.meta_description.clone()),
            // A filtered list is one view among thousands of the same products.
            paths: if query.is_filtered() {
                Vec::new()
            } else {
                paths(&category.texts, |text| query.path(&format!("/c/{}", text.slug)))
            },
            section: breadcrumbs.first().map(|top| top.path.clone()),
            image: category
                .picture
                .as_ref()
                .map(|picture| view::rendition(&picture.key, 1200, "jpg")),
            ..About::default()
        };
        let subcategories = catalog
            .children(Some(category.id))
            .into_iter()
            .filter_map(|child| name_and_path(&catalog, child, locale))
            .map(|(name, path)| Link { name, path })
            .collect();
        Ok(CategoryPage {
            layout: view::public_layout(&app, locale, about),
            json_ld: vec![breadcrumbs_json_ld(&origin, &breadcrumbs)],
            breadcrumbs,
            name: name.clone(),
            description: text
                .map(|text| shop::markdown::render(&text.description))
                .filter(|html| !html.is_empty()),
            subcategories,
            listing: listing::view(&app, &catalog, &query, &result, &path, locale)
                .map_err(|error| Failure::internal(&app, &visit, &error))?,
        })
    })
}

async fn search(
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
    RawQuery(raw): RawQuery,
) -> Result<Response, Failure> {
    let catalog = app.shop.catalog();
    let locale = visit.locale;
    let query = Query::parse(&catalog, raw.as_deref().unwrap_or_default());
    let scope = Scope::Search(query.text.clone());
    let version = app.version(&catalog, catalog.list_version(&scope));
    app.public_page(&visit, &headers, &query.path("/search"), version, || {
        let result = catalog.list(&query.listing(scope, locale));
        let is_lenient = result.matched >= Match::Typo;
        let popular = || {
            let featured = catalog.products().filter(|offer| {
                offer.product.is_featured && offer.is_listed() && offer.is_in_stock
            });
            view::cards(&catalog, featured.take(4), locale)
        };
        Ok(SearchPage {
            layout: view::public_layout(
                &app,
                locale,
                About { title: query.text.clone(), query: query.text.clone(), ..About::default() },
            ),
            query: query.text.clone(),
            corrected: result.suggestion.clone().filter(|_| is_lenient && result.total > 0),
            suggestions: result
                .suggestion
                .clone()
                .filter(|_| result.total == 0)
                .into_iter()
                .collect(),
            popular: if result.total == 0 { popular() } else { Vec::new() },
            listing: listing::view(&app, &catalog, &query, &result, "/search", locale)
                .map_err(|error| Failure::internal(&app, &visit, &error))?,
        })
    })
}

/// The first value of a parameter of the address.
pub(super) fn parameter(query: Option<&str>, name: &str) -> Option<String> {
    url::form_urlencoded::parse(query.unwrap_or_default().as_bytes())
        .find(|(known, _)| known == name)
        .map(|(_, value)| value.trim().to_owned())
}

/// One line under the search field.
#[derive(Serialize)]
struct SuggestionBody {
    text: String,
    url: String,
    #[serde(skip_serializing_if = "Option::is_none")]
    picture: Option<String>,
    #[serde(skip_serializing_if = "Option::is_none")]
    detail: Option<String>,
}

async fn suggest(State(app): State<App>, visit: Visit, RawQuery(raw): RawQuery) -> Response {
    let text = parameter(raw.as_deref(), "q").unwrap_or_default();
    let catalog = app.shop.catalog();
    let locale = visit.locale;
    let body = |suggestion: Suggestion| match suggestion {
        Suggestion::Term(text) => {
            let query: String = url::form_urlencoded::byte_serialize(text.as_bytes()).collect();
            let url = locale.path(&format!("/search?q={query}"));
            Some(SuggestionBody { text, url, picture: None, detail: None })
        }
        Suggestion::Category(id) => {
            let (text, path) = name_and_path(&catalog, catalog.category(id)?, locale)?;
            Some(SuggestionBody { text, url: locale.path(&path), picture: None, detail: None })
        }
        Suggestion::Product(offer) => {
            let text = offer.text(locale.into())?;
            let picture =
                offer.picture().map(|picture| view::rendition(&picture.original.key, 160, "webp"));
            let detail = offer.from.map(|from| {
                crate::format::money(locale, from.amount.minor(), from.amount.currency().as_str())
            });
            Some(SuggestionBody {
                text: text.name.clone(),
                url: locale.path(&format!("/p/{}", text.slug)),
                picture,
                detail,
            })
        }
    };
    let suggestions: Vec<_> =
        catalog.suggest(locale.into(), &text, 8).into_iter().filter_map(body).collect();
    let lifetime = HeaderValue::from_static("public, max-age=60");
    ([(header::CACHE_CONTROL, lifetime)], Json(json!({"suggestions": suggestions}))).into_response()
}

/// Whether a product has a page of its own.
pub(super) fn is_shown(visibility: Visibility) -> bool {
    visibility == Visibility::Published
}
