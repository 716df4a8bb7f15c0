//! What the merchant writes apart from products: pages, categories, attributes.

use commerce::catalog::Sku;
use commerce::catalog::{Attribute, Category};
use commerce::channel::Locale;
use commerce::content::{Page, PageCode, PageId, PageText, Slug};
use commerce::redirect::OldPath;
use db::change::{Change, Topic};
use exchange::redirect::{Named, RedirectRow};
use shop::exchange::{Read, import_redirects};
use uuid::Uuid;

use crate::TestShop;

/// Writes the published page `code`, in French and in English, as its next version, and says
/// which one that is.
pub async fn write_page(shop: &TestShop, code: &str, body: &str) -> u32 {
    let text = PageText {
        slug: Slug::new(code).unwrap(),
        title: code.to_owned(),
        body: body.to_owned(),
        meta_description: String::new(),
    };
    let page_code = PageCode::new(code).unwrap();
    let mut tx = shop.db.write().await.unwrap();
    let known = db::content::find(&mut tx, &page_code).await.unwrap();
    let page = Page {
        id: known.as_ref().map_or_else(|| PageId(Uuid::now_v7()), |known| known.id),
        code: page_code,
        is_published: true,
        version: known.map_or(0, |known| known.version),
        texts: [Locale::FR, Locale::EN].map(|locale| (locale, text.clone())).into_iter().collect(),
        updated_at: shop.clock.now(),
    };
    assert!(db::content::save(&mut tx, &page).await.unwrap());
    let change = Change { topic: Topic::Content, subject: Some(page.id.0) };
    db::change::push(&mut tx, change, shop.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
    page.version + 1
}

/// Writes a new category.
pub async fn write_category(shop: &TestShop, category: &Category) {
    let mut tx = shop.db.write().await.unwrap();
    db::catalog::category::insert(&mut tx, category).await.unwrap();
    announce_structure(shop, tx).await;
}

/// Writes an attribute, new or known.
pub async fn write_attribute(shop: &TestShop, attribute: &Attribute) {
    let mut tx = shop.db.write().await.unwrap();
    db::catalog::attribute::save(&mut tx, attribute).await.unwrap();
    announce_structure(shop, tx).await;
}

async fn announce_structure(shop: &TestShop, mut tx: db::Tx) {
    let change = Change { topic: Topic::Structure, subject: None };
    db::change::push(&mut tx, change, shop.clock.now()).await.unwrap();
    tx.commit().await.unwrap();
}

/// Lets an old address lead to a path, or else to the product of a SKU.
pub async fn write_redirect(shop: &TestShop, path: &str, target: &str) {
    let target = match target.strip_prefix('/') {
        Some(_) => Named::Path(target.to_owned()),
        None => Named::Product(Sku::new(target).unwrap()),
    };
    let from = OldPath::new(path).unwrap();
    let row = RedirectRow { from, locale: None, target, category: None };
    let batch = [Read { line: 2, is_extra: false, row: Ok(row) }];
    import_redirects(shop, &batch).await.unwrap();
    shop::redirect::announce_all(shop).await.unwrap();
}
