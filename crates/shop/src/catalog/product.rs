//! Products: create, change, publish, hide.

use std::collections::{BTreeMap, BTreeSet, HashMap};

use commerce::catalog::{
    AttributeSetCode, AttributeValues, CategoryId, NetContent, Options, Product, ProductId,
    ProductKind, ProductText, Sku, Variant, VariantId, Visibility,
};
use commerce::channel::ChannelCode;
use commerce::content::{Localized, Slug};
use commerce::eco::{EcoSheet, Manufacturer};
use commerce::media::Picture;
use commerce::money::Money;
use commerce::price::{ChannelPrice, LoggedPrice, PRIOR_PERIOD, SpecialPrice, prior_of_cut};
use commerce::redirect::Target;
use commerce::stock::SourceCode;
use commerce::tax::TaxClass;
pub use db::catalog::product::ProductFilter;
use db::change::{Change, Topic};
use db::{Conn, DbError, Tx};
use jiff::Timestamp;
use uuid::Uuid;

use super::check::{Known, Problem, problems};
use super::stock::{CountStockError, count_in};
use crate::webhook::{self, Event};
use crate::{MayRetry, Shop, redirect, use_case};

/// Why a product was not saved. Nothing was written.
#[derive(Debug, thiserror::Error)]
pub enum SaveProductError {
    #[error("there is no such product")]
    NotFound,
    /// Somebody else saved it since it was read.
    #[error("somebody else changed the product meanwhile")]
    Stale,
    #[error("the product cannot be saved: {}", list(.0))]
    Invalid(Vec<Problem>),
    #[error("the shop could not be reached")]
    Db(#[from] DbError),
}

fn list(problems: &[Problem]) -> String {
    problems.iter().map(ToString::to_string).collect::<Vec<_>>().join("; ")
}

impl MayRetry for SaveProductError {
    fn is_worth_retrying(&self) -> bool {
        // A slug or a SKU that somebody else took a moment ago is found taken the next time.
        matches!(self, Self::Db(error) if error.is_worth_retrying()
            || matches!(error, DbError::Taken(_)))
    }
}

/// A product as staff write it: without the numbers that the shop gives.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductInput {
    pub kind: ProductKind,
    pub visibility: Visibility,
    pub attribute_set: AttributeSetCode,
    pub tax_class: TaxClass,
    pub is_featured: bool,
    pub texts: Localized<TextInput>,
    pub attributes: AttributeValues,
    /// The categories it lies in, with its position in each.
    pub categories: Vec<(CategoryId, i32)>,
    pub pictures: Vec<Picture>,
    pub variants: Vec<VariantInput>,
    pub eco: EcoSheet,
    pub manufacturer: Option<Manufacturer>,
}

#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct TextInput {
    /// Made from the name when there is none; gets a number when another product has it.
    pub slug: Option<Slug>,
    pub name: String,
    pub short: String,
    pub description: String,
    pub meta_description: String,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct VariantInput {
    /// `None` for a new one.
    pub id: Option<VariantId>,
    pub sku: Sku,
    pub is_enabled: bool,
    pub options: Options,
    pub weight_grams: u32,
    pub content: Option<NetContent>,
    pub prices: Vec<PriceInput>,
    /// What was counted; `None` leaves the stock alone.
    pub on_hand: Option<u32>,
}

/// A price without the prior one, which the shop works out.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct PriceInput {
    pub channel: ChannelCode,
    pub regular: Money,
    pub special: Option<SpecialPrice>,
    pub eco_participation: Option<Money>,
}

impl From<&Product> for ProductInput {
    fn from(product: &Product) -> Self {
        let text = |text: &ProductText| TextInput {
            slug: Some(text.slug.clone()),
            name: text.name.clone(),
            short: text.short.clone(),
            description: text.description.clone(),
            meta_description: text.meta_description.clone(),
        };
        Self {
            kind: product.kind.clone(),
            visibility: product.visibility,
            attribute_set: product.attribute_set.clone(),
            tax_class: product.tax_class.clone(),
            is_featured: product.is_featured,
            texts: product.texts.0.iter().map(|(&locale, it)| (locale, text(it))).collect(),
            attributes: product.attributes.clone(),
            categories: product.categories.clone(),
            pictures: product.pictures.clone(),
            variants: product.variants.iter().map(VariantInput::from).collect(),
            eco: product.eco.clone(),
            manufacturer: product.manufacturer.clone(),
        }
    }
}

