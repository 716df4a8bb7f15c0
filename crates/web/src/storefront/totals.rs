//! What carts and orders come to, as shoppers see it: every amount contains its tax.

use commerce::cart::Totals as CartTotals;
use commerce::money::{Money, MoneyError};
use commerce::order::{AdjustmentSource, Order};
use commerce::price::Price;
use commerce::tax::TaxRate;

use super::page::{AmountLine, MoneyView, ShippingLine, TaxLine, Totals};
use super::view;

/// A cart, with the delivery that its totals contain.
pub fn of_cart(
    totals: &CartTotals,
    n_units: u32,
    shipping: Option<ShippingLine>,
) -> Result<Totals, MoneyError> {
    let discount = totals.discount.gross()?;
    let discounts = if discount.is_zero() {
        Vec::new()
    } else {
        let amount = Money::zero(discount.currency()).minus(discount)?;
        vec![AmountLine { name: String::new(), amount: view::money(amount) }]
    };
    Ok(Totals {
        n_units,
        subtotal: view::money(totals.items.plus(totals.eco_participation)?.gross()?),
        eco_participation: unless_zero(totals.eco_participation.gross()?),
        discounts,
        shipping,
        total: view::money(totals.total.gross()?),
        taxes: tax_lines(totals.taxes()?),
    })
}

pub fn of_order(order: &Order) -> Result<Totals, MoneyError> {
    let eco = order.adjusted(AdjustmentSource::EcoParticipation)?;
    let shipping = order.adjusted(AdjustmentSource::Shipping)?;
    let mut discounts: Vec<(&str, Money)> = Vec::new();
    for adjustment in &order.adjustments {
        if !matches!(adjustment.source, AdjustmentSource::Promotion | AdjustmentSource::Manual) {
            continue;
        }
        let amount = adjustment.amount.gross()?;
        match discounts.iter_mut().find(|(label, _)| *label == adjustment.label) {
            Some((_, sum)) => *sum = sum.plus(amount)?,
            None => discounts.push((&adjustment.label, amount)),
        }
    }
    Ok(Totals {
        n_units: order.lines.iter().map(|line| line.quantity).sum(),
        subtotal: view::money(order.items()?.plus(eco)?.gross()?),
        eco_participation: unless_zero(eco.gross()?),
        discounts: discounts
            .into_iter()
            .map(|(label, sum)| AmountLine { name: label.to_owned(), amount: view::money(sum) })
            .collect(),
        shipping: Some(ShippingLine {
            name: Some(order.shipping_name.clone()),
            amount: view::money(shipping.gross()?),
            is_from: false,
        }),
        total: view::money(order.total.gross()?),
        taxes: tax_lines(order.taxes()?),
    })
}

/// What a line shows: one unit, all of it, and the eco-participation in it.
///
/// The unit contains its share of the line's eco-participation, rounded down where the merchant's
/// prices are without tax and the line was rounded as a whole.
pub struct LineAmounts {
    pub unit: MoneyView,
    pub total: MoneyView,
    pub eco_participation: Option<MoneyView>,
}

pub fn of_line(
    unit: Price,
    items: Price,
    eco: Price,
    quantity: u32,
) -> Result<LineAmounts, MoneyError> {
    let eco = eco.gross()?;
    let share = Money::new(eco.minor() / i64::from(quantity.max(1)), eco.currency());
    Ok(LineAmounts {
        unit: view::money(unit.gross()?.plus(share)?),
        total: view::money(items.gross()?.plus(eco)?),
        eco_participation: unless_zero(eco),
    })
}

fn unless_zero(amount: Money) -> Option<MoneyView> {
    (!amount.is_zero()).then(|| view::money(amount))
}

fn tax_lines(taxes: Vec<(TaxRate, Price)>) -> Vec<TaxLine> {
    taxes
        .into_iter()
        .map(|(rate, price)| TaxLine {
            rate: view::percent(rate),
            net: view::money(price.net),
            tax: view::money(price.tax),
        })
        .collect()
}

#[cfg(test)]
mod tests {
    use commerce::cart::LineTotals;
    use commerce::money::Currency;

    use super::*;

    fn price(gross: i64, tax: i64) -> Price {
        Price::new(Money::new(gross - tax, Currency::EUR), Money::new(tax, Currency::EUR))
    }

    #[test]
    fn everything_shown_contains_its_tax_and_adds_up() {
        let rate = |basis_points| TaxRate::from_basis_points(basis_points).unwrap();
        let line = LineTotals {
            rate: rate(550),
            unit: price(1055, 55),
            items: price(2110, 110),
            discount: price(211, 11),
            eco_participation: price(20, 1),
            total: price(1919, 100),
        };
        let totals = CartTotals {
            lines: vec![line],
            items: line.items,
            discount: line.discount,
            eco_participation: line.eco_participation,
            shipping: price(480, 80),
            shipping_rate: rate(2_000),
            total: price(2399, 180),
        };

        let shown = of_cart(&totals, 2, None).unwrap();
        let amounts = of_line(line.unit, line.items, line.eco_participation, 2).unwrap();

        assert_eq!(shown.subtotal.minor, 2130);
        assert_eq!(shown.eco_participation.map(|amount| amount.minor), Some(20));
        assert_eq!(
            shown.discounts.iter().map(|line| line.amount.minor).collect::<Vec<_>>(),
            [-211]
        );
        assert_eq!(shown.total.minor, 2399);
        let taxes: Vec<_> =
            shown.taxes.iter().map(|tax| (tax.rate.as_str(), tax.tax.minor)).collect();
        assert_eq!(taxes, [("20", 80), ("5.5", 100)]);
        assert_eq!((amounts.unit.minor, amounts.total.minor), (1065, 2130));
    }
}
