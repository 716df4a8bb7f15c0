//! Texts that the merchant writes in Markdown.

use pulldown_cmark::{Event, HeadingLevel, Options, Parser, Tag, TagEnd, html};

/// Renders Markdown; raw HTML in it is shown, not obeyed, and its headings begin at `h2`, below
/// the page's own.
pub fn render(text: &str) -> String {
    let events = Parser::new_ext(text, Options::ENABLE_TABLES).map(|event| match event {
        Event::Html(raw) | Event::InlineHtml(raw) => Event::Text(raw),
        Event::Start(Tag::Heading { level, id, classes, attrs }) => {
            Event::Start(Tag::Heading { level: lower(level), id, classes, attrs })
        }
        Event::End(TagEnd::Heading(level)) => Event::End(TagEnd::Heading(lower(level))),
        Event::Start(Tag::Link { link_type, dest_url, title, id }) => {
            let dest_url = if is_safe(&dest_url) { dest_url } else { "#".into() };
            Event::Start(Tag::Link { link_type, dest_url, title, id })
        }
        other => other,
    });
    let mut rendered = String::with_capacity(text.len() * 5 / 4);
    html::push_html(&mut rendered, events);
    rendered
}

/// A text without markup, safe to stand in HTML.
pub(crate) fn escape(text: &str) -> String {
    let mut escaped = String::with_capacity(text.len());
    for char in text.chars() {
        match char {
            '&' => escaped.push_str("&amp;"),
            '<' => escaped.push_str("&lt;"),
            '>' => escaped.push_str("&gt;"),
            '"' => escaped.push_str("&quot;"),
            other => escaped.push(other),
        }
    }
    escaped
}

fn lower(level: HeadingLevel) -> HeadingLevel {
    match level {
        HeadingLevel::H1 => HeadingLevel::H2,
        other => other,
    }
}

fn is_safe(link: &str) -> bool {
    match link.split_once(':') {
        None => true,
        Some((scheme, _)) => {
            scheme.contains('/') || matches!(scheme, "http" | "https" | "mailto" | "tel")
        }
    }
}

/// Makes Markdown of what other shops write in HTML; a text without tags stays as it is.
pub fn of_html(text: &str) -> String {
    exchange::to_markdown(text)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn markup_is_shown_and_not_obeyed() {
        let html = render("# Titre\n\nUn <script>alert(1)</script> [x](javascript:alert(1)) **y**");

        assert!(html.starts_with("<h2>Titre</h2>"), "{html}");
        assert!(!html.contains("<script"), "{html}");
        assert!(!html.contains("javascript:"), "{html}");
        assert!(html.contains("<strong>y</strong>"), "{html}");
    }
}
