//! Products, variants, attributes and categories.

use jiff::Timestamp;
use jiff::civil::Date;
use litemap::LiteMap;

use crate::content::{Localized, Slug};
use crate::eco::{EcoSheet, Manufacturer};
use crate::media::Picture;
use crate::money::Money;
use crate::price::ChannelPrice;
use crate::tax::TaxClass;
use crate::{code, id};

id! {
    /// Identifies a product.
    ProductId
}
id! {
    /// Identifies a variant.
    VariantId
}
id! {
    /// Identifies a category.
    CategoryId
}

code! {
    /// The merchant's name for one sellable variant; compared byte by byte.
    Sku, 64, b'!'..=b'~'
}
code! {
    /// Names an attribute, such as `color`.
    AttributeCode, 60, b'a'..=b'z' | b'0'..=b'9' | b'_'
}
code! {
    /// Names an option of a select attribute, such as `sage`.
    OptionCode, 60, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-'
}
code! {
    /// Names an attribute set, such as `textile`.
    AttributeSetCode, 60, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-'
}
code! {
    /// The merchant's name for a category.
    CategoryCode, 60, b'a'..=b'z' | b'0'..=b'9' | b'_' | b'-'
}

/// A number with four decimals, kept exact: 1.5 is 15,000 ten-thousandths.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Decimal {
    pub ten_thousandths: i64,
}

impl Decimal {
    pub fn whole(number: i32) -> Self {
        Self { ten_thousandths: i64::from(number) * 10_000 }
    }

    /// Reads a decimal such as `-1.25`; a dot or comma, at most four decimals.
    pub fn parse(text: &str) -> Option<Self> {
        let text = text.trim();
        let (negative, digits) = text.strip_prefix('-').map_or((false, text), |rest| (true, rest));
        let (whole, part) = digits.split_once(['.', ',']).unwrap_or((digits, ""));
        let all_digits = |s: &str| s.bytes().all(|b| b.is_ascii_digit());
        if whole.is_empty() || whole.len() > 12 || part.len() > 4 {
            return None;
        }
        if !all_digits(whole) || !all_digits(part) {
            return None;
        }
        let ten_thousandths: i64 = format!("{whole}{part:0<4}").parse().ok()?;
        Some(Self { ten_thousandths: if negative { -ten_thousandths } else { ten_thousandths } })
    }
}

impl std::fmt::Display for Decimal {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let (whole, part) = (
            self.ten_thousandths.unsigned_abs() / 10_000,
            self.ten_thousandths.unsigned_abs() % 10_000,
        );
        let sign = if self.ten_thousandths < 0 { "-" } else { "" };
        let text = format!("{sign}{whole}.{part:04}");
        f.write_str(text.trim_end_matches('0').trim_end_matches('.'))
    }
}

/// What kind of values an attribute takes.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Hash)]
pub enum AttributeKind {
    Text,
    Number,
    Boolean,
    Select,
    MultiSelect,
    Date,
    Price,
}

/// A property that products may have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Attribute {
    pub code: AttributeCode,
    pub kind: AttributeKind,
    pub label: Localized<String>,
    pub is_filterable: bool,
    pub is_searchable: bool,
    /// Whether variants of one product may differ by it; only for selects.
    pub is_axis: bool,
    /// In display order; empty unless the kind is a select.
    pub options: Vec<AttributeOption>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttributeOption {
    pub code: OptionCode,
    pub label: Localized<String>,
    /// `#rrggbb`, for attributes that are colors.
    pub swatch: Option<String>,
}

/// The attributes that products of one sort have.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct AttributeSet {
    pub code: AttributeSetCode,
    pub name: Localized<String>,
    /// In display order.
    pub attributes: Vec<AttributeCode>,
}

/// The value of an attribute on one product.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum AttributeValue {
    Text(Localized<String>),
    Number(Decimal),
    Boolean(bool),
    Select(OptionCode),
    MultiSelect(Vec<OptionCode>),
    Date(Date),
    Price(Money),
}

impl AttributeValue {
    pub fn kind(&self) -> AttributeKind {
        match self {
            Self::Text(_) => AttributeKind::Text,
            Self::Number(_) => AttributeKind::Number,
            Self::Boolean(_) => AttributeKind::Boolean,
            Self::Select(_) => AttributeKind::Select,
            Self::MultiSelect(_) => AttributeKind::MultiSelect,
            Self::Date(_) => AttributeKind::Date,
            Self::Price(_) => AttributeKind::Price,
        }
    }
}

