//! The sample attributes, categories and products, from files to rows.

use std::collections::{BTreeMap, BTreeSet};

use anyhow::{Context as _, Result, bail};
use commerce::catalog::{
    Attribute, AttributeCode, AttributeKind, AttributeOption, AttributeSet, AttributeSetCode,
    AttributeValue, AttributeValues, CategoryCode, CategoryId, ContentUnit, Decimal, NetContent,
    OptionCode, Options, ProductKind, Sku, VariantId, Visibility,
};
use commerce::channel::Country;
use commerce::eco::{CarbonFootprint, EcoSheet, Label, Manufacturer, Material, Percent};
use commerce::media::{Original, Picture};
use commerce::money::{Currency, Money};
use commerce::price::SpecialPrice;
use commerce::tax::TaxClass;
use db::Tx;
use jiff::{SignedDuration, Timestamp};
use shop::catalog::{
    CategoryInput, CategoryTextInput, PriceInput, ProductInput, TextInput, VariantInput,
};

use super::picture::Drawing;
use super::settings::channel_code;
use super::{both, files, slug, toml};

pub(super) type Originals = BTreeMap<Drawing, Original>;

/// The sample catalog as its files have it.
pub(super) struct Catalog {
    attributes: Vec<Attribute>,
    sets: Vec<AttributeSet>,
    categories: Vec<files::Category>,
    products: Vec<files::Product>,
}

pub(super) fn read() -> Result<Catalog> {
    let files::Attributes { attribute, set } = toml("attributes.toml")?;
    let files::Categories { category: categories } = toml("categories.toml")?;
    let folder = super::DEMO.get_dir("products").context("assets/demo/products is missing")?;
    let mut paths: Vec<_> = folder.files().filter_map(|file| file.path().to_str()).collect();
    paths.sort_unstable();
    let mut products = Vec::new();
    for path in paths {
        let files::Products { product } = toml(path)?;
        products.extend(product);
    }
    Ok(Catalog {
        attributes: attribute.iter().map(read_attribute).collect::<Result<_>>()?,
        sets: set.iter().map(read_set).collect::<Result<_>>()?,
        categories,
        products,
    })
}

fn attribute_code(text: &str) -> Result<AttributeCode> {
    AttributeCode::new(text).with_context(|| format!("{text:?} is no attribute code"))
}

fn option_code(text: &str) -> Result<OptionCode> {
    OptionCode::new(text).with_context(|| format!("{text:?} is no option code"))
}

fn money(text: &str) -> Result<Money> {
    Money::parse(text, Currency::EUR).with_context(|| format!("{text:?} is no amount"))
}

fn decimal(text: &str) -> Result<Decimal> {
    Decimal::parse(text).with_context(|| format!("{text:?} is no number"))
}

fn read_attribute(file: &files::Attribute) -> Result<Attribute> {
    let kind = match file.kind.as_str() {
        "text" => AttributeKind::Text,
        "number" => AttributeKind::Number,
        "boolean" => AttributeKind::Boolean,
        "select" => AttributeKind::Select,
        "multiselect" => AttributeKind::MultiSelect,
        "date" => AttributeKind::Date,
        "price" => AttributeKind::Price,
        other => bail!("{other:?} is no kind of attribute"),
    };
    let option = |option: &files::AttributeOption| {
        Ok(AttributeOption {
            code: option_code(&option.code)?,
            label: both(option.fr.clone(), option.en.clone()),
            swatch: option.swatch.clone(),
        })
    };
    Ok(Attribute {
        code: attribute_code(&file.code)?,
        kind,
        label: both(file.fr.clone(), file.en.clone()),
        is_filterable: file.filterable,
        is_searchable: file.searchable,
        is_axis: file.axis,
        options: file.option.iter().map(option).collect::<Result<_>>()?,
    })
}

fn read_set(file: &files::Set) -> Result<AttributeSet> {
    Ok(AttributeSet {
        code: AttributeSetCode::new(file.code.as_str())
            .with_context(|| format!("{:?} is no code of a set", file.code))?,
        name: both(file.fr.clone(), file.en.clone()),
        attributes: file
            .attributes
            .iter()
            .map(|code| attribute_code(code))
            .collect::<Result<_>>()?,
    })
}

