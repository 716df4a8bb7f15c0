//! Carts, and what they come to.
//!
//! Every amount of an order comes from [`price`], and from nowhere else: the cart page, the
//! checkout and the order all call it.

use jiff::civil::Date;

use crate::catalog::{ProductId, Sku, VariantId};
use crate::channel::{Channel, ChannelCode, Country, Locale};
use crate::customer::CustomerId;
use crate::id;
use crate::media::MediaKey;
use crate::money::{Money, MoneyError};
use crate::price::Price;
use crate::tax::{Rounding, TaxClass, TaxRate, TaxTable};

id! {
    /// Identifies a cart; whoever knows it may change the cart, so it is kept in a signed cookie.
    CartId
}

/// The most units of one line.
pub const MAX_QUANTITY: u32 = 999;
/// The most lines of one cart.
pub const MAX_LINES: usize = 100;

/// What somebody means to buy. Prices are not kept in it: they are the truth's at each look.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Cart {
    pub id: CartId,
    pub channel: ChannelCode,
    pub locale: Locale,
    pub customer: Option<CustomerId>,
    /// Counts the changes, so that two tabs cannot overwrite each other unseen.
    pub version: u32,
    /// In the order they were added.
    pub lines: Vec<CartLine>,
}

#[derive(Clone, Debug, PartialEq, Eq)]
pub struct CartLine {
    pub sku: Sku,
    pub quantity: u32,
}

/// Why a cart was not changed.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum RefuseLine {
    #[error("a line holds at most {MAX_QUANTITY} units")]
    TooMany,
    #[error("a cart holds at most {MAX_LINES} lines")]
    TooManyLines,
}

impl Cart {
    pub fn quantity(&self, sku: &Sku) -> u32 {
        self.lines.iter().find(|line| line.sku == *sku).map_or(0, |line| line.quantity)
    }

    pub fn n_units(&self) -> u32 {
        self.lines.iter().map(|line| line.quantity).sum()
    }

    /// Sets how many units of `sku` are wanted; none removes the line.
    pub fn set(&mut self, sku: &Sku, quantity: u32) -> Result<(), RefuseLine> {
        if quantity > MAX_QUANTITY {
            return Err(RefuseLine::TooMany);
        }
        let at = self.lines.iter().position(|line| line.sku == *sku);
        match (at, quantity) {
            (Some(at), 0) => {
                self.lines.remove(at);
            }
            (Some(at), _) => self.lines[at].quantity = quantity,
            (None, 0) => {}
            (None, _) if self.lines.len() >= MAX_LINES => return Err(RefuseLine::TooManyLines),
            (None, _) => self.lines.push(CartLine { sku: sku.clone(), quantity }),
        }
        Ok(())
    }
}

/// A cart line with what the truth says of it now.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct OfferedLine {
    pub sku: Sku,
    pub product: ProductId,
    pub variant: VariantId,
    /// In the cart's language.
    pub name: String,
    /// Label and value of each axis, in the cart's language: `(Taille, M)`.
    pub options: Vec<(String, String)>,
    pub picture: Option<MediaKey>,
    pub quantity: u32,
    /// The unit price in force, in the channel's tax basis.
    pub unit: Money,
    /// The unit's eco-participation, in the channel's tax basis.
    pub eco_participation: Money,
    pub tax_class: TaxClass,
    pub weight_grams: u32,
}

/// What a delivery costs, in the channel's tax basis.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Delivery {
    pub price: Money,
    pub tax_class: TaxClass,
}

/// Whose rates apply, and on which day.
#[derive(Clone, Copy, Debug)]
pub struct TaxContext<'a> {
    pub channel: &'a Channel,
    pub rates: &'a TaxTable,
    pub country: Country,
    pub day: Date,
}

/// What a cart comes to. `items + eco_participation + shipping − discount = total`, net and tax
/// alike, and none of them is negative.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Totals {
    /// One per line, in the order given.
    pub lines: Vec<LineTotals>,
    pub items: Price,
    pub discount: Price,
    pub eco_participation: Price,
    pub shipping: Price,
    pub shipping_rate: TaxRate,
    pub total: Price,
}

/// What one line comes to. `items + eco_participation − discount = total`.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct LineTotals {
    pub rate: TaxRate,
    /// One unit, before discounts and without eco-participation.
    pub unit: Price,
    /// All units, before discounts and without eco-participation.
    pub items: Price,
    /// Its share of the discounts, which a refund will give back exactly.
    pub discount: Price,
    pub eco_participation: Price,
    pub total: Price,
}

