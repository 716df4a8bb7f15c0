//! Products, their variants and their texts: Magento's catalog file.

mod outline;

use commerce::catalog::{ContentUnit, Decimal, NetContent, Sku};
use commerce::channel::Country;
use commerce::content::Slug;
use commerce::eco::EcoSheet;
use commerce::money::{Currency, Money};
use commerce::price::SpecialPrice;
use jiff::Timestamp;

use crate::cells::{CLEAR, Cells, Fault, Field, quantity, quoted, without_zeros};
use crate::eco;
use crate::html::{to_markdown, to_text};
use crate::list::{
    Pair, groups, items, pairs, paths, write_groups, write_items, write_pairs, write_paths,
};
use crate::table::{Header, REJECT_COLUMNS, Record};
use crate::when::{self, When};

pub use outline::{Guess, Outline};

/// The columns of an export. Those that begin with `greenleaf_` are ours.
pub const COLUMNS: [&str; 37] = [
    "sku",
    "store_view_code",
    "attribute_set_code",
    "product_type",
    "categories",
    "product_websites",
    "name",
    "description",
    "short_description",
    "weight",
    "product_online",
    "tax_class_name",
    "visibility",
    "price",
    "special_price",
    "special_price_from_date",
    "special_price_to_date",
    "url_key",
    "meta_description",
    "base_image",
    "base_image_label",
    "additional_images",
    "additional_image_labels",
    "created_at",
    "country_of_manufacture",
    "additional_attributes",
    "qty",
    "configurable_variations",
    "configurable_variation_labels",
    "greenleaf_image_options",
    "greenleaf_featured",
    "greenleaf_net_content",
    "greenleaf_eco_participation",
    "greenleaf_manufacturer_name",
    "greenleaf_manufacturer_address",
    "greenleaf_manufacturer_email",
    "greenleaf_eco_sheet",
];

/// What a file must have to be one of products.
pub const REQUIRED: [&str; 1] = ["sku"];

/// Whether a row is a thing to buy, or a page with several of them.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum RowKind {
    Simple,
    Configurable,
}

/// Where shoppers find a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Sight {
    /// Only as a part of another product.
    Nowhere,
    /// In categories, in search, or in both; we tell no difference.
    Listed,
}

/// A variant of a configurable product, with one option for each axis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variation {
    pub sku: Sku,
    /// By the axes' codes, in the order of the row.
    pub options: Vec<(String, String)>,
}

/// The texts of a row, for the language of its store view.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Texts {
    pub name: Field<String>,
    pub description: Field<String>,
    pub short: Field<String>,
    pub slug: Field<Slug>,
    pub meta_description: Field<String>,
    pub base_image_label: Field<String>,
    pub additional_image_labels: Field<Vec<String>>,
}

/// Who made the product; all of it or nothing.
#[derive(Clone, Debug, Default, PartialEq, Eq)]
pub struct Maker {
    pub name: Field<String>,
    pub address: Field<String>,
    pub email: Field<String>,
}

/// One row of the file.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductRow {
    pub sku: Sku,
    /// The store view it is for; `None` for all of them.
    pub view: Option<String>,
    pub kind: Option<RowKind>,
    pub attribute_set: Option<String>,
    /// Each from the top down, without Magento's root category.
    pub categories: Field<Vec<Vec<String>>>,
    /// Written only: prices are those of the shop's channel.
    pub website: Option<String>,
    pub texts: Texts,
    pub weight_grams: Field<u32>,
    pub is_online: Option<bool>,
    pub tax_class: Option<String>,
    pub sight: Option<Sight>,
    pub price: Field<Money>,
    pub special_price: Field<Money>,
    pub special_from: Field<When>,
    pub special_to: Field<When>,
    /// A path below the folder of images.
    pub base_image: Field<String>,
    pub additional_images: Field<Vec<String>>,
    pub created_at: Option<When>,
    pub country: Field<Country>,
    pub attributes: Vec<Pair>,
    pub quantity: Option<u32>,
    pub variations: Vec<Variation>,
    pub axis_labels: Vec<Pair>,
    /// One for each image, base first; an empty one shows all variants.
    pub image_options: Field<Vec<String>>,
    pub is_featured: Option<bool>,
    pub content: Field<NetContent>,
    pub eco_participation: Field<Money>,
    pub maker: Maker,
    pub eco: Field<EcoSheet>,
    /// Cells of columns that Magento does not know, which may be called after attributes.
    pub others: Vec<(String, String)>,
}