fn drawing(picture: &files::Picture) -> Drawing {
    Drawing { svg: picture.svg.clone(), colors: picture.colors.clone() }
}

fn banner(svg: &str) -> Drawing {
    Drawing { svg: svg.to_owned(), colors: BTreeMap::new() }
}

impl Catalog {
    pub(super) fn n_products(&self) -> usize {
        self.products.len()
    }

    /// Every drawing that the catalog shows, each once.
    pub(super) fn drawings(&self) -> BTreeSet<Drawing> {
        let of_categories = self.categories.iter().filter_map(|it| it.picture.as_deref());
        let of_products = self.products.iter().flat_map(|product| &product.picture);
        of_categories.map(banner).chain(of_products.map(drawing)).collect()
    }

    /// Writes attributes, sets and categories; gives the categories by their codes.
    pub(super) async fn write_structure(
        &self,
        tx: &mut Tx,
        originals: &Originals,
        at: Timestamp,
    ) -> Result<BTreeMap<String, CategoryId>> {
        for attribute in &self.attributes {
            shop::catalog::save_attribute_in(tx, attribute, at).await?;
        }
        for set in &self.sets {
            shop::catalog::save_attribute_set_in(tx, set, at).await?;
        }
        let mut ids = BTreeMap::new();
        for (position, file) in (0..).zip(&self.categories) {
            let text = |text: &files::CategoryText| {
                Ok::<_, anyhow::Error>(CategoryTextInput {
                    slug: Some(slug(&text.slug)?),
                    name: text.name.clone(),
                    description: text.description.clone(),
                    meta_description: text.meta_description.clone(),
                })
            };
            let parent = file.parent.as_deref().map(|code| {
                ids.get(code).copied().with_context(|| format!("there is no category {code} yet"))
            });
            let picture = file.picture.as_deref().map(|svg| original(originals, &banner(svg)));
            let input = CategoryInput {
                code: CategoryCode::new(file.code.as_str())
                    .with_context(|| format!("{:?} is no category code", file.code))?,
                parent: parent.transpose()?,
                position,
                is_published: true,
                picture: picture.transpose()?,
                texts: both(text(&file.fr)?, text(&file.en)?),
            };
            let category = shop::catalog::create_category_in(tx, &input, at).await?;
            ids.insert(file.code.clone(), category.id);
        }
        Ok(ids)
    }

    /// Writes the products with their stock and gives the number of variants.
    ///
    /// They came into the catalog one after the other during the half year before `now`; special
    /// prices began last week, so that each has its prior price.
    pub(super) async fn write_products(
        &self,
        tx: &mut Tx,
        originals: &Originals,
        categories: &BTreeMap<String, CategoryId>,
        now: Timestamp,
    ) -> Result<usize> {
        let source = shop::settings::main_source();
        let days_ago = |days: i64| now - SignedDuration::from_hours(24 * days);
        let cut = (days_ago(6), days_ago(-30));
        let mut n_variants = 0;
        for (index, file) in (0_i32..).zip(&self.products) {
            let written = async {
                let mut input = self.input(file, originals, categories, index)?;
                let specials: Vec<Option<Money>> = Self::specials(file)?;
                // A step that shares no factor with 150 mixes the shelves.
                let created_at = days_ago(20 + i64::from(index) * 47 % 150);
                let product =
                    shop::catalog::create_product_in(tx, &source, &input, created_at).await?;
                n_variants += product.variants.len();
                if specials.iter().all(Option::is_none) {
                    return Ok(());
                }
                for ((variant, known), special) in
                    input.variants.iter_mut().zip(&product.variants).zip(specials)
                {
                    variant.id = Some(known.id);
                    variant.on_hand = None;
                    for price in &mut variant.prices {
                        price.special = special.map(|amount| SpecialPrice {
                            amount,
                            from: Some(cut.0),
                            until: Some(cut.1),
                        });
                    }
                }
                let version = (product.id, product.version);
                shop::catalog::update_product_in(tx, &source, version, &input, cut.0).await?;
                Ok::<_, anyhow::Error>(())
            };
            written.await.with_context(|| format!("the product {}", file.code))?;
        }
        Ok(n_variants)
    }