impl From<&Variant> for VariantInput {
    fn from(variant: &Variant) -> Self {
        let price = |price: &ChannelPrice| PriceInput {
            channel: price.channel.clone(),
            regular: price.regular,
            special: price.special,
            eco_participation: price.eco_participation,
        };
        Self {
            id: Some(variant.id),
            sku: variant.sku.clone(),
            is_enabled: variant.is_enabled,
            options: variant.options.clone(),
            weight_grams: variant.weight_grams,
            content: variant.content,
            prices: variant.prices.iter().map(price).collect(),
            on_hand: None,
        }
    }
}

/// Creates a product with its variants, prices and first stock.
pub async fn create_product(
    shop: &Shop,
    input: &ProductInput,
) -> Result<Product, SaveProductError> {
    use_case("create-product", || async {
        let mut tx = shop.db.write().await?;
        let source = shop.settings().source.clone();
        let product = create_product_in(&mut tx, &source, input, shop.clock.now()).await?;
        tx.commit().await?;
        Ok(product)
    })
    .await
}

/// The same in the caller's transaction, for those who create many at once.
pub async fn create_product_in(
    tx: &mut Tx,
    source: &SourceCode,
    input: &ProductInput,
    at: Timestamp,
) -> Result<Product, SaveProductError> {
    let id = ProductId(Uuid::now_v7());
    let known = known(tx).await?;
    let (mut product, mut problems) = draw_up(tx, &known, input, id, None, at).await?;
    problems.extend(count(tx, source, input, at).await?);
    refuse(problems)?;

    write_new(tx, &mut product, at).await?;
    Ok(product)
}

/// Writes a product that was found to be right, with the numbers that it gets.
pub(crate) async fn write_new(
    tx: &mut Tx,
    product: &mut Product,
    at: Timestamp,
) -> Result<(), DbError> {
    product.number = db::next_number(tx, "product").await?;
    number_variants(tx, product).await?;
    db::catalog::product::insert(tx, product).await?;
    log_prices(tx, None, product, at).await?;
    announce(tx, product.id, at).await?;
    webhook::tell(tx, &[Event::product_changed(product)], at).await
}

/// Saves what a product has become, if it is still in the version that was edited.
pub async fn update_product(
    shop: &Shop,
    id: ProductId,
    version: u32,
    input: &ProductInput,
) -> Result<Product, SaveProductError> {
    use_case("update-product", || async {
        let mut tx = shop.db.write().await?;
        let source = shop.settings().source.clone();
        let at = shop.clock.now();
        let product = update_product_in(&mut tx, &source, (id, version), input, at).await?;
        tx.commit().await?;
        Ok(product)
    })
    .await
}

/// The same in the caller's transaction.
pub async fn update_product_in(
    tx: &mut Tx,
    source: &SourceCode,
    (id, version): (ProductId, u32),
    input: &ProductInput,
    at: Timestamp,
) -> Result<Product, SaveProductError> {
    let found = db::catalog::product::find(tx, id).await?;
    let before = found.ok_or(SaveProductError::NotFound)?;
    if before.version != version {
        return Err(SaveProductError::Stale);
    }
    let known = known(tx).await?;
    let (mut product, mut problems) = draw_up(tx, &known, input, id, Some(&before), at).await?;
    problems.extend(count(tx, source, input, at).await?);
    refuse(problems)?;

    if !write_change(tx, &before, &mut product, at).await? {
        return Err(SaveProductError::Stale);
    }
    Ok(product)
}

/// Writes what a product was found to have become; `false` when somebody else was faster.
pub(crate) async fn write_change(
    tx: &mut Tx,
    before: &Product,
    product: &mut Product,
    at: Timestamp,
) -> Result<bool, DbError> {
    number_variants(tx, product).await?;
    if !db::catalog::product::update(tx, before, product).await? {
        return Ok(false);
    }
    log_prices(tx, Some(before), product, at).await?;
    let target = Target::Product(product.id);
    redirect::keep(tx, &target, &before.texts, &product.texts, |it| &it.slug, at).await?;
    announce(tx, product.id, at).await?;
    webhook::tell(tx, &[Event::product_changed(product)], at).await?;
    product.version += 1;
    Ok(true)
}

