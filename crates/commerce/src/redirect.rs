//! Addresses that something had before, and what they lead to now.

use crate::catalog::{CategoryId, ProductId};
use crate::channel::Locale;
use crate::content::PageId;

/// The longest address that is kept.
const MAX_PATH: usize = 500;

/// A path of the shop as it was linked to: without slashes around it, in lower case.
///
/// Magento's own names of things are cut to what tells them apart: a product is asked for as
/// `catalog/product/view/id/5`, with its name and a category behind it as often as not.
#[derive(Clone, Debug, PartialEq, Eq, Hash, PartialOrd, Ord)]
pub struct OldPath(String);

impl OldPath {
    /// `path` is decoded and has no query; `None` when it cannot have been an address.
    pub fn new(path: &str) -> Option<Self> {
        let path = path.trim_matches('/').to_lowercase();
        let is_fit = !path.is_empty()
            && path.len() <= MAX_PATH
            && !path.contains(|char: char| char.is_control() || char == '\\' || char == '?');
        is_fit.then(|| Self(system_name(&path).unwrap_or(path)))
    }

    pub fn as_str(&self) -> &str {
        &self.0
    }
}

/// `catalog/product/view/id/5/s/tea/category/3` is `catalog/product/view/id/5`.
fn system_name(path: &str) -> Option<String> {
    const NAMES: [(&str, &str); 3] = [
        ("catalog/product/view/", "id"),
        ("catalog/category/view/", "id"),
        ("cms/page/view/", "page_id"),
    ];
    NAMES.iter().find_map(|(name, key)| {
        let at = path.find(name).filter(|&at| at == 0 || path.as_bytes()[at - 1] == b'/')?;
        let (before, rest) = (&path[..at], &path[at + name.len()..]);
        let parts: Vec<&str> = rest.split('/').collect();
        let id = parts.chunks(2).find(|pair| pair[0] == *key)?.get(1)?;
        let is_id = !id.is_empty() && id.bytes().all(|byte| byte.is_ascii_digit());
        is_id.then(|| format!("{before}{name}{key}/{id}"))
    })
}

/// What an old address leads to. Things are named by their ids, so that what is renamed again is
/// still one step away.
#[derive(Clone, Debug, PartialEq, Eq)]
pub enum Target {
    Product(ProductId),
    Category(CategoryId),
    Page(PageId),
    /// A path of the shop's default language, beginning with one slash.
    Path(String),
}

impl Target {
    /// A path of this shop, and of no other site whatever a browser makes of it.
    pub fn local(path: &str) -> Option<Self> {
        let is_local = path.starts_with('/')
            && !path.starts_with("//")
            && path.len() <= MAX_PATH
            && path.bytes().all(|byte| byte.is_ascii_graphic() && byte != b'\\');
        is_local.then(|| Self::Path(path.to_owned()))
    }
}

/// An old address with what it leads to, in which language.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Redirect {
    pub from: OldPath,
    pub locale: Locale,
    pub target: Target,
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn the_same_thing_has_one_name() {
        let key = |path: &str| OldPath::new(path).map(|path| path.as_str().to_owned());

        assert_eq!(key("/Thé/Vert.html/").as_deref(), Some("thé/vert.html"));
        for path in [
            "catalog/product/view/id/5",
            "/catalog/product/view/id/5/s/tea/category/3/",
            "catalog/product/view/s/tea/id/5",
        ] {
            assert_eq!(key(path).as_deref(), Some("catalog/product/view/id/5"), "{path}");
        }
        assert_eq!(
            key("en/catalog/category/view/id/7/x").as_deref(),
            Some("en/catalog/category/view/id/7")
        );
        assert_eq!(key("cms/page/view/page_id/2").as_deref(), Some("cms/page/view/page_id/2"));
        // What has no id is an address as any other.
        let other = "catalog/product/view/id/x";
        assert_eq!(key(other).as_deref(), Some(other));
        assert_eq!(key("catalog/product/view/id").as_deref(), Some("catalog/product/view/id"));
        for path in ["", "//", "a\u{0}b", "a\\b", "a?b", &"x".repeat(501)] {
            assert_eq!(key(path), None, "{path}");
        }
    }

    #[test]
    fn a_target_is_in_this_shop() {
        assert_eq!(Target::local("/cart"), Some(Target::Path("/cart".into())));
        for path in ["", "cart", "//evil.example", "/\\evil.example", "/a b", "/a\nb", "https://x"]
        {
            assert_eq!(Target::local(path), None, "{path}");
        }
    }

    proptest! {
        #[test]
        fn a_key_stays_what_it_is(path in "\\PC{0,40}|(catalog/product/view/[a-z0-9/]{0,20})") {
            if let Some(key) = OldPath::new(&path) {
                prop_assert_eq!(OldPath::new(key.as_str()), Some(key));
            }
        }

        #[test]
        fn no_target_leaves_the_shop(path in "[/\\\\a-z:.@ ]{0,12}") {
            if let Some(Target::Path(path)) = Target::local(&path) {
                let base = url_host(&path);
                prop_assert!(base.is_none(), "{path}");
            }
        }
    }

    /// The host that a browser would read from a path, by the rules of the URL standard.
    fn url_host(path: &str) -> Option<String> {
        let mut chars = path.chars();
        let slashes = chars.by_ref().take_while(|char| matches!(char, '/' | '\\')).count();
        (slashes > 1).then(|| path.to_owned())
    }
}