    fn input(
        &self,
        file: &files::Product,
        originals: &Originals,
        categories: &BTreeMap<String, CategoryId>,
        position: i32,
    ) -> Result<ProductInput> {
        let text = |text: &files::ProductText| {
            Ok::<_, anyhow::Error>(TextInput {
                slug: Some(slug(&text.slug)?),
                name: text.name.clone(),
                short: text.short.clone(),
                description: text.description.trim().to_owned(),
                meta_description: text.meta_description.clone(),
            })
        };
        let category = |code: &String| {
            let id = categories.get(code);
            Ok((*id.with_context(|| format!("there is no category {code}"))?, position))
        };
        Ok(ProductInput {
            kind: self.kind(file)?,
            visibility: Visibility::Published,
            attribute_set: AttributeSetCode::new(file.set.as_str())
                .with_context(|| format!("{:?} is no code of a set", file.set))?,
            tax_class: TaxClass::new(file.tax_class.as_str())
                .with_context(|| format!("{:?} is no tax class", file.tax_class))?,
            is_featured: file.featured,
            texts: both(text(&file.fr)?, text(&file.en)?),
            attributes: self.values(file)?,
            categories: file.categories.iter().map(category).collect::<Result<_>>()?,
            pictures: file
                .picture
                .iter()
                .map(|it| picture(it, originals))
                .collect::<Result<_>>()?,
            variants: variants(file)?,
            eco: eco(&file.eco)?,
            manufacturer: Some(Manufacturer {
                name: file.manufacturer.name.clone(),
                address: file.manufacturer.address.clone(),
                email: file.manufacturer.email.clone(),
            }),
        })
    }

    /// The axes are what the variants have options of, in the order of the attributes.
    fn kind(&self, file: &files::Product) -> Result<ProductKind> {
        match file.kind.as_str() {
            "simple" => Ok(ProductKind::Simple),
            "configurable" => {
                let first = file.variant.first().context("it has no variant")?;
                let has = |code: &AttributeCode| first.options.contains_key(code.as_str());
                let axes = self.attributes.iter().map(|attribute| &attribute.code);
                Ok(ProductKind::Configurable {
                    axes: axes.filter(|code| has(code)).cloned().collect(),
                })
            }
            other => bail!("{other:?} is no kind of product"),
        }
    }

    fn values(&self, file: &files::Product) -> Result<AttributeValues> {
        file.attributes
            .iter()
            .map(|(code, value)| {
                let known = self.attributes.iter().find(|it| it.code.as_str() == code);
                let attribute = known.with_context(|| format!("there is no attribute {code}"))?;
                let value = read_value(attribute.kind, value)
                    .with_context(|| format!("the attribute {code}"))?;
                Ok((attribute.code.clone(), value))
            })
            .collect()
    }

    fn specials(file: &files::Product) -> Result<Vec<Option<Money>>> {
        let own = file.variant.iter().map(|variant| variant.offer.special_price.as_deref());
        let own: Vec<Option<&str>> =
            if file.variant.is_empty() { vec![None] } else { own.collect() };
        own.into_iter()
            .map(|own| own.or(file.offer.special_price.as_deref()).map(money).transpose())
            .collect()
    }
}

fn read_value(kind: AttributeKind, value: &toml::Value) -> Result<AttributeValue> {
    let text = || value.as_str().context("it is written as a text");
    Ok(match kind {
        AttributeKind::Text => {
            let files::Both { fr, en } = value.clone().try_into()?;
            AttributeValue::Text(both(fr, en))
        }
        AttributeKind::Number => match value {
            toml::Value::Integer(number) => AttributeValue::Number(decimal(&number.to_string())?),
            _ => AttributeValue::Number(decimal(text()?)?),
        },
        AttributeKind::Boolean => {
            AttributeValue::Boolean(value.as_bool().context("it is true or false")?)
        }
        AttributeKind::Select => AttributeValue::Select(option_code(text()?)?),
        AttributeKind::MultiSelect => {
            let options: Vec<String> = value.clone().try_into()?;
            let options = options.iter().map(|code| option_code(code));
            AttributeValue::MultiSelect(options.collect::<Result<_>>()?)
        }
        AttributeKind::Date => AttributeValue::Date(text()?.parse()?),
        AttributeKind::Price => AttributeValue::Price(money(text()?)?),
    })
}

