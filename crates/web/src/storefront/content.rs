//! Pages that the merchant writes, and what search engines read.

use std::fmt::Write;

use axum::Router;
use axum::extract::{Path, State};
use axum::http::{HeaderMap, header};
use axum::response::{IntoResponse, Response};
use axum::routing::get;
use commerce::content::Slug;
use search::{Scope, Snapshot};
use shop::markdown;

use super::catalog::paths;
use super::failure::Failure;
use super::page::{Breadcrumb, ContentPage};
use super::view::{self, About};
use super::{product, site};
use crate::app::App;
use crate::i18n::Locale;
use crate::visit::Visit;

pub fn routes() -> Router<App> {
    Router::new().route("/pages/{slug}", get(page))
}

/// Routes that exist once, not once per language.
pub fn root_routes() -> Router<App> {
    Router::new().route("/robots.txt", get(robots)).route("/sitemap.xml", get(sitemap))
}

async fn page(
    State(app): State<App>,
    visit: Visit,
    headers: HeaderMap,
    Path(slug): Path<String>,
) -> Result<Response, Failure> {
    let locale = visit.locale;
    let version = app.version(&app.shop.catalog(), 0);
    let pages = app.shop.pages();
    let language: commerce::channel::Locale = locale.into();
    let found = Slug::new(slug).and_then(|slug| {
        pages
            .iter()
            .filter(|page| page.is_published)
            .find(|page| page.texts.0.get(&language).is_some_and(|text| text.slug == slug))
    });
    let page = found.ok_or_else(|| Failure::not_found(&app, &visit))?;
    let text = page.texts.0.get(&language).ok_or_else(|| Failure::not_found(&app, &visit))?;
    let path = format!("/pages/{}", text.slug);
    app.public_page(&visit, &headers, &path, version, || {
        let about = About {
            title: text.title.clone(),
            description: Some(text.meta_description.clone()),
            paths: paths(&page.texts, |text| format!("/pages/{}", text.slug)),
            open_graph: Some("article"),
            ..About::default()
        };
        Ok(ContentPage {
            layout: view::public_layout(&app, locale, about),
            breadcrumbs: vec![Breadcrumb { name: text.title.clone(), path: path.clone() }],
            title: text.title.clone(),
            html: markdown::render(&text.body),
            updated_at: Some(page.updated_at.as_microsecond()),
            version: (page.code.as_str() == "terms").then(|| page.version.to_string()),
            siblings: site::ALL
                .iter()
                .filter_map(|code| site::page_link(&pages, code, locale))
                .collect(),
        })
    })
}

/// Personal pages and the thousand views of a filtered list are not for search engines.
async fn robots(State(app): State<App>) -> Response {
    let mut text = String::from("User-agent: *\n");
    for prefix in ["", "/en"] {
        for path in ["/account", "/cart", "/checkout", "/orders", "/order-lookup", "/search"] {
            let _ = writeln!(text, "Disallow: {prefix}{path}");
        }
    }
    let _ = writeln!(text, "Disallow: /admin\nSitemap: {}/sitemap.xml", app.shop.base_url);
    ([(header::CACHE_CONTROL, "public, max-age=3600")], text).into_response()
}

async fn sitemap(State(app): State<App>, headers: HeaderMap) -> Response {
    let kind = "application/xml; charset=utf-8";
    let catalog = app.shop.catalog();
    let version = app.version(&catalog, catalog.list_version(&Scope::All));
    let made: Result<Response, std::convert::Infallible> =
        app.kept("/sitemap.xml", version, &headers, kind, || Ok(write_sitemap(&app, &catalog)));
    match made {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

fn write_sitemap(app: &App, catalog: &Snapshot) -> String {
    let mut xml = String::from(concat!(
        r#"<?xml version="1.0" encoding="UTF-8"?>"#,
        r#"<urlset xmlns="http://www.sitemaps.org/schemas/sitemap/0.9" "#,
        r#"xmlns:xhtml="http://www.w3.org/1999/xhtml">"#,
    ));
    let base = &app.shop.base_url;
    let mut entry = |paths: &[(Locale, String)], changed_at: Option<String>| {
        for (locale, path) in paths {
            let _ = write!(xml, "<url><loc>{base}{}</loc>", locale.path(path));
            if let Some(at) = &changed_at {
                let _ = write!(xml, "<lastmod>{at}</lastmod>");
            }
            for (other, path) in paths {
                let _ = write!(
                    xml,
                    r#"<xhtml:link rel="alternate" hreflang="{}" href="{base}{}"/>"#,
                    other.tag(),
                    other.path(path),
                );
            }
            xml.push_str("</url>");
        }
    };
    entry(&Locale::ALL.map(|locale| (locale, "/".to_owned())), None);
    for category in catalog.categories() {
        entry(&paths(&category.texts, |text| format!("/c/{}", text.slug)), None);
    }
    for offer in catalog.products().filter(|offer| product::has_page(offer)) {
        let changed_at = offer.product.updated_at.strftime("%Y-%m-%d").to_string();
        entry(&paths(&offer.product.texts, |text| format!("/p/{}", text.slug)), Some(changed_at));
    }
    for page in app.shop.pages().iter().filter(|page| page.is_published) {
        entry(&paths(&page.texts, |text| format!("/pages/{}", text.slug)), None);
    }
    xml.push_str("</urlset>");
    xml
}
