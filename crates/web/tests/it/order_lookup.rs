//! `/order-lookup`: a guest finds an order again by its number and e-mail address.

use axum::http::StatusCode;
use commerce::order::OrderState;
use testkit::{a_placed_order, on_both_engines};

use crate::browser::{Answer, Browser};

const UNKNOWN: &str = "Aucune commande ne correspond à ce numéro et à cette adresse e-mail.";

async fn look_up(browser: &mut Browser, number: &str, email: &str) -> Answer {
    let form = browser.form("/order-lookup", "/order-lookup").await;
    browser.send_form(&form.filled(&[("number", number), ("email", email)])).await
}

#[tokio::test]
async fn number_and_address_lead_to_the_order() {
    on_both_engines(async |shop| {
        let order = a_placed_order(&shop).save().await;
        let mut browser = Browser::open(&shop).await;

        let found = look_up(&mut browser, " gl000001 ", "Jeanne@Exemple.fr").await;

        assert_eq!(found.status, StatusCode::SEE_OTHER);
        let token = found.location().strip_prefix("/orders/").unwrap();
        assert_eq!(shop::order::open_token(&shop, token), Some(order.id));
        assert!(browser.get(found.location()).await.says("GL000001"));
    })
    .await;
}

#[tokio::test]
async fn an_unknown_order_and_somebody_elses_are_told_alike() {
    on_both_engines(async |shop| {
        a_placed_order(&shop).save().await;
        let mut browser = Browser::open(&shop).await;

        for (number, email) in [
            ("GL000001", "ada@exemple.fr"),
            ("GL000002", "jeanne@exemple.fr"),
            ("GL-000001'--", "jeanne@exemple.fr"),
            ("n° 1 🦀", "jeanne@exemple.fr"),
        ] {
            let refused = look_up(&mut browser, number, email).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{number}");
            assert!(refused.refusals()[0].ends_with(UNKNOWN), "{:?}", refused.refusals());
            assert_eq!(refused.form("/order-lookup").value("number"), number);
        }
    })
    .await;
}

#[tokio::test]
async fn what_is_missing_is_said() {
    on_both_engines(async |shop| {
        let mut browser = Browser::open(&shop).await;

        let refused = look_up(&mut browser, "", "jeanne").await;

        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(
            refused.refusals(),
            [
                "Numéro de commande : Ce champ est nécessaire.",
                "Adresse e-mail : Cette adresse e-mail semble incomplète. Exemple : camille@exemple.fr",
            ]
        );
    })
    .await;
}

#[tokio::test]
async fn orders_cannot_be_found_by_trying() {
    on_both_engines(async |shop| {
        a_placed_order(&shop).save().await;
        let mut browser = Browser::open(&shop).await;
        for n in 2..12 {
            look_up(&mut browser, &format!("GL{n:06}"), "jeanne@exemple.fr").await;
        }

        let refused = look_up(&mut browser, "GL000001", "jeanne@exemple.fr").await;

        assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(refused.header("retry-after"), "60");
    })
    .await;
}

#[tokio::test]
async fn the_link_of_a_mail_cancels_an_order_once_its_button_is_pressed() {
    on_both_engines(async |shop| {
        let order = a_placed_order(&shop).save().await;
        shop::order::ask_to_cancel(&shop, order.id, "Trop cher").await.unwrap();
        shop.run_jobs().await;
        let mails = shop.mailer.sent();
        let link = mails.last().unwrap().text.lines().last().unwrap().to_owned();
        let path = link.strip_prefix(&*shop.base_url).unwrap();
        let mut browser = Browser::open(&shop).await;

        let form = browser.form(path, path).await;
        assert_eq!(shop.order(order.id).await.state, OrderState::Open);
        let done = browser.send_form(&form).await;

        assert_eq!(done.status, StatusCode::SEE_OTHER);
        assert_eq!(
            done.location(),
            format!("/orders/{}", shop::order::access_token(&shop, order.id))
        );
        assert_eq!(shop.order(order.id).await.state, OrderState::Canceled { at: shop.clock.now() });
        let again = browser.send_form(&form).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert!(again.says("Elle ne peut plus être annulée en ligne"));
        let other = a_placed_order(&shop).save().await;
        let key = path.rsplit_once('/').unwrap().1;
        let token = shop::order::access_token(&shop, other.id);
        let refused = browser.get(&format!("/orders/{token}/cancel/{key}")).await;
        assert!(refused.says("Ce lien n’est plus valable."));
    })
    .await;
}
