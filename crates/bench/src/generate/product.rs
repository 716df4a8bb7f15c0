//! One generated product.

use commerce::catalog::{
    AttributeValue, AttributeValues, ContentUnit, Decimal, NetContent, OptionCode, Options,
    Product, ProductId, ProductKind, ProductText, Sku, Variant, VariantId, Visibility,
};
use commerce::channel::{Channel, Country, Locale};
use commerce::content::Slug;
use commerce::eco::{CarbonFootprint, EcoSheet, Label, Manufacturer, Material, Percent};
use commerce::media::{Original, Picture};
use commerce::money::Money;
use commerce::price::{ChannelPrice, SpecialPrice};
use commerce::tax::TaxClass;
use jiff::{SignedDuration, Timestamp};
use uuid::Uuid;

use super::dice::Dice;
use super::structure::{
    N_BRANDS, N_COLORS, N_DURABILITIES, N_LABELS, N_ORIGINS, N_SCENTS, N_SIZES, Shelf, both, code,
    option, set_code,
};
use super::words::{self, MATERIALS, QUALITIES};

/// What all generated products share.
pub(super) struct Frame {
    pub(super) seed: u64,
    pub(super) channel: Channel,
    pub(super) tax_class: TaxClass,
    pub(super) shelves: Vec<Shelf>,
    pub(super) pictures: Vec<Original>,
    pub(super) now: Timestamp,
}

/// How many SKUs the nth product has: most are simple.
pub(super) fn n_variants(seed: u64, n: u64) -> usize {
    let mut dice = Dice::of(seed, n);
    if dice.percent(85) { 1 } else { 2 + dice.roll(5) }
}

impl Frame {
    /// The nth product, with its stock; the same for the same seed, apart from its ids.
    ///
    /// Product, variant and SKU numbers start at those given.
    pub(super) fn product(
        &self,
        n: u64,
        numbers: (i64, i64),
        n_skus: usize,
    ) -> (Product, Vec<u32>) {
        let n_variants = n_skus;
        let mut dice = Dice::of(self.seed, n);
        // What decided on the number of variants.
        dice.percent(85);
        let created_at = self.now - SignedDuration::from_hours(24 * hours(dice.roll(700)));
        let shelf = dice.pick(&self.shelves);
        let (material, quality) = (dice.roll(MATERIALS.len()), dice.roll(QUALITIES.len()));
        let brand = dice.zipf(N_BRANDS);
        let name = |locale: Locale| {
            let pair = |pair: (&'static str, &'static str)| {
                if locale == Locale::FR { pair.0 } else { pair.1 }
            };
            let (noun, brand) = (pair(shelf.noun), words::brand(brand));
            let (material, quality) = (pair(MATERIALS[material]), pair(QUALITIES[quality]));
            let mut letters = noun.chars();
            let first: String = letters.next().into_iter().flat_map(char::to_uppercase).collect();
            let noun = first + letters.as_str();
            if locale == Locale::FR {
                format!("{noun} {quality} en {material} {brand}")
            } else {
                format!("{noun} in {material}, {quality}, by {brand}")
            }
        };
        let mut text = |locale: Locale| {
            let name = name(locale);
            ProductText {
                slug: Slug::from_title(&format!("{name} {n}")).expect("names have letters"),
                short: words::sentences(&mut dice, locale, 18),
                description: words::sentences(&mut dice, locale, 90),
                meta_description: String::new(),
                name,
            }
        };
        let texts = both(text(Locale::FR), text(Locale::EN));
        let mut attributes = attributes(&mut dice, material, brand);
        let mut categories = vec![(shelf.category, place(dice.roll(1_000)))];
        if dice.percent(10) {
            let other = dice.pick(&self.shelves).category;
            if other != shelf.category {
                categories.push((other, place(dice.roll(1_000))));
            }
        }
        let price = money(&mut dice, &self.channel);
        let special = dice.percent(12).then(|| SpecialPrice {
            amount: Money::new(price.minor() * 8 / 10, price.currency()),
            from: None,
            until: None,
        });
        let axes = [code("color"), code("size")];
        if n_variants > 1 {
            // Its variants have one each.
            attributes.retain(|attribute, _| !axes.contains(attribute));
        }
        let (first_color, n_colors) = (dice.roll(N_COLORS), 1 + dice.roll(3));
        let mut stocks = Vec::new();
        let mut variants = Vec::new();
        for (at, number) in (0..n_variants).zip(numbers.1..) {
            let options = if n_variants == 1 {
                Options::new()
            } else {
                let color = option((first_color + at % n_colors) % N_COLORS);
                let size = option((at / n_colors) % N_SIZES);
                axes.iter().cloned().zip([color, size]).collect()
            };
            stocks.push(if dice.percent(8) { 0 } else { 1 + whole(dice.roll(200)) });
            variants.push(Variant {
                id: VariantId(Uuid::now_v7()),
                number,
                sku: sku(n, at),
                is_enabled: true,
                options,
                weight_grams: 20 + whole(dice.roll(1_500)),
                content: NetContent::new(50 + whole(dice.roll(900)), ContentUnit::Gram)
                    .filter(|_| n_variants == 1),
                prices: vec![ChannelPrice {
                    channel: self.channel.code.clone(),
                    regular: price,
                    special,
                    eco_participation: None,
                    prior: special.map(|_| price),
                }],
            });
        }
        let n_pictures = (1 + dice.roll(3)).min(self.pictures.len());
        let first = dice.roll(self.pictures.len().max(1));
        let pictures = (0..n_pictures).map(|at| Picture {
            original: self.pictures[(first + at) % self.pictures.len()].clone(),
            alt: both(name(Locale::FR), name(Locale::EN)),
            option: None,
        });
        let product = Product {
            id: ProductId(Uuid::now_v7()),
            number: numbers.0,
            version: 1,
            kind: if n_variants == 1 {
                ProductKind::Simple
            } else {
                ProductKind::Configurable { axes: axes.to_vec() }
            },
            visibility: Visibility::Published,
            attribute_set: set_code(),
            tax_class: self.tax_class.clone(),
            is_featured: n < 16,
            texts,
            attributes,
            categories,
            pictures: pictures.collect(),
            variants,
            eco: eco(&mut dice, material),
            manufacturer: Some(Manufacturer {
                name: words::brand(brand),
                address: "1 rue du Moulin, 35000 Rennes, France".to_owned(),
                email: "bonjour@atelier.example".to_owned(),
            }),
            created_at,
            updated_at: created_at,
        };
        (product, stocks)
    }
}

