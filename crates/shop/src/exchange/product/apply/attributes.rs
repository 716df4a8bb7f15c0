//! The attributes of a product, in their cell or in columns that are called after them.

use commerce::catalog::{
    AttributeCode, AttributeKind, AttributeValue, Decimal, OptionCode, ProductKind,
};
use commerce::channel::Locale;
use commerce::content::Localized;
use commerce::money::Money;
use exchange::{Pair, When};

use super::Step;
use crate::catalog::ProductInput;

impl Step<'_> {
    /// Attributes in their cell, and in columns that are called after them.
    pub(super) fn attributes(&mut self, input: &mut ProductInput, locale: Locale, is_main: bool) {
        let row = self.row;
        for pair in &row.attributes {
            if !is_main && !self.frame.knows_attribute(&pair.name) {
                continue;
            }
            self.attribute(input, "additional_attributes", pair, locale, is_main);
        }
        for (column, value) in &row.others {
            let name = column.to_ascii_lowercase();
            if self.frame.knows_attribute(&name) {
                let pair = Pair { name, value: value.clone(), is_quoted: false };
                self.attribute(input, column, &pair, locale, is_main);
            }
        }
    }

    fn attribute(
        &mut self,
        input: &mut ProductInput,
        column: &str,
        pair: &Pair,
        locale: Locale,
        is_main: bool,
    ) {
        let found = self.frame.attribute(column, &pair.name, &mut self.faults);
        let Some((code, kind)) = found.map(|it| (it.code.clone(), it.kind)) else { return };
        if kind == AttributeKind::Text {
            self.text_attribute(input, &code, pair, locale);
            return;
        }
        if !is_main {
            return;
        }
        if let ProductKind::Configurable { axes } = &input.kind
            && axes.contains(&code)
        {
            // Each variant has its own.
            return;
        }
        if is_nothing(pair) {
            input.attributes.remove(&code);
            return;
        }
        let value = pair.value.trim();
        let read = match kind {
            AttributeKind::Number => Decimal::parse(trimmed(value)).map(AttributeValue::Number),
            AttributeKind::Boolean => flag(value).map(AttributeValue::Boolean),
            AttributeKind::Date => day(value).map(AttributeValue::Date),
            AttributeKind::Price => {
                Money::parse(trimmed(value), self.frame.channel.currency).map(AttributeValue::Price)
            }
            AttributeKind::Select => {
                let option = self.frame.option(column, &code, value, &mut self.faults);
                let Some(option) = option else { return };
                Some(AttributeValue::Select(option))
            }
            AttributeKind::MultiSelect => match self.options(column, &code, value) {
                Some(options) => Some(AttributeValue::MultiSelect(options)),
                None => return,
            },
            AttributeKind::Text => None,
        };
        let Some(read) = read else {
            self.refuse(column, format!("“{value}” is no value of “{code}”"));
            return;
        };
        self.frame.member(&input.attribute_set, &code, &mut self.faults);
        input.attributes.insert(code, read);
    }

    fn options(
        &mut self,
        column: &str,
        code: &AttributeCode,
        value: &str,
    ) -> Option<Vec<OptionCode>> {
        let mut options = Vec::new();
        for label in value.split('|') {
            let option = self.frame.option(column, code, label.trim(), &mut self.faults)?;
            if !options.contains(&option) {
                options.push(option);
            }
        }
        Some(options)
    }

    fn text_attribute(
        &mut self,
        input: &mut ProductInput,
        code: &AttributeCode,
        pair: &Pair,
        locale: Locale,
    ) {
        let known = match input.attributes.remove(code) {
            Some(AttributeValue::Text(texts)) => texts,
            _ => Localized::default(),
        };
        let mut texts = known;
        match is_nothing(pair) {
            true => texts.0.remove(&locale),
            false => texts.0.insert(locale, pair.value.clone()),
        };
        if !texts.0.is_empty() {
            self.frame.member(&input.attribute_set, code, &mut self.faults);
            input.attributes.insert(code.clone(), AttributeValue::Text(texts));
        }
    }
}

/// Whether an attribute's value is to be taken away.
fn is_nothing(pair: &Pair) -> bool {
    pair.value == exchange::CLEAR || (pair.value.is_empty() && !pair.is_quoted)
}

/// Magento writes numbers with six decimals.
fn trimmed(text: &str) -> &str {
    match text.contains('.') {
        true => text.trim_end_matches('0').trim_end_matches('.'),
        false => text,
    }
}

fn flag(text: &str) -> Option<bool> {
    match text.to_ascii_lowercase().as_str() {
        "yes" | "1" | "true" => Some(true),
        "no" | "0" | "false" => Some(false),
        _ => None,
    }
}

fn day(text: &str) -> Option<jiff::civil::Date> {
    match When::parse(text).ok()? {
        When::Day(day) => Some(day),
        When::Moment(moment) => Some(moment.to_zoned(jiff::tz::TimeZone::UTC).date()),
    }
}
