//! What a cart comes to.

use commerce::cart::Totals;
use commerce::channel::Locale;
use commerce::money::Money;
use commerce::tax::TaxRate;

use crate::graphql::context::Context;
pub(in crate::graphql) use crate::graphql::uid::percent;
use crate::graphql::value::{Answer, Ask, Object, Value};

pub(super) struct PricesNode<'c> {
    pub(super) context: &'c Context,
    pub(super) totals: &'c Totals,
}

impl Object for PricesNode<'_> {
    fn type_name(&self) -> &'static str {
        "CartPrices"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        let totals = self.totals;
        Ok(match ask.name {
            "grand_total" => totals.total.gross()?.into(),
            "grand_total_excluding_tax" => totals.total.net.into(),
            "subtotal_excluding_tax" => totals.items.net.into(),
            "subtotal_including_tax" => totals.items.gross()?.into(),
            "subtotal_with_discount_excluding_tax" => {
                totals.items.minus(totals.discount)?.net.into()
            }
            "applied_taxes" => {
                let locale = self.context.locale;
                let taxes = totals.taxes()?.into_iter();
                Value::objects(taxes.map(|(rate, price)| TaxNode {
                    label: tax_label(rate, locale),
                    amount: price.tax,
                }))
            }
            "discounts" | "discount" => Value::Null,
            _ => Value::Nothing,
        })
    }
}

/// What the reader calls value added tax, with its rate.
pub(in crate::graphql) fn tax_label(rate: TaxRate, locale: Locale) -> String {
    let percent = percent(rate);
    if locale == Locale::FR {
        format!("TVA {} %", percent.replace('.', ","))
    } else {
        format!("VAT {percent}%")
    }
}

struct TaxNode {
    label: String,
    amount: Money,
}

impl Object for TaxNode {
    fn type_name(&self) -> &'static str {
        "CartTaxItem"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        Ok(match ask.name {
            "label" => self.label.as_str().into(),
            "amount" => self.amount.into(),
            _ => Value::Nothing,
        })
    }
}
