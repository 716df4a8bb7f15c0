//! Cells that hold several values: lists, and pairs of a name and a value.

/// A name with its value, such as `color=Blue`.
#[derive(Clone, Debug, PartialEq, Eq)]
pub struct Pair {
    pub name: String,
    pub value: String,
    /// It stood in quotes: a text, whatever characters are in it.
    pub is_quoted: bool,
}

impl Pair {
    pub fn plain(name: &str, value: impl Into<String>) -> Self {
        Self { name: name.to_owned(), value: value.into(), is_quoted: false }
    }

    pub fn quoted(name: &str, value: impl Into<String>) -> Self {
        Self { is_quoted: true, ..Self::plain(name, value) }
    }
}

/// Splits at a separator that no backslash stands before; backslashes stay.
fn split(text: &str, separator: char) -> Vec<&str> {
    let (mut parts, mut begin, mut is_escaped) = (Vec::new(), 0, false);
    for (at, char) in text.char_indices() {
        if char == separator && !is_escaped {
            parts.push(&text[begin..at]);
            begin = at + char.len_utf8();
        }
        is_escaped = char == '\\' && !is_escaped;
    }
    parts.push(&text[begin..]);
    parts
}

fn unescape(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut chars = text.chars();
    while let Some(char) = chars.next() {
        match char {
            // A path of Windows keeps its backslashes.
            '\\' => match chars.next() {
                Some(escaped @ ('\\' | ',' | '/' | '|')) => plain.push(escaped),
                Some(other) => plain.extend(['\\', other]),
                None => plain.push('\\'),
            },
            char => plain.push(char),
        }
    }
    plain
}

fn escape(text: &str, separators: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        if char == '\\' || separators.contains(char) {
            escaped.push('\\');
        }
        escaped.push(char);
    }
    escaped
}

/// Reads a list with commas between; empty ones count, so that two lists run side by side.
pub(crate) fn items(text: &str) -> Vec<String> {
    split(text, ',').into_iter().map(|item| unescape(item.trim())).collect()
}

pub fn write_items<T: AsRef<str>>(items: impl IntoIterator<Item = T>) -> String {
    let items: Vec<String> = items.into_iter().map(|item| escape(item.as_ref(), ",")).collect();
    items.join(",")
}

/// Reads paths of categories, root first: `Default Category/Tea,Default Category/Gifts`.
pub(crate) fn paths(text: &str) -> Vec<Vec<String>> {
    let path = |path: &str| split(path, '/').into_iter().map(|it| unescape(it.trim())).collect();
    split(text, ',').into_iter().map(|it| path(it.trim())).collect()
}

pub fn write_paths(paths: &[Vec<String>]) -> String {
    let path = |path: &Vec<String>| {
        path.iter().map(|name| escape(name, ",/")).collect::<Vec<_>>().join("/")
    };
    paths.iter().map(path).collect::<Vec<_>>().join(",")
}

/// Where the name of a pair ends: letters, digits and underscores before `=`.
fn name_ends(text: &str) -> Option<usize> {
    let end = text.find('=')?;
    let is_name = |byte: u8| byte.is_ascii_alphanumeric() || byte == b'_';
    (end > 0 && text[..end].bytes().all(is_name)).then_some(end)
}

/// Where a value in quotes ends, if it does: at a quote that is followed by a separator or nothing.
fn quoted_value<'a>(text: &'a str, separators: &[char]) -> Option<(String, &'a str)> {
    let mut rest = text.strip_prefix('"')?;
    let mut value = String::new();
    loop {
        let end = rest.find('"')?;
        value.push_str(&rest[..end]);
        rest = &rest[end + 1..];
        if let Some(after) = rest.strip_prefix('"') {
            value.push('"');
            rest = after;
        } else if rest.is_empty() || rest.starts_with(separators) {
            return Some((value, rest));
        } else {
            return None;
        }
    }
}

/// The first place where a separator stands before the name of another pair.
fn next_pair(text: &str, separators: &[char]) -> usize {
    let begins_pair = |at: &usize| name_ends(text[at + 1..].trim_start()).is_some();
    text.match_indices(separators).map(|(at, _)| at).find(begins_pair).unwrap_or(text.len())
}

/// Reads pairs with separators between; gives each with the separator that stood before it.
///
/// A separator only counts before the next `name=`, as Magento reads it, so values may hold it.
fn separated(text: &str, separators: &[char]) -> Result<Vec<(Option<char>, Pair)>, String> {
    let mut pairs = Vec::new();
    let (mut rest, mut before) = (text.trim(), None);
    while !rest.is_empty() {
        let end = name_ends(rest)
            .ok_or_else(|| format!("{} is not name=value", crate::cells::quoted(rest)))?;
        let name = rest[..end].to_ascii_lowercase();
        let value = &rest[end + 1..];
        let (pair, after) = match quoted_value(value, separators) {
            Some((value, after)) => (Pair { name, value, is_quoted: true }, after),
            None => {
                let end = next_pair(value, separators);
                let text = value[..end].trim().to_owned();
                (Pair { name, value: text, is_quoted: false }, &value[end..])
            }
        };
        pairs.push((before, pair));
        before = after.chars().next();
        rest = after.get(1..).unwrap_or_default().trim_start();
    }
    Ok(pairs)
}

