//! Products with all that belongs to them.
//!
//! Reading takes one statement per table, for one page of products or for one chunk of ids, and
//! puts the rows together here. Writing compares with what was there before and touches only the
//! rows that differ.

use std::collections::{BTreeMap, HashMap};

use commerce::catalog::{
    AttributeCode, AttributeSetCode, CategoryId, ContentUnit, NetContent, Product, ProductId,
    ProductKind, ProductText, Sku, Variant, VariantId, Visibility,
};
use commerce::channel::Locale;
use commerce::content::{Localized, Slug};
use commerce::media::{Original, Picture};
use commerce::price::ChannelPrice;
use commerce::stock::SourceCode;
use uuid::Uuid;

use super::price::{self, PriceRow};
use super::sheet;
use crate::channel::{position, tax_class};
use crate::engine::{CHUNK, execute, fetch_all, fetch_chunk, fetch_optional};
use crate::media::OriginalRow;
use crate::{Conn, DbError, Tx, json, moment, narrow, parsed};

#[derive(sqlx::FromRow)]
struct ProductRow {
    id: Uuid,
    number: i64,
    version: i64,
    kind: String,
    axes: String,
    visibility: String,
    attribute_set: String,
    tax_class: String,
    is_featured: bool,
    attribute_values: String,
    eco: String,
    manufacturer: Option<String>,
    created_at: i64,
    updated_at: i64,
}

#[derive(sqlx::FromRow)]
struct TextRow {
    product_id: Uuid,
    locale: String,
    slug: String,
    name: String,
    short: String,
    description: String,
    meta_description: String,
}

#[derive(sqlx::FromRow)]
struct PictureRow {
    product_id: Uuid,
    alt: String,
    attribute: Option<String>,
    attribute_option: Option<String>,
    #[sqlx(flatten)]
    original: OriginalRow,
}

#[derive(sqlx::FromRow)]
struct VariantRow {
    id: Uuid,
    number: i64,
    product_id: Uuid,
    sku: String,
    is_enabled: bool,
    options: String,
    weight_grams: i64,
    net_quantity: Option<i64>,
    net_unit: Option<String>,
}

/// The rows of some products, by the product they belong to.
#[derive(Default)]
struct Parts {
    texts: HashMap<Uuid, Vec<TextRow>>,
    categories: HashMap<Uuid, Vec<(CategoryId, i32)>>,
    pictures: HashMap<Uuid, Vec<Picture>>,
    variants: HashMap<Uuid, Vec<VariantRow>>,
    /// By variant.
    prices: HashMap<Uuid, Vec<ChannelPrice>>,
}

/// Which products a statement is about.
#[derive(Clone, Copy)]
enum Scope<'a> {
    /// Those whose ids lie after the first and up to the second.
    Between(Uuid, Uuid),
    /// At most [`CHUNK`] of them.
    These(&'a [Uuid]),
    /// Those that are being written.
    Drafts,
}

/// Fetches the rows of a table that belong to the products of a scope.
macro_rules! fetch_scope {
    ($conn:expr, $row:ty, $scope:expr, $select:literal, $product:literal, $order:literal) => {
        match $scope {
            Scope::Between(after, upto) => fetch_all!(
                $conn,
                $row,
                concat!(
                    $select, " WHERE ", $product, " > ? AND ", $product, " <= ? ORDER BY ", $order
                ),
                after,
                upto,
            ),
            Scope::These(ids) => fetch_chunk!(
                $conn,
                $row,
                concat!(
                    $select, " WHERE ", $product,
                    " IN (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) ORDER BY ", $order
                );
                ids
            ),
            Scope::Drafts => fetch_all!(
                $conn,
                $row,
                concat!(
                    $select, " WHERE ", $product,
                    " IN (SELECT products.id FROM products WHERE products.visibility = 'draft')",
                    " ORDER BY ", $order
                ),
            ),
        }
    };
}

