//! A product as the channel offers it at one moment: prices, availability, what cards need.

use std::collections::BTreeMap;
use std::sync::Arc;

use commerce::catalog::{ContentUnit, Product, ProductText, Sku, Variant, Visibility};
use commerce::channel::{Channel, Locale};
use commerce::media::Picture;
use commerce::money::Money;
use commerce::price::ChannelPrice;
use commerce::tax::{TaxRate, TaxTable};
use jiff::Timestamp;
use jiff::tz::TimeZone;

/// A product as the channel offers it.
///
/// Shared between snapshots as long as neither the product, its stock nor its price changes.
#[derive(Clone, Debug)]
pub struct Offer {
    pub product: Arc<Product>,
    /// How many can be bought, one number per variant of the product, in its order.
    pub available: Box<[u32]>,
    /// The lowest price of the enabled variants; `None` when the channel sells none of them.
    pub from: Option<ShownPrice>,
    /// The highest price of the enabled variants.
    pub to: Option<Money>,
    /// Whether any enabled variant with a price can be bought.
    pub is_in_stock: bool,
    /// The version of the snapshot that made it; greater than that of any offer before it.
    pub version: u64,
    pub(crate) locale: Locale,
    /// When a price may change by itself.
    pub(crate) next_change: Option<Timestamp>,
}

/// What shoppers see: tax and eco-participation are in every amount.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct ShownPrice {
    /// The price in force.
    pub amount: Money,
    /// The price without the special one; equals `amount` when none is in force.
    pub regular: Money,
    /// The lowest price of the thirty days before, shown when a special price is in force.
    pub prior: Option<Money>,
    /// The part of `amount` that is eco-participation.
    pub eco_participation: Option<Money>,
    /// What one liter, kilogram, meter or piece costs.
    pub per_unit: Option<(ContentUnit, Money)>,
}

impl ShownPrice {
    pub fn is_special(&self) -> bool {
        self.amount < self.regular
    }
}

/// Computes prices for one channel at one moment.
pub(crate) struct Pricing<'a> {
    pub(crate) channel: &'a Channel,
    pub(crate) tax: &'a TaxTable,
    pub(crate) now: Timestamp,
    pub(crate) version: u64,
}

impl Pricing<'_> {
    fn price_of<'v>(&self, variant: &'v Variant) -> Option<&'v ChannelPrice> {
        variant.prices.iter().find(|price| price.channel == self.channel.code)
    }

    /// The rate to add to the merchant's prices, zero where they include tax already.
    fn rate(&self, product: &Product) -> Option<TaxRate> {
        if self.channel.prices_include_tax {
            return Some(TaxRate::ZERO);
        }
        let day = self.now.to_zoned(TimeZone::UTC).date();
        self.tax.rate(self.channel.country, &product.tax_class, day)
    }

    pub(crate) fn shown(&self, product: &Product, variant: &Variant) -> Option<ShownPrice> {
        let price = self.price_of(variant)?;
        let rate = self.rate(product)?;
        let gross = |money: Money| rate.add_to(money).ok()?.gross().ok();
        let eco = price.eco_participation.map(|eco| gross(eco).ok_or(())).transpose().ok()?;
        let with_eco = |money: Money| match eco {
            Some(eco) => gross(money)?.plus(eco).ok(),
            None => gross(money),
        };
        let amount = with_eco(price.effective(self.now))?;
        let regular = with_eco(price.regular)?;
        Some(ShownPrice {
            amount,
            regular,
            prior: price.prior.filter(|_| amount < regular).and_then(with_eco),
            eco_participation: eco,
            per_unit: variant.content.map(|content| (content.unit, content.price_per_unit(amount))),
        })
    }

    pub(crate) fn offer(&self, product: &Arc<Product>, available: &BTreeMap<Sku, u32>) -> Offer {
        let available = product
            .variants
            .iter()
            .map(|variant| available.get(&variant.sku).copied().unwrap_or(0))
            .collect();
        self.offer_of(product, available)
    }

    pub(crate) fn offer_of(&self, product: &Arc<Product>, available: Box<[u32]>) -> Offer {
        let mut offer = Offer {
            product: Arc::clone(product),
            available,
            from: None,
            to: None,
            is_in_stock: false,
            version: self.version,
            locale: self.channel.default_locale(),
            next_change: None,
        };
        for (place, variant) in product.variants.iter().enumerate() {
            let Some(shown) = self.shown(product, variant).filter(|_| variant.is_enabled) else {
                continue;
            };
            if offer.from.is_none_or(|from| shown.amount < from.amount) {
                offer.from = Some(shown);
            }
            offer.to = offer.to.max(Some(shown.amount));
            offer.is_in_stock |= offer.available.get(place).is_some_and(|&count| count > 0);
            let change = self.price_of(variant).and_then(|price| price.next_change(self.now));
            offer.next_change = [offer.next_change, change].into_iter().flatten().min();
        }
        offer
    }

    /// Whether a variant can be bought at all, apart from stock.
    pub(crate) fn sells(&self, product: &Product, variant: &Variant) -> bool {
        variant.is_enabled && self.shown(product, variant).is_some()
    }
}

impl Offer {
    /// Whether a list shows the same of both; how many are left of a variant, it does not show.
    pub(crate) fn is_listed_like(&self, other: &Self) -> bool {
        self.is_in_stock == other.is_in_stock
            && self.from == other.from
            && self.to == other.to
            && (Arc::ptr_eq(&self.product, &other.product) || self.product == other.product)
    }

    /// Whether it appears in categories and search: published, with a price in the channel.
    pub fn is_listed(&self) -> bool {
        self.product.visibility == Visibility::Published && self.from.is_some()
    }

    /// The texts of `locale`, else of the channel's first language, else of any.
    pub fn text(&self, locale: Locale) -> Option<&ProductText> {
        self.product.texts.get(locale, self.locale)
    }

    /// The name in `locale` or the nearest there is.
    pub fn name(&self, locale: Locale) -> &str {
        self.text(locale).map_or("", |text| text.name.as_str())
    }

    /// The picture that stands for the product.
    pub fn picture(&self) -> Option<&Picture> {
        self.product.pictures.first()
    }

    /// The picture that a card shows when it is pointed at.
    pub fn second_picture(&self) -> Option<&Picture> {
        self.product.pictures.get(1)
    }

    /// How many of this SKU can be bought; none of one that the product does not have.
    pub fn available(&self, sku: &Sku) -> u32 {
        let place = self.product.variants.iter().position(|variant| variant.sku == *sku);
        place.and_then(|place| self.available.get(place)).copied().unwrap_or(0)
    }
}
