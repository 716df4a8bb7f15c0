//! Magento's descriptions are HTML, ours are Markdown in which HTML is shown and not obeyed.

/// What a tag means for the text around it.
enum Kind {
    Break,
    Paragraph,
    Heading(usize),
    Rule,
    List {
        is_numbered: bool,
    },
    Item,
    /// One of a row of a table.
    Cell,
    Strong,
    Emphasis,
    Link,
    /// Neither it nor what is in it is for reading.
    Hidden,
    Plain,
}

impl Kind {
    fn of(name: &str) -> Self {
        match name {
            "br" => Self::Break,
            "p" | "div" | "section" | "article" | "header" | "footer" | "figure" | "blockquote"
            | "pre" | "table" | "tr" | "dl" | "dt" | "dd" => Self::Paragraph,
            "h1" => Self::Heading(1),
            "h2" => Self::Heading(2),
            "h3" => Self::Heading(3),
            "h4" => Self::Heading(4),
            "h5" => Self::Heading(5),
            "h6" => Self::Heading(6),
            "hr" => Self::Rule,
            "ul" => Self::List { is_numbered: false },
            "ol" => Self::List { is_numbered: true },
            "li" => Self::Item,
            "td" | "th" => Self::Cell,
            "b" | "strong" => Self::Strong,
            "i" | "em" => Self::Emphasis,
            "a" => Self::Link,
            "script" | "style" | "head" | "svg" | "noscript" | "template" => Self::Hidden,
            _ => Self::Plain,
        }
    }
}

struct Tag<'a> {
    name: String,
    is_end: bool,
    attributes: &'a str,
}

/// The tag or comment that a text begins with, and what follows it; `None` when `<` is a text.
fn tag(text: &str) -> Option<(Option<Tag<'_>>, &str)> {
    if let Some(comment) = text.strip_prefix("<!--") {
        let rest = comment.split_once("-->").map_or("", |(_, rest)| rest);
        return Some((None, rest));
    }
    let inner = text.strip_prefix('<')?;
    let (is_end, inner) = inner.strip_prefix('/').map_or((false, inner), |inner| (true, inner));
    if !inner.starts_with(|first: char| first.is_ascii_alphabetic()) {
        return None;
    }
    let mut quote = None;
    let end = inner.char_indices().find(|&(_, char)| match (quote, char) {
        (None, '"' | '\'') => {
            quote = Some(char);
            false
        }
        (Some(open), char) => {
            if open == char {
                quote = None;
            }
            false
        }
        (None, char) => char == '>',
    });
    let (end, _) = end?;
    let (inner, rest) = (&inner[..end], &inner[end + 1..]);
    let name_ends = inner.find(|char: char| !char.is_ascii_alphanumeric()).unwrap_or(inner.len());
    let (name, attributes) = inner.split_at(name_ends);
    Some((Some(Tag { name: name.to_ascii_lowercase(), is_end, attributes }), rest))
}

/// Where a link leads; nothing where a browser would run it.
fn href(attributes: &str) -> Option<String> {
    let at = attributes.find("href=")?;
    let value = attributes[at + 5..].trim_start();
    let quote = value.chars().next().filter(|char| matches!(char, '"' | '\''))?;
    let address = value[1..].split(quote).next()?;
    let address = decoded(address.trim());
    let is_plain = ["http://", "https://", "mailto:", "tel:", "/", "#"];
    let is_plain = is_plain.iter().any(|begin| address.starts_with(begin));
    (is_plain && !address.contains([' ', '(', ')', '<', '>'])).then_some(address)
}