/// All drafts, in no order, by as many statements however many there are.
pub async fn list_drafts(conn: &mut Conn) -> Result<Vec<Product>, DbError> {
    let rows = fetch_all!(
        conn,
        ProductRow,
        "SELECT id, number, version, kind, axes, visibility, attribute_set, tax_class, \
         is_featured, attribute_values, eco, manufacturer, created_at, updated_at FROM products \
         WHERE visibility = 'draft'"
    );
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let mut parts = fetch_parts(conn, Scope::Drafts).await?;
    rows.iter().map(|row| parts.assemble(row)).collect()
}

/// The next products in the order of their ids, drafts included.
///
/// Six statements for a page. Whoever needs all products asks page after page, so that memory
/// holds the rows of one page and not of a hundred thousand.
pub async fn list_after(
    conn: &mut Conn,
    after: Option<ProductId>,
    limit: u32,
) -> Result<Vec<Product>, DbError> {
    let after = after.map_or(Uuid::nil(), |id| id.0);
    let rows = fetch_all!(
        conn,
        ProductRow,
        "SELECT id, number, version, kind, axes, visibility, attribute_set, tax_class, \
         is_featured, attribute_values, eco, manufacturer, created_at, updated_at FROM products \
         WHERE id > ? ORDER BY id LIMIT ?",
        after,
        limit,
    );
    let Some(last) = rows.last() else { return Ok(Vec::new()) };
    let scope = Scope::Between(after, last.id);
    let mut parts = fetch_parts(conn, scope).await?;
    rows.iter().map(|row| parts.assemble(row)).collect()
}

/// The products that have these ids, in the order of their ids.
pub async fn find_many(conn: &mut Conn, ids: &[ProductId]) -> Result<Vec<Product>, DbError> {
    let mut products = Vec::with_capacity(ids.len());
    let ids: Vec<Uuid> = ids.iter().map(|id| id.0).collect();
    for chunk in ids.chunks(CHUNK) {
        let rows = fetch_chunk!(
            conn,
            ProductRow,
            "SELECT id, number, version, kind, axes, visibility, attribute_set, tax_class, \
             is_featured, attribute_values, eco, manufacturer, created_at, updated_at \
             FROM products WHERE id IN (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
            chunk
        );
        let mut parts = fetch_parts(conn, Scope::These(chunk)).await?;
        for row in rows {
            products.push(parts.assemble(&row)?);
        }
    }
    products.sort_by_key(|product| product.id);
    Ok(products)
}

pub async fn find(conn: &mut Conn, id: ProductId) -> Result<Option<Product>, DbError> {
    Ok(find_many(conn, &[id]).await?.pop())
}

pub async fn find_by_sku(conn: &mut Conn, sku: &Sku) -> Result<Option<Product>, DbError> {
    let row = fetch_optional!(
        conn,
        (Uuid,),
        "SELECT product_id FROM variants WHERE sku = ?",
        sku.as_str(),
    );
    match row {
        Some((id,)) => find(conn, ProductId(id)).await,
        None => Ok(None),
    }
}

pub async fn find_by_number(conn: &mut Conn, number: i64) -> Result<Option<Product>, DbError> {
    let row = fetch_optional!(conn, (Uuid,), "SELECT id FROM products WHERE number = ?", number);
    match row {
        Some((id,)) => find(conn, ProductId(id)).await,
        None => Ok(None),
    }
}

/// Whose page has this address.
pub async fn find_by_slug(
    conn: &mut Conn,
    locale: Locale,
    slug: &Slug,
) -> Result<Option<ProductId>, DbError> {
    let row = fetch_optional!(
        conn,
        (Uuid,),
        "SELECT product_id FROM product_texts WHERE locale = ? AND slug = ?",
        locale.as_str(),
        slug.as_str(),
    );
    Ok(row.map(|(id,)| ProductId(id)))
}

