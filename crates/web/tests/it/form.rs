//! Reads the forms of a page as a browser does.

use crate::html::tag;

/// A form with what would be sent if nobody touched it, buttons aside.
#[derive(Clone, Debug, PartialEq, Eq)]
pub(crate) struct Form {
    pub(crate) action: String,
    pub(crate) fields: Vec<(String, String)>,
}

impl Form {
    /// Types into a field, ticks a box or presses a button.
    pub(crate) fn with(mut self, name: &str, value: &str) -> Self {
        self.fields.retain(|(known, _)| known != name);
        self.fields.push((name.to_owned(), value.to_owned()));
        self
    }

    pub(crate) fn filled(self, fields: &[(&str, &str)]) -> Self {
        fields.iter().fold(self, |form, (name, value)| form.with(name, value))
    }

    pub(crate) fn without(mut self, name: &str) -> Self {
        self.fields.retain(|(known, _)| known != name);
        self
    }

    pub(crate) fn value(&self, name: &str) -> &str {
        self.fields.iter().find(|(known, _)| known == name).map_or("", |(_, value)| value)
    }
}

/// The forms of a page, in its order. A field may stand outside of its form and name it by id.
pub(crate) fn forms(html: &str) -> Vec<Form> {
    let mut forms: Vec<(Option<String>, Form)> = Vec::new();
    let mut is_open = false;
    let mut select: Option<(usize, String, Option<String>)> = None;
    let mut rest = html;
    while let Some(start) = rest.find('<') {
        rest = &rest[start + 1..];
        if rest.starts_with("/form>") {
            is_open = false;
        }
        if rest.starts_with("/select>")
            && let Some((form, name, Some(value))) = select.take()
        {
            forms[form].1.fields.push((name, value));
        }
        let Some((tag, after, _)) = tag(rest) else { continue };
        rest = after;
        let value = |name: &str| tag.attributes.get(name).map(|value| unescape(value));
        if tag.name == "form" {
            let action = value("action").unwrap_or_default();
            forms.push((value("id"), Form { action, fields: Vec::new() }));
            is_open = true;
            continue;
        }
        let named = value("form");
        let form = match &named {
            Some(_) => forms.iter().position(|(id, _)| *id == named),
            None => is_open.then(|| forms.len() - 1),
        };
        let Some(form) = form else { continue };
        match tag.name {
            "input" => {
                let kind = value("type").unwrap_or_default();
                let is_sent = match kind.as_str() {
                    "checkbox" | "radio" => tag.attributes.contains_key("checked"),
                    "file" | "submit" => false,
                    _ => true,
                };
                if let (true, Some(name)) = (is_sent, value("name")) {
                    forms[form].1.fields.push((name, value("value").unwrap_or_default()));
                }
            }
            "textarea" => {
                let text = rest.split("</textarea>").next().unwrap();
                if let Some(name) = value("name") {
                    forms[form].1.fields.push((name, unescape(text)));
                }
            }
            "select" => select = value("name").map(|name| (form, name, None)),
            "option" => {
                if let Some((.., chosen)) = &mut select
                    && (chosen.is_none() || tag.attributes.contains_key("selected"))
                {
                    *chosen = value("value");
                }
            }
            _ => {}
        }
    }
    forms.into_iter().map(|(_, form)| form).collect()
}

/// Every space an ordinary one: where lines may break is not what these tests are about.
pub(crate) fn folded(text: &str) -> String {
    text.split_whitespace().collect::<Vec<_>>().join(" ")
}

/// The text between the tags, white space folded.
pub(crate) fn text_of(html: &str) -> String {
    let mut text = String::new();
    let mut rest = html;
    while let Some((before, after)) = rest.split_once('<') {
        text.push_str(before);
        text.push(' ');
        rest = after.split_once('>').map_or("", |(_, after)| after);
    }
    text.push_str(rest);
    unescape(&folded(&text))
}

fn unescape(text: &str) -> String {
    [
        ("&lt;", "<"),
        ("&gt;", ">"),
        ("&quot;", "\""),
        ("&#x27;", "'"),
        ("&#39;", "'"),
        ("&amp;", "&"),
    ]
    .into_iter()
    .fold(text.to_owned(), |text, (escaped, plain)| text.replace(escaped, plain))
}

#[test]
fn a_form_is_what_a_browser_would_send() {
    let html = "<form id=\"a\" action=\"/a\"><input name=\"x\" value=\"1 &lt; 2\">\
        <input type=\"checkbox\" name=\"no\" value=\"yes\">\
        <input type=\"radio\" name=\"r\" value=\"1\"><input type=\"radio\" name=\"r\" value=\"2\" checked>\
        <select name=\"s\"><option value=\"f\">F</option><option value=\"g\" selected>G</option></select>\
        <textarea name=\"t\">a\nb</textarea></form>\
        <form action=\"/b\"><input name=\"y\" value=\"\"></form><input form=\"a\" name=\"z\" value=\"3\">";

    let found = forms(html);

    let pairs = |form: &Form| {
        let pairs = form.fields.iter().map(|(name, value)| format!("{name}={value}"));
        pairs.collect::<Vec<_>>().join("&")
    };
    assert_eq!(found[0].action, "/a");
    assert_eq!(pairs(&found[0]), "x=1 < 2&r=2&s=g&t=a\nb&z=3");
    assert_eq!(pairs(&found[1]), "y=");
}