/// The SKU of a product's variant.
pub(crate) fn sku(n: u64, variant: usize) -> Sku {
    Sku::new(format!("GEN-{n:06}-{variant}")).expect("letters, digits and hyphens")
}

fn attributes(dice: &mut Dice, material: usize, brand: usize) -> AttributeValues {
    let select = |place| AttributeValue::Select(option(place));
    let mut labels: Vec<OptionCode> =
        (0..dice.roll(3)).map(|_| option(dice.zipf(N_LABELS))).collect();
    labels.sort();
    labels.dedup();
    let mut values = vec![
        ("brand", select(brand)),
        ("material", select(material)),
        ("label", AttributeValue::MultiSelect(labels)),
        ("origin", select(dice.zipf(N_ORIGINS))),
        ("scent", select(dice.zipf(N_SCENTS))),
        ("lasts", select(dice.roll(N_DURABILITIES))),
        ("vegan", AttributeValue::Boolean(dice.percent(60))),
        ("refillable", AttributeValue::Boolean(dice.percent(20))),
        ("height", AttributeValue::Number(Decimal::whole(place(5 + dice.roll(90))))),
        (
            "care",
            AttributeValue::Text(both(
                words::sentences(dice, Locale::FR, 8),
                words::sentences(dice, Locale::EN, 8),
            )),
        ),
    ];
    // Simple products have their color as a plain property.
    values.push(("color", select(dice.zipf(N_COLORS))));
    values.into_iter().map(|(name, value)| (code(name), value)).collect()
}

fn eco(dice: &mut Dice, material: usize) -> EcoSheet {
    let (fr, en) = MATERIALS[material];
    let share = |percent| Percent::new(percent).expect("at most 100");
    let recycled = share([0, 0, 30, 50, 100][dice.roll(5)]);
    EcoSheet {
        labels: if dice.percent(30) {
            vec![Label { scheme: "GOTS".to_owned(), licence: format!("CU {}", dice.roll(900_000)) }]
        } else {
            Vec::new()
        },
        origin: Some(Country::FR),
        origin_detail: both("Assemblé à Rennes".to_owned(), "Assembled in Rennes".to_owned()),
        materials: vec![Material {
            name: both(fr.to_owned(), en.to_owned()),
            share: share(95),
            recycled,
        }],
        carbon: dice.percent(50).then(|| CarbonFootprint {
            grams_co2e: 100 + u64::from(whole(dice.roll(9_000))),
            source: both("Base Empreinte".to_owned(), "Base Empreinte".to_owned()),
        }),
        packaging: both("Carton recyclé".to_owned(), "Recycled cardboard".to_owned()),
    }
}

/// Most things cost little, some cost much.
fn money(dice: &mut Dice, channel: &Channel) -> Money {
    let euros = 2 + dice.zipf(400);
    let cents = [0, 50, 90, 95, 99][dice.roll(5)];
    Money::new(i64::from(whole(euros * 100 + cents)), channel.currency)
}

fn whole(n: usize) -> u32 {
    u32::try_from(n).expect("the dice have few sides")
}

fn place(n: usize) -> i32 {
    i32::try_from(n).expect("the dice have few sides")
}

fn hours(n: usize) -> i64 {
    i64::from(whole(n))
}
