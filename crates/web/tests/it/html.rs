//! A strict reader of the HTML that the templates write.

use std::collections::{HashMap, HashSet};

const VOID: [&str; 9] = ["area", "br", "col", "hr", "img", "input", "link", "meta", "source"];
/// SVG shapes are closed in place.
const SHAPES: [&str; 3] = ["path", "circle", "rect"];

pub(crate) struct Tag<'a> {
    pub(crate) name: &'a str,
    pub(crate) attributes: HashMap<&'a str, &'a str>,
}

/// What is wrong with a page: unbalanced tags, repeated ids, references that lead nowhere,
/// pictures without size or text, and whatever a strict content security policy would block.
pub(crate) fn faults(html: &str) -> Vec<String> {
    let mut faults = Vec::new();
    let mut open: Vec<&str> = Vec::new();
    let mut ids = HashSet::new();
    let mut references = Vec::new();
    let mut headings = Vec::new();
    let mut rest = html.trim_start();
    match rest.strip_prefix("<!doctype html>") {
        Some(body) => rest = body,
        None => faults.push(String::from("no doctype")),
    }
    while let Some(start) = rest.find('<') {
        rest = &rest[start + 1..];
        if let Some(name) = rest.strip_prefix('/') {
            let end = name.find('>').unwrap_or(0);
            let name = &name[..end];
            match open.pop() {
                Some(opened) if opened == name => {}
                opened => faults.push(format!("</{name}> closes {opened:?}")),
            }
            rest = &rest[end + 2..];
            continue;
        }
        let Some((tag, after, is_closed)) = tag(rest) else {
            faults.push(format!("not a tag: <{}", rest.chars().take(40).collect::<String>()));
            continue;
        };
        rest = after;
        let has = |name: &str| tag.attributes.contains_key(name);
        let value = |name: &str| tag.attributes.get(name).copied();
        if let Some(id) = value("id")
            && !ids.insert(id)
        {
            faults.push(format!("id {id} twice"));
        }
        for name in ["for", "aria-describedby", "aria-labelledby", "form"] {
            if tag.name != "form" || name != "form" {
                references.extend(value(name).into_iter().flat_map(str::split_whitespace));
            }
        }
        if let Some(anchor) = value("href").and_then(|href| href.strip_prefix('#')) {
            references.push(anchor);
        }
        if has("style") || tag.name == "style" {
            faults.push(format!("inline style on <{}>", tag.name));
        }
        if let Some(handler) = tag.attributes.keys().find(|name| name.starts_with("on")) {
            faults.push(format!("inline script: {handler}"));
        }
        if tag.name == "script" {
            let is_data = value("type").is_some_and(|kind| kind.ends_with("json"));
            if !is_data && !has("src") {
                faults.push(String::from("inline script"));
            }
            let end = rest.find("</script>").unwrap_or(0);
            if is_data && serde_json::from_str::<serde_json::Value>(&rest[..end]).is_err() {
                faults.push(format!("broken JSON: {}", &rest[..end]));
            }
            rest = &rest[end + "</script>".len()..];
            continue;
        }
        if tag.name == "img" && !(has("alt") && has("width") && has("height") && has("src")) {
            faults.push(format!("img without alt, size or source: {:?}", value("src")));
        }
        if let ["h1" | "h2" | "h3" | "h4"] = [tag.name] {
            headings.extend(tag.name[1..].parse::<u32>());
        }
        let may_close = SHAPES.contains(&tag.name);
        if is_closed != may_close {
            faults.push(format!("<{}> closed the wrong way", tag.name));
        }
        if !VOID.contains(&tag.name) && !is_closed {
            open.push(tag.name);
        }
    }
    faults.extend(open.iter().map(|name| format!("<{name}> stays open")));
    let dangling = references.iter().filter(|id| !id.is_empty() && !ids.contains(*id));
    faults.extend(dangling.map(|id| format!("nothing has the id {id}")));
    if headings.iter().filter(|level| **level == 1).count() != 1 {
        faults.push(String::from("not exactly one h1"));
    }
    let jumps = headings.windows(2).filter(|pair| pair[1] > pair[0] + 1);
    faults.extend(jumps.map(|pair| format!("h{} after h{}", pair[1], pair[0])));
    faults
}

/// Reads one start tag; gives what follows it and whether it ended with `/>`.
pub(crate) fn tag(source: &str) -> Option<(Tag<'_>, &str, bool)> {
    let name_end = source.find(|c: char| !c.is_ascii_alphanumeric())?;
    let name = &source[..name_end];
    let mut attributes = HashMap::new();
    let mut rest = &source[name_end..];
    loop {
        rest = rest.trim_start();
        if let Some(after) = rest.strip_prefix("/>") {
            return Some((Tag { name, attributes }, after, true));
        }
        if let Some(after) = rest.strip_prefix('>') {
            return (!name.is_empty()).then_some((Tag { name, attributes }, after, false));
        }
        let end = rest.find(|c: char| c == '=' || c == '>' || c == '/' || c.is_whitespace())?;
        let attribute = &rest[..end];
        if attribute.is_empty() {
            return None;
        }
        rest = &rest[end..];
        let value = match rest.strip_prefix("=\"") {
            Some(quoted) => {
                let end = quoted.find('"')?;
                rest = &quoted[end + 1..];
                if !rest.starts_with([' ', '>', '/', '\n']) {
                    return None;
                }
                &quoted[..end]
            }
            None if rest.starts_with('=') => return None,
            None => "",
        };
        if attributes.insert(attribute, value).is_some() {
            return None;
        }
    }
}

#[test]
fn a_sound_page_has_no_fault() {
    let page = "<!doctype html><html><body id=\"top\"><h1>A</h1><a href=\"#top\">up</a>\
        <img src=\"a\" alt=\"\" width=\"1\" height=\"1\"></body></html>";
    assert_eq!(faults(page), Vec::<String>::new());
}

#[test]
fn every_kind_of_fault_is_seen() {
    let broken = |body: &str| faults(&format!("<!doctype html><html><h1>A</h1>{body}</html>"));
    for body in [
        "<p>",
        "<p></div>",
        "<p style=\"color:red\"></p>",
        "<script>alert(1)</script>",
        "<p onclick=\"x\"></p>",
        "<img src=\"a\">",
        "<i id=\"a\"></i><i id=\"a\"></i>",
        "<label for=\"nobody\"></label>",
        "<h3>B</h3>",
        "<h1>B</h1>",
        "<p class=a></p>",
        "<p class=\"a\"id=\"b\"></p>",
        "<script type=\"application/ld+json\">{</script>",
    ] {
        assert!(!broken(body).is_empty(), "{body}");
    }
}
