//! `/cart`: what goes in, what stays out, and what it comes to.

use axum::http::StatusCode;
use testkit::{TestShop, a_configurable, a_product, change_price, change_product, on_both_engines};

use crate::browser::{Answer, Browser, euros, forged};
use crate::form::Form;

/// What fills a field that a form has and a test does not care for.
fn pairs(fields: &[(&str, &str)]) -> Vec<(String, String)> {
    fields.iter().map(|(name, value)| ((*name).to_owned(), (*value).to_owned())).collect()
}

async fn add(browser: &mut Browser, fields: &[(&str, &str)]) -> Answer {
    browser.post("/cart/add", &pairs(fields)).await
}

/// The quantities in the fields of the cart's page, in its order.
fn quantities(form: &Form) -> Vec<(String, String)> {
    let lines = form.fields.iter().filter(|(name, _)| name.starts_with("quantity-"));
    lines.cloned().collect()
}

async fn cart(browser: &mut Browser) -> Vec<(String, String)> {
    let page = browser.get("/cart").await;
    assert_eq!(page.status, StatusCode::OK);
    if page.says("Votre panier est vide.") {
        return Vec::new();
    }
    quantities(&page.form("/cart/update"))
}

fn row(name: &str, amount: &str) -> (String, String) {
    (name.to_owned(), amount.to_owned())
}

async fn a_shop_with_tea_and_a_pot(shop: &TestShop) -> Browser {
    a_product(shop).price(450).tax_class("reduced").save().await;
    a_product(shop).sku("POT").price(2_490).eco_participation(12).save().await;
    Browser::open(shop).await
}

#[tokio::test]
async fn what_a_product_page_adds_is_in_the_cart_at_its_price() {
    on_both_engines(async |shop| {
        let mut browser = a_shop_with_tea_and_a_pot(&shop).await;
        let tea = browser.form("/p/tea", "/cart/add").await.with("quantity", "3");
        let pot = browser.form("/p/pot", "/cart/add").await;

        let added = browser.send_form(&tea).await;
        browser.send_form(&pot).await;
        let page = browser.get("/cart").await;

        assert_eq!((added.status, added.location()), (StatusCode::SEE_OTHER, "/cart"));
        assert!(page.says("C’est dans votre panier."));
        assert_eq!(
            quantities(&page.form("/cart/update")),
            pairs(&[("quantity-TEA", "3"), ("quantity-POT", "1")])
        );
        assert_eq!(
            page.totals(),
            [
                row("Sous-total (4 produits)", &euros(3_852)),
                row("dont éco-participation", &euros(12)),
                row("Livraison", &format!("à partir de {}", euros(490))),
                row("Total TVA comprise", &euros(4_342)),
                row("dont TVA 20 %", &euros(415 + 2 + 82)),
                row("dont TVA 5,5 %", &euros(70)),
            ]
        );
        let again = browser.get("/cart").await;
        assert!(!again.says("C’est dans votre panier."), "a notice is shown once");
    })
    .await;
}

#[tokio::test]
async fn quantities_change_and_lines_go() {
    on_both_engines(async |shop| {
        let mut browser = a_shop_with_tea_and_a_pot(&shop).await;
        add(&mut browser, &[("sku", "TEA")]).await;
        add(&mut browser, &[("sku", "POT")]).await;

        let form = browser.form("/cart", "/cart/update").await.with("quantity-TEA", "7");
        let changed = browser.send_form(&form).await;
        assert_eq!((changed.status, changed.location()), (StatusCode::SEE_OTHER, "/cart"));
        assert_eq!(
            cart(&mut browser).await,
            pairs(&[("quantity-TEA", "7"), ("quantity-POT", "1")])
        );

        let form = browser.form("/cart", "/cart/remove").await;
        assert_eq!(form.value("line"), "TEA");
        browser.send_form(&form).await;
        assert_eq!(cart(&mut browser).await, pairs(&[("quantity-POT", "1")]));

        let form = browser.form("/cart", "/cart/update").await.with("quantity-POT", "0");
        browser.send_form(&form).await;
        assert_eq!(cart(&mut browser).await, []);
    })
    .await;
}

