//! Measures the read side on synthetic catalogs: `cargo run --profile fast --example measure`.
#![expect(clippy::print_stdout, clippy::unwrap_used, reason = "a measurement, run by hand")]

use std::collections::BTreeMap;
use std::hint::black_box;
use std::time::{Duration, Instant};

use commerce::catalog::{
    Attribute, AttributeCode, AttributeKind, AttributeOption, AttributeSetCode, AttributeValue,
    Category, CategoryCode, CategoryId, CategoryText, OptionCode, Product, ProductId, ProductKind,
    ProductText, Sku, Variant, VariantId, Visibility,
};
use commerce::channel::{Channel, ChannelCode, Country, Locale, Merchant};
use commerce::content::{Localized, Slug};
use commerce::eco::EcoSheet;
use commerce::media::{MediaId, MediaKey, Original, Picture, PictureFormat};
use commerce::money::{Currency, Money};
use commerce::price::ChannelPrice;
use commerce::tax::{Rounding, TaxClass, TaxTable};
use jiff::Timestamp;
use search::{
    Delta, Filter, FilterValue, Index, Listing, ProductInput, Scope, Sort, Source, Structure,
};
use uuid::Uuid;

const N_CATEGORIES: u64 = 100;

/// A small generator, the same in each run.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u64) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        (self.0 >> 11) % sides
    }

    /// One of 20,000 words, the first ones far more often.
    fn word(&mut self) -> String {
        let limit = self.roll(20_000) + 1;
        let limit = self.roll(limit) + 1;
        let mut rest = self.roll(limit);
        let syllables = [
            "bou", "tei", "lin", "sa", "von", "ver", "te", "co", "ton", "ra", "mi", "na", "du",
            "ré", "lo", "ga", "pi", "cha", "fle", "our",
        ];
        let mut word = String::new();
        for _ in 0..3 {
            word.push_str(syllables[usize::try_from(rest % 20).unwrap()]);
            rest /= 20;
        }
        if rest > 0 {
            word.push_str(["", "s", "ment", "able"][usize::try_from(rest % 4).unwrap()]);
        }
        word
    }

    fn words(&mut self, n: usize) -> String {
        (0..n).map(|_| self.word()).collect::<Vec<_>>().join(" ")
    }
}

fn both(text: &str) -> Localized<String> {
    Localized::default().with(Locale::FR, text.to_owned()).with(Locale::EN, text.to_owned())
}

fn structure() -> Structure {
    let option = |n: u64| AttributeOption {
        code: OptionCode::new(format!("o{n}")).unwrap(),
        label: both(&format!("valeur{n}")),
        swatch: None,
    };
    let attribute = |n: u64| Attribute {
        code: AttributeCode::new(format!("a{n}")).unwrap(),
        kind: AttributeKind::Select,
        label: both(&format!("attribut{n}")),
        is_filterable: true,
        is_searchable: n < 2,
        is_axis: false,
        options: (0..16).map(option).collect(),
    };
    let category = |n: u64| {
        let name = format!("Catégorie {n}");
        let text = CategoryText {
            slug: Slug::from_title(&name).unwrap(),
            name,
            description: String::new(),
            meta_description: String::new(),
        };
        Category {
            id: CategoryId(Uuid::from_u128(u128::from(n))),
            code: CategoryCode::new(format!("c{n}")).unwrap(),
            number: i64::try_from(n).unwrap(),
            parent: (n > 0).then(|| CategoryId(Uuid::from_u128(0))),
            position: i32::try_from(n).unwrap(),
            is_published: true,
            picture: None,
            texts: Localized::default().with(Locale::FR, text),
        }
    };
    Structure {
        attributes: (0..8).map(attribute).collect(),
        categories: (0..=N_CATEGORIES).map(category).collect(),
        tax: TaxTable::default(),
        synonyms: BTreeMap::new(),
    }
}