/// Which products have a variant with one of these SKUs, with that SKU.
pub async fn owners(conn: &mut Conn, skus: &[Sku]) -> Result<Vec<(Sku, ProductId)>, DbError> {
    let mut owners = Vec::new();
    let skus: Vec<&str> = skus.iter().map(Sku::as_str).collect();
    for chunk in skus.chunks(CHUNK) {
        let rows = fetch_chunk!(
            conn,
            (String, Uuid),
            "SELECT sku, product_id FROM variants \
             WHERE sku IN (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
            chunk
        );
        for (sku, product) in rows {
            owners.push((crate::sku("variants", &sku)?, ProductId(product)));
        }
    }
    Ok(owners)
}

/// The variants that have these SKUs, with their products.
pub async fn variants(
    conn: &mut Conn,
    skus: &[Sku],
) -> Result<HashMap<Sku, (ProductId, VariantId)>, DbError> {
    let mut found = HashMap::new();
    let skus: Vec<&str> = skus.iter().map(Sku::as_str).collect();
    for chunk in skus.chunks(CHUNK) {
        let rows = fetch_chunk!(
            conn,
            (String, Uuid, Uuid),
            "SELECT sku, product_id, id FROM variants \
             WHERE sku IN (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
            chunk
        );
        for (sku, product, variant) in rows {
            found.insert(crate::sku("variants", &sku)?, (ProductId(product), VariantId(variant)));
        }
    }
    Ok(found)
}

/// How many products there are, drafts included.
pub async fn count(conn: &mut Conn) -> Result<u64, DbError> {
    let row = fetch_optional!(conn, (i64,), "SELECT COUNT(*) FROM products");
    let n_products = row.map_or(0, |(n,)| n);
    u64::try_from(n_products).map_err(|_| DbError::corrupt("products", "a negative count"))
}

/// The products that have one of these words in a name or a SKU, newest first; for the back
/// office, which also sees what the read side does not show.
///
/// MySQL compares a SKU, which is ASCII, with any text only once it is cast.
pub async fn search(
    conn: &mut Conn,
    text: &str,
    limit: u32,
    offset: u32,
) -> Result<Vec<ProductId>, DbError> {
    let pattern = format!("%{}%", text.trim().replace(['%', '_', '\\'], ""));
    let rows = fetch_all!(
        conn,
        (Uuid,),
        "SELECT p.id FROM products p WHERE EXISTS ( \
            SELECT 1 FROM product_texts t WHERE t.product_id = p.id \
            AND LOWER(t.name) LIKE LOWER(?) \
         ) OR EXISTS ( \
            SELECT 1 FROM variants v WHERE v.product_id = p.id \
            AND LOWER(CAST(v.sku AS CHAR)) LIKE LOWER(?) \
         ) ORDER BY p.number DESC LIMIT ? OFFSET ?",
        &pattern,
        &pattern,
        limit,
        offset,
    );
    Ok(rows.into_iter().map(|(id,)| ProductId(id)).collect())
}

/// What staff look for among products.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct ProductFilter {
    /// A part of a name or of a SKU.
    pub text: String,
    pub visibility: Option<Visibility>,
    /// An enabled variant has at most so many free units.
    pub at_most: Option<u32>,
}

impl ProductFilter {
    fn binds(&self) -> (String, &'static str, bool, u32) {
        let pattern = format!("%{}%", self.text.trim().replace(['%', '_', '\\'], ""));
        let visibility = self.visibility.map_or("%", visibility_name);
        (pattern, visibility, self.at_most.is_none(), self.at_most.unwrap_or_default())
    }
}

/// The products that fit, newest first.
pub async fn list(
    conn: &mut Conn,
    source: &SourceCode,
    filter: &ProductFilter,
    limit: u32,
    offset: u32,
) -> Result<Vec<ProductId>, DbError> {
    let (pattern, visibility, any_stock, at_most) = filter.binds();
    let rows = fetch_all!(
        conn,
        (Uuid,),
        "SELECT p.id FROM products p WHERE p.visibility LIKE ? AND (EXISTS ( \
            SELECT 1 FROM product_texts t WHERE t.product_id = p.id \
            AND LOWER(t.name) LIKE LOWER(?) \
         ) OR EXISTS ( \
            SELECT 1 FROM variants v WHERE v.product_id = p.id \
            AND LOWER(CAST(v.sku AS CHAR)) LIKE LOWER(?) \
         )) AND (? OR EXISTS ( \
            SELECT 1 FROM variants v LEFT JOIN stock s ON s.sku = v.sku AND s.source = ? \
            WHERE v.product_id = p.id AND v.is_enabled \
            AND COALESCE(s.on_hand - s.allocated, 0) <= ? \
         )) ORDER BY p.number DESC LIMIT ? OFFSET ?",
        visibility,
        &pattern,
        &pattern,
        any_stock,
        source.as_str(),
        at_most,
        limit,
        offset,
    );
    Ok(rows.into_iter().map(|(id,)| ProductId(id)).collect())
}