pub type AttributeValues = LiteMap<AttributeCode, AttributeValue>;
/// One option per axis.
pub type Options = LiteMap<AttributeCode, OptionCode>;

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Category {
    pub id: CategoryId,
    pub code: CategoryCode,
    /// The small integer that Magento's API calls the category's id.
    pub number: i64,
    pub parent: Option<CategoryId>,
    /// Among its siblings.
    pub position: i32,
    pub is_published: bool,
    pub picture: Option<crate::media::Original>,
    pub texts: Localized<CategoryText>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CategoryText {
    pub slug: Slug,
    pub name: String,
    pub description: String,
    pub meta_description: String,
}

/// How a product is put together.
///
/// Bundles and grouped products will be further kinds.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum ProductKind {
    /// Exactly one variant.
    Simple,
    /// One variant for each combination of options that is sold, such as color and size.
    Configurable { axes: Vec<AttributeCode> },
}

/// Who can see a product.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Visibility {
    /// Being written; nobody but staff.
    Draft,
    Published,
    /// Taken off sale; its address says so.
    Hidden,
}

/// What is offered on one page.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Product {
    pub id: ProductId,
    /// The small integer that Magento's API calls the product's id.
    pub number: i64,
    /// Counts the edits, so that two editors cannot overwrite each other unseen.
    pub version: u32,
    pub kind: ProductKind,
    pub visibility: Visibility,
    pub attribute_set: AttributeSetCode,
    pub tax_class: TaxClass,
    pub is_featured: bool,
    pub texts: Localized<ProductText>,
    pub attributes: AttributeValues,
    /// The categories it lies in, with its position in each.
    pub categories: Vec<(CategoryId, i32)>,
    pub pictures: Vec<Picture>,
    pub variants: Vec<Variant>,
    pub eco: EcoSheet,
    pub manufacturer: Option<Manufacturer>,
    pub created_at: Timestamp,
    pub updated_at: Timestamp,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct ProductText {
    pub slug: Slug,
    pub name: String,
    /// One sentence for cards and search results.
    pub short: String,
    /// Markdown.
    pub description: String,
    pub meta_description: String,
}

/// What is bought: one SKU.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Variant {
    pub id: VariantId,
    pub number: i64,
    pub sku: Sku,
    pub is_enabled: bool,
    /// One option per axis of the product; empty on a simple product.
    pub options: Options,
    pub weight_grams: u32,
    pub content: Option<NetContent>,
    /// One per channel that sells it.
    pub prices: Vec<ChannelPrice>,
}

/// How long the seller answers for what was not as agreed, from the delivery on (C. conso. L217-3).
pub const LEGAL_GUARANTEE_MONTHS: u32 = 24;

/// The unit that a price per unit is shown in (arrêté du 16 novembre 1999).
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum ContentUnit {
    Milliliter,
    Gram,
    /// Hundredths of a meter, so that 1.5 m is 150.
    Centimeter,
    Piece,
}

/// How much is inside, for the price per liter, kilogram, meter or piece.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct NetContent {
    quantity: u32,
    pub unit: ContentUnit,
}

impl NetContent {
    /// `None` for a content of nothing, which has no price per unit.
    pub fn new(quantity: u32, unit: ContentUnit) -> Option<Self> {
        (quantity > 0).then_some(Self { quantity, unit })
    }

    pub fn quantity(self) -> u32 {
        self.quantity
    }

    /// What one liter, kilogram, meter or piece costs at this price, rounded half up.
    pub fn price_per_unit(self, price: Money) -> Money {
        let per_unit: i128 = match self.unit {
            ContentUnit::Milliliter | ContentUnit::Gram => 1_000,
            ContentUnit::Centimeter => 100,
            ContentUnit::Piece => 1,
        };
        let quantity = i128::from(self.quantity);
        let minor = (i128::from(price.minor()) * per_unit * 2 + quantity) / (quantity * 2);
        Money::new(i64::try_from(minor).unwrap_or(i64::MAX), price.currency())
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::money::Currency;

    #[test]
    fn the_price_per_liter_is_rounded_half_up() {
        let price = Money::new(499, Currency::EUR);
        let per_unit = |quantity, unit| {
            NetContent::new(quantity, unit).map(|content| content.price_per_unit(price).minor())
        };

        assert_eq!(per_unit(750, ContentUnit::Milliliter), Some(665));
        assert_eq!(per_unit(1_000, ContentUnit::Gram), Some(499));
        assert_eq!(per_unit(3, ContentUnit::Piece), Some(166));
        assert_eq!(per_unit(0, ContentUnit::Piece), None);
    }

    #[test]
    fn decimals_keep_four_digits() {
        assert_eq!(Decimal::parse("-1.25").map(|d| d.to_string()).as_deref(), Some("-1.25"));
        assert_eq!(Decimal::parse("750"), Some(Decimal::whole(750)));
        assert_eq!(Decimal::parse("0.00001"), None);
    }

    #[test]
    fn skus_refuse_spaces_and_non_ascii() {
        assert!(Sku::new("GL-TEE-SAGE-S").is_some());
        assert!(Sku::new("GL TEE").is_none());
        assert!(Sku::new("THÉ").is_none());
        assert!(Sku::new("").is_none());
    }
}