fn product(n: u64, dice: &mut Dice) -> ProductInput {
    let text = |dice: &mut Dice| {
        let name = dice.words(5);
        ProductText {
            slug: Slug::from_title(&format!("{name} {n}")).unwrap(),
            name,
            short: dice.words(18),
            description: dice.words(90),
            meta_description: String::new(),
        }
    };
    let picture = |place: u64| Picture {
        original: Original {
            id: MediaId(Uuid::from_u128(u128::from(n))),
            key: MediaKey::new(format!("ab/cd/product-{n}-{place}-0123456789abcdef.jpg")).unwrap(),
            format: PictureFormat::Jpeg,
            width: 2000,
            height: 2000,
            bytes: 1,
        },
        alt: both("une photo du produit"),
        option: None,
    };
    let sku = Sku::new(format!("SKU-{n:06}")).unwrap();
    let values = (0..8).map(|a| {
        let option = OptionCode::new(format!("o{}", dice.roll(16))).unwrap();
        (AttributeCode::new(format!("a{a}")).unwrap(), AttributeValue::Select(option))
    });
    let attributes = values.collect();
    let category = CategoryId(Uuid::from_u128(u128::from(1 + dice.roll(N_CATEGORIES))));
    let created_at = Timestamp::from_second(1_700_000_000 + i64::try_from(n).unwrap()).unwrap();
    let minor = i64::try_from(100 + dice.roll(20_000)).unwrap();
    let product = Product {
        id: ProductId(Uuid::from_u128(u128::from(n))),
        number: i64::try_from(n).unwrap(),
        version: 1,
        kind: ProductKind::Simple,
        visibility: Visibility::Published,
        attribute_set: AttributeSetCode::new("default").unwrap(),
        tax_class: TaxClass::new("standard").unwrap(),
        is_featured: false,
        texts: Localized::default().with(Locale::FR, text(dice)).with(Locale::EN, text(dice)),
        attributes,
        categories: vec![(category, i32::try_from(dice.roll(1_000)).unwrap())],
        pictures: (0..4).map(picture).collect(),
        variants: vec![Variant {
            id: VariantId(Uuid::from_u128(u128::from(n))),
            number: 0,
            sku: sku.clone(),
            is_enabled: true,
            options: commerce::catalog::Options::new(),
            weight_grams: 100,
            content: None,
            prices: vec![ChannelPrice {
                channel: ChannelCode::new("fr").unwrap(),
                regular: Money::new(minor, Currency::EUR),
                special: None,
                eco_participation: None,
                prior: None,
            }],
        }],
        eco: EcoSheet::default(),
        manufacturer: None,
        created_at,
        updated_at: created_at,
    };
    let available = u32::try_from(dice.roll(4)).unwrap();
    ProductInput { product, available: BTreeMap::from([(sku, available)]) }
}

/// Resident memory in bytes, as Linux tells it.
fn resident() -> u64 {
    let status = std::fs::read_to_string("/proc/self/status").unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("VmRSS:"));
    let number = line.and_then(|line| line.split_whitespace().next()?.parse::<u64>().ok());
    number.unwrap_or(0) * 1024
}

/// CPU time of this thread, which neighbors on the machine do not lengthen.
fn cpu() -> Duration {
    let text = std::fs::read_to_string("/proc/thread-self/schedstat").unwrap_or_default();
    let nanos = text.split_whitespace().next().and_then(|nanos| nanos.parse().ok());
    Duration::from_nanos(nanos.unwrap_or(0))
}

/// The CPU time of one run, the mean and the longest of many.
fn time(name: &str, n: u32, mut run: impl FnMut(u32) -> u64) {
    let mut longest = Duration::ZERO;
    let mut sum = 0;
    let start = cpu();
    for round in 0..n {
        let begin = cpu();
        sum += black_box(run(round));
        longest = longest.max(cpu().saturating_sub(begin));
    }
    let mean = cpu().saturating_sub(start) / n;
    println!(
        "  {name:<42} {:>8} µs  longest {:>8} µs  found {:>6}",
        mean.as_micros(),
        longest.as_micros(),
        sum / u64::from(n)
    );
}

fn main() {
    let sizes: Vec<u64> = std::env::args().skip(1).filter_map(|arg| arg.parse().ok()).collect();
    for n in if sizes.is_empty() { vec![1_000, 10_000, 50_000] } else { sizes } {
        measure(n);
    }
}

