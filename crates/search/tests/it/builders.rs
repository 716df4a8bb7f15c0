//! The smallest valid things, named as situations.

use std::collections::BTreeMap;

use commerce::catalog::{
    Attribute, AttributeCode, AttributeKind, AttributeOption, AttributeSetCode, AttributeValue,
    AttributeValues, Category, CategoryCode, CategoryId, CategoryText, OptionCode, Product,
    ProductId, ProductKind, ProductText, Sku, Variant, VariantId, Visibility,
};
use commerce::channel::{Channel, ChannelCode, Country, Locale, Merchant};
use commerce::content::{Localized, Slug};
use commerce::eco::EcoSheet;
use commerce::money::{Currency, Money};
use commerce::price::{ChannelPrice, SpecialPrice};
use commerce::tax::{Rounding, TaxClass, TaxTable};
use jiff::Timestamp;
use search::{
    Filter, FilterValue, Index, Listing, ProductInput, Scope, Snapshot, Source, Structure,
};
use uuid::Uuid;

pub(crate) fn at(second: i64) -> Timestamp {
    Timestamp::from_second(second).unwrap()
}

pub(crate) fn eur(minor: i64) -> Money {
    Money::new(minor, Currency::EUR)
}

pub(crate) fn product_id(number: i64) -> ProductId {
    ProductId(Uuid::from_u128(u128::try_from(number).unwrap()))
}

pub(crate) fn category_id(number: i64) -> CategoryId {
    CategoryId(Uuid::from_u128(u128::try_from(number).unwrap()))
}

pub(crate) fn attribute_code(code: &str) -> AttributeCode {
    AttributeCode::new(code).unwrap()
}

pub(crate) fn option_code(code: &str) -> OptionCode {
    OptionCode::new(code).unwrap()
}

pub(crate) fn sku(sku: &str) -> Sku {
    Sku::new(sku).unwrap()
}

pub(crate) fn both(fr: &str, en: &str) -> Localized<String> {
    Localized::default().with(Locale::FR, fr.to_owned()).with(Locale::EN, en.to_owned())
}

pub(crate) fn a_channel() -> Channel {
    Channel {
        code: ChannelCode::new("fr").unwrap(),
        name: "France".to_owned(),
        currency: Currency::EUR,
        prices_include_tax: true,
        rounding: Rounding::PerLine,
        country: Country::FR,
        ships_to: vec![Country::FR],
        locales: vec![Locale::FR, Locale::EN],
        order_prefix: "GL".to_owned(),
        merchant: Merchant::default(),
    }
}

pub(crate) fn an_attribute(code: &str, kind: AttributeKind, options: &[&str]) -> Attribute {
    let option = |code: &&str| AttributeOption {
        code: option_code(code),
        label: both(code, code),
        swatch: None,
    };
    Attribute {
        code: attribute_code(code),
        kind,
        label: both(code, code),
        is_filterable: true,
        is_searchable: true,
        is_axis: false,
        options: options.iter().map(option).collect(),
    }
}

pub(crate) fn an_axis(code: &str, options: &[&str]) -> Attribute {
    Attribute { is_axis: true, ..an_attribute(code, AttributeKind::Select, options) }
}

pub(crate) fn a_category(number: i64, parent: Option<i64>, name: &str) -> Category {
    let text = |name: &str| CategoryText {
        slug: Slug::from_title(name).unwrap(),
        name: name.to_owned(),
        description: String::new(),
        meta_description: String::new(),
    };
    Category {
        id: category_id(number),
        code: CategoryCode::new(format!("c{number}")).unwrap(),
        number,
        parent: parent.map(category_id),
        position: i32::try_from(number).unwrap(),
        is_published: true,
        picture: None,
        texts: Localized::default().with(Locale::FR, text(name)),
    }
}

pub(crate) struct ProductBuilder {
    pub(crate) product: Product,
    available: BTreeMap<Sku, u32>,
}

/// A simple product that costs 10.00 and of which there are five.
pub(crate) fn a_product(number: i64, name: &str) -> ProductBuilder {
    let product = Product {
        id: product_id(number),
        number,
        version: 1,
        kind: ProductKind::Simple,
        visibility: Visibility::Published,
        attribute_set: AttributeSetCode::new("default").unwrap(),
        tax_class: TaxClass::new("standard").unwrap(),
        is_featured: false,
        texts: Localized::default(),
        attributes: AttributeValues::new(),
        categories: Vec::new(),
        pictures: Vec::new(),
        variants: Vec::new(),
        eco: EcoSheet::default(),
        manufacturer: None,
        created_at: at(1_000 + number),
        updated_at: at(1_000 + number),
    };
    let builder = ProductBuilder { product, available: BTreeMap::new() };
    builder.named(Locale::FR, name).with_variant(&format!("P-{number}"), &[], 1000, 5)
}