/// How many products fit.
pub async fn count_matching(
    conn: &mut Conn,
    source: &SourceCode,
    filter: &ProductFilter,
) -> Result<u32, DbError> {
    let (pattern, visibility, any_stock, at_most) = filter.binds();
    let row = fetch_optional!(
        conn,
        (i64,),
        "SELECT COUNT(*) FROM products p WHERE p.visibility LIKE ? AND (EXISTS ( \
            SELECT 1 FROM product_texts t WHERE t.product_id = p.id \
            AND LOWER(t.name) LIKE LOWER(?) \
         ) OR EXISTS ( \
            SELECT 1 FROM variants v WHERE v.product_id = p.id \
            AND LOWER(CAST(v.sku AS CHAR)) LIKE LOWER(?) \
         )) AND (? OR EXISTS ( \
            SELECT 1 FROM variants v LEFT JOIN stock s ON s.sku = v.sku AND s.source = ? \
            WHERE v.product_id = p.id AND v.is_enabled \
            AND COALESCE(s.on_hand - s.allocated, 0) <= ? \
         ))",
        visibility,
        &pattern,
        &pattern,
        any_stock,
        source.as_str(),
        at_most,
    );
    narrow("products", row.map_or(0, |(n,)| n))
}

async fn fetch_parts(conn: &mut Conn, scope: Scope<'_>) -> Result<Parts, DbError> {
    let mut parts = Parts::default();
    let texts = fetch_scope!(
        conn,
        TextRow,
        scope,
        "SELECT product_id, locale, slug, name, short, description, meta_description \
         FROM product_texts",
        "product_id",
        "product_id, locale"
    );
    for row in texts {
        parts.texts.entry(row.product_id).or_default().push(row);
    }
    let categories = fetch_scope!(
        conn,
        (Uuid, Uuid, i64),
        scope,
        "SELECT product_id, category_id, position FROM product_categories",
        "product_id",
        "product_id, category_id"
    );
    for (product, category, at) in categories {
        let entry = (CategoryId(category), position("product_categories", at)?);
        parts.categories.entry(product).or_default().push(entry);
    }
    let pictures = fetch_scope!(
        conn,
        PictureRow,
        scope,
        "SELECT p.product_id, p.alt, p.attribute, p.attribute_option, m.id AS media_id, \
         m.media_key, m.format, m.width, m.height, m.bytes \
         FROM product_pictures p JOIN media m ON m.id = p.media_id",
        "p.product_id",
        "p.product_id, p.position"
    );
    for row in pictures {
        parts.pictures.entry(row.product_id).or_default().push(picture(row)?);
    }
    let variants = fetch_scope!(
        conn,
        VariantRow,
        scope,
        "SELECT id, number, product_id, sku, is_enabled, options, weight_grams, net_quantity, \
         net_unit FROM variants",
        "product_id",
        "product_id, position, id"
    );
    for row in variants {
        parts.variants.entry(row.product_id).or_default().push(row);
    }
    let prices = fetch_scope!(
        conn,
        PriceRow,
        scope,
        "SELECT p.variant_id, p.channel, p.currency, p.regular_minor, p.special_minor, \
         p.special_from, p.special_until, p.eco_participation_minor, p.prior_minor \
         FROM variants v JOIN prices p ON p.variant_id = v.id",
        "v.product_id",
        "p.variant_id, p.channel"
    );
    for row in prices {
        let variant = row.variant_id;
        parts.prices.entry(variant).or_default().push(row.try_into()?);
    }
    Ok(parts)
}

