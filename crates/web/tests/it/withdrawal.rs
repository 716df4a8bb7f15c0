//! `/withdrawal`: out of the contract in two steps, and a receipt.

use axum::http::StatusCode;
use shop::order::OrderFilter;
use testkit::{TestShop, a_placed_order, on_both_engines};

use crate::browser::{Answer, Browser, forged};
use crate::form::Form;

/// The form of the second step, for an order of two `TEA` and one `POT`.
async fn the_second_step(shop: &TestShop, browser: &mut Browser) -> Form {
    a_placed_order(shop).with(2, "TEA").with(1, "POT").save().await;
    shop.run_jobs().await;
    let found = identify(browser, "GL000001", "jeanne@exemple.fr").await;
    assert_eq!(found.status, StatusCode::OK);
    found.form("/withdrawal").with("action", "confirm")
}

async fn identify(browser: &mut Browser, number: &str, email: &str) -> Answer {
    let form = browser.form("/withdrawal", "/withdrawal").await;
    let fields = [("number", number), ("email", email), ("action", "identify")];
    browser.send_form(&form.filled(&fields)).await
}

/// What the withdrawals of the shop's orders declare.
async fn declared(shop: &TestShop) -> Vec<String> {
    let (orders, _) = shop::order::list(shop, &OrderFilter::default(), 10, 0).await.unwrap();
    let mut declared = Vec::new();
    for order in orders {
        let (_, events) = shop::order::find_with_history(shop, order.id).await.unwrap().unwrap();
        let withdrawals = events.into_iter().filter(|event| event.kind == "withdrawal");
        declared.extend(withdrawals.map(|event| event.note));
    }
    declared
}

#[tokio::test]
async fn an_order_is_withdrawn_whole_unless_something_is_left_out() {
    on_both_engines(async |shop| {
        let mut browser = Browser::open(&shop).await;
        let form = the_second_step(&shop, &mut browser).await;
        assert_eq!(
            (form.value("name"), form.value("email")),
            ("Jeanne Dupont", "jeanne@exemple.fr")
        );

        let done = browser.send_form(&form).await;

        assert_eq!(done.status, StatusCode::OK);
        assert!(done.says("GL000001") && done.says("jeanne@exemple.fr"));
        let whole = "Jeanne Dupont <jeanne@exemple.fr>\n2 × TEA TEA (fr)\n1 × POT POT (fr)";
        assert_eq!(declared(&shop).await, [whole]);
        shop.run_jobs().await;
        let subjects = shop.mailer.subjects();
        let to_the_buyer = ["order-placed GL000001", "order-withdrawal GL000001"];
        assert_eq!(subjects[..2], to_the_buyer);
        assert_eq!(subjects[2..], ["[Contact] Rétractation GL000001"]);

        let again = browser.send_form(&form).await;
        assert_eq!(again.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(declared(&shop).await, [whole]);
    })
    .await;
}

#[tokio::test]
async fn one_unit_of_one_line_may_be_given_back() {
    on_both_engines(async |shop| {
        let mut browser = Browser::open(&shop).await;
        let form = the_second_step(&shop, &mut browser).await;

        let form = form.filled(&[("line", "0"), ("quantity-0", "1")]);
        browser.send_form(&form).await;

        let part = "Jeanne Dupont <jeanne@exemple.fr>\n1 × TEA TEA (fr)";
        assert_eq!(declared(&shop).await, [part]);
    })
    .await;
}

#[tokio::test]
async fn a_declaration_that_lacks_something_is_not_taken() {
    on_both_engines(async |shop| {
        let mut browser = Browser::open(&shop).await;
        let form = the_second_step(&shop, &mut browser).await;

        for (refused, refusal) in [
            (form.clone().without("line"), "Choisissez au moins un produit."),
            (form.clone().with("line", "7"), "Choisissez au moins un produit."),
            (form.clone().with("line", "x"), "Choisissez au moins un produit."),
            (
                form.clone().with("line", "0").with("quantity-0", "0"),
                "Choisissez au moins un produit.",
            ),
            (form.clone().with("name", ""), "Ce champ est nécessaire."),
            (form.clone().with("email", "jeanne"), "Cette adresse e-mail semble incomplète."),
        ] {
            let answer = browser.send_form(&refused).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{refusal}");
            assert_eq!(answer.refusals().len(), 1, "{:?}", answer.refusals());
            assert!(answer.refusals()[0].contains(refusal), "{:?}", answer.refusals());
            assert_eq!(answer.form("/withdrawal").value("name"), refused.value("name"));
        }

        assert_eq!(declared(&shop).await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn what_is_no_quantity_withdraws_nothing() {
    on_both_engines(async |shop| {
        let mut browser = Browser::open(&shop).await;
        let form = the_second_step(&shop, &mut browser).await;

        for bad in ["deux", "-1", "1.5", "3", "99999999999999999999"] {
            let form = form.clone().with("quantity-0", bad);
            let answer = browser.send_form(&form).await;
            assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{bad}");
        }

        assert_eq!(declared(&shop).await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn nobody_withdraws_from_the_order_of_somebody_else() {
    on_both_engines(async |shop| {
        let mut browser = Browser::open(&shop).await;
        let form = the_second_step(&shop, &mut browser).await;

        let unknown = identify(&mut browser, "GL000001", "ada@exemple.fr").await;
        assert_eq!(unknown.status, StatusCode::UNPROCESSABLE_ENTITY);
        let token = form.value("token").to_owned();
        let forged = forged(&token);
        for token in [forged.as_str(), "", "GL000001"] {
            let refused = browser.send_form(&form.clone().with("token", token)).await;
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        }

        assert_eq!(declared(&shop).await, [""; 0]);
    })
    .await;
}

#[tokio::test]
async fn there_is_nothing_to_withdraw_from_a_canceled_order() {
    on_both_engines(async |shop| {
        let mut browser = Browser::open(&shop).await;
        let form = the_second_step(&shop, &mut browser).await;
        let (orders, _) = shop::order::list(&shop, &OrderFilter::default(), 1, 0).await.unwrap();
        shop::order::cancel(&shop, orders[0].id, "admin", "sold out").await.unwrap();

        let identified = identify(&mut browser, "GL000001", "jeanne@exemple.fr").await;
        let confirmed = browser.send_form(&form).await;

        for refused in [identified, confirmed] {
            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
            assert!(refused.refusals()[0].starts_with("Cette commande est annulée"));
        }
        assert_eq!(declared(&shop).await, [""; 0]);
    })
    .await;
}