/// Reads `additional_attributes`: `code=value,code2="a, b"`.
pub(crate) fn pairs(text: &str) -> Result<Vec<Pair>, String> {
    Ok(separated(text, &[','])?.into_iter().map(|(_, pair)| pair).collect())
}

/// Reads `configurable_variations`: `sku=A,color=Blue|sku=B,color=Red`.
pub(crate) fn groups(text: &str) -> Result<Vec<Vec<Pair>>, String> {
    let mut groups: Vec<Vec<Pair>> = Vec::new();
    for (before, pair) in separated(text, &[',', '|'])? {
        match groups.last_mut() {
            Some(group) if before == Some(',') => group.push(pair),
            _ => groups.push(vec![pair]),
        }
    }
    Ok(groups)
}

/// Whether a value reads the same without quotes.
fn is_plain(value: &str) -> bool {
    !value.is_empty() && value.trim() == value && !value.contains([',', '|', '"', '='])
}

fn write_pair(pair: &Pair, is_bare: bool) -> String {
    match is_bare {
        true => format!("{}={}", pair.name, pair.value),
        false => format!("{}=\"{}\"", pair.name, pair.value.replace('"', "\"\"")),
    }
}

/// Writes attributes; the values of a multi-select have bars between them.
pub(crate) fn write_pairs(pairs: &[Pair]) -> String {
    let write =
        |pair: &Pair| write_pair(pair, !pair.is_quoted && pair.value.split('|').all(is_plain));
    pairs.iter().map(write).collect::<Vec<_>>().join(",")
}

/// Writes variations, where a bar stands before the next one.
pub fn write_groups(groups: &[Vec<Pair>]) -> String {
    let write = |pair: &Pair| write_pair(pair, is_plain(&pair.value));
    let group = |group: &Vec<Pair>| group.iter().map(write).collect::<Vec<_>>().join(",");
    groups.iter().map(group).collect::<Vec<_>>().join("|")
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Vec<(String, String)> {
        pairs(text).unwrap().into_iter().map(|pair| (pair.name, pair.value)).collect()
    }

    fn strings(pairs: &[(&str, &str)]) -> Vec<(String, String)> {
        pairs.iter().map(|&(name, value)| (name.to_owned(), value.to_owned())).collect()
    }

    #[test]
    fn a_comma_belongs_to_a_value_unless_a_pair_follows() {
        assert_eq!(
            read("color=Blue,Care=Cold, by hand,activity=Gym|Hiking"),
            strings(&[("color", "Blue"), ("care", "Cold, by hand"), ("activity", "Gym|Hiking")])
        );
        assert_eq!(
            read(r#"care="Say ""no"", size=S",fit=Slim"#),
            strings(&[("care", r#"Say "no", size=S"#), ("fit", "Slim")])
        );
        assert_eq!(read(r#"inch=3" wide,a=b"#), strings(&[("inch", "3\" wide"), ("a", "b")]));
        assert!(pairs("no pair").is_err());
        assert_eq!(pairs(" "), Ok(vec![]));
    }

    #[test]
    fn variations_are_groups_of_pairs() {
        let read = groups("sku=T-XS,size=XS,color=Black|sku=T|S,size=S, short,color=Red").unwrap();

        let expected = [
            vec![
                Pair::plain("sku", "T-XS"),
                Pair::plain("size", "XS"),
                Pair::plain("color", "Black"),
            ],
            vec![
                Pair::plain("sku", "T|S"),
                Pair::plain("size", "S, short"),
                Pair::plain("color", "Red"),
            ],
        ];
        assert_eq!(read, expected);
    }

    #[test]
    fn names_of_categories_may_hold_what_stands_between_them() {
        let text = r"Default Category/Thé\/Café,Default Category/a\, b";
        let paths = paths(text);

        assert_eq!(paths, [["Default Category", "Thé/Café"], ["Default Category", "a, b"]]);
        assert_eq!(write_paths(&paths), text);
    }

    proptest! {
        #[test]
        fn pairs_come_back(values in prop::collection::vec(("[a-z_]{1,4}", "[ -~é\n]{0,8}"), 0..5)) {
            let written: Vec<Pair> =
                values.iter().map(|(name, value)| Pair::quoted(name, value.as_str())).collect();

            prop_assert_eq!(pairs(&write_pairs(&written)), Ok(written));
        }

        #[test]
        fn lists_come_back(items_in in prop::collection::vec("[!-~é]{0,6}", 1..5)) {
            prop_assert_eq!(items(&write_items(&items_in)), items_in);
        }

        #[test]
        fn paths_come_back(
            paths_in in prop::collection::vec(prop::collection::vec("[!-~é]{0,6}", 1..4), 1..4),
        ) {
            prop_assert_eq!(paths(&write_paths(&paths_in)), paths_in);
        }

        #[test]
        fn arbitrary_text_does_no_harm(text in "\\PC{0,60}") {
            let _ = (pairs(&text), groups(&text), items(&text), paths(&text));
        }
    }
}
