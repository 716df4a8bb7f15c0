//! What a cart needs to know of its SKUs, and no more: the hot path of checkout.

use std::collections::{BTreeSet, HashMap};

use commerce::catalog::{
    AttributeCode, OptionCode, Options, ProductId, ProductKind, Sku, VariantId, Visibility,
};
use commerce::channel::{ChannelCode, Locale};
use commerce::content::{Localized, Slug};
use commerce::media::MediaKey;
use commerce::price::ChannelPrice;
use commerce::stock::{SourceCode, StockLevel};
use commerce::tax::TaxClass;
use uuid::Uuid;

use super::price::MaybePriceRow;
use super::product::{parse_visibility, read_kind};
use super::sheet;
use crate::channel::tax_class;
use crate::engine::{CHUNK, fetch_chunk, padded};
use crate::{Conn, DbError, json, narrow, parsed};

/// One SKU as a channel offers it.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Offer {
    pub sku: Sku,
    pub variant: VariantId,
    pub product: ProductId,
    pub kind: ProductKind,
    pub visibility: Visibility,
    pub is_enabled: bool,
    pub tax_class: TaxClass,
    pub weight_grams: u32,
    pub names: Localized<OfferName>,
    /// In the order of the product's axes.
    pub options: Vec<OfferOption>,
    /// The first picture of the variant's options, else the first of the product.
    pub picture: Option<MediaKey>,
    /// `None` when the channel does not sell it.
    pub price: Option<ChannelPrice>,
    /// Nothing where it was never counted.
    pub level: StockLevel,
}