/// Deletes a product for good; hiding it is kinder to those who have its address.
pub async fn delete_product(shop: &Shop, id: ProductId) -> Result<bool, DbError> {
    use_case("delete-product", || async {
        let mut tx = shop.db.write().await?;
        let is_deleted = db::catalog::product::delete(&mut tx, id).await?;
        announce(&mut tx, id, shop.clock.now()).await?;
        tx.commit().await?;
        Ok(is_deleted)
    })
    .await
}

/// A product as the truth has it, for whoever is going to edit it.
pub async fn find_product(shop: &Shop, id: ProductId) -> Result<Option<Product>, DbError> {
    db::catalog::product::find(&mut shop.db.read().await?, id).await
}

/// What the truth has under a SKU: a product, and which of its variants it is where the product
/// has several. A configurable product that was never given a SKU goes by its address in the
/// channel's first language.
pub async fn find_by_sku(
    shop: &Shop,
    text: &str,
) -> Result<Option<(Product, Option<usize>)>, DbError> {
    let Some(sku) = Sku::new(text) else { return Ok(None) };
    let mut conn = shop.db.read().await?;
    let is_configurable =
        |product: &Product| matches!(product.kind, ProductKind::Configurable { .. });
    if let Some(product) = db::catalog::product::find_by_sku(&mut conn, &sku).await? {
        let place = product.variants.iter().position(|variant| variant.sku == sku);
        let place = place.filter(|_| is_configurable(&product));
        return Ok(Some((product, place)));
    }
    let known = db::catalog::configurable::find_by_skus(&mut conn, &[sku]).await?;
    if let Some(id) = known.into_values().next() {
        let product = db::catalog::product::find(&mut conn, id).await?;
        return Ok(product.map(|product| (product, None)));
    }
    let Some(slug) = Slug::new(text) else { return Ok(None) };
    let locale = shop.settings().channel.default_locale();
    let Some(id) = db::catalog::product::find_by_slug(&mut conn, locale, &slug).await? else {
        return Ok(None);
    };
    let product = db::catalog::product::find(&mut conn, id).await?;
    Ok(product.filter(is_configurable).map(|product| (product, None)))
}

/// A product by the small integer that Magento's API calls its id.
pub async fn find_by_number(shop: &Shop, number: i64) -> Result<Option<Product>, DbError> {
    db::catalog::product::find_by_number(&mut shop.db.read().await?, number).await
}

/// The SKUs that configurable products were given; one that never was is absent.
pub async fn configurable_skus(shop: &Shop) -> Result<HashMap<ProductId, Sku>, DbError> {
    db::catalog::configurable::list(&mut shop.db.read().await?).await
}

/// The products that nobody but staff sees yet, which the read side does not have.
pub async fn list_drafts(shop: &Shop) -> Result<Vec<Product>, DbError> {
    db::catalog::product::list_drafts(&mut shop.db.read().await?).await
}

/// Products by a part of a name or SKU, drafts included, newest first.
pub async fn search_products(
    shop: &Shop,
    text: &str,
    limit: u32,
    offset: u32,
) -> Result<Vec<Product>, DbError> {
    let mut conn = shop.db.read().await?;
    let ids = db::catalog::product::search(&mut conn, text, limit, offset).await?;
    let mut products = db::catalog::product::find_many(&mut conn, &ids).await?;
    products.sort_by_key(|product| std::cmp::Reverse(product.number));
    Ok(products)
}

/// One page of the products that staff look for, newest first, and how many there are in all.
pub async fn list_products(
    shop: &Shop,
    filter: &ProductFilter,
    limit: u32,
    offset: u32,
) -> Result<(Vec<Product>, u32), DbError> {
    let source = &shop.settings().source;
    let mut conn = shop.db.read().await?;
    let n_found = db::catalog::product::count_matching(&mut conn, source, filter).await?;
    let ids = db::catalog::product::list(&mut conn, source, filter, limit, offset).await?;
    let mut products = db::catalog::product::find_many(&mut conn, &ids).await?;
    products.sort_by_key(|product| std::cmp::Reverse(product.number));
    Ok((products, n_found))
}

pub(super) fn refuse(problems: Vec<Problem>) -> Result<(), SaveProductError> {
    if problems.is_empty() { Ok(()) } else { Err(SaveProductError::Invalid(problems)) }
}