#[tokio::test]
async fn no_more_goes_in_than_there_is() {
    on_both_engines(async |shop| {
        a_product(&shop).stock(3).save().await;
        a_product(&shop).sku("GONE").stock(0).save().await;
        let mut browser = Browser::open(&shop).await;
        add(&mut browser, &[("sku", "TEA"), ("quantity", "2")]).await;
        browser.get("/cart").await;

        let refused = add(&mut browser, &[("sku", "TEA"), ("quantity", "2")]).await;
        assert_eq!(refused.location(), "/p/tea");
        assert!(browser.get("/cart").await.says("Il n’en reste pas autant."));
        let form = browser.form("/cart", "/cart/update").await.with("quantity-TEA", "4");
        browser.send_form(&form).await;
        assert!(browser.get("/cart").await.says("Il n’en reste pas autant."));
        add(&mut browser, &[("sku", "GONE")]).await;
        assert!(browser.get("/cart").await.says("Ce produit vient de s’épuiser."));

        assert_eq!(cart(&mut browser).await, pairs(&[("quantity-TEA", "2")]));
    })
    .await;
}

#[tokio::test]
async fn what_is_not_sold_stays_out() {
    on_both_engines(async |shop| {
        let mut browser = a_shop_with_tea_and_a_pot(&shop).await;
        let nobody = uuid::Uuid::nil().to_string();

        for unknown in [
            [("sku", "NONE")],
            [("sku", "tea")],
            [("sku", "thé vert")],
            [("sku", "'; DROP TABLE carts; --")],
            [("product", "none")],
            [("product", nobody.as_str())],
            [("other", "TEA")],
        ] {
            let refused = add(&mut browser, &unknown).await;
            assert_eq!(refused.location(), "/cart", "{unknown:?}");
            assert!(browser.get("/cart").await.says("Ce produit n’est plus en vente."));
        }

        assert_eq!(browser.cookie("greenleaf-cart"), None);
    })
    .await;
}

#[tokio::test]
async fn what_is_no_quantity_changes_nothing() {
    on_both_engines(async |shop| {
        let mut browser = a_shop_with_tea_and_a_pot(&shop).await;
        add(&mut browser, &[("sku", "TEA"), ("quantity", "2")]).await;
        browser.get("/cart").await;

        for bad in ["deux", "-1", "1.5", "0x10", "99999999999999999999", "1000", "0", "\u{0}"] {
            let refused = add(&mut browser, &[("sku", "TEA"), ("quantity", bad)]).await;
            assert_eq!((refused.status, refused.location()), (StatusCode::SEE_OTHER, "/p/tea"));
            assert_ne!(browser.cookie("greenleaf-notice"), Some("notice-added-to-cart"), "{bad}");
        }
        for bad in ["deux", "-1", "1.5", "1000"] {
            let form = browser.form("/cart", "/cart/update").await.with("quantity-TEA", bad);
            let refused = browser.send_form(&form).await;
            assert_eq!((refused.status, refused.location()), (StatusCode::SEE_OTHER, "/cart"));
            assert_ne!(browser.cookie("greenleaf-notice"), Some("notice-cart-updated"), "{bad}");
        }

        assert_eq!(cart(&mut browser).await, pairs(&[("quantity-TEA", "2")]));
    })
    .await;
}

#[tokio::test]
async fn only_our_own_pages_put_something_into_a_cart() {
    on_both_engines(async |shop| {
        let mut browser = a_shop_with_tea_and_a_pot(&shop).await;
        let tea = pairs(&[("sku", "TEA")]);

        for origin in [None, Some("https://evil.example"), Some("null"), Some("greenleaf.test")] {
            let refused = browser.post_from("/cart/add", &tea, origin).await;
            assert_eq!(refused.status, StatusCode::FORBIDDEN, "{origin:?}");
        }

        assert_eq!(browser.cookie("greenleaf-cart"), None);
    })
    .await;
}