impl Totals {
    /// What is paid at each rate, highest rate first.
    pub fn taxes(&self) -> Result<Vec<(TaxRate, Price)>, MoneyError> {
        let mut taxes: Vec<(TaxRate, Price)> = Vec::new();
        let shipping = (self.shipping_rate, self.shipping);
        let lines = self.lines.iter().map(|line| (line.rate, line.total));
        for (rate, price) in lines.chain([shipping]) {
            match taxes.iter_mut().find(|(known, _)| *known == rate) {
                Some((_, sum)) => *sum = sum.plus(price)?,
                None if price.net.is_zero() && price.tax.is_zero() => {}
                None => taxes.push((rate, price)),
            }
        }
        taxes.sort_by_key(|&(rate, _)| std::cmp::Reverse(rate));
        Ok(taxes)
    }
}

/// Why a cart could not be priced.
#[derive(Clone, Debug, PartialEq, Eq, thiserror::Error)]
pub enum PriceCartError {
    #[error("no tax rate for {class} in {country:?}", class = .1, country = .0)]
    NoTaxRate(Country, TaxClass),
    #[error("an amount is negative")]
    Negative,
    #[error(transparent)]
    Money(#[from] MoneyError),
}

/// Works out what a cart comes to.
///
/// `discount` is taken off the lines in proportion to what they cost, never off delivery or
/// eco-participation, and never more than the lines cost. Tax is that of `tax.country`: where
/// prices include it, the shopper pays the same gross price in every country.
pub fn price(
    lines: &[OfferedLine],
    discount: Money,
    delivery: Option<&Delivery>,
    tax: TaxContext<'_>,
) -> Result<Totals, PriceCartError> {
    let currency = tax.channel.currency;
    let rate = |class: &TaxClass| {
        tax.rates
            .rate(tax.country, class, tax.day)
            .ok_or_else(|| PriceCartError::NoTaxRate(tax.country, class.clone()))
    };
    let rates = lines.iter().map(|line| rate(&line.tax_class)).collect::<Result<Vec<_>, _>>()?;
    let (shipping, shipping_rate) = match delivery {
        Some(delivery) => (delivery.price, rate(&delivery.tax_class)?),
        None => (Money::zero(currency), TaxRate::ZERO),
    };

    let rows =
        lines.iter().map(|line| line.unit.times(line.quantity)).collect::<Result<Vec<_>, _>>()?;
    let ecos = lines
        .iter()
        .map(|line| line.eco_participation.times(line.quantity))
        .collect::<Result<Vec<_>, _>>()?;
    if rows.iter().chain(&ecos).chain([&shipping, &discount]).any(|amount| amount.is_negative()) {
        return Err(PriceCartError::Negative);
    }
    let discounts = share(discount, &rows)?;

    let basis = Basis { includes_tax: tax.channel.prices_include_tax };
    let split = Split::new(&rows, &discounts, &ecos, shipping, &rates, shipping_rate);
    let taxed = match tax.channel.rounding {
        Rounding::PerUnit => split.per_unit(lines, basis)?,
        Rounding::PerLine => split.per_line(basis)?,
        Rounding::PerTotal => split.per_total(basis)?,
    };

    let mut totals = Totals {
        lines: Vec::with_capacity(lines.len()),
        items: Price::zero(currency),
        discount: Price::zero(currency),
        eco_participation: Price::zero(currency),
        shipping: taxed.shipping,
        shipping_rate,
        total: taxed.shipping,
    };
    for (i, line) in lines.iter().enumerate() {
        let (items, after, eco) = (taxed.items[i], taxed.after[i], taxed.ecos[i]);
        let line = LineTotals {
            rate: rates[i],
            unit: basis.price(line.unit, rates[i])?,
            items,
            discount: items.minus(after)?,
            eco_participation: eco,
            total: after.plus(eco)?,
        };
        totals.items = totals.items.plus(line.items)?;
        totals.discount = totals.discount.plus(line.discount)?;
        totals.eco_participation = totals.eco_participation.plus(line.eco_participation)?;
        totals.total = totals.total.plus(line.total)?;
        totals.lines.push(line);
    }
    Ok(totals)
}

/// Shares the discount among the rows, at most what they cost.
fn share(discount: Money, rows: &[Money]) -> Result<Vec<Money>, MoneyError> {
    let sum = Money::sum(discount.currency(), rows.iter().copied())?;
    let weights: Vec<u64> = rows.iter().map(|row| row.minor().unsigned_abs()).collect();
    let zeros = || vec![Money::zero(discount.currency()); rows.len()];
    Ok(discount.min(sum).allocate(&weights).unwrap_or_else(zeros))
}

/// Whether amounts contain tax.
#[derive(Clone, Copy)]
struct Basis {
    includes_tax: bool,
}

impl Basis {
    fn price(self, amount: Money, rate: TaxRate) -> Result<Price, MoneyError> {
        if self.includes_tax { Ok(rate.extract_from(amount)) } else { rate.add_to(amount) }
    }