impl ProductRow {
    /// A row that changes nothing.
    pub fn of(sku: Sku) -> Self {
        Self {
            sku,
            view: None,
            kind: None,
            attribute_set: None,
            categories: Field::Keep,
            website: None,
            texts: Texts::default(),
            weight_grams: Field::Keep,
            is_online: None,
            tax_class: None,
            sight: None,
            price: Field::Keep,
            special_price: Field::Keep,
            special_from: Field::Keep,
            special_to: Field::Keep,
            base_image: Field::Keep,
            additional_images: Field::Keep,
            created_at: None,
            country: Field::Keep,
            attributes: Vec::new(),
            quantity: None,
            variations: Vec::new(),
            axis_labels: Vec::new(),
            image_options: Field::Keep,
            is_featured: None,
            content: Field::Keep,
            eco_participation: Field::Keep,
            maker: Maker::default(),
            eco: Field::Keep,
            others: Vec::new(),
        }
    }

    /// Reads a row; amounts are in the channel's currency.
    pub fn read(header: &Header, record: &Record, currency: Currency) -> Result<Self, Vec<Fault>> {
        let mut cells = Cells::new(header, record)?;
        let Some(sku) = Sku::new(cells.text("sku")) else {
            cells.refuse("sku", sku_refusal(cells.text("sku")));
            return Err(cells.finish(()).err().unwrap_or_default());
        };
        let money = |text: &str| money(text, currency);
        // A file with our columns has our texts.
        let is_ours = COLUMNS.last().is_some_and(|column| header.has(column));
        let markdown = |text: &str| if is_ours { text.to_owned() } else { to_markdown(text) };
        let plain = |text: &str| if is_ours { text.to_owned() } else { to_text(text) };
        let text = |text: &str| Some(text).filter(|text| !text.is_empty()).map(str::to_owned);
        let row = Self {
            sku,
            view: text(cells.text("store_view_code")),
            kind: cells.value("product_type", kind),
            attribute_set: cells.value("attribute_set_code", owned),
            categories: cells.field("categories", categories),
            website: text(cells.text("product_websites")),
            texts: Texts {
                name: cells.owned("name"),
                description: cells.field("description", |text| Ok(markdown(text))),
                short: cells.field("short_description", |text| Ok(plain(text))),
                slug: cells.field("url_key", slug),
                meta_description: cells.owned("meta_description"),
                base_image_label: cells.owned("base_image_label"),
                additional_image_labels: cells
                    .field("additional_image_labels", |text| Ok(items(text))),
            },
            weight_grams: cells.field("weight", grams),
            is_online: cells.value("product_online", online),
            tax_class: cells.value("tax_class_name", owned),
            sight: cells.value("visibility", sight),
            price: cells.field("price", money),
            special_price: cells.field("special_price", money),
            special_from: cells.field("special_price_from_date", When::parse),
            special_to: cells.field("special_price_to_date", When::parse),
            base_image: match cells.text("base_image") {
                NO_IMAGE => Field::Keep,
                _ => cells.field("base_image", image),
            },
            additional_images: cells.field("additional_images", |text| {
                items(text).iter().filter(|it| *it != NO_IMAGE).map(|it| image(it)).collect()
            }),
            created_at: cells.value("created_at", When::parse),
            country: cells.field("country_of_manufacture", country),
            attributes: cells.value("additional_attributes", attributes).unwrap_or_default(),
            quantity: cells.value("qty", quantity),
            variations: cells.value("configurable_variations", variations).unwrap_or_default(),
            axis_labels: cells.value("configurable_variation_labels", pairs).unwrap_or_default(),
            image_options: cells.field("greenleaf_image_options", |text| Ok(items(text))),
            is_featured: cells.value("greenleaf_featured", yes_or_no),
            content: cells.field("greenleaf_net_content", content),
            eco_participation: cells.field("greenleaf_eco_participation", money),
            maker: Maker {
                name: cells.owned("greenleaf_manufacturer_name"),
                address: cells.owned("greenleaf_manufacturer_address"),
                email: cells.owned("greenleaf_manufacturer_email"),
            },
            eco: cells.field("greenleaf_eco_sheet", eco::read),
            others: cells.others(&[&COLUMNS[..], &REJECT_COLUMNS[..]].concat()),
        };
        cells.finish(row)
    }