fn measure(n: u64) {
    println!("{n} products");
    let mut dice = Dice(88_172_645_463_325_252);
    let before = resident();
    let products: Vec<_> = (1..=n).map(|number| product(number, &mut dice)).collect();
    let rows = resident().saturating_sub(before);
    let channel = Channel {
        code: ChannelCode::new("fr").unwrap(),
        name: String::new(),
        currency: Currency::EUR,
        prices_include_tax: true,
        rounding: Rounding::PerLine,
        country: Country::FR,
        ships_to: vec![Country::FR],
        locales: vec![Locale::FR, Locale::EN],
        order_prefix: String::new(),
        merchant: Merchant::default(),
    };
    let now = Timestamp::from_second(1_800_000_000).unwrap();
    let start = Instant::now();
    let index = Index::new(Source { channel, structure: structure(), products }, now).unwrap();
    let built = resident().saturating_sub(before);
    println!(
        "  build, two languages on two threads: {} ms of wall clock",
        start.elapsed().as_millis()
    );
    println!(
        "  resident: {} bytes a product as handed over, {} with the index",
        rows / n,
        built / n
    );

    let snapshot = index.load();
    let listing = |scope| Listing::new(Locale::FR, scope);
    let category = |round: u32| {
        let place = u128::from(1 + u64::from(round) % N_CATEGORIES);
        listing(Scope::Category(CategoryId(Uuid::from_u128(place))))
    };
    let filter = |attribute: &str, option: &str| Filter {
        attribute: AttributeCode::new(attribute).unwrap(),
        values: vec![FilterValue::Option(OptionCode::new(option).unwrap())],
    };
    let total = |listing: &Listing| u64::from(snapshot.list(listing).total);

    time("category of 1 %, by position", 500, |round| total(&category(round)));
    time("category of 1 %, by name, page 2", 500, |round| {
        total(&Listing { sort: Sort::Name, page: 2, ..category(round) })
    });
    time("category of 1 %, two filters", 500, |round| {
        let filters = vec![filter("a1", "o1"), filter("a2", "o2")];
        total(&Listing { filters, ..category(round) })
    });
    time("top category, all products, by price", 20, |_| {
        let top = CategoryId(Uuid::from_u128(0));
        total(&Listing { sort: Sort::PriceAsc, ..listing(Scope::Category(top)) })
    });
    let mut dice = Dice(7_777_777);
    let texts: Vec<String> = (0..500).map(|_| dice.word()).collect();
    let text = |round: u32| texts[usize::try_from(round).unwrap()].clone();
    time("search of one word", 500, |round| total(&listing(Scope::Search(text(round)))));
    time("search of two words", 499, |round| {
        total(&listing(Scope::Search(format!("{} {}", text(round), text(round + 1)))))
    });
    time("search of two words, one filter, by price", 499, |round| {
        let search = Scope::Search(format!("{} {}", text(round), text(round + 1)));
        let filters = vec![filter("a1", "o1")];
        total(&Listing { filters, sort: Sort::PriceAsc, ..listing(search) })
    });
    time("search of one word with a typo", 200, |round| {
        total(&listing(Scope::Search(format!("x{}", text(round)))))
    });
    time("search of the most frequent word", 50, |_| {
        total(&listing(Scope::Search("boubou".to_owned())))
    });
    let count = |letters: usize, name: &str| {
        time(name, 300, |round| {
            let typed: String = text(round).chars().take(letters).collect();
            u64::try_from(snapshot.suggest(Locale::FR, &typed, 10).len()).unwrap()
        });
    };
    count(2, "suggest, two letters");
    count(5, "suggest, five letters");

    let stock = |round: u32| (Sku::new(format!("SKU-{:06}", round + 1)).unwrap(), round % 3);
    time("apply: stock of one product", 50, |round| {
        index.apply(Delta { stock: vec![stock(round)], ..Delta::default() }, now).unwrap().version()
    });
    let mut change = |number: u64| {
        let input = product(number, &mut dice);
        (input.product.id, Some(input))
    };
    let mut each = |name: &str, size: u64| {
        time(name, 20, |round| {
            let first = 1 + u64::from(round) * size;
            let products = (first..first + size).map(&mut change).collect();
            let start = Instant::now();
            index.apply(Delta { products, ..Delta::default() }, now).unwrap();
            u64::try_from(start.elapsed().as_micros()).unwrap()
        });
    };
    println!("  apply of products: CPU of this thread; \"found\" is the wall clock in µs");
    each("apply: one product, new texts and price", 1);
    each("apply: 50 products at once", 50);
}
