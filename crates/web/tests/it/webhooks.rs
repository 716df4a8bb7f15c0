//! Subscribing to what happens, and looking at what became of it.

use axum::http::StatusCode;
use testkit::{Receiver, a_placed_order, on_both_engines};

use crate::doors::staff;

#[tokio::test]
async fn a_program_is_subscribed_told_and_told_again() {
    on_both_engines(async |shop| {
        let receiver = Receiver::listen().await;
        let mut staff = staff(&shop).await;

        let form = staff.form("/admin/webhooks", "/admin/webhooks").await;
        let form = form.filled(&[("url", &receiver.url), ("topic", "order.placed")]);
        let made = staff.send_form(&form).await;
        assert_eq!(made.status, StatusCode::OK);
        assert_eq!(made.header("cache-control"), "private, no-store");
        let (_, secret) = made.html.split_once("whsec_").expect("the secret is shown");
        let secret = secret[..44].to_owned();
        assert!(!staff.visit("/admin/webhooks").await.html.contains(&secret), "once is enough");

        receiver.answer(&[410]);
        let order = a_placed_order(&shop).save().await;
        shop.run_jobs().await;
        let webhook = shop::webhook::list(&shop).await.unwrap()[0].id;
        let path = format!("/admin/webhooks/{webhook}");
        let page = staff.visit(&path).await;
        assert!(page.says("the receiver answered 410"), "{}", page.text());
        assert!(page.says(order.number.as_str()), "{}", page.text());
        assert!(!page.html.contains(&secret));

        let (_, messages) = shop::webhook::view(&shop, webhook).await.unwrap().unwrap();
        let again = page.form(&format!("{path}/replay"));
        let again = again.with("message", &messages[0].id.to_string());
        let sent = staff.send_form(&again).await;
        assert_eq!((sent.status, sent.location()), (StatusCode::SEE_OTHER, path.as_str()));
        shop.run_jobs().await;
        assert_eq!(receiver.brought().len(), 2);
        assert!(!staff.visit(&path).await.says("the receiver answered 410"));

        let off = staff.form(&path, &format!("{path}/switch")).await.with("active", "no");
        staff.send_form(&off).await;
        a_placed_order(&shop).save().await;
        shop.run_jobs().await;
        assert_eq!(receiver.brought().len(), 2);

        let delete = staff.form(&path, &format!("{path}/delete")).await;
        assert_eq!(staff.send_form(&delete).await.location(), "/admin/webhooks");
        assert_eq!(staff.get(&path).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn an_address_inside_the_network_is_refused_beside_its_field() {
    on_both_engines(async |shop| {
        let mut staff = staff(&shop).await;
        let form = staff.form("/admin/webhooks", "/admin/webhooks").await;

        for url in ["https://169.254.169.254/latest", "http://erp.example/", "erp"] {
            let form = form.clone().filled(&[("url", url), ("topic", "order.paid")]);
            let refused = staff.send_form(&form).await;

            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{url}");
            let kept = refused.form("/admin/webhooks");
            assert_eq!((kept.value("url"), kept.value("topic")), (url, "order.paid"));
            assert_eq!(refused.refusals().len(), 1, "{url}");
        }
        assert_eq!(shop::webhook::list(&shop).await.unwrap(), []);
    })
    .await;
}