pub(super) async fn announce(tx: &mut Tx, id: ProductId, at: Timestamp) -> Result<(), DbError> {
    let change = Change { topic: Topic::Product, subject: Some(id.0) };
    db::change::push(tx, change, at).await
}

/// Makes a product of what was written, with all that is wrong with it. Writes nothing.
pub(crate) async fn draw_up(
    conn: &mut Conn,
    known: &Known,
    input: &ProductInput,
    id: ProductId,
    before: Option<&Product>,
    at: Timestamp,
) -> Result<(Product, Vec<Problem>), DbError> {
    let (mut product, problems) = build(conn, known, input, id, before, at).await?;
    price(conn, before, &mut product, at).await?;
    Ok((product, problems))
}

async fn build(
    conn: &mut Conn,
    known: &Known,
    input: &ProductInput,
    id: ProductId,
    before: Option<&Product>,
    at: Timestamp,
) -> Result<(Product, Vec<Problem>), DbError> {
    let mut unslugged = Vec::new();
    let mut texts = Localized::default();
    for (&locale, text) in &input.texts.0 {
        let wanted = text.slug.clone().or_else(|| Slug::from_title(&text.name));
        let Some(wanted) = wanted else {
            let is_nameless = text.name.trim().is_empty();
            unslugged.push(if is_nameless {
                Problem::NameMissing(locale)
            } else {
                Problem::SlugMissing(locale)
            });
            continue;
        };
        let had = before.and_then(|before| before.texts.0.get(&locale)).map(|text| &text.slug);
        let slug = match had {
            Some(had) if *had == wanted => wanted,
            _ => db::catalog::product::free_slug(conn, locale, &wanted, id).await?,
        };
        let text = ProductText {
            slug,
            name: text.name.trim().to_owned(),
            short: text.short.trim().to_owned(),
            description: text.description.trim().to_owned(),
            meta_description: text.meta_description.trim().to_owned(),
        };
        texts.0.insert(locale, text);
    }
    let known_variants: &[Variant] = before.map_or(&[], |before| &before.variants);
    let variants = input.variants.iter().map(|variant| Variant {
        id: variant.id.unwrap_or_else(|| VariantId(Uuid::now_v7())),
        number: known_variants
            .iter()
            .find(|known| Some(known.id) == variant.id)
            .map_or(0, |known| known.number),
        sku: variant.sku.clone(),
        is_enabled: variant.is_enabled,
        options: variant.options.clone(),
        weight_grams: variant.weight_grams,
        content: variant.content,
        prices: variant.prices.iter().map(unpriced).collect(),
    });
    let mut categories: BTreeMap<CategoryId, i32> = BTreeMap::new();
    categories.extend(input.categories.iter().copied());
    let product = Product {
        id,
        number: before.map_or(0, |before| before.number),
        version: before.map_or(1, |before| before.version),
        kind: input.kind.clone(),
        visibility: input.visibility,
        attribute_set: input.attribute_set.clone(),
        tax_class: input.tax_class.clone(),
        is_featured: input.is_featured,
        texts,
        attributes: input.attributes.clone(),
        categories: categories.into_iter().collect(),
        pictures: input.pictures.clone(),
        variants: variants.collect(),
        eco: input.eco.clone(),
        manufacturer: input.manufacturer.clone(),
        created_at: before.map_or(at, |before| before.created_at),
        updated_at: at,
    };

    let mut found = problems(&product, known);
    unslugged.retain(|problem| !found.contains(problem));
    // Its name is there, and only nothing that an address could be made of.
    found.retain(|problem| match problem {
        Problem::NameMissing(locale) => !unslugged.contains(&Problem::SlugMissing(*locale)),
        _ => true,
    });
    found.extend(unslugged);
    for variant in &input.variants {
        let is_ours = |id| known_variants.iter().any(|known| known.id == id);
        if variant.id.is_some_and(|id| !is_ours(id)) {
            found.push(Problem::UnknownVariant(variant.sku.clone()));
        }
    }
    let is_new = |sku: &Sku| known_variants.iter().all(|known| known.sku != *sku);
    let skus = product.variants.iter().map(|variant| variant.sku.clone());
    let new_skus: Vec<Sku> = skus.filter(is_new).collect();
    for (sku, owner) in db::catalog::product::owners(conn, &new_skus).await? {
        if owner != id {
            found.push(Problem::SkuTaken { sku, owner });
        }
    }
    Ok((product, found))
}