    /// The cells of a row of an export, in the order of [`COLUMNS`].
    pub fn cells(&self) -> [String; COLUMNS.len()] {
        let text = |text: &Option<String>| text.clone().unwrap_or_default();
        let flag = |flag: Option<bool>, yes: &str, no: &str| match flag {
            Some(true) => yes.to_owned(),
            Some(false) => no.to_owned(),
            None => String::new(),
        };
        let list = |items: &Vec<String>| write_items(items);
        let rooted = |paths: &Vec<Vec<String>>| {
            let root = || vec![ROOT.to_owned()];
            let paths: Vec<_> = paths.iter().map(|path| [root(), path.clone()].concat()).collect();
            write_paths(&paths)
        };
        [
            self.sku.as_str().to_owned(),
            text(&self.view),
            text(&self.attribute_set),
            match self.kind {
                Some(RowKind::Simple) => "simple".to_owned(),
                Some(RowKind::Configurable) => "configurable".to_owned(),
                None => String::new(),
            },
            cell(&self.categories, rooted),
            text(&self.website),
            cell(&self.texts.name, Clone::clone),
            cell(&self.texts.description, Clone::clone),
            cell(&self.texts.short, Clone::clone),
            cell(&self.weight_grams, |&grams| write_grams(grams)),
            flag(self.is_online, "1", "2"),
            text(&self.tax_class),
            match self.sight {
                Some(Sight::Listed) => "Catalog, Search".to_owned(),
                Some(Sight::Nowhere) => "Not Visible Individually".to_owned(),
                None => String::new(),
            },
            cell(&self.price, |money| money.to_decimal()),
            cell(&self.special_price, |money| money.to_decimal()),
            cell(&self.special_from, write_when),
            cell(&self.special_to, write_when),
            cell(&self.texts.slug, ToString::to_string),
            cell(&self.texts.meta_description, Clone::clone),
            cell(&self.base_image, Clone::clone),
            cell(&self.texts.base_image_label, Clone::clone),
            cell(&self.additional_images, list),
            cell(&self.texts.additional_image_labels, list),
            self.created_at.as_ref().map(write_when).unwrap_or_default(),
            cell(&self.country, |country| country.as_str().to_owned()),
            write_pairs(&self.attributes),
            self.quantity.map(|quantity| quantity.to_string()).unwrap_or_default(),
            write_variations(&self.variations),
            write_pairs(&self.axis_labels),
            cell(&self.image_options, list),
            flag(self.is_featured, "1", "0"),
            cell(&self.content, |&content| write_content(content)),
            cell(&self.eco_participation, |money| money.to_decimal()),
            cell(&self.maker.name, Clone::clone),
            cell(&self.maker.address, Clone::clone),
            cell(&self.maker.email, Clone::clone),
            cell(&self.eco, eco::write),
        ]
    }
}

/// Whether a row is for one store view, as far as it can be read.
pub fn is_of_view(header: &Header, record: &Record) -> bool {
    let cell = header.place("store_view_code").and_then(|place| record.cells().nth(place));
    cell.is_some_and(|cell| !cell.trim_ascii().is_empty())
}

