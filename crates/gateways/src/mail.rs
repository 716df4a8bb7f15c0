//! Mail by SMTP or into a folder: one message, two ways out.

mod folder;
mod smtp;

use lettre::{
    Address, Message,
    message::{
        Attachment, Mailbox, MultiPart, SinglePart,
        header::{ContentTransferEncoding, ContentType, HeaderName, HeaderValue},
    },
};
use shop::ports::{Mail, MailError};

pub use self::{folder::FolderMailer, smtp::SmtpMailer};

/// The message as both mailers send it, or the reason why it will never be sent.
fn message(mail: &Mail) -> Result<Message, MailError> {
    let refused = |what: &str| MailError::Refused(what.to_owned());
    let headers =
        [Some(&mail.message_id), Some(&mail.from), Some(&mail.to), mail.reply_to.as_ref()];
    let headers = headers.into_iter().flatten().chain([&mail.subject]);
    // A line break in a header begins another header, or the body.
    if headers.into_iter().any(|text| text.contains(char::is_control)) {
        return Err(refused("a header contains a control character"));
    }
    if !is_message_id(&mail.message_id) {
        return Err(refused("the message id is not of the form left@right"));
    }

    let mut builder = Message::builder()
        .from(mailbox(&mail.from).ok_or_else(|| refused("the sender is not a mailbox"))?)
        .to(mailbox(&mail.to).ok_or_else(|| refused("the recipient is not a mailbox"))?)
        .subject(mail.subject.as_str())
        .message_id(Some(format!("<{}>", mail.message_id)))
        // So that holiday replies do not answer a shop.
        .raw_header(HeaderValue::new(
            HeaderName::new_from_ascii_str("Auto-Submitted"),
            "auto-generated".to_owned(),
        ));
    if let Some(reply_to) = &mail.reply_to {
        let reply_to = mailbox(reply_to).ok_or_else(|| refused("the reply address is none"))?;
        builder = builder.reply_to(reply_to);
    }
    let part = |content_type, body: &str| {
        SinglePart::builder()
            .header(content_type)
            .header(ContentTransferEncoding::QuotedPrintable)
            .body(body.to_owned())
    };
    let text = part(ContentType::TEXT_PLAIN, &mail.text);
    let both = |text| {
        let html = part(ContentType::TEXT_HTML, &mail.html);
        MultiPart::alternative().singlepart(text).singlepart(html)
    };
    let message = match (mail.html.is_empty(), mail.attachments.as_slice()) {
        (true, []) => builder.singlepart(text),
        (false, []) => builder.multipart(both(text)),
        (is_plain, attachments) => {
            let mixed = MultiPart::mixed();
            let body = if is_plain { mixed.singlepart(text) } else { mixed.multipart(both(text)) };
            builder.multipart(attachments.iter().fold(body, |body, attached| {
                let file = Attachment::new(attached.file_name.clone());
                body.singlepart(file.body(attached.html.clone(), ContentType::TEXT_HTML))
            }))
        }
    };
    message.map_err(|error| MailError::Refused(error.to_string()))
}

/// Reads `name@host` and `Any name at all <name@host>`.
///
/// More forgiving than the grammar, for which an unquoted comma in a customer's name begins the
/// next mailbox. The name is quoted or encoded as it needs when it is written.
fn mailbox(text: &str) -> Option<Mailbox> {
    let text = text.trim();
    let Some(before) = text.strip_suffix('>') else {
        return Some(Mailbox::new(None, address(text)?));
    };
    let (name, address_text) = before.rsplit_once('<')?;
    let name = name.trim();
    let quoted = name.strip_prefix('"').and_then(|name| name.strip_suffix('"'));
    let name = quoted.map_or_else(|| name.to_owned(), unescaped);
    Some(Mailbox::new((!name.is_empty()).then_some(name), address(address_text)?))
}

fn unescaped(quoted: &str) -> String {
    let mut name = String::with_capacity(quoted.len());
    let mut chars = quoted.chars();
    while let Some(char) = chars.next() {
        name.extend(if char == '\\' { chars.next() } else { Some(char) });
    }
    name
}

/// An address whose domain is written in ASCII, which every server takes.
fn address(text: &str) -> Option<Address> {
    let (user, domain) = text.rsplit_once('@')?;
    let domain = if domain.is_ascii() {
        domain.to_owned()
    } else {
        url::Host::parse(domain).ok()?.to_string()
    };
    Address::new(user, domain).ok()
}

/// The characters of RFC 5322's `dot-atom` on both sides of one `@`.
fn is_message_id(text: &str) -> bool {
    let atom = |part: &str| {
        let special = b"!#$%&'*+-/=?^_`{|}~.";
        !part.is_empty()
            && part.bytes().all(|byte| byte.is_ascii_alphanumeric() || special.contains(&byte))
    };
    text.len() <= 200 && text.split_once('@').is_some_and(|(left, right)| atom(left) && atom(right))
}

#[cfg(test)]
mod tests {
    use super::*;