#[tokio::test]
async fn an_old_window_does_not_undo_what_a_newer_one_did() {
    on_both_engines(async |shop| {
        let mut browser = a_shop_with_tea_and_a_pot(&shop).await;
        add(&mut browser, &[("sku", "TEA")]).await;
        let old = browser.form("/cart", "/cart/update").await.with("quantity-TEA", "9");
        let old_removal = browser.form("/cart", "/cart/remove").await;
        add(&mut browser, &[("sku", "TEA")]).await;
        browser.get("/cart").await;

        for stale in [old, old_removal] {
            browser.send_form(&stale).await;
            assert!(browser.get("/cart").await.says("Le panier a changé dans une autre fenêtre."));
        }

        assert_eq!(cart(&mut browser).await, pairs(&[("quantity-TEA", "2")]));
    })
    .await;
}

#[tokio::test]
async fn a_cart_cannot_be_guessed() {
    on_both_engines(async |shop| {
        let mut browser = a_shop_with_tea_and_a_pot(&shop).await;
        add(&mut browser, &[("sku", "TEA")]).await;
        let token = browser.cookie("greenleaf-cart").unwrap().to_owned();
        let mut other = Browser::open(&shop).await;

        let forged = forged(&token);
        for guess in [forged.as_str(), &token[..22], "", "%00", &"A".repeat(4_000)] {
            other.set_cookie("greenleaf-cart", guess);
            assert_eq!(cart(&mut other).await, [], "{guess}");
        }
        other.set_cookie("greenleaf-cart", &token);
        assert_eq!(cart(&mut other).await, pairs(&[("quantity-TEA", "1")]));
    })
    .await;
}

#[tokio::test]
async fn a_variant_is_chosen_by_all_of_its_options() {
    on_both_engines(async |shop| {
        let tee = a_configurable(&shop).save().await;
        let id = tee.id.0.to_string();
        let mut browser = Browser::open(&shop).await;

        for unclear in [vec![], vec![("option-size", "xxl")], vec![("option-color", "m")]] {
            let fields = [vec![("product", id.as_str())], unclear].concat();
            assert_eq!(add(&mut browser, &fields).await.location(), "/p/tee");
            assert_eq!(browser.cookie("greenleaf-notice"), Some("notice-choose-options"));
        }
        let chosen = browser.form("/p/tee", "/cart/add").await.with("option-size", "m");
        browser.send_form(&chosen).await;

        assert_eq!(cart(&mut browser).await, pairs(&[("quantity-TEE-M", "1")]));
    })
    .await;
}

#[tokio::test]
async fn the_cart_is_priced_from_the_truth_and_not_from_memory() {
    on_both_engines(async |shop| {
        let mut browser = a_shop_with_tea_and_a_pot(&shop).await;
        add(&mut browser, &[("sku", "TEA")]).await;

        change_price(&shop, "TEA", 610).await;

        let page = browser.get("/cart").await;
        assert_eq!(page.totals()[0], row("Sous-total (1 produit)", &euros(610)));
    })
    .await;
}

#[tokio::test]
async fn a_line_that_is_no_longer_sold_blocks_the_way_to_checkout() {
    on_both_engines(async |shop| {
        let mut browser = a_shop_with_tea_and_a_pot(&shop).await;
        add(&mut browser, &[("sku", "TEA")]).await;
        add(&mut browser, &[("sku", "POT")]).await;
        change_product(&shop, "TEA", |tea| {
            tea.visibility = commerce::catalog::Visibility::Hidden;
        })
        .await;

        let page = browser.get("/cart").await;
        let checkout = browser.get("/checkout").await;

        assert!(page.says("Ce produit n’est plus en vente."));
        assert!(page.says("Corrigez les lignes signalées pour passer commande."));
        assert_eq!((checkout.status, checkout.location()), (StatusCode::SEE_OTHER, "/cart"));
        let form = page.form("/cart/remove");
        browser.send_form(&form).await;
        assert_eq!(browser.get("/checkout").await.status, StatusCode::OK);
    })
    .await;
}