impl Offer {
    /// Whether the channel sells it at all; stock apart.
    pub fn is_on_sale(&self) -> bool {
        self.is_enabled && self.visibility == Visibility::Published && self.price.is_some()
    }
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferName {
    pub name: String,
    pub slug: Slug,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferOption {
    pub axis: AttributeCode,
    pub option: OptionCode,
    /// What the axis is called, such as `Taille`.
    pub axis_label: Localized<String>,
    pub label: Localized<String>,
}

#[derive(sqlx::FromRow)]
struct OfferRow {
    sku: String,
    id: Uuid,
    product_id: Uuid,
    kind: String,
    axes: String,
    visibility: String,
    is_enabled: bool,
    tax_class: String,
    options: String,
    weight_grams: i64,
    #[sqlx(flatten)]
    price: MaybePriceRow,
    on_hand: Option<i64>,
    allocated: Option<i64>,
}

struct PictureOf {
    key: MediaKey,
    option: Option<(String, String)>,
}

type Labels = HashMap<(String, String), (Localized<String>, Localized<String>)>;

/// What a channel offers under these SKUs and what a source has of them, in the order given;
/// unknown SKUs are left out.
///
/// Four statements for sixteen SKUs, three when none has options; descriptions, eco data and
/// attributes stay where they are.
pub async fn offers(
    conn: &mut Conn,
    channel: &ChannelCode,
    source: &SourceCode,
    skus: &[Sku],
) -> Result<Vec<Offer>, DbError> {
    let mut found = HashMap::with_capacity(skus.len());
    let wanted: Vec<&str> = skus.iter().map(Sku::as_str).collect();
    for chunk in wanted.chunks(CHUNK) {
        for offer in chunk_of_offers(conn, channel, source, chunk).await? {
            found.insert(offer.sku.clone(), offer);
        }
    }
    Ok(skus.iter().filter_map(|sku| found.get(sku).cloned()).collect())
}

async fn chunk_of_offers(
    conn: &mut Conn,
    channel: &ChannelCode,
    source: &SourceCode,
    skus: &[&str],
) -> Result<Vec<Offer>, DbError> {
    let rows = fetch_chunk!(
        conn,
        OfferRow,
        "SELECT v.sku, v.id, v.product_id, p.kind, p.axes, p.visibility, v.is_enabled, \
         p.tax_class, v.options, v.weight_grams, o.currency, o.regular_minor, o.special_minor, \
         o.special_from, o.special_until, o.eco_participation_minor, o.prior_minor, \
         s.on_hand, s.allocated \
         FROM variants v JOIN products p ON p.id = v.product_id \
         LEFT JOIN prices o ON o.variant_id = v.id AND o.channel = ? \
         LEFT JOIN stock s ON s.sku = v.sku AND s.source = ? \
         WHERE v.sku IN (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
        channel.as_str(),
        source.as_str();
        skus
    );
    if rows.is_empty() {
        return Ok(Vec::new());
    }
    let products: BTreeSet<Uuid> = rows.iter().map(|row| row.product_id).collect();
    let products: Vec<Uuid> = products.into_iter().collect();
    let names = fetch_names(conn, &products).await?;
    let pictures = fetch_pictures(conn, &products).await?;

    let mut options = Vec::with_capacity(rows.len());
    for row in &rows {
        options.push(sheet::read_options(&row.options)?);
    }
    let labels = fetch_labels(conn, &options).await?;

    rows.into_iter()
        .zip(options)
        .map(|(row, options)| {
            let kind = read_kind(&row.kind, &row.axes)?;
            Ok(Offer {
                variant: VariantId(row.id),
                product: ProductId(row.product_id),
                visibility: parsed("products", &row.visibility, parse_visibility(&row.visibility))?,
                is_enabled: row.is_enabled,
                tax_class: tax_class("products", &row.tax_class)?,
                weight_grams: narrow("variants", row.weight_grams)?,
                names: names.get(&row.product_id).cloned().unwrap_or_default(),
                picture: picture(pictures.get(&row.product_id), &options),
                options: labelled(&kind, &options, &labels),
                price: row.price.read(channel)?,
                level: StockLevel {
                    on_hand: narrow("stock", row.on_hand.unwrap_or_default())?,
                    allocated: narrow("stock", row.allocated.unwrap_or_default())?,
                },
                sku: crate::sku("variants", &row.sku)?,
                kind,
            })
        })
        .collect()
}

async fn fetch_names(
    conn: &mut Conn,
    products: &[Uuid],
) -> Result<HashMap<Uuid, Localized<OfferName>>, DbError> {
    let rows = fetch_chunk!(
        conn,
        (Uuid, String, String, String),
        "SELECT product_id, locale, slug, name FROM product_texts \
         WHERE product_id IN (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)";
        products
    );
    let mut names: HashMap<Uuid, Localized<OfferName>> = HashMap::new();
    for (product, locale, slug, name) in rows {
        let locale = parsed("product_texts", &locale, Locale::new(&locale))?;
        let slug = parsed("product_texts", &slug, Slug::new(slug.as_str()))?;
        names.entry(product).or_default().0.insert(locale, OfferName { name, slug });
    }
    Ok(names)
}

async fn fetch_pictures(
    conn: &mut Conn,
    products: &[Uuid],
) -> Result<HashMap<Uuid, Vec<PictureOf>>, DbError> {
    let rows = fetch_chunk!(
        conn,
        (Uuid, String, Option<String>, Option<String>),
        "SELECT p.product_id, m.media_key, p.attribute, p.attribute_option \
         FROM product_pictures p JOIN media m ON m.id = p.media_id \
         WHERE p.product_id IN (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?) \
         ORDER BY p.product_id, p.position";
        products
    );
    let mut pictures: HashMap<Uuid, Vec<PictureOf>> = HashMap::new();
    for (product, key, axis, option) in rows {
        let key = parsed("media", &key, MediaKey::new(key.as_str()))?;
        let picture = PictureOf { key, option: axis.zip(option) };
        pictures.entry(product).or_default().push(picture);
    }
    Ok(pictures)
}

fn picture(pictures: Option<&Vec<PictureOf>>, options: &Options) -> Option<MediaKey> {
    let pictures = pictures?;
    let shows_it = |picture: &&PictureOf| {
        picture.option.as_ref().is_some_and(|(axis, option)| {
            options.get(axis.as_str()).is_some_and(|chosen| chosen.as_str() == option)
        })
    };
    pictures.iter().find(shows_it).or_else(|| pictures.first()).map(|picture| picture.key.clone())
}

/// The labels of all options in one statement: asking for each attribute with each option gives
/// a few rows too many at worst, and both engines answer it from the primary key.
async fn fetch_labels(conn: &mut Conn, options: &[Options]) -> Result<Labels, DbError> {
    let axes: BTreeSet<&str> = options.iter().flatten().map(|(axis, _)| axis.as_str()).collect();
    let codes: BTreeSet<&str> = options.iter().flatten().map(|(_, code)| code.as_str()).collect();
    let axes: Vec<&str> = axes.into_iter().collect();
    let codes: Vec<&str> = codes.into_iter().collect();
    let mut labels = Labels::new();
    for some_axes in axes.chunks(4) {
        let four = padded(some_axes);
        for some_codes in codes.chunks(CHUNK) {
            let rows = fetch_chunk!(
                conn,
                (String, String, String, String),
                "SELECT o.attribute, o.code, a.label, o.label \
                 FROM attribute_options o JOIN attributes a ON a.code = o.attribute \
                 WHERE o.attribute IN (?, ?, ?, ?) \
                 AND o.code IN (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)",
                four[0],
                four[1],
                four[2],
                four[3];
                some_codes
            );
            for (attribute, code, axis_label, label) in rows {
                let axis_label = json::read_texts("attributes", &axis_label)?;
                let label = json::read_texts("attribute_options", &label)?;
                labels.insert((attribute, code), (axis_label, label));
            }
        }
    }
    Ok(labels)
}

fn labelled(kind: &ProductKind, options: &Options, labels: &Labels) -> Vec<OfferOption> {
    let ProductKind::Configurable { axes } = kind else { return Vec::new() };
    axes.iter()
        .filter_map(|axis| {
            let option = options.get(axis)?;
            let key = (axis.as_str().to_owned(), option.as_str().to_owned());
            let (axis_label, label) = labels.get(&key).cloned().unwrap_or_default();
            Some(OfferOption { axis: axis.clone(), option: option.clone(), axis_label, label })
        })
        .collect()
}
