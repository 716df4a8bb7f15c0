//! What is bought: the variants of a product, and what they cost.

use commerce::catalog::{ProductKind, Visibility};
use commerce::price::SpecialPrice;
use exchange::Field;

use super::{Step, blank_variant};
use crate::catalog::{PriceInput, ProductInput, VariantInput};

impl Step<'_> {
    /// The variants that a configurable product has, in the order of its row; others stay.
    pub(super) fn variations(&mut self, input: &mut ProductInput) {
        const COLUMN: &str = "configurable_variations";
        let row = self.row;
        let Some(first) = row.variations.first() else {
            if input.variants.is_empty() {
                self.refuse(COLUMN, "a new configurable product needs them");
            }
            return;
        };
        let mut axes = Vec::new();
        for (name, _) in &first.options {
            axes.extend(self.frame.axis(name, &mut self.faults));
        }
        if axes.len() != first.options.len() {
            return;
        }
        let mut variants = Vec::new();
        for variation in &row.variations {
            let known = input.variants.iter().find(|known| known.sku == variation.sku);
            let has_row = self
                .task
                .goods
                .variants
                .iter()
                .any(|&at| self.task.row(at).is_some_and(|other| other.sku == variation.sku));
            let mut variant = match known {
                Some(known) => known.clone(),
                None if has_row => blank_variant(&variation.sku),
                None => {
                    let sku = &variation.sku;
                    let reason = if self.world.owners.contains_key(sku) {
                        format!("{sku} is a product of its own here, and becomes no variant")
                    } else {
                        format!("there is neither a row nor a variant with the SKU {sku}")
                    };
                    self.refuse(COLUMN, reason);
                    continue;
                }
            };
            variant.options.clear();
            for (name, label) in &variation.options {
                let axis = axes.iter().find(|axis| axis.as_str() == name).cloned();
                let Some(axis) = axis else {
                    let reason = format!("{} has no {name} in the others", variation.sku);
                    self.refuse(COLUMN, reason);
                    continue;
                };
                let option = self.frame.option(COLUMN, &axis, label, &mut self.faults);
                if let Some(option) = option {
                    variant.options.insert(axis, option);
                }
            }
            variants.push(variant);
        }
        let is_listed = |known: &VariantInput| {
            row.variations.iter().any(|variation| variation.sku == known.sku)
        };
        variants.extend(input.variants.iter().filter(|known| !is_listed(known)).cloned());
        input.kind = ProductKind::Configurable { axes };
        for axis in row.variations.iter().flat_map(|it| &it.options).map(|(name, _)| name) {
            input.attributes.retain(|code, _| code.as_str() != axis);
        }
        input.variants = variants;
    }

    /// The row of a variant: that of a simple product, or one of several.
    pub(super) fn variant_of(&mut self, input: &mut ProductInput) {
        let row = self.row;
        let is_simple = input.kind == ProductKind::Simple;
        let is_published = input.visibility == Visibility::Published;
        let Some(variant) = input.variants.iter_mut().find(|it| it.sku == row.sku) else {
            // Its product's row was refused, and says why.
            return;
        };
        let weight = match row.weight_grams {
            Field::Keep => variant.weight_grams,
            Field::Clear => 0,
            Field::Set(grams) => grams,
        };
        variant.weight_grams = weight;
        match row.is_online {
            Some(is_online) if !is_simple => variant.is_enabled = is_online,
            // Hidden and draft say it all for a product of one variant.
            Some(true) if is_published => variant.is_enabled = true,
            _ => {}
        }
        row.content.apply(&mut variant.content);
        let level = self.world.levels.get(&row.sku);
        variant.on_hand =
            row.quantity.filter(|&count| level.is_none_or(|level| level.on_hand != count));
        self.price(variant);
    }

    fn price(&mut self, variant: &mut VariantInput) {
        let row = self.row;
        let channel = &self.frame.channel.code;
        let at = variant.prices.iter().position(|price| price.channel == *channel);
        match (row.price.clone(), at) {
            (Field::Set(regular), Some(at)) => variant.prices[at].regular = regular,
            (Field::Set(regular), None) => variant.prices.push(PriceInput {
                channel: channel.clone(),
                regular,
                special: None,
                eco_participation: None,
            }),
            (Field::Clear, Some(at)) => {
                variant.prices.remove(at);
            }
            (Field::Keep | Field::Clear, _) => {}
        }
        let Some(price) = variant.prices.iter_mut().find(|price| price.channel == *channel) else {
            for (column, has_value) in [
                ("special_price", row.special_price.set().is_some()),
                ("greenleaf_eco_participation", row.eco_participation.set().is_some()),
            ] {
                if has_value {
                    self.refuse(column, "there is no price beside it");
                }
            }
            return;
        };
        row.eco_participation.apply(&mut price.eco_participation);
        match row.special_price {
            Field::Keep => {}
            Field::Clear => price.special = None,
            Field::Set(amount) => {
                let nothing = SpecialPrice { amount, from: None, until: None };
                let known = price.special.unwrap_or(nothing);
                price.special = Some(SpecialPrice { amount, ..known });
            }
        }
        let zone = &self.task.terms.zone;
        if let Some(special) = &mut price.special {
            match row.special_from {
                Field::Keep => {}
                Field::Clear => special.from = None,
                Field::Set(when) => special.from = when.begin(zone),
            }
            match row.special_to {
                Field::Keep => {}
                Field::Clear => special.until = None,
                Field::Set(when) => special.until = when.end(zone),
            }
        }
    }
}