fn original(originals: &Originals, drawing: &Drawing) -> Result<Original> {
    originals.get(drawing).cloned().with_context(|| format!("{} was not drawn", drawing.svg))
}

fn picture(file: &files::Picture, originals: &Originals) -> Result<Picture> {
    let option = file.option.first_key_value().map(|(axis, option)| {
        Ok::<_, anyhow::Error>((attribute_code(axis)?, option_code(option)?))
    });
    Ok(Picture {
        original: original(originals, &drawing(file))?,
        alt: both(file.alt.fr.clone(), file.alt.en.clone()),
        option: option.transpose()?,
    })
}

fn variants(file: &files::Product) -> Result<Vec<VariantInput>> {
    if file.variant.is_empty() {
        let sku = file.sku.as_deref().context("it has no SKU")?;
        let stock = file.stock.context("it has no stock")?;
        return Ok(vec![variant(sku, stock, Options::new(), &file.offer)?]);
    }
    file.variant
        .iter()
        .map(|own| {
            let options = own.options.iter().map(|(axis, option)| {
                Ok::<_, anyhow::Error>((attribute_code(axis)?, option_code(option)?))
            });
            let (mine, theirs) = (own.offer.clone(), file.offer.clone());
            let offer = files::Offer {
                price: mine.price.or(theirs.price),
                special_price: mine.special_price.or(theirs.special_price),
                eco_participation: mine.eco_participation.or(theirs.eco_participation),
                weight_g: mine.weight_g.or(theirs.weight_g),
                content: mine.content.or(theirs.content),
            };
            variant(&own.sku, own.stock, options.collect::<Result<_>>()?, &offer)
        })
        .collect()
}

fn variant(sku: &str, stock: u32, options: Options, offer: &files::Offer) -> Result<VariantInput> {
    Ok(VariantInput {
        id: None::<VariantId>,
        sku: Sku::new(sku).with_context(|| format!("{sku:?} is no SKU"))?,
        is_enabled: true,
        options,
        weight_grams: offer.weight_g.context("it has no weight")?,
        content: offer.content.as_ref().map(content).transpose()?,
        prices: vec![PriceInput {
            channel: channel_code(),
            regular: money(offer.price.as_deref().context("it has no price")?)?,
            special: None,
            eco_participation: offer.eco_participation.as_deref().map(money).transpose()?,
        }],
        on_hand: Some(stock),
    })
}

fn content(file: &files::Content) -> Result<NetContent> {
    let (unit, per_unit) = match file.unit.as_str() {
        "ml" => (ContentUnit::Milliliter, 1),
        "g" => (ContentUnit::Gram, 1),
        "m" => (ContentUnit::Centimeter, 100),
        "piece" => (ContentUnit::Piece, 1),
        other => bail!("{other:?} is no unit"),
    };
    let quantity = u32::try_from(decimal(&file.quantity)?.ten_thousandths * per_unit / 10_000)?;
    NetContent::new(quantity, unit).context("a content of nothing")
}

fn eco(file: &files::Eco) -> Result<EcoSheet> {
    let percent = |share| Percent::new(share).context("a share is at most 100 %");
    let material = |material: &files::Material| {
        Ok(Material {
            name: both(material.fr.clone(), material.en.clone()),
            share: percent(material.share)?,
            recycled: percent(material.recycled)?,
        })
    };
    let label = |label: &files::Label| Label {
        scheme: label.scheme.clone(),
        licence: label.licence.clone(),
    };
    Ok(EcoSheet {
        labels: file.labels.iter().map(label).collect(),
        origin: Some(Country::new(&file.origin).context("the origin is no country")?),
        origin_detail: both(file.origin_detail.fr.clone(), file.origin_detail.en.clone()),
        materials: file.materials.iter().map(material).collect::<Result<_>>()?,
        carbon: Some(CarbonFootprint {
            grams_co2e: u64::try_from(decimal(&file.co2e_kg)?.ten_thousandths / 10)?,
            source: both(file.co2e_source.fr.clone(), file.co2e_source.en.clone()),
        }),
        packaging: both(file.packaging.fr.clone(), file.packaging.en.clone()),
    })
}