/// What Magento calls the category that all others lie in.
const ROOT: &str = "Default Category";

fn cell<T>(field: &Field<T>, write: impl FnOnce(&T) -> String) -> String {
    match field {
        Field::Keep => String::new(),
        Field::Clear => CLEAR.to_owned(),
        Field::Set(value) => write(value),
    }
}

pub(crate) fn sku_refusal(text: &str) -> String {
    match text {
        "" => "it is missing".to_owned(),
        text => format!("{} is no SKU: 1 to 64 ASCII characters without spaces", quoted(text)),
    }
}

#[expect(clippy::unnecessary_wraps, reason = "it stands where readers that refuse stand")]
fn owned(text: &str) -> Result<String, String> {
    Ok(text.to_owned())
}

fn kind(text: &str) -> Result<RowKind, String> {
    match text {
        "simple" => Ok(RowKind::Simple),
        "configurable" => Ok(RowKind::Configurable),
        other => Err(format!("{}: only simple and configurable products are taken", quoted(other))),
    }
}

fn categories(text: &str) -> Result<Vec<Vec<String>>, String> {
    let mut below_root = Vec::new();
    for path in paths(text) {
        if path.iter().any(String::is_empty) {
            return Err(format!("{} has an empty name in it", quoted(&path.join("/"))));
        }
        // The first is Magento's root; a product that lies there alone lies nowhere.
        let path = path[1..].to_vec();
        if !path.is_empty() && !below_root.contains(&path) {
            below_root.push(path);
        }
    }
    Ok(below_root)
}

fn slug(text: &str) -> Result<Slug, String> {
    Slug::new(text)
        .or_else(|| Slug::from_title(text))
        .ok_or_else(|| format!("{} has no letter or digit in it", quoted(text)))
}

pub(crate) fn money(text: &str, currency: Currency) -> Result<Money, String> {
    Money::parse(without_zeros(text), currency).ok_or_else(|| {
        let (text, code) = (quoted(text), currency.as_str());
        format!("{text} is no amount in {code} with at most {} decimals", currency.decimals())
    })
}

/// Magento weighs in kilograms; the scales of a shop tell grams.
pub(crate) fn grams(text: &str) -> Result<u32, String> {
    let refusal = || format!("{} is no weight in kilograms", quoted(text));
    let (whole, part) = text.split_once('.').unwrap_or((text, ""));
    if !part.bytes().all(|byte| byte.is_ascii_digit()) {
        return Err(refusal());
    }
    let kilograms = format!("{whole}.{}", &part[..part.len().min(4)]);
    let decimal = Decimal::parse(&kilograms).ok_or_else(refusal)?;
    u32::try_from((decimal.ten_thousandths + 5).div_euclid(10)).map_err(|_| refusal())
}

pub(crate) fn write_grams(grams: u32) -> String {
    format!("{}.{:03}", grams / 1_000, grams % 1_000)
}

fn online(text: &str) -> Result<bool, String> {
    match text {
        "1" => Ok(true),
        "0" | "2" => Ok(false),
        other => Err(format!("{} is neither 1 (online) nor 2 (offline)", quoted(other))),
    }
}

pub(crate) fn yes_or_no(text: &str) -> Result<bool, String> {
    match text.to_ascii_lowercase().as_str() {
        "1" | "yes" | "true" => Ok(true),
        "0" | "no" | "false" => Ok(false),
        _ => Err(format!("{} is neither 1 nor 0", quoted(text))),
    }
}

fn sight(text: &str) -> Result<Sight, String> {
    match text.to_ascii_lowercase().as_str() {
        "not visible individually" => Ok(Sight::Nowhere),
        "catalog" | "search" | "catalog, search" => Ok(Sight::Listed),
        _ => Err(format!(
            "{} is none of: Not Visible Individually; Catalog; Search; Catalog, Search",
            quoted(text)
        )),
    }
}