fn picture(row: PictureRow) -> Result<Picture, DbError> {
    let option = match (row.attribute, row.attribute_option) {
        (Some(axis), Some(option)) => Some((sheet::attribute(&axis)?, sheet::option(&option)?)),
        _ => None,
    };
    Ok(Picture {
        original: Original::try_from(row.original)?,
        alt: json::read_texts("product_pictures", &row.alt)?,
        option,
    })
}

impl Parts {
    fn assemble(&mut self, row: &ProductRow) -> Result<Product, DbError> {
        const TABLE: &str = "products";
        let variants = self.variants.remove(&row.id).unwrap_or_default();
        let texts = self.texts.remove(&row.id).unwrap_or_default();
        Ok(Product {
            id: ProductId(row.id),
            number: row.number,
            version: narrow(TABLE, row.version)?,
            kind: read_kind(&row.kind, &row.axes)?,
            visibility: parsed(TABLE, &row.visibility, parse_visibility(&row.visibility))?,
            attribute_set: parsed(
                TABLE,
                &row.attribute_set,
                AttributeSetCode::new(row.attribute_set.as_str()),
            )?,
            tax_class: tax_class(TABLE, &row.tax_class)?,
            is_featured: row.is_featured,
            texts: texts.into_iter().map(text).collect::<Result<_, DbError>>()?,
            attributes: sheet::read_values(&row.attribute_values)?,
            categories: self.categories.remove(&row.id).unwrap_or_default(),
            pictures: self.pictures.remove(&row.id).unwrap_or_default(),
            variants: variants
                .iter()
                .map(|variant| self.variant(variant))
                .collect::<Result<_, _>>()?,
            eco: sheet::read_eco(&row.eco)?,
            manufacturer: row.manufacturer.as_deref().map(sheet::read_manufacturer).transpose()?,
            created_at: moment(TABLE, row.created_at)?,
            updated_at: moment(TABLE, row.updated_at)?,
        })
    }

    fn variant(&mut self, row: &VariantRow) -> Result<Variant, DbError> {
        const TABLE: &str = "variants";
        let content = match (row.net_quantity, row.net_unit.as_deref()) {
            (Some(quantity), Some(unit)) => {
                let unit = parsed(TABLE, unit, parse_unit(unit))?;
                let content = NetContent::new(narrow(TABLE, quantity)?, unit);
                Some(parsed(TABLE, "a content of nothing", content)?)
            }
            _ => None,
        };
        Ok(Variant {
            id: VariantId(row.id),
            number: row.number,
            sku: crate::sku(TABLE, &row.sku)?,
            is_enabled: row.is_enabled,
            options: sheet::read_options(&row.options)?,
            weight_grams: narrow(TABLE, row.weight_grams)?,
            content,
            prices: self.prices.remove(&row.id).unwrap_or_default(),
        })
    }
}

fn text(row: TextRow) -> Result<(Locale, ProductText), DbError> {
    let locale = parsed("product_texts", &row.locale, Locale::new(&row.locale))?;
    let text = ProductText {
        slug: parsed("product_texts", &row.slug, Slug::new(row.slug.as_str()))?,
        name: row.name,
        short: row.short,
        description: row.description,
        meta_description: row.meta_description,
    };
    Ok((locale, text))
}

pub(super) fn read_kind(kind: &str, axes: &str) -> Result<ProductKind, DbError> {
    match kind {
        "simple" => Ok(ProductKind::Simple),
        // A draft that is not told yet what its variants differ by.
        "configurable" if axes.is_empty() => Ok(ProductKind::Configurable { axes: Vec::new() }),
        "configurable" => {
            let axes = axes.split(',').map(sheet::attribute).collect::<Result<_, _>>()?;
            Ok(ProductKind::Configurable { axes })
        }
        _ => Err(DbError::corrupt("products", format!("kind {kind:?}"))),
    }
}

