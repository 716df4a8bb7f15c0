//! `/contact`: a message to the merchant.

use axum::http::StatusCode;
use testkit::on_both_engines;

use crate::browser::{Answer, Browser};

const MESSAGE: [(&str, &str); 4] = [
    ("name", "Jeanne Dupont"),
    ("email", "jeanne@exemple.fr"),
    ("subject", "order"),
    ("message", "Bonjour,\nquand ?"),
];

async fn write(browser: &mut Browser, fields: &[(&str, &str)]) -> Answer {
    let form = browser.form("/contact", "/contact").await;
    browser.send_form(&form.filled(&MESSAGE).filled(fields)).await
}

#[tokio::test]
async fn a_message_reaches_the_merchant_once() {
    on_both_engines(async |shop| {
        let mut browser = Browser::open(&shop).await;

        for _ in 0..2 {
            let sent = write(&mut browser, &[("order", "GL000001")]).await;
            assert_eq!(sent.status, StatusCode::OK);
            assert!(!sent.html.contains("action=\"/contact\""));
        }

        shop.run_jobs().await;
        let mails = shop.mailer.sent();
        assert_eq!(mails.len(), 1);
        assert_eq!(mails[0].to, "bonjour@greenleaf.test");
        assert_eq!(mails[0].reply_to.as_deref(), Some("jeanne@exemple.fr"));
        assert!(mails[0].subject.ends_with("– GL000001"), "{}", mails[0].subject);
        assert_eq!(mails[0].text, "Jeanne Dupont <jeanne@exemple.fr>\n\nBonjour,\nquand ?");
    })
    .await;
}

#[tokio::test]
async fn a_message_that_lacks_something_comes_back_with_what_was_typed() {
    on_both_engines(async |shop| {
        let mut browser = Browser::open(&shop).await;
        let long = "é".repeat(4_001);

        for (field, value) in [
            ("name", ""),
            ("name", "Jeanne\r\nBcc: x@y.fr"),
            ("email", "jeanne@exemple.fr\r\nBcc: x@y.fr"),
            ("subject", "everything"),
            ("order", "GL\u{1}"),
            ("message", " "),
            ("message", &long),
        ] {
            let refused = write(&mut browser, &[(field, value)]).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{field}");
            assert_eq!(refused.refusals().len(), 1, "{field}: {:?}", refused.refusals());
            if field != "message" {
                let kept = refused.form("/contact");
                assert_eq!(kept.value("message"), "Bonjour,\nquand ?");
            }
        }

        shop.run_jobs().await;
        assert_eq!(shop.mailer.sent(), []);
    })
    .await;
}

#[tokio::test]
async fn a_program_that_fills_every_field_is_thanked_and_ignored() {
    on_both_engines(async |shop| {
        let mut browser = Browser::open(&shop).await;

        let sent = write(&mut browser, &[("website", "https://evil.example")]).await;

        assert_eq!(sent.status, StatusCode::OK);
        shop.run_jobs().await;
        assert_eq!(shop.mailer.sent(), []);
    })
    .await;
}

#[tokio::test]
async fn whoever_writes_too_often_is_asked_to_wait() {
    on_both_engines(async |shop| {
        let mut browser = Browser::open(&shop).await;
        for n in 0..5 {
            let sent = write(&mut browser, &[("message", &format!("message {n}"))]).await;
            assert_eq!(sent.status, StatusCode::OK);
        }

        let refused = write(&mut browser, &[("message", "message 6")]).await;

        assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(refused.header("retry-after"), "60");
        assert_eq!(refused.form("/contact").value("message"), "message 6");
        shop.run_jobs().await;
        assert_eq!(shop.mailer.sent().len(), 5);
    })
    .await;
}