const ENTITIES: [(&str, &str); 44] = [
    ("amp", "&"),
    ("lt", "<"),
    ("gt", ">"),
    ("quot", "\""),
    ("apos", "'"),
    ("nbsp", "\u{a0}"),
    ("agrave", "à"),
    ("acirc", "â"),
    ("auml", "ä"),
    ("ccedil", "ç"),
    ("eacute", "é"),
    ("egrave", "è"),
    ("ecirc", "ê"),
    ("euml", "ë"),
    ("icirc", "î"),
    ("iuml", "ï"),
    ("ocirc", "ô"),
    ("ouml", "ö"),
    ("ugrave", "ù"),
    ("ucirc", "û"),
    ("uuml", "ü"),
    ("oelig", "œ"),
    ("Agrave", "À"),
    ("Ccedil", "Ç"),
    ("Eacute", "É"),
    ("Egrave", "È"),
    ("Ecirc", "Ê"),
    ("euro", "€"),
    ("lsquo", "‘"),
    ("rsquo", "’"),
    ("ldquo", "“"),
    ("rdquo", "”"),
    ("laquo", "«"),
    ("raquo", "»"),
    ("hellip", "…"),
    ("ndash", "–"),
    ("mdash", "—"),
    ("deg", "°"),
    ("copy", "©"),
    ("reg", "®"),
    ("trade", "™"),
    ("bull", "•"),
    ("middot", "·"),
    ("times", "×"),
];

/// The text with its entities read; an unknown one stays as it is.
fn decoded(text: &str) -> String {
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find('&') {
        plain.push_str(&rest[..at]);
        rest = &rest[at..];
        let entity = rest[1..].split_once(';').filter(|(name, _)| name.len() <= 10);
        let read = entity.and_then(|(name, after)| Some((entity_of(name)?, after)));
        match read {
            Some((char, after)) => {
                plain.push_str(&char);
                rest = after;
            }
            None => {
                plain.push('&');
                rest = &rest[1..];
            }
        }
    }
    plain.push_str(rest);
    plain
}

fn entity_of(name: &str) -> Option<String> {
    if let Some(number) = name.strip_prefix('#') {
        let code = match number.strip_prefix(['x', 'X']) {
            Some(hex) => u32::from_str_radix(hex, 16).ok()?,
            None => number.parse().ok()?,
        };
        return char::from_u32(code).filter(|char| !char.is_control()).map(String::from);
    }
    ENTITIES.iter().find(|(known, _)| *known == name).map(|(_, text)| (*text).to_owned())
}

/// A text that is being written, block by block.
#[derive(Default)]
struct Page {
    text: String,
    /// For each open list: the number of its last item, where it counts them.
    lists: Vec<Option<u32>>,
    is_at_start: bool,
}

impl Page {
    /// Ends the block, so that the next one stands `lines` lines below.
    fn end_block(&mut self, lines: usize) {
        let kept = self.text.trim_end().len();
        self.text.truncate(kept);
        if kept > 0 {
            self.text.push_str(&"\n".repeat(lines));
        }
        self.is_at_start = true;
    }

    fn write(&mut self, text: &str, is_markdown: bool) {
        let mut is_spaced = false;
        for char in decoded(text).chars() {
            if char.is_whitespace() && char != '\u{a0}' {
                is_spaced = true;
                continue;
            }
            if is_spaced && !self.is_at_start && !self.text.ends_with([' ', '\n']) {
                self.text.push(' ');
            }
            is_spaced = false;
            let is_mark = matches!(char, '\\' | '*' | '_' | '`' | '[' | ']' | '<')
                || self.is_at_start && matches!(char, '#' | '>' | '+' | '-');
            if is_markdown && is_mark {
                self.text.push('\\');
            }
            self.text.push(char);
            self.is_at_start = false;
        }
        if is_spaced && !self.is_at_start && !self.text.ends_with([' ', '\n']) {
            self.text.push(' ');
        }
    }

    /// A mark such as `**`, which must touch the word it is for.
    fn mark(&mut self, mark: &str, is_end: bool) {
        if is_end {
            let kept = self.text.trim_end_matches(' ').len();
            let is_spaced = kept < self.text.len();
            self.text.truncate(kept);
            self.text.push_str(mark);
            if is_spaced {
                self.text.push(' ');
            }
        } else {
            self.text.push_str(mark);
        }
        self.is_at_start = false;
    }
}

