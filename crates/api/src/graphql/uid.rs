//! The names that Magento gives to things: `uid`s, which are base64, and their integer twins.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use commerce::cart::CartId;
use commerce::catalog::{
    AttributeCode, AttributeSetCode, OptionCode, Product, ProductKind, Sku, Variant,
};
use commerce::content::PageCode;
use commerce::media::MediaId;
use commerce::tax::TaxRate;

/// The number of the category above all others, which no category reaches.
pub(crate) const ROOT: i64 = 2_147_483_647;

/// Variants of a configurable product are products of their own to Magento; their numbers begin
/// here, so that they do not meet those of products.
pub(crate) const VARIANTS: i64 = 1_000_000_000;

pub(crate) fn of(id: impl std::fmt::Display) -> String {
    STANDARD.encode(id.to_string())
}

/// The text that a `uid` stands for.
pub(crate) fn open(uid: &str) -> Option<String> {
    String::from_utf8(STANDARD.decode(uid.trim()).ok()?).ok()
}

/// The number that a `uid` stands for, or that was written plainly.
pub(crate) fn number(uid: &str) -> Option<i64> {
    uid.parse().ok().or_else(|| open(uid)?.parse().ok())
}

/// A number for what only has a code: the same on every instance, whatever else there is.
fn hashed(parts: [&str; 2]) -> i64 {
    let mut hash: u32 = 0x811c_9dc5;
    for byte in parts[0].bytes().chain([0]).chain(parts[1].bytes()) {
        hash = (hash ^ u32::from(byte)).wrapping_mul(0x0100_0193);
    }
    i64::from(hash >> 2) + 1
}

pub(crate) fn attribute(code: &AttributeCode) -> i64 {
    hashed(["attribute", code.as_str()])
}

pub(crate) fn option(attribute: &AttributeCode, option: &OptionCode) -> i64 {
    hashed([attribute.as_str(), option.as_str()])
}

/// What clients send back in `selected_options`.
pub(crate) fn choice(code: &AttributeCode, chosen: &OptionCode) -> String {
    of(format_args!("configurable/{}/{}", attribute(code), option(code, chosen)))
}

/// The set that every product of Magento has first is number 4 there.
pub(crate) fn attribute_set(code: &AttributeSetCode) -> i64 {
    if code.as_str() == "default" { 4 } else { hashed(["set", code.as_str()]) }
}

/// The class that goods are of where nothing else is said is number 2 in Magento.
pub(crate) fn tax_class(class: &str) -> i64 {
    if class == "standard" { 2 } else { hashed(["tax", class]) }
}

pub(crate) fn cart(id: CartId) -> i64 {
    hashed(["cart", &id.0.to_string()])
}

pub(crate) fn media(id: MediaId) -> i64 {
    hashed(["media", &id.0.to_string()])
}

pub(crate) fn page(code: &PageCode) -> i64 {
    hashed(["page", code.as_str()])
}

/// A rate as percent: `5.5`.
pub(crate) fn percent(rate: TaxRate) -> String {
    let (whole, rest) = (rate.basis_points() / 100, rate.basis_points() % 100);
    if rest == 0 {
        return whole.to_string();
    }
    format!("{whole}.{rest:02}").trim_end_matches('0').to_owned()
}

pub(crate) fn cart_item(sku: &Sku) -> i64 {
    hashed(["sku", sku.as_str()])
}

/// The number of a product, or of the variant that stands for itself.
pub(crate) fn product(product: &Product, variant: Option<&Variant>) -> i64 {
    match (&product.kind, variant) {
        (ProductKind::Configurable { .. }, Some(variant)) => VARIANTS + variant.number,
        _ => product.number,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_uid_is_the_base64_of_the_number_and_both_are_read() {
        assert_eq!(of(3), "Mw==");
        assert_eq!(number("Mw=="), Some(3));
        assert_eq!(number("3"), Some(3));
        assert_eq!(number("é"), None);
        assert_eq!(open("Y29uZmlndXJhYmxlLzEvMg==").as_deref(), Some("configurable/1/2"));
    }

    #[test]
    fn codes_have_numbers_that_fit_magentos_integers() {
        let size = AttributeCode::new("size").unwrap();
        let (s, m) = (OptionCode::new("s").unwrap(), OptionCode::new("m").unwrap());

        assert_ne!(option(&size, &s), option(&size, &m));
        for number in [attribute(&size), option(&size, &s), option(&size, &m)] {
            assert!((1..=i64::from(i32::MAX)).contains(&number), "{number}");
        }
    }
}