    /// Joins an amount with a tax that is already known.
    fn join(self, amount: Money, tax: Money) -> Result<Price, MoneyError> {
        let net = if self.includes_tax { amount.minus(tax)? } else { amount };
        Ok(Price::new(net, tax))
    }
}

/// The amounts of a cart that tax applies to, in the channel's tax basis.
struct Split<'a> {
    rows: &'a [Money],
    after: Vec<Money>,
    ecos: &'a [Money],
    shipping: Money,
    rates: &'a [TaxRate],
    shipping_rate: TaxRate,
}

struct Taxed {
    items: Vec<Price>,
    after: Vec<Price>,
    ecos: Vec<Price>,
    shipping: Price,
}

impl<'a> Split<'a> {
    fn new(
        rows: &'a [Money],
        discounts: &[Money],
        ecos: &'a [Money],
        shipping: Money,
        rates: &'a [TaxRate],
        shipping_rate: TaxRate,
    ) -> Self {
        let after = rows
            .iter()
            .zip(discounts)
            .map(|(row, discount)| Money::new(row.minor() - discount.minor(), row.currency()))
            .collect();
        Self { rows, after, ecos, shipping, rates, shipping_rate }
    }

    fn each(&self, amounts: &[Money], basis: Basis) -> Result<Vec<Price>, MoneyError> {
        amounts.iter().zip(self.rates).map(|(&amount, &rate)| basis.price(amount, rate)).collect()
    }

    fn per_line(&self, basis: Basis) -> Result<Taxed, MoneyError> {
        Ok(Taxed {
            items: self.each(self.rows, basis)?,
            after: self.each(&self.after, basis)?,
            ecos: self.each(self.ecos, basis)?,
            shipping: basis.price(self.shipping, self.shipping_rate)?,
        })
    }

    /// The tax of a discounted line shrinks in proportion, so that it never exceeds its units'.
    fn per_unit(&self, lines: &[OfferedLine], basis: Basis) -> Result<Taxed, MoneyError> {
        let units = |amount: fn(&OfferedLine) -> Money| {
            lines
                .iter()
                .zip(self.rates)
                .map(|(line, &rate)| basis.price(amount(line), rate)?.times(line.quantity))
                .collect::<Result<Vec<_>, MoneyError>>()
        };
        let items = units(|line| line.unit)?;
        let mut after = Vec::with_capacity(lines.len());
        for ((full, &row), &rest) in items.iter().zip(self.rows).zip(&self.after) {
            let taken = row.minus(rest)?;
            let weights = [rest.minor().unsigned_abs(), taken.minor().unsigned_abs()];
            let tax = full.tax.allocate(&weights).map_or(full.tax, |shares| shares[0]);
            after.push(basis.join(rest, tax)?);
        }
        Ok(Taxed {
            items,
            after,
            ecos: units(|line| line.eco_participation)?,
            shipping: basis.price(self.shipping, self.shipping_rate)?,
        })
    }

    fn per_total(&self, basis: Basis) -> Result<Taxed, MoneyError> {
        let n = self.rows.len();
        let amounts: Vec<Money> =
            self.after.iter().chain(self.ecos).copied().chain([self.shipping]).collect();
        let rates: Vec<TaxRate> =
            self.rates.iter().chain(self.rates).copied().chain([self.shipping_rate]).collect();
        let mut prices: Vec<Price> = amounts
            .iter()
            .map(|&amount| Price::new(amount, Money::zero(amount.currency())))
            .collect();
        let mut distinct = rates.clone();
        distinct.sort_unstable();
        distinct.dedup();
        for rate in distinct {
            let of_rate: Vec<usize> = (0..amounts.len()).filter(|&i| rates[i] == rate).collect();
            let sum = Money::sum(self.shipping.currency(), of_rate.iter().map(|&i| amounts[i]))?;
            let weights: Vec<u64> =
                of_rate.iter().map(|&i| amounts[i].minor().unsigned_abs()).collect();
            let taxes = basis.price(sum, rate)?.tax.allocate(&weights).unwrap_or_default();
            for (&i, tax) in of_rate.iter().zip(taxes) {
                prices[i] = basis.join(amounts[i], tax)?;
            }
        }
        let after = prices[..n].to_vec();
        let mut items = Vec::with_capacity(n);
        for i in 0..n {
            let taken = self.rows[i].minus(self.after[i])?;
            items.push(after[i].plus(basis.price(taken, self.rates[i])?)?);
        }
        Ok(Taxed { items, after, ecos: prices[n..2 * n].to_vec(), shipping: prices[2 * n] })
    }
}