/// Whether a text has tags in it.
fn is_html(text: &str) -> bool {
    text.match_indices('<').any(|(at, _)| tag(&text[at..]).is_some())
}

/// What Magento fills in when it shows a text, such as `{{media url="x.jpg"}}`, is left out.
fn without_directives(text: &str) -> String {
    const NAMES: [&str; 8] =
        ["block", "config", "media", "store", "trans", "var", "view", "widget"];
    let mut plain = String::with_capacity(text.len());
    let mut rest = text;
    while let Some(at) = rest.find("{{") {
        let inner = &rest[at + 2..];
        let is_one = |name: &&str| {
            inner.trim_start().strip_prefix(*name).is_some_and(|it| it.starts_with([' ', '}']))
        };
        match inner.split_once("}}").filter(|_| NAMES.iter().any(is_one)) {
            Some((_, behind)) => {
                plain.push_str(&rest[..at]);
                rest = behind;
            }
            None => {
                plain.push_str(&rest[..at + 2]);
                rest = inner;
            }
        }
    }
    plain.push_str(rest);
    plain
}

/// Makes Markdown of HTML; a text without tags stays as it is.
pub fn to_markdown(text: &str) -> String {
    let text = &without_directives(text);
    if is_html(text) { converted(text, true) } else { text.to_owned() }
}

/// Makes a plain text of HTML; a text without tags stays as it is.
pub fn to_text(text: &str) -> String {
    let text = &without_directives(text);
    if !is_html(text) {
        return text.to_owned();
    }
    converted(text, false).split('\n').filter(|line| !line.is_empty()).collect::<Vec<_>>().join(" ")
}

fn converted(text: &str, is_markdown: bool) -> String {
    let mut page = Page { is_at_start: true, ..Page::default() };
    let mut links: Vec<Option<String>> = Vec::new();
    let mut rest = text;
    while !rest.is_empty() {
        if let Some((found, after)) = tag(rest) {
            rest = after;
            let Some(found) = found else { continue };
            match Kind::of(&found.name) {
                Kind::Hidden if !found.is_end => {
                    let end = format!("</{}", found.name);
                    let at = rest.to_ascii_lowercase().find(&end).unwrap_or(rest.len());
                    rest = &rest[at..];
                }
                Kind::Strong if is_markdown => page.mark("**", found.is_end),
                Kind::Emphasis if is_markdown => page.mark("*", found.is_end),
                Kind::Link if is_markdown => match (found.is_end, href(found.attributes)) {
                    (false, address) => {
                        if address.is_some() {
                            page.text.push('[');
                            page.is_at_start = false;
                        }
                        links.push(address);
                    }
                    (true, _) => {
                        if let Some(Some(address)) = links.pop() {
                            page.mark(&format!("]({address})"), true);
                        }
                    }
                },
                kind => block(&mut page, &kind, found.is_end, is_markdown),
            }
            continue;
        }
        // A `<` that begins no tag is a text; the next one may begin one.
        let first = rest.chars().next().map_or(1, char::len_utf8);
        let end = rest[first..].find('<').map_or(rest.len(), |at| first + at);
        page.write(&rest[..end], is_markdown);
        rest = &rest[end..];
    }
    page.text.trim().to_owned()
}

