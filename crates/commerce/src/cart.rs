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

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;
    use uuid::Uuid;

    use super::*;
    use crate::channel::Merchant;
    use crate::money::Currency;
    use crate::tax::DatedRate;

    const CLASSES: [(&str, u32); 6] = [
        ("zero", 0),
        ("press", 210),
        ("reduced", 550),
        ("intermediate", 1_000),
        ("standard", 2_000),
        ("danish", 2_500),
    ];
    const ROUNDINGS: [Rounding; 3] = [Rounding::PerUnit, Rounding::PerLine, Rounding::PerTotal];

    fn eur(minor: i64) -> Money {
        Money::new(minor, Currency::EUR)
    }

    fn class(index: usize) -> TaxClass {
        TaxClass::new(CLASSES[index].0).unwrap()
    }

    fn price_of(net: i64, tax: i64) -> Price {
        Price::new(eur(net), eur(tax))
    }

    fn a_channel(prices_include_tax: bool, rounding: Rounding) -> Channel {
        Channel {
            code: ChannelCode::new("fr").unwrap(),
            name: String::new(),
            currency: Currency::EUR,
            prices_include_tax,
            rounding,
            country: Country::FR,
            ships_to: vec![Country::FR],
            locales: vec![Locale::FR],
            order_prefix: String::new(),
            merchant: Merchant::default(),
        }
    }

    fn rates() -> TaxTable {
        let rate = |&(class, basis_points): &(&str, u32)| DatedRate {
            country: Country::FR,
            class: TaxClass::new(class).unwrap(),
            rate: TaxRate::from_basis_points(basis_points).unwrap(),
            valid_from: date(2014, 1, 1),
            valid_until: None,
        };
        TaxTable::new(CLASSES.iter().map(rate).collect())
    }

    fn a_line(unit: i64, eco: i64, quantity: u32, tax_class: usize) -> OfferedLine {
        OfferedLine {
            sku: Sku::new("TEA").unwrap(),
            product: ProductId(Uuid::nil()),
            variant: VariantId(Uuid::nil()),
            name: String::new(),
            options: Vec::new(),
            picture: None,
            quantity,
            unit: eur(unit),
            eco_participation: eur(eco),
            tax_class: class(tax_class),
            weight_grams: 0,
        }
    }

    /// Everything that a total depends on.
    #[derive(Debug)]
    struct Case {
        lines: Vec<OfferedLine>,
        discount: Money,
        delivery: Option<Delivery>,
        channel: Channel,
    }

    impl Case {
        fn price(&self, rates: &TaxTable) -> Totals {
            let tax = TaxContext {
                channel: &self.channel,
                rates,
                country: Country::FR,
                day: date(2026, 3, 2),
            };
            price(&self.lines, self.discount, self.delivery.as_ref(), tax).unwrap()
        }

        /// The amount of a price in the channel's tax basis.
        fn basis(&self, price: Price) -> i64 {
            if self.channel.prices_include_tax {
                price.gross().unwrap().minor()
            } else {
                price.net.minor()
            }
        }

        /// The tax of an amount, worked out once more in another way.
        fn tax(&self, amount: i64, rate: TaxRate) -> i64 {
            let rate = i64::from(rate.basis_points());
            let whole = if self.channel.prices_include_tax { 10_000 + rate } else { 10_000 };
            (2 * amount * rate + whole) / (2 * whole)
        }
    }

    fn sum(prices: impl IntoIterator<Item = Price>) -> Price {
        Price::sum(Currency::EUR, prices).unwrap()
    }

    fn is_owed(price: Price) -> bool {
        !price.net.is_negative() && !price.tax.is_negative()
    }

    /// Whatever holds for the totals of any cart.
    fn assert_adds_up(case: &Case, rates: &TaxTable) {
        let totals = case.price(rates);

        let explained =
            sum([totals.items, totals.eco_participation, totals.shipping]).minus(totals.discount);
        assert_eq!(explained, Ok(totals.total));
        let parts = [
            totals.items,
            totals.discount,
            totals.eco_participation,
            totals.shipping,
            totals.total,
        ];
        assert!(parts.into_iter().all(is_owed), "{totals:?}");
        assert_eq!(totals.lines.len(), case.lines.len());
        for line in &totals.lines {
            let explained = sum([line.items, line.eco_participation]).minus(line.discount);
            assert_eq!(explained, Ok(line.total));
            let parts = [line.unit, line.items, line.discount, line.eco_participation, line.total];
            assert!(parts.into_iter().all(is_owed), "{line:?}");
        }
        assert_eq!(sum(totals.lines.iter().map(|line| line.items)), totals.items);
        assert_eq!(sum(totals.lines.iter().map(|line| line.discount)), totals.discount);
        let of_lines = sum(totals.lines.iter().map(|line| line.total));
        assert_eq!(of_lines.plus(totals.shipping), Ok(totals.total));
        let taxes = totals.taxes().unwrap();
        assert_eq!(sum(taxes.iter().map(|&(_, paid)| paid)), totals.total);

        assert_shown_amounts_are_charged(case, &totals);
        match case.channel.rounding {
            Rounding::PerUnit => assert_tax_is_exact_per_unit(case, &totals),
            Rounding::PerLine => assert_tax_is_exact_per_line(case, &totals),
            Rounding::PerTotal => assert_tax_is_exact_per_rate(case, &totals),
        }
    }

    /// In the channel's tax basis no cent is ever rounded: what is shown is what is charged.
    fn assert_shown_amounts_are_charged(case: &Case, totals: &Totals) {
        let rows = case.lines.iter().map(|line| line.unit.minor() * i64::from(line.quantity));
        let items: i64 = rows.clone().sum();
        let discount = case.discount.minor().min(items);
        for ((line, offered), row) in totals.lines.iter().zip(&case.lines).zip(rows) {
            let eco = offered.eco_participation.minor() * i64::from(offered.quantity);
            assert_eq!(case.basis(line.unit), offered.unit.minor());
            assert_eq!(case.basis(line.items), row);
            assert_eq!(case.basis(line.eco_participation), eco);
            let share = case.basis(line.discount);
            let off =
                i128::from(share) * i128::from(items) - i128::from(discount) * i128::from(row);
            assert!(items == 0 || off.abs() < i128::from(items), "{share} is not in proportion");
        }
        let shipping = case.delivery.as_ref().map_or(0, |delivery| delivery.price.minor());
        assert_eq!(case.basis(totals.items), items);
        assert_eq!(case.basis(totals.discount), discount);
        assert_eq!(case.basis(totals.shipping), shipping);
        let eco = case.basis(totals.eco_participation);
        assert_eq!(case.basis(totals.total), items + eco + shipping - discount);
    }

    fn assert_tax_is_exact_per_line(case: &Case, totals: &Totals) {
        for line in &totals.lines {
            let (row, share) = (case.basis(line.items), case.basis(line.discount));
            let eco = case.basis(line.eco_participation);
            assert_eq!(line.items.tax.minor(), case.tax(row, line.rate));
            assert_eq!(line.eco_participation.tax.minor(), case.tax(eco, line.rate));
            let tax = case.tax(row - share, line.rate) + case.tax(eco, line.rate);
            assert_eq!(line.total.tax.minor(), tax);
        }
        let shipping = case.tax(case.basis(totals.shipping), totals.shipping_rate);
        assert_eq!(totals.shipping.tax.minor(), shipping);
    }

    fn assert_tax_is_exact_per_unit(case: &Case, totals: &Totals) {
        for (line, offered) in totals.lines.iter().zip(&case.lines) {
            let quantity = i64::from(offered.quantity);
            let unit = case.tax(offered.unit.minor(), line.rate);
            let eco = case.tax(offered.eco_participation.minor(), line.rate);
            assert_eq!(line.unit.tax.minor(), unit);
            assert_eq!(line.items.tax.minor(), unit * quantity);
            assert_eq!(line.eco_participation.tax.minor(), eco * quantity);
        }
    }

    fn assert_tax_is_exact_per_rate(case: &Case, totals: &Totals) {
        for (rate, paid) in totals.taxes().unwrap() {
            assert_eq!(paid.tax.minor(), case.tax(case.basis(paid), rate), "{rate:?}");
        }
    }

    /// A xorshift generator: the same carts on every machine, at the cost of three shifts.
    struct Dice(u64);

    impl Dice {
        fn roll(&mut self, sides: u32) -> u32 {
            self.0 ^= self.0 << 13;
            self.0 ^= self.0 >> 7;
            self.0 ^= self.0 << 17;
            u32::try_from((self.0 >> 32) % u64::from(sides)).unwrap()
        }

        fn pick(&mut self, n: usize) -> usize {
            usize::try_from(self.roll(u32::try_from(n).unwrap())).unwrap()
        }

        /// Of any size, but the small amounts, where a cent weighs most, as often as the large.
        fn amount(&mut self) -> i64 {
            let limit = [2, 12, 120, 5_000, 100_000, 100_000_001][self.pick(6)];
            i64::from(self.roll(limit))
        }

        fn rearrange(&mut self, case: &mut Case) {
            let n_lines = 1 + self.pick(6);
            case.lines.truncate(n_lines);
            while case.lines.len() < n_lines {
                case.lines.push(a_line(0, 0, 1, 0));
            }
            for line in &mut case.lines {
                line.unit = eur(self.amount());
                line.eco_participation = eur(if self.roll(3) == 0 { self.amount() } else { 0 });
                line.quantity = 1 + if self.roll(4) == 0 { self.roll(MAX_QUANTITY) } else { 0 };
                line.tax_class = class(self.pick(CLASSES.len()));
            }
            case.discount = eur(if self.roll(2) == 0 { self.amount() } else { 0 });
            case.delivery = (self.roll(3) > 0).then(|| Delivery {
                price: eur(self.amount()),
                tax_class: class(self.pick(CLASSES.len())),
            });
            case.channel.rounding = ROUNDINGS[self.pick(ROUNDINGS.len())];
            case.channel.prices_include_tax = self.roll(2) == 0;
        }
    }

    #[test]
    fn a_million_carts_add_up() {
        let rates = rates();
        let mut dice = Dice(0x9e37_79b9_7f4a_7c15);
        let mut case = Case {
            lines: Vec::new(),
            discount: eur(0),
            delivery: None,
            channel: a_channel(true, Rounding::PerLine),
        };

        for _ in 0..1_000_000 {
            dice.rearrange(&mut case);
            assert_adds_up(&case, &rates);
        }
    }

    fn any_case() -> impl Strategy<Value = Case> {
        let amount = || prop_oneof![0_i64..20, 0_i64..10_000, 0_i64..=100_000_000];
        let quantity = prop_oneof![1_u32..=5, 1..=MAX_QUANTITY];
        let eco = prop_oneof![Just(0), 0_i64..1_000];
        let line = (amount(), eco, quantity, 0..CLASSES.len())
            .prop_map(|(unit, eco, quantity, class)| a_line(unit, eco, quantity, class));
        let lines = prop::collection::vec(line, 1..=20);
        let delivery = prop::option::of((amount(), 0..CLASSES.len()));
        let discount = prop_oneof![Just(0), amount(), 0_i64..=100_000_000_000_000];
        let channel = (any::<bool>(), prop::sample::select(ROUNDINGS.to_vec()));
        (lines, discount, delivery, channel).prop_map(|(lines, discount, delivery, channel)| Case {
            lines,
            discount: eur(discount),
            delivery: delivery
                .map(|(price, index)| Delivery { price: eur(price), tax_class: class(index) }),
            channel: a_channel(channel.0, channel.1),
        })
    }

    proptest! {
        #[test]
        fn any_cart_adds_up(case in any_case()) {
            assert_adds_up(&case, &rates());
        }
    }

    fn totals(case: &Case) -> Totals {
        case.price(&rates())
    }

    #[test]
    fn three_teas_and_a_teapot_come_to_the_amounts_on_the_page() {
        let case = Case {
            lines: vec![a_line(450, 0, 3, 2), a_line(2_490, 12, 1, 4)],
            discount: eur(500),
            delivery: Some(Delivery { price: eur(490), tax_class: class(4) }),
            channel: a_channel(true, Rounding::PerLine),
        };

        let totals = totals(&case);

        assert_eq!(totals.items, price_of(1_280 + 2_075, 70 + 415));
        // 5.00 € off 38.40 €: 1.76 € of the teas, 3.24 € of the teapot.
        assert_eq!(totals.lines[0].discount, price_of(167, 9));
        assert_eq!(totals.lines[1].discount, price_of(270, 54));
        assert_eq!(totals.eco_participation, price_of(10, 2));
        assert_eq!(totals.shipping, price_of(408, 82));
        assert_eq!(totals.total, price_of(3_336, 506));
        let at = |basis_points| TaxRate::from_basis_points(basis_points).unwrap();
        let taxes = [(at(2_000), price_of(2_223, 445)), (at(550), price_of(1_113, 61))];
        assert_eq!(totals.taxes(), Ok(taxes.into()));
    }

    #[test]
    fn each_rounding_policy_keeps_its_own_cent() {
        let tax = |rounding| {
            let lines = vec![a_line(101, 0, 3, 4), a_line(101, 0, 3, 4)];
            let channel = a_channel(false, rounding);
            let case = Case { lines, discount: eur(0), delivery: None, channel };
            totals(&case).total.tax
        };

        assert_eq!(tax(Rounding::PerUnit), eur(6 * 20));
        assert_eq!(tax(Rounding::PerLine), eur(2 * 61));
        assert_eq!(tax(Rounding::PerTotal), eur(121));
    }

    #[test]
    fn a_discount_larger_than_the_lines_leaves_delivery_and_eco_participation() {
        for rounding in ROUNDINGS {
            let case = Case {
                lines: vec![a_line(450, 24, 2, 4), a_line(0, 0, 1, 2)],
                discount: eur(100_000),
                delivery: Some(Delivery { price: eur(490), tax_class: class(4) }),
                channel: a_channel(true, rounding),
            };

            let totals = totals(&case);

            assert_eq!(totals.discount, totals.items);
            assert_eq!(totals.total, totals.eco_participation.plus(totals.shipping).unwrap());
        }
    }

    #[test]
    fn an_empty_cart_comes_to_its_delivery() {
        let delivery = Delivery { price: eur(490), tax_class: class(4) };
        let channel = a_channel(true, Rounding::PerTotal);
        let case = Case { lines: vec![], discount: eur(5), delivery: Some(delivery), channel };

        let totals = totals(&case);

        assert_eq!(totals.total, price_of(408, 82));
        assert_eq!(totals.discount, price_of(0, 0));
    }

    #[test]
    fn a_cart_that_cannot_be_priced_says_why() {
        let (channel, rates) = (a_channel(true, Rounding::PerLine), rates());
        let belgium = Country::new("BE").unwrap();
        let try_price = |line: OfferedLine, discount, country| {
            let day = date(2026, 3, 2);
            let tax = TaxContext { channel: &channel, rates: &rates, country, day };
            price(&[line], discount, None, tax).unwrap_err()
        };
        let tea = || a_line(450, 0, 1, 2);

        let no_rate = PriceCartError::NoTaxRate(belgium, class(2));
        assert_eq!(try_price(tea(), eur(0), belgium), no_rate);
        assert_eq!(try_price(a_line(-1, 0, 1, 2), eur(0), Country::FR), PriceCartError::Negative);
        assert_eq!(try_price(tea(), eur(-1), Country::FR), PriceCartError::Negative);
        let overflow = PriceCartError::Money(MoneyError::Overflow);
        assert_eq!(try_price(a_line(i64::MAX, 0, 2, 2), eur(0), Country::FR), overflow);
        let usd = Currency::new("USD").unwrap();
        let mixed = PriceCartError::Money(MoneyError::CurrencyMismatch(usd, Currency::EUR));
        assert_eq!(try_price(tea(), Money::new(1, usd), Country::FR), mixed);
    }

    fn a_cart() -> Cart {
        Cart {
            id: CartId(Uuid::nil()),
            channel: ChannelCode::new("fr").unwrap(),
            locale: Locale::FR,
            customer: None,
            version: 1,
            lines: Vec::new(),
        }
    }

    #[test]
    fn a_line_is_set_changed_and_taken_out() {
        let (tea, pot) = (Sku::new("TEA").unwrap(), Sku::new("POT").unwrap());
        let mut cart = a_cart();

        cart.set(&tea, 2).unwrap();
        cart.set(&pot, 1).unwrap();
        cart.set(&tea, 3).unwrap();
        assert_eq!((cart.quantity(&tea), cart.n_units()), (3, 4));
        cart.set(&tea, 0).unwrap();
        cart.set(&tea, 0).unwrap();

        assert_eq!(cart.lines, [CartLine { sku: pot, quantity: 1 }]);
    }

    #[test]
    fn a_cart_has_limits_and_stays_as_it_was_beyond_them() {
        let sku = |n: usize| Sku::new(format!("SKU-{n}")).unwrap();
        let mut cart = a_cart();
        for n in 0..MAX_LINES {
            cart.set(&sku(n), MAX_QUANTITY).unwrap();
        }
        let full = cart.clone();

        assert_eq!(cart.set(&sku(0), MAX_QUANTITY + 1), Err(RefuseLine::TooMany));
        assert_eq!(cart.set(&sku(MAX_LINES), 1), Err(RefuseLine::TooManyLines));

        assert_eq!(cart, full);
    }
}