fn write_kind(kind: &ProductKind) -> (&'static str, String) {
    match kind {
        ProductKind::Simple => ("simple", String::new()),
        ProductKind::Configurable { axes } => {
            let axes: Vec<&str> = axes.iter().map(AttributeCode::as_str).collect();
            ("configurable", axes.join(","))
        }
    }
}

fn visibility_name(visibility: Visibility) -> &'static str {
    match visibility {
        Visibility::Draft => "draft",
        Visibility::Published => "published",
        Visibility::Hidden => "hidden",
    }
}

pub(super) fn parse_visibility(name: &str) -> Option<Visibility> {
    [Visibility::Draft, Visibility::Published, Visibility::Hidden]
        .into_iter()
        .find(|visibility| visibility_name(*visibility) == name)
}

fn unit_name(unit: ContentUnit) -> &'static str {
    match unit {
        ContentUnit::Milliliter => "milliliter",
        ContentUnit::Gram => "gram",
        ContentUnit::Centimeter => "centimeter",
        ContentUnit::Piece => "piece",
    }
}

fn parse_unit(name: &str) -> Option<ContentUnit> {
    [ContentUnit::Milliliter, ContentUnit::Gram, ContentUnit::Centimeter, ContentUnit::Piece]
        .into_iter()
        .find(|unit| unit_name(*unit) == name)
}

/// Writes a new product, as its first version.
pub async fn insert(tx: &mut Tx, product: &Product) -> Result<(), DbError> {
    let (kind, axes) = write_kind(&product.kind);
    execute!(
        tx,
        "INSERT INTO products (id, number, version, kind, axes, visibility, attribute_set, \
         tax_class, is_featured, attribute_values, eco, manufacturer, created_at, updated_at) \
         VALUES (?, ?, 1, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        product.id.0,
        product.number,
        kind,
        axes,
        visibility_name(product.visibility),
        product.attribute_set.as_str(),
        product.tax_class.as_str(),
        product.is_featured,
        sheet::write_values(&product.attributes),
        sheet::write_eco(&product.eco),
        product.manufacturer.as_ref().map(sheet::write_manufacturer),
        product.created_at.as_microsecond(),
        product.updated_at.as_microsecond(),
    );
    write_parts(tx, None, product).await
}

/// Writes what a product has become, as its next version; `false` when `before` is no longer its
/// current version, because somebody else was faster.
pub async fn update(tx: &mut Tx, before: &Product, after: &Product) -> Result<bool, DbError> {
    let (kind, axes) = write_kind(&after.kind);
    let updated = execute!(
        tx,
        "UPDATE products SET version = version + 1, kind = ?, axes = ?, visibility = ?, \
         attribute_set = ?, tax_class = ?, is_featured = ?, attribute_values = ?, eco = ?, \
         manufacturer = ?, updated_at = ? WHERE id = ? AND version = ?",
        kind,
        axes,
        visibility_name(after.visibility),
        after.attribute_set.as_str(),
        after.tax_class.as_str(),
        after.is_featured,
        sheet::write_values(&after.attributes),
        sheet::write_eco(&after.eco),
        after.manufacturer.as_ref().map(sheet::write_manufacturer),
        after.updated_at.as_microsecond(),
        before.id.0,
        before.version,
    );
    if updated == 0 {
        return Ok(false);
    }
    write_parts(tx, Some(before), after).await?;
    Ok(true)
}

/// Deletes a product and all that belongs to it; its stock and its log of prices stay.
pub async fn delete(tx: &mut Tx, id: ProductId) -> Result<bool, DbError> {
    execute!(
        tx,
        "DELETE FROM prices WHERE variant_id IN (SELECT id FROM variants WHERE product_id = ?)",
        id.0,
    );
    execute!(tx, "DELETE FROM variants WHERE product_id = ?", id.0);
    execute!(tx, "DELETE FROM product_pictures WHERE product_id = ?", id.0);
    execute!(tx, "DELETE FROM product_categories WHERE product_id = ?", id.0);
    execute!(tx, "DELETE FROM product_texts WHERE product_id = ?", id.0);
    execute!(tx, "DELETE FROM configurable_skus WHERE product_id = ?", id.0);
    Ok(execute!(tx, "DELETE FROM products WHERE id = ?", id.0) == 1)
}