fn block(page: &mut Page, kind: &Kind, is_end: bool, is_markdown: bool) {
    match kind {
        Kind::Break => page.end_block(if is_markdown { 2 } else { 1 }),
        Kind::Paragraph if page.lists.is_empty() => page.end_block(2),
        Kind::Heading(level) => {
            page.end_block(2);
            if is_markdown && !is_end {
                page.text.push_str(&"#".repeat(*level));
                page.text.push(' ');
            }
        }
        Kind::Rule => {
            page.end_block(2);
            if is_markdown {
                page.text.push_str("---");
                page.end_block(2);
            }
        }
        Kind::List { is_numbered } => {
            if is_end {
                page.lists.pop();
            } else {
                page.lists.push(is_numbered.then_some(0));
            }
            page.end_block(if page.lists.is_empty() || !is_end && page.lists.len() == 1 {
                2
            } else {
                1
            });
        }
        Kind::Cell if !is_end && !page.is_at_start => {
            let kept = page.text.trim_end().len();
            page.text.truncate(kept);
            page.text.push_str(" | ");
        }
        Kind::Item if !is_end => {
            page.end_block(if page.text.ends_with("\n\n") { 2 } else { 1 });
            if is_markdown {
                let indent = "    ".repeat(page.lists.len().saturating_sub(1).min(8));
                let mark = match page.lists.last_mut() {
                    Some(Some(number)) => {
                        *number += 1;
                        format!("{number}. ")
                    }
                    _ => "- ".to_owned(),
                };
                page.text.push_str(&indent);
                page.text.push_str(&mark);
            }
        }
        _ => {}
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    #[test]
    fn html_becomes_markdown() {
        let html = "<style>p { color: red }</style><!-- page builder -->\n\
            <h2 class=\"a > b\">Un sweat &amp; plus</h2>\n\
            <p>Doux, <b>chaud </b>et <em>léger</em>.<br/>Voir <a href=\"/taille\">les tailles</a>,\n\
            <a href=\"javascript:alert(1)\">ici</a>.</p>\
            <ul><li>Coton&nbsp;: 80 %</li><li><p>Lin*</p><ul><li>bio</li></ul></li></ul>\
            <ol><li>Un</li><li>Deux</li></ol>\
            <div>&laquo; 3 &lt; 4 &raquo; <img src=\"x.jpg\" alt=\"x\"> &unknown; 1 < 2</div>";

        assert_eq!(
            to_markdown(html),
            "## Un sweat & plus\n\n\
             Doux, **chaud** et *léger*.\n\n\
             Voir [les tailles](/taille), ici.\n\n\
             - Coton\u{a0}: 80 %\n- Lin\\*\n    - bio\n\n\
             1. Un\n2. Deux\n\n\
             « 3 \\< 4 » &unknown; 1 \\< 2"
        );
    }

    #[test]
    fn cells_of_a_table_stay_apart() {
        let html = "<table><tr><th>Taille</th><td>36</td><td>38</td></tr>\
            <tr><th>Poitrine</th><td>84</td><td>88</td></tr></table>";

        assert_eq!(to_markdown(html), "Taille | 36 | 38\n\nPoitrine | 84 | 88");
        assert_eq!(to_text(html), "Taille | 36 | 38 Poitrine | 84 | 88");
    }

    #[test]
    fn what_magento_fills_in_is_left_out() {
        let html =
            "<p>Doux {{widget type=\"x\"}}<a href=\"{{store url=\"a\"}}\">ici</a> {{ 1 }} {{x</p>";

        assert_eq!(to_markdown(html), "Doux ici {{ 1 }} {{x");
        assert_eq!(to_markdown("{{media url='x'}}a {{medias}}"), "a {{medias}}");
    }

    #[test]
    fn a_short_text_is_plain() {
        assert_eq!(to_text("<p>Doux &amp; <b>chaud</b>.</p><p>Long*</p>"), "Doux & chaud. Long*");
    }

    #[test]
    fn a_text_without_tags_stays_as_it_is() {
        for text in ["# T\n\n**é** &amp; 1 < 2 <3", "a <- b", "", "<"] {
            assert_eq!(to_markdown(text), text);
            assert_eq!(to_text(text), text);
        }
    }

    proptest! {
        #[test]
        fn arbitrary_text_does_no_harm(text in "([<>/a-zé&;#x!\\- \"'=\n]|<p>|</li>|<ul>){0,40}") {
            let _ = (to_markdown(&text), to_text(&text));
        }
    }
}