/// What Magento writes where a product has no picture.
const NO_IMAGE: &str = "no_selection";

fn image(text: &str) -> Result<String, String> {
    let path = text.trim().trim_start_matches('/');
    let is_inside = !path.is_empty()
        && path.split('/').all(|part| !matches!(part, "" | "." | ".."))
        && !path.contains(['\\', '\0']);
    match is_inside {
        true => Ok(path.to_owned()),
        false => Err(format!("{} is no path inside the folder of images", quoted(text))),
    }
}

fn country(text: &str) -> Result<Country, String> {
    Country::called(text).ok_or_else(|| {
        format!("{} is no country code such as FR, nor a name known here", quoted(text))
    })
}

/// Attributes that Magento keeps for itself.
const INTERNAL: [&str; 6] = [
    "gift_message_available",
    "has_options",
    "msrp_display_actual_price_type",
    "options_container",
    "quantity_and_stock_status",
    "required_options",
];

fn attributes(text: &str) -> Result<Vec<Pair>, String> {
    let mut pairs = pairs(text)?;
    pairs.retain(|pair| !INTERNAL.contains(&pair.name.as_str()));
    Ok(pairs)
}

fn variations(text: &str) -> Result<Vec<Variation>, String> {
    let mut variations: Vec<Variation> = Vec::new();
    for group in groups(text)? {
        let sku = group.iter().find(|pair| pair.name == "sku");
        let sku = sku.ok_or("a variation has no sku=")?;
        let sku = Sku::new(sku.value.as_str()).ok_or_else(|| sku_refusal(&sku.value))?;
        if variations.iter().any(|known| known.sku == sku) {
            return Err(format!("the variation {sku} is there twice"));
        }
        let options = group.into_iter().filter(|pair| pair.name != "sku");
        let options = options.map(|pair| (pair.name, pair.value)).collect();
        variations.push(Variation { sku, options });
    }
    Ok(variations)
}

fn write_variations(variations: &[Variation]) -> String {
    let group = |variation: &Variation| {
        let mut pairs = vec![Pair::plain("sku", variation.sku.as_str())];
        pairs.extend(variation.options.iter().map(|(axis, option)| Pair::plain(axis, option)));
        pairs
    };
    write_groups(&variations.iter().map(group).collect::<Vec<_>>())
}

const UNITS: [(&str, ContentUnit); 4] = [
    ("ml", ContentUnit::Milliliter),
    ("g", ContentUnit::Gram),
    ("cm", ContentUnit::Centimeter),
    ("piece", ContentUnit::Piece),
];

fn content(text: &str) -> Result<NetContent, String> {
    let read = || {
        let (quantity, unit) = text.split_once(' ')?;
        let (_, unit) = UNITS.into_iter().find(|(name, _)| *name == unit.trim())?;
        NetContent::new(quantity.parse().ok()?, unit)
    };
    read().ok_or_else(|| format!("{} is no content such as 750 ml, g, cm or piece", quoted(text)))
}

fn write_content(content: NetContent) -> String {
    let unit = UNITS.into_iter().find(|(_, unit)| *unit == content.unit);
    format!("{} {}", content.quantity(), unit.map_or("piece", |(name, _)| name))
}

fn write_when(when: &When) -> String {
    match when {
        When::Day(day) => day.to_string(),
        When::Moment(moment) => when::write(*moment),
    }
}

/// A special price as an export has it.
pub fn set_special(row: &mut ProductRow, special: Option<SpecialPrice>) {
    let moment = |moment: Option<Timestamp>| {
        moment.map_or(Field::Keep, |moment| Field::Set(When::Moment(moment)))
    };
    if let Some(special) = special {
        row.special_price = Field::Set(special.amount);
        row.special_from = moment(special.from);
        row.special_to = moment(special.until);
    }
}

#[cfg(test)]
mod tests;
