//! Prices as Magento lays them out. Tax and eco-participation are in every amount.

use commerce::money::Money;
use search::ShownPrice;

use super::eco::UnitPrice;
use crate::graphql::value::{Answer, Ask, Object, Value};

/// From the cheapest variant to the dearest.
pub(super) struct PriceRange {
    pub(super) min: ShownPrice,
    pub(super) max: ShownPrice,
}

impl Object for PriceRange {
    fn type_name(&self) -> &'static str {
        "PriceRange"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        Ok(match ask.name {
            "minimum_price" => Value::object(ProductPrice(self.min)),
            "maximum_price" => Value::object(ProductPrice(self.max)),
            _ => Value::Nothing,
        })
    }
}

pub(super) struct ProductPrice(pub(super) ShownPrice);

impl Object for ProductPrice {
    fn type_name(&self) -> &'static str {
        "ProductPrice"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        let price = &self.0;
        Ok(match ask.name {
            "final_price" => price.amount.into(),
            "regular_price" => price.regular.into(),
            "discount" => Value::object(Discount { regular: price.regular, amount: price.amount }),
            "prior_price" => price.prior.into(),
            "unit_price" => match price.per_unit {
                Some((unit, amount)) => Value::object(UnitPrice(unit, amount)),
                None => Value::Null,
            },
            "fixed_product_taxes" => Value::objects(price.eco_participation.map(EcoParticipation)),
            _ => Value::Nothing,
        })
    }
}

/// What a special price takes off.
pub(in crate::graphql) struct Discount {
    pub(in crate::graphql) regular: Money,
    pub(in crate::graphql) amount: Money,
}

impl Object for Discount {
    fn type_name(&self) -> &'static str {
        "ProductDiscount"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        let off = self.regular.minus(self.amount)?;
        Ok(match ask.name {
            "amount_off" => Value::Number(off.to_decimal()),
            "percent_off" => Value::Number(percent(off.minor(), self.regular.minor())),
            _ => Value::Nothing,
        })
    }
}

/// A share in percent, with two decimals.
fn percent(part: i64, whole: i64) -> String {
    if whole <= 0 || part <= 0 {
        return "0".to_owned();
    }
    let (part, whole) = (i128::from(part), i128::from(whole));
    let hundredths = (part * 20_000 + whole) / (whole * 2);
    format!("{}.{:02}", hundredths / 100, hundredths % 100)
}

/// The eco-participation that is in a price.
pub(in crate::graphql) struct EcoParticipation(pub(in crate::graphql) Money);

impl Object for EcoParticipation {
    fn type_name(&self) -> &'static str {
        "FixedProductTax"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        Ok(match ask.name {
            "amount" => self.0.into(),
            "label" => "Éco-participation".into(),
            _ => Value::Nothing,
        })
    }
}

/// The lowest or highest price in the shape that came before `PriceRange`.
pub(super) struct Prices(pub(super) PriceRange);

impl Object for Prices {
    fn type_name(&self) -> &'static str {
        "ProductPrices"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        Ok(match ask.name {
            "minimalPrice" => Value::object(OldPrice(self.0.min.amount)),
            "maximalPrice" => Value::object(OldPrice(self.0.max.amount)),
            "regularPrice" => Value::object(OldPrice(self.0.min.regular)),
            _ => Value::Nothing,
        })
    }
}

struct OldPrice(Money);

impl Object for OldPrice {
    fn type_name(&self) -> &'static str {
        "Price"
    }

    fn field<'a>(&'a self, ask: Ask<'a>) -> Answer<'a> {
        Ok(match ask.name {
            "amount" => self.0.into(),
            "adjustments" => Value::List(Vec::new()),
            _ => Value::Nothing,
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn percents_are_rounded_to_hundredths() {
        assert_eq!(percent(1_000, 3_000), "33.33");
        assert_eq!(percent(2_000, 3_000), "66.67");
        assert_eq!(percent(0, 3_000), "0");
        assert_eq!(percent(1, 0), "0");
    }
}