async fn write_parts(
    tx: &mut Tx,
    before: Option<&Product>,
    after: &Product,
) -> Result<(), DbError> {
    write_texts(tx, before, after).await?;
    write_categories(tx, before, after).await?;
    write_pictures(tx, before, after).await?;
    write_variants(tx, before, after).await
}

async fn write_texts(
    tx: &mut Tx,
    before: Option<&Product>,
    after: &Product,
) -> Result<(), DbError> {
    let empty = Localized::default();
    let known = before.map_or(&empty, |before| &before.texts);
    for locale in known.0.keys().filter(|locale| !after.texts.0.contains_key(locale)) {
        execute!(
            tx,
            "DELETE FROM product_texts WHERE product_id = ? AND locale = ?",
            after.id.0,
            locale.as_str(),
        );
    }
    for (locale, text) in &after.texts.0 {
        match known.0.get(locale) {
            Some(same) if same == text => {}
            Some(_) => {
                execute!(
                    tx,
                    "UPDATE product_texts SET slug = ?, name = ?, short = ?, description = ?, \
                     meta_description = ? WHERE product_id = ? AND locale = ?",
                    text.slug.as_str(),
                    text.name.as_str(),
                    text.short.as_str(),
                    text.description.as_str(),
                    text.meta_description.as_str(),
                    after.id.0,
                    locale.as_str(),
                );
            }
            None => {
                execute!(
                    tx,
                    "INSERT INTO product_texts (slug, name, short, description, \
                     meta_description, product_id, locale) VALUES (?, ?, ?, ?, ?, ?, ?)",
                    text.slug.as_str(),
                    text.name.as_str(),
                    text.short.as_str(),
                    text.description.as_str(),
                    text.meta_description.as_str(),
                    after.id.0,
                    locale.as_str(),
                );
            }
        }
    }
    Ok(())
}

async fn write_categories(
    tx: &mut Tx,
    before: Option<&Product>,
    after: &Product,
) -> Result<(), DbError> {
    let known: &[(CategoryId, i32)] = before.map_or(&[], |before| &before.categories);
    let wanted: BTreeMap<CategoryId, i32> = after.categories.iter().copied().collect();
    for (category, _) in known.iter().filter(|(category, _)| !wanted.contains_key(category)) {
        execute!(
            tx,
            "DELETE FROM product_categories WHERE product_id = ? AND category_id = ?",
            after.id.0,
            category.0,
        );
    }
    for (category, position) in wanted {
        match known.iter().find(|(known, _)| *known == category) {
            Some((_, same)) if *same == position => {}
            Some(_) => {
                execute!(
                    tx,
                    "UPDATE product_categories SET position = ? \
                     WHERE product_id = ? AND category_id = ?",
                    position,
                    after.id.0,
                    category.0,
                );
            }
            None => {
                execute!(
                    tx,
                    "INSERT INTO product_categories (position, product_id, category_id) \
                     VALUES (?, ?, ?)",
                    position,
                    after.id.0,
                    category.0,
                );
            }
        }
    }
    Ok(())
}

async fn write_pictures(
    tx: &mut Tx,
    before: Option<&Product>,
    after: &Product,
) -> Result<(), DbError> {
    let known: &[Picture] = before.map_or(&[], |before| &before.pictures);
    if known == after.pictures {
        return Ok(());
    }
    if !known.is_empty() {
        execute!(tx, "DELETE FROM product_pictures WHERE product_id = ?", after.id.0);
    }
    for (position, picture) in (0_i64..).zip(&after.pictures) {
        let option = picture.option.as_ref();
        execute!(
            tx,
            "INSERT INTO product_pictures (product_id, position, media_id, alt, attribute, \
             attribute_option) VALUES (?, ?, ?, ?, ?, ?)",
            after.id.0,
            position,
            picture.original.id.0,
            json::write_texts(&picture.alt),
            option.map(|(axis, _)| axis.as_str()),
            option.map(|(_, option)| option.as_str()),
        );
    }
    Ok(())
}