fn unpriced(input: &PriceInput) -> ChannelPrice {
    ChannelPrice {
        channel: input.channel.clone(),
        regular: input.regular,
        special: input.special,
        eco_participation: input.eco_participation,
        prior: None,
    }
}

/// What products are checked against, as it is now.
pub(crate) async fn known(conn: &mut Conn) -> Result<Known, DbError> {
    let attributes = db::catalog::attribute::list(conn).await?;
    let rates = db::channel::tax_table(conn).await?;
    let channels = db::channel::list(conn).await?;
    let tax_classes: BTreeSet<String> =
        rates.rows().iter().map(|rate| rate.class.as_str().to_owned()).collect();
    Ok(Known {
        attributes: attributes.into_iter().map(|it| (it.code.clone(), it)).collect(),
        sets: db::catalog::attribute::list_sets(conn).await?,
        categories: db::catalog::category::list(conn).await?.iter().map(|it| it.id).collect(),
        channels,
        tax_classes,
    })
}

/// Fills in the prior price of each special price.
async fn price(
    conn: &mut Conn,
    before: Option<&Product>,
    product: &mut Product,
    at: Timestamp,
) -> Result<(), DbError> {
    for variant in &mut product.variants {
        let id = variant.id;
        for price in &mut variant.prices {
            let Some(special) = price.special else { continue };
            let old = old_price(before, id, &price.channel);
            let has_begun = special.from.is_none_or(|from| from <= at);
            if let Some(old) = old.filter(|old| has_begun && old.special == Some(special)) {
                // The reference stays what it was when the cut began.
                price.prior = old.prior;
                continue;
            }
            let begins_at = special.from.map_or(at, |from| from.max(at));
            let since = begins_at.saturating_sub(PRIOR_PERIOD).unwrap_or(Timestamp::MIN);
            let mut log =
                db::catalog::price::list_price_log(conn, id, &price.channel, since).await?;
            // What is asked from now until a cut that begins later.
            log.push(LoggedPrice { at, regular: price.regular, special: price.special });
            price.prior = prior_of_cut(old, &log, special, at);
        }
    }
    Ok(())
}

fn old_price<'a>(
    before: Option<&'a Product>,
    variant: VariantId,
    channel: &ChannelCode,
) -> Option<&'a ChannelPrice> {
    let variant = before?.variants.iter().find(|old| old.id == variant)?;
    variant.prices.iter().find(|old| old.channel == *channel)
}

/// Appends to the price log what is asked from now on, where it differs from before.
async fn log_prices(
    tx: &mut Tx,
    before: Option<&Product>,
    product: &Product,
    at: Timestamp,
) -> Result<(), DbError> {
    for variant in &product.variants {
        for price in &variant.prices {
            let is_same = old_price(before, variant.id, &price.channel)
                .is_some_and(|old| (old.regular, old.special) == (price.regular, price.special));
            if !is_same {
                db::catalog::price::log_price(tx, variant.id, price, at).await?;
            }
        }
    }
    Ok(())
}

async fn number_variants(tx: &mut Tx, product: &mut Product) -> Result<(), DbError> {
    for variant in product.variants.iter_mut().filter(|variant| variant.number == 0) {
        variant.number = db::next_number(tx, "variant").await?;
    }
    Ok(())
}

/// Sets the stock of the variants that were counted.
pub(super) async fn count(
    tx: &mut Tx,
    source: &SourceCode,
    input: &ProductInput,
    at: Timestamp,
) -> Result<Vec<Problem>, DbError> {
    let mut counts: Vec<(&Sku, u32)> = input
        .variants
        .iter()
        .filter_map(|variant| Some((&variant.sku, variant.on_hand?)))
        .collect();
    // Rows are locked in the order of their keys, as checkouts do.
    counts.sort();
    let mut problems = Vec::new();
    for (sku, on_hand) in counts {
        match count_in(tx, source, sku, on_hand, at).await {
            Ok(_) | Err(CountStockError::NotFound) => {}
            Err(CountStockError::Promised { allocated }) => {
                problems.push(Problem::Promised { sku: sku.clone(), allocated });
            }
            Err(CountStockError::Db(error)) => return Err(error),
        }
    }
    Ok(problems)
}
