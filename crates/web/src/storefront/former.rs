//! Addresses of before: what was renamed, and what another shop software had here.
//!
//! Asked only where there is no page, so that a page costs nothing more for them.

use axum::http::{HeaderValue, StatusCode, Uri, header};
use axum::response::{IntoResponse, Response};
use commerce::catalog::CategoryId;
use commerce::content::Localized;
use commerce::redirect::{Redirect, Target};
use percent_encoding::percent_decode_str;
use search::Snapshot;
use shop::DbError;
use shop::redirect;

use super::product::has_page;
use crate::app::App;
use crate::i18n::Locale;

/// Magento's own pages, and ours.
const PAGES: [(&str, &str); 19] = [
    ("catalogsearch/advanced", "/search"),
    ("catalogsearch/result", "/search"),
    ("catalogsearch/result/index", "/search"),
    ("checkout/cart", "/cart"),
    ("checkout/cart/index", "/cart"),
    ("checkout/index/index", "/checkout"),
    ("cms/index/index", "/"),
    ("contact/index", "/contact"),
    ("contacts", "/contact"),
    ("customer/account", "/account"),
    ("customer/account/create", "/account/register"),
    ("customer/account/edit", "/account"),
    ("customer/account/forgotpassword", "/account/forgot"),
    ("customer/account/index", "/account"),
    ("customer/account/login", "/account/login"),
    ("customer/address", "/account/addresses"),
    ("home", "/"),
    ("sales/guest/form", "/order-lookup"),
    ("sales/order/history", "/account/orders"),
];

/// Sends on whoever asks for an address of before; `None` when it is none.
pub async fn find(app: &App, uri: &Uri) -> Result<Option<Response>, DbError> {
    let Ok(path) = percent_decode_str(uri.path()).decode_utf8() else { return Ok(None) };
    let path = path.trim_start_matches('/');
    let path = match path.strip_prefix("index.php") {
        Some("") => "/",
        Some(rest) if rest.starts_with('/') => rest,
        _ => path,
    };
    if let Some(found) = redirect::find(&app.shop, path).await? {
        return Ok(Some(moved(&address(app, &found), uri)));
    }
    let rooted = format!("/{}", path.trim_matches('/'));
    let (locale, bare) = Locale::split_path(&rooted);
    let bare = bare.trim_matches('/').to_lowercase();
    let is_home = bare.is_empty() && path != uri.path().trim_start_matches('/');
    let page = PAGES.iter().find(|(name, _)| *name == bare).map(|(_, page)| *page);
    Ok(page.or(is_home.then_some("/")).map(|page| moved(&locale.path(page), uri)))
}

/// The address is one of ours and begins with one slash; the query is the visitor's own.
fn moved(to: &str, uri: &Uri) -> Response {
    let to = match uri.query() {
        Some(query) if !to.contains('?') => format!("{to}?{query}"),
        _ => to.to_owned(),
    };
    match HeaderValue::from_str(&to) {
        Ok(to) => (StatusCode::MOVED_PERMANENTLY, [(header::LOCATION, to)]).into_response(),
        Err(_) => StatusCode::NOT_FOUND.into_response(),
    }
}

/// Where something is now; what has no page is sought in its category.
fn address(app: &App, redirect: &Redirect) -> String {
    let catalog = app.shop.catalog();
    let locale = Locale::from(redirect.locale);
    let found = match &redirect.target {
        Target::Product(id) => catalog.product(*id).and_then(|offer| {
            let product = &offer.product;
            let own = has_page(offer)
                .then(|| nearest(&product.texts, locale, |text| format!("/p/{}", text.slug)));
            own.flatten().or_else(|| {
                product.categories.iter().find_map(|(id, _)| category(&catalog, *id, locale))
            })
        }),
        Target::Category(id) => category(&catalog, *id, locale),
        Target::Page(id) => {
            let pages = app.shop.pages();
            let page = pages.iter().find(|page| page.id == *id && page.is_published);
            page.and_then(|page| {
                nearest(&page.texts, locale, |text| format!("/pages/{}", text.slug))
            })
        }
        Target::Path(path) => Some(locale.path(path)),
    };
    found.unwrap_or_else(|| locale.path("/"))
}

/// A category that shoppers see.
fn category(catalog: &Snapshot, id: CategoryId, locale: Locale) -> Option<String> {
    nearest(&catalog.category(id)?.texts, locale, |text| format!("/c/{}", text.slug))
}

/// The address in a language, or in one that there is.
fn nearest<T>(texts: &Localized<T>, locale: Locale, path: impl Fn(&T) -> String) -> Option<String> {
    let mut locales = std::iter::once(locale).chain(Locale::ALL);
    locales.find_map(|locale| Some(locale.path(&path(texts.0.get(&locale.into())?))))
}
