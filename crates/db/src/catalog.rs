//! Products, categories, attributes, and what a cart needs to know of them.

pub mod attribute;
pub mod category;
pub mod configurable;
pub mod price;
pub mod product;
pub mod synonym;

mod offer;
mod sheet;

pub use offer::{Offer, OfferName, OfferOption, offers};

use commerce::content::Slug;

/// The first of `wanted`, `wanted-2`, `wanted-3`, … that is not among `taken`.
///
/// A name that two products share must not stop an import: the later one gets a suffix.
fn first_free(wanted: &Slug, taken: &std::collections::HashSet<String>) -> Slug {
    if !taken.contains(wanted.as_str()) {
        return wanted.clone();
    }
    let stem = &wanted.as_str()[..wanted.as_str().len().min(180)];
    (2..=taken.len() + 2)
        .map(|n| format!("{stem}-{n}"))
        .find(|slug| !taken.contains(slug))
        .and_then(Slug::new)
        .expect("of so many numbers one is free, and a slug of 180 letters leaves room for it")
}

/// Where the slugs that begin with `wanted-` end, in the order of bytes: `.` follows `-`.
fn slug_range(wanted: &Slug) -> (String, String) {
    let stem = &wanted.as_str()[..wanted.as_str().len().min(180)];
    (stem.to_owned(), format!("{stem}."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_taken_slug_gets_the_first_free_suffix() {
        let taken = ["tee", "tee-2", "tee-4"].map(str::to_owned).into();
        let free = |slug: &str| first_free(&Slug::new(slug).unwrap(), &taken);

        assert_eq!(free("tee").as_str(), "tee-3");
        assert_eq!(free("mug").as_str(), "mug");
        assert_eq!(free("tee-2").as_str(), "tee-2-2");
    }
}
