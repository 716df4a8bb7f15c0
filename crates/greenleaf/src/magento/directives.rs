//! What Magento fills in when it shows a text: `{{store url="x"}}`, `{{block id="y"}}`.

use std::collections::HashMap;

/// How deep blocks may stand in blocks.
const MAX_DEPTH: u32 = 3;
/// How long a text may become by what is filled in.
const MAX_TEXT: usize = 1 << 20;

/// Fills in what can be known here: addresses, and blocks by their identifier or number.
#[derive(Debug, Default)]
pub(super) struct Directives {
    pub(super) blocks: HashMap<String, String>,
}

impl Directives {
    /// The text with what was filled in, and the directives that nothing came of.
    pub(super) fn resolve(&self, text: &str) -> (String, Vec<String>) {
        let mut lost = Vec::new();
        let text = self.at_depth(text, 0, &mut lost);
        lost.sort();
        lost.dedup();
        (text, lost)
    }

    fn at_depth(&self, text: &str, depth: u32, lost: &mut Vec<String>) -> String {
        let mut resolved = String::with_capacity(text.len());
        let mut rest = text;
        while let Some((before, after)) = rest.split_once("{{") {
            resolved.push_str(before);
            let Some((inner, behind)) = after.split_once("}}") else {
                resolved.push_str("{{");
                resolved.push_str(after);
                return resolved;
            };
            match self.filled_in(inner, depth, lost) {
                Some(text) if resolved.len() + text.len() < MAX_TEXT => resolved.push_str(&text),
                _ => lost.push(format!("{{{{{inner}}}}}")),
            }
            rest = behind;
        }
        resolved.push_str(rest);
        resolved
    }

    fn filled_in(&self, inner: &str, depth: u32, lost: &mut Vec<String>) -> Option<String> {
        let inner = inner.trim();
        let (name, rest) = inner.split_once(char::is_whitespace).unwrap_or((inner, ""));
        let parameters = parameters(rest);
        let get = |name: &str| {
            parameters.iter().find(|(known, _)| known == name).map(|(_, value)| value.as_str())
        };
        match name {
            "store" => {
                let path = get("direct_url").or_else(|| get("url")).unwrap_or_default();
                // The whole address of another site is none of a store's.
                (!path.contains(':')).then(|| format!("/{}", path.trim_matches('/')))
            }
            "trans" => Some(first_text(rest)),
            "block" | "widget" => {
                let id = get("block_id").or_else(|| get("id"))?;
                let block = self.blocks.get(id).filter(|_| depth < MAX_DEPTH)?;
                Some(self.at_depth(block, depth + 1, lost))
            }
            _ => None,
        }
    }
}

/// `url="x" name='y' id=3` as pairs.
fn parameters(text: &str) -> Vec<(String, String)> {
    let mut pairs = Vec::new();
    let mut rest = text.trim_start();
    while let Some((name, after)) = rest.split_once('=') {
        let after = after.trim_start();
        let (value, behind) = match after.chars().next() {
            Some(quote @ ('"' | '\'')) => after[1..].split_once(quote).unwrap_or((&after[1..], "")),
            _ => after.split_once(char::is_whitespace).unwrap_or((after, "")),
        };
        let name = name.split_whitespace().last().unwrap_or_default();
        pairs.push((name.to_owned(), value.to_owned()));
        rest = behind.trim_start();
    }
    pairs
}

/// The text in the first quotes.
fn first_text(text: &str) -> String {
    let text = text.trim_start();
    match text.chars().next() {
        Some(quote @ ('"' | '\'')) => text[1..].split(quote).next().unwrap_or_default().to_owned(),
        _ => text.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn directives() -> Directives {
        let blocks = [
            ("hours", "Open {{trans \"daily\"}}"),
            ("4", "four"),
            ("loop", "a{{block id=\"loop\"}}"),
        ];
        let blocks = blocks.map(|(name, text)| (name.to_owned(), text.to_owned()));
        Directives { blocks: blocks.into_iter().collect() }
    }

    #[test]
    fn what_can_be_known_is_filled_in_and_the_rest_is_named() {
        let resolved = |text: &str| directives().resolve(text);

        let (text, lost) = resolved(
            "<a href=\"{{store url=\"about/us/\"}}\">x</a> {{ store direct_url='thé.html' }} \
             {{block class=\"Magento\\Cms\\Block\\Block\" block_id=\"hours\"}} \
             {{widget type=\"Magento\\Cms\\Block\\Widget\\Block\" block_id=4}}!",
        );
        assert_eq!(text, "<a href=\"/about/us\">x</a> /thé.html Open daily four!");
        assert!(lost.is_empty(), "{lost:?}");
        let (text, lost) = resolved(
            "a{{media url=\"wysiwyg/x.jpg\"}}b{{config path='x'}}{{store url=\"https://x\"}}{{block}}",
        );
        assert_eq!(text, "ab");
        assert_eq!(
            lost,
            [
                "{{block}}",
                "{{config path='x'}}",
                "{{media url=\"wysiwyg/x.jpg\"}}",
                "{{store url=\"https://x\"}}"
            ]
        );
        assert_eq!(resolved("a {{ b").0, "a {{ b");
        assert_eq!(resolved("{{block id=\"loop\"}}").0, "aaa");
    }

    proptest! {
        #[test]
        fn arbitrary_texts_do_no_harm(
            parts in prop::collection::vec(
                "(\\{\\{|\\}\\}|store|block|widget|trans| url=| id=|\"|'|loop|hours|\\PC){1,3}",
                0..30,
            ),
        ) {
            let text = parts.concat();

            let (resolved, _) = directives().resolve(&text);

            prop_assert!(resolved.matches("{{").count() <= text.matches("{{").count());
        }
    }
}