impl ProductBuilder {
    pub(crate) fn named(mut self, locale: Locale, name: &str) -> Self {
        let text = ProductText {
            slug: Slug::from_title(&format!("{name} {}", self.product.number)).unwrap(),
            name: name.to_owned(),
            short: String::new(),
            description: String::new(),
            meta_description: String::new(),
        };
        self.product.texts.0.insert(locale, text);
        self
    }

    pub(crate) fn described(mut self, short: &str, description: &str) -> Self {
        for (_, text) in &mut self.product.texts.0 {
            short.clone_into(&mut text.short);
            description.clone_into(&mut text.description);
        }
        self
    }

    pub(crate) fn in_category(mut self, category: i64, position: i32) -> Self {
        self.product.categories.push((category_id(category), position));
        self
    }

    pub(crate) fn priced(mut self, minor: i64) -> Self {
        for price in self.product.variants.iter_mut().flat_map(|variant| &mut variant.prices) {
            price.regular = eur(minor);
        }
        self
    }

    pub(crate) fn on_sale(mut self, minor: i64, from: Option<i64>, until: Option<i64>) -> Self {
        for price in self.product.variants.iter_mut().flat_map(|variant| &mut variant.prices) {
            let (from, until) = (from.map(at), until.map(at));
            price.special = Some(SpecialPrice { amount: eur(minor), from, until });
        }
        self
    }

    pub(crate) fn with(mut self, code: &str, value: AttributeValue) -> Self {
        self.product.attributes.insert(attribute_code(code), value);
        self
    }

    pub(crate) fn with_select(self, code: &str, option: &str) -> Self {
        self.with(code, AttributeValue::Select(option_code(option)))
    }

    pub(crate) fn sold_out(mut self) -> Self {
        self.available.clear();
        self
    }

    pub(crate) fn seen_as(mut self, visibility: Visibility) -> Self {
        self.product.visibility = visibility;
        self
    }

    /// Turns the product into one that is chosen by these attributes; variants follow.
    pub(crate) fn by(mut self, axes: &[&str]) -> Self {
        let axes = axes.iter().map(|code| attribute_code(code)).collect();
        self.product.kind = ProductKind::Configurable { axes };
        self.product.variants.clear();
        self.available.clear();
        self
    }

    pub(crate) fn with_variant(
        mut self,
        code: &str,
        options: &[(&str, &str)],
        minor: i64,
        available: u32,
    ) -> Self {
        let options = options.iter();
        self.product.variants.push(Variant {
            id: VariantId(Uuid::from_u128(0)),
            number: 0,
            sku: sku(code),
            is_enabled: true,
            options: options.map(|(a, o)| (attribute_code(a), option_code(o))).collect(),
            weight_grams: 100,
            content: None,
            prices: vec![ChannelPrice {
                channel: ChannelCode::new("fr").unwrap(),
                regular: eur(minor),
                special: None,
                eco_participation: None,
                prior: None,
            }],
        });
        self.available.insert(sku(code), available);
        self
    }

    pub(crate) fn done(self) -> ProductInput {
        ProductInput { product: self.product, available: self.available }
    }
}

pub(crate) fn a_structure(attributes: Vec<Attribute>, categories: Vec<Category>) -> Structure {
    Structure { attributes, categories, tax: TaxTable::default(), synonyms: BTreeMap::new() }
}

pub(crate) fn an_index(structure: Structure, products: Vec<ProductInput>) -> Index {
    let source = Source { channel: a_channel(), structure, products };
    Index::new(source, at(0)).unwrap()
}

/// A shop of these French names, numbered from 1.
pub(crate) fn a_shop_of(names: &[&str]) -> Index {
    let products = (1..).zip(names).map(|(number, name)| a_product(number, name).done());
    an_index(Structure::default(), products.collect())
}

pub(crate) fn all() -> Listing {
    Listing::new(Locale::FR, Scope::All)
}

pub(crate) fn in_category(number: i64) -> Listing {
    Listing::new(Locale::FR, Scope::Category(category_id(number)))
}

pub(crate) fn search_for(text: &str) -> Listing {
    Listing::new(Locale::FR, Scope::Search(text.to_owned()))
}

pub(crate) fn options(attribute: &str, options: &[&str]) -> Filter {
    let option = |code: &&str| FilterValue::Option(option_code(code));
    Filter { attribute: attribute_code(attribute), values: options.iter().map(option).collect() }
}

pub(crate) fn numbers(snapshot: &Snapshot, listing: &Listing) -> Vec<i64> {
    snapshot.list(listing).items.iter().map(|offer| offer.product.number).collect()
}