    fn a_mail() -> Mail {
        Mail {
            message_id: "0198c0de-order-placed@greenleaf.example".to_owned(),
            from: "Épicerie, Verte & Cie <bonjour@greenleaf.example>".to_owned(),
            to: "ana@example.com".to_owned(),
            reply_to: Some("\"Aide \\\"client\\\"\" <aide@greenleaf.example>".to_owned()),
            subject: "Votre commande n° 100000042 est confirmée – merci !".to_owned(),
            html: "<p>Thé à la menthe : 4,50 €</p>\n<p>.</p>\n".to_owned(),
            text: "Thé à la menthe : 4,50 €\n.\nFrom now on\n".to_owned(),
            attachments: Vec::new(),
        }
    }

    fn written(mail: &Mail) -> String {
        String::from_utf8(message(mail).unwrap().formatted()).unwrap()
    }

    #[test]
    fn a_message_is_ascii_with_both_parts_in_quoted_printable() {
        let text = written(&a_mail());

        assert!(text.is_ascii());
        assert!(text.lines().all(|line| line.len() <= 78 || line.starts_with("Content-Type")));
        assert!(text.contains("multipart/alternative"));
        assert!(text.contains("Message-ID: <0198c0de-order-placed@greenleaf.example>\r\n"));
        assert!(text.contains("Auto-Submitted: auto-generated\r\n"));
        assert!(text.contains("MIME-Version: 1.0\r\n"));
        assert!(text.contains("Date: "));
        assert!(text.contains("To: ana@example.com\r\n"));
        assert!(text.contains("Reply-To: \"Aide \\\"client\\\"\" <aide@greenleaf.example>\r\n"));
        assert_eq!(text.matches("Content-Transfer-Encoding: quoted-printable").count(), 2);
        let plain = text.find("text/plain; charset=utf-8").unwrap();
        let html = text.find("text/html; charset=utf-8").unwrap();
        assert!(plain < html, "the richest part is the last");
        assert!(text.contains("Th=C3=A9 =C3=A0 la menthe : 4,50 =E2=82=AC"));
        assert!(!text.replace("\r\n", "").contains('\n'), "every line ends with CR LF");
    }

    #[test]
    fn a_mail_of_text_alone_has_no_empty_page() {
        let text = written(&Mail { html: String::new(), ..a_mail() });

        assert!(!text.contains("multipart") && !text.contains("text/html"), "{text}");
        assert!(text.contains("Th=C3=A9 =C3=A0 la menthe"));
    }

    #[test]
    fn what_goes_with_a_mail_comes_after_its_text() {
        let (file_name, html) = ("terms.html".to_owned(), "<h1>Conditions</h1>".to_owned());
        let attachments = vec![shop::ports::Attachment { file_name, html }];
        let text = written(&Mail { attachments, ..a_mail() });

        let at = |what: &str| text.find(what).unwrap_or_else(|| panic!("no {what} in {text}"));
        assert!(at("multipart/mixed") < at("multipart/alternative"));
        assert!(at("text/plain") < at("Content-Disposition: attachment; filename=\"terms.html\""));
        assert!(at("filename") < at("<h1>Conditions</h1>"));
    }

    #[test]
    fn a_line_break_in_a_header_is_refused() {
        for bad in ["a\r\nBcc: all@example.com", "a\nb", "a\rb", "a\0b", "a\u{85}b"] {
            let address = format!("{bad} <ana@example.com>");
            let mails = [
                Mail { subject: bad.to_owned(), ..a_mail() },
                Mail { from: address.clone(), ..a_mail() },
                Mail { to: address.clone(), ..a_mail() },
                Mail { to: format!("ana@example.com{bad}"), ..a_mail() },
                Mail { reply_to: Some(address), ..a_mail() },
                Mail { message_id: format!("{bad}@example.com"), ..a_mail() },
            ];

            for mail in mails {
                assert!(matches!(message(&mail), Err(MailError::Refused(_))), "{mail:?}");
            }
        }
    }

    #[test]
    fn a_name_cannot_smuggle_in_a_second_recipient() {
        for to in ["Eve, eve@example.com <ana@example.com>", "<eve@example.com> <ana@example.com>"]
        {
            let message = message(&Mail { to: to.to_owned(), ..a_mail() }).unwrap();

            let ana = "ana@example.com".parse().unwrap();
            assert_eq!(message.envelope().to(), [ana]);
        }
    }

    #[test]
    fn what_is_no_single_mailbox_is_refused() {
        for to in [
            "",
            "ana",
            "ana@",
            "@example.com",
            "ana@example.com, eve@example.com",
            "ana@example.com eve@example.com",
            "Ana <ana@example.com",
            "Ana ana@example.com>",
            "ana@exa mple.com",
        ] {
            let mail = Mail { to: to.to_owned(), ..a_mail() };
            assert!(matches!(message(&mail), Err(MailError::Refused(_))), "{to}");
        }
    }

    #[test]
    fn a_domain_with_accents_is_sent_in_ascii() {
        let message = message(&Mail { to: "ana@épicerie.fr".to_owned(), ..a_mail() }).unwrap();

        assert_eq!(message.envelope().to()[0].to_string(), "ana@xn--picerie-9xa.fr");
    }

    #[test]
    fn a_message_id_is_one_word_with_one_at() {
        for bad in ["", "x", "@x", "x@", "a@b@c", "a b@c", "<a@b>", "é@b"] {
            let mail = Mail { message_id: bad.to_owned(), ..a_mail() };
            assert!(matches!(message(&mail), Err(MailError::Refused(_))), "{bad}");
        }
    }
}