async fn write_variants(
    tx: &mut Tx,
    before: Option<&Product>,
    after: &Product,
) -> Result<(), DbError> {
    let known: &[Variant] = before.map_or(&[], |before| &before.variants);
    for gone in known.iter().filter(|old| after.variants.iter().all(|new| new.id != old.id)) {
        execute!(tx, "DELETE FROM prices WHERE variant_id = ?", gone.id.0);
        execute!(tx, "DELETE FROM variants WHERE id = ?", gone.id.0);
    }
    for (position, variant) in (0_i64..).zip(&after.variants) {
        let old_position = known.iter().position(|old| old.id == variant.id);
        let old = old_position.map(|at| &known[at]);
        let is_same = old.is_some_and(|old| {
            Variant { prices: variant.prices.clone(), ..old.clone() } == *variant
                && old_position == usize::try_from(position).ok()
        });
        if !is_same {
            write_variant(tx, after.id, position, variant, old.is_some()).await?;
        }
        write_prices(tx, old, variant).await?;
    }
    Ok(())
}

async fn write_variant(
    tx: &mut Tx,
    product: ProductId,
    position: i64,
    variant: &Variant,
    is_known: bool,
) -> Result<(), DbError> {
    let content = variant.content;
    if is_known {
        execute!(
            tx,
            "UPDATE variants SET position = ?, sku = ?, is_enabled = ?, options = ?, \
             weight_grams = ?, net_quantity = ?, net_unit = ? WHERE id = ?",
            position,
            variant.sku.as_str(),
            variant.is_enabled,
            sheet::write_options(&variant.options),
            variant.weight_grams,
            content.map(NetContent::quantity),
            content.map(|content| unit_name(content.unit)),
            variant.id.0,
        );
    } else {
        execute!(
            tx,
            "INSERT INTO variants (id, number, product_id, position, sku, is_enabled, options, \
             weight_grams, net_quantity, net_unit) VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
            variant.id.0,
            variant.number,
            product.0,
            position,
            variant.sku.as_str(),
            variant.is_enabled,
            sheet::write_options(&variant.options),
            variant.weight_grams,
            content.map(NetContent::quantity),
            content.map(|content| unit_name(content.unit)),
        );
    }
    Ok(())
}

async fn write_prices(
    tx: &mut Tx,
    before: Option<&Variant>,
    after: &Variant,
) -> Result<(), DbError> {
    let known: &[ChannelPrice] = before.map_or(&[], |before| &before.prices);
    let of_channel = |prices: &[ChannelPrice], price: &ChannelPrice| {
        prices.iter().find(|other| other.channel == price.channel).cloned()
    };
    for gone in known.iter().filter(|old| of_channel(&after.prices, old).is_none()) {
        execute!(
            tx,
            "DELETE FROM prices WHERE variant_id = ? AND channel = ?",
            after.id.0,
            gone.channel.as_str(),
        );
    }
    for new in &after.prices {
        let old = of_channel(known, new);
        if old.as_ref() != Some(new) {
            price::save(tx, after.id, new, old.is_some()).await?;
        }
    }
    Ok(())
}

/// `wanted`, or the same with the first free suffix when another product has it.
pub async fn free_slug(
    conn: &mut Conn,
    locale: Locale,
    wanted: &Slug,
    owner: ProductId,
) -> Result<Slug, DbError> {
    let (from, until) = super::slug_range(wanted);
    let rows = fetch_all!(
        conn,
        (String,),
        "SELECT slug FROM product_texts \
         WHERE locale = ? AND slug >= ? AND slug < ? AND product_id <> ?",
        locale.as_str(),
        &from,
        &until,
        owner.0,
    );
    Ok(super::first_free(wanted, &rows.into_iter().map(|(slug,)| slug).collect()))
}
