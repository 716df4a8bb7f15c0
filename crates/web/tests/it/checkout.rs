//! `/checkout`: a guest's order from the cart to the confirmation, and all that stops it.

use axum::http::StatusCode;
use commerce::channel::Locale;
use commerce::order::{Order, OrderId};
use commerce::price::Price;
use commerce::stock::StockLevel;
use shop::order::OrderFilter;
use testkit::{
    TestShop, a_product, a_shop, an_address, at_once, change_price, change_product, eur,
    on_both_engines, sku, write_page,
};

use crate::browser::{Answer, Browser, euros, forged};
use crate::form::Form;

/// What a guest in Paris types and ticks; the rest of the form stays as it is.
const GUEST: [(&str, &str); 8] = [
    ("email", "jeanne@exemple.fr"),
    ("shipping-first-name", "Jeanne"),
    ("shipping-last-name", "Dupont"),
    ("shipping-street", "1 rue du Thé"),
    ("shipping-postcode", "75011"),
    ("shipping-city", "Paris"),
    ("terms", "yes"),
    ("action", "place"),
];

async fn put(browser: &mut Browser, sku: &str, quantity: u32) {
    let fields = [("sku".to_owned(), sku.to_owned()), ("quantity".into(), quantity.to_string())];
    let added = browser.post("/cart/add", &fields).await;
    assert_eq!(added.location(), "/cart");
}

/// A browser with three `TEA` and one `POT` in its cart; the terms stand in their first version.
async fn a_full_cart(shop: &TestShop) -> Browser {
    write_page(shop, "terms", "Article premier.").await;
    a_product(shop).price(450).tax_class("reduced").save().await;
    a_product(shop).sku("POT").price(2_490).eco_participation(12).save().await;
    let mut browser = Browser::open(shop).await;
    put(&mut browser, "TEA", 3).await;
    put(&mut browser, "POT", 1).await;
    browser
}

async fn a_filled_form(browser: &mut Browser) -> Form {
    browser.form("/checkout", "/checkout").await.filled(&GUEST)
}

/// The order that a confirmation leads to.
fn ordered(shop: &TestShop, answer: &Answer) -> OrderId {
    assert_eq!(answer.status, StatusCode::SEE_OTHER, "{:?}", answer.refusals());
    let token = answer.location().strip_prefix("/checkout/done/").expect("a confirmation");
    shop::order::open_token(shop, token).expect("our own token")
}

fn row(name: &str, amount: &str) -> (String, String) {
    (name.to_owned(), amount.to_owned())
}

async fn n_jobs(shop: &TestShop) -> u32 {
    shop::jobs::queue_state(shop).await.unwrap().n_ready
}

async fn assert_nothing_was_ordered(shop: &TestShop, browser: &mut Browser) {
    let page = browser.get("/cart").await;
    let form = page.form("/cart/update");
    assert!(form.fields.iter().any(|(name, _)| name.starts_with("quantity-")), "the cart is kept");
    let (orders, n) = shop::order::list(shop, &OrderFilter::default(), 10, 0).await.unwrap();
    assert_eq!((orders.len(), n), (0, 0));
    for sku in ["TEA", "POT"] {
        assert_eq!(shop.stock(sku).await.allocated, 0, "{sku}");
    }
    assert_eq!(n_jobs(shop).await, 0);
    shop.assert_the_ledger_explains_the_stock().await;
}

#[tokio::test]
async fn a_guest_orders_what_was_shown() {
    on_both_engines(async |shop| {
        let mut browser = a_full_cart(&shop).await;

        let page = browser.get("/checkout").await;
        let shown = [
            row("Sous-total (4 produits)", &euros(3_852)),
            row("dont éco-participation", &euros(12)),
            row("Livraison – flat", &euros(490)),
            row("Total TVA comprise", &euros(4_342)),
            row("dont TVA 20 %", &euros(415 + 2 + 82)),
            row("dont TVA 5,5 %", &euros(70)),
        ];
        assert_eq!(page.totals(), shown);
        assert!(page.says("Commander avec obligation de paiement"));
        let form = page.form("/checkout").filled(&GUEST);
        let placed = browser.send_form(&form).await;

        let id = ordered(&shop, &placed);
        let order = shop.order(id).await;
        assert!(order.adds_up());
        assert_eq!(order.total, Price::new(eur(1_280 + 2_075 + 10 + 408), eur(70 + 415 + 2 + 82)));
        let lines: Vec<_> = order.lines.iter().map(|line| (&line.sku, line.quantity)).collect();
        assert_eq!(lines, [(&sku("TEA"), 3), (&sku("POT"), 1)]);
        assert_eq!((order.delivery, order.billing), (an_address(), an_address()));
        assert_eq!((order.customer, order.terms_version), (None, 1));
        assert_eq!(order.shipping_method.as_str(), "flat");
        assert_eq!(order.payment_method.as_str(), "bank-transfer");
        assert_eq!(shop.stock("TEA").await, StockLevel { on_hand: 10, allocated: 3 });
        assert_eq!(shop.stock("POT").await, StockLevel { on_hand: 10, allocated: 1 });
        shop.assert_the_ledger_explains_the_stock().await;

        assert_eq!(n_jobs(&shop).await, 1);
        shop.run_jobs().await;
        assert_eq!(shop.mailer.subjects(), ["order-placed GL000001"]);
        assert_eq!(browser.cookie("greenleaf-cart"), None);
        assert!(browser.get("/cart").await.says("Votre panier est vide."));
        let thanks = browser.get(placed.location()).await;
        assert!(thanks.says("GL000001") && thanks.says("jeanne@exemple.fr"));
        assert_eq!(thanks.totals(), shown);
    })
    .await;
}

#[tokio::test]
async fn an_order_in_english_stays_in_english() {
    on_both_engines(async |shop| {
        let mut browser = a_full_cart(&shop).await;
        let form = browser.form("/en/checkout", "/en/checkout").await.filled(&GUEST);

        let placed = browser.send_form(&form).await;

        let token = placed.location().strip_prefix("/en/checkout/done/").unwrap();
        let order = shop.order(shop::order::open_token(&shop, token).unwrap()).await;
        assert_eq!((order.locale, order.lines[0].name.as_str()), (Locale::EN, "TEA (en)"));
        assert!(browser.get(placed.location()).await.says("GL000001"));
    })
    .await;
}

#[tokio::test]
async fn what_is_paid_for_a_second_address_goes_to_the_first() {
    on_both_engines(async |shop| {
        let mut browser = a_full_cart(&shop).await;
        let form = a_filled_form(&mut browser).await.filled(&[
            ("phone", "06 12 34 56 78"),
            ("billing-different", "yes"),
            ("billing-first-name", "Ada"),
            ("billing-last-name", "Martin"),
            ("billing-street", "2 rue du Port"),
            ("billing-postcode", "1000"),
            ("billing-city", "Bruxelles"),
            ("billing-country", "BE"),
        ]);

        let placed = browser.send_form(&form).await;

        let order: Order = shop.order(ordered(&shop, &placed)).await;
        assert_eq!(order.delivery.full_name(), "Jeanne Dupont");
        assert_eq!(order.billing.full_name(), "Ada Martin");
        assert_eq!(order.billing.country.as_str(), "BE");
        assert_eq!(order.delivery.phone, "06 12 34 56 78");
    })
    .await;
}

#[tokio::test]
async fn the_update_button_shows_what_another_delivery_costs_and_orders_nothing() {
    on_both_engines(async |shop| {
        let mut browser = a_full_cart(&shop).await;
        let form = a_filled_form(&mut browser)
            .await
            .filled(&[("shipping", "pick-up"), ("action", "update")])
            .without("terms");

        let shown = browser.send_form(&form).await;

        assert_eq!(shown.status, StatusCode::OK);
        assert_eq!(shown.refusals(), [""; 0]);
        assert_eq!(shown.totals()[2], row("Livraison – pick-up", "offerte"));
        assert_eq!(shown.form("/checkout").value("agreed-total"), "3852");
        assert_nothing_was_ordered(&shop, &mut browser).await;
    })
    .await;
}

#[tokio::test]
async fn a_form_sent_again_leads_to_the_same_confirmation() {
    on_both_engines(async |shop| {
        let mut browser = a_full_cart(&shop).await;
        let form = a_filled_form(&mut browser).await;
        let mut late = browser.window();

        let first = browser.send_form(&form).await;
        let second = late.send_form(&form).await;
        let reloaded = late.window().get("/checkout").await;

        assert_eq!(ordered(&shop, &first), ordered(&shop, &second));
        assert_eq!(first.location(), second.location());
        assert_eq!(reloaded.location(), "/cart", "the cart is gone from this browser");
        assert_eq!(shop.stock("TEA").await.allocated, 3);
        assert_eq!(n_jobs(&shop).await, 1);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_form_sent_eight_times_at_once_is_one_order() {
    on_both_engines(async |shop| {
        let mut browser = a_full_cart(&shop).await;
        let form = a_filled_form(&mut browser).await;

        let clicks = (0..8).map(|_| {
            let (mut window, form) = (browser.window(), form.clone());
            async move { window.send_form(&form).await }
        });
        let answers = at_once(clicks).await;

        let first = ordered(&shop, &answers[0]);
        for answer in &answers {
            assert_eq!(ordered(&shop, answer), first);
        }
        let (orders, _) = shop::order::list(&shop, &OrderFilter::default(), 10, 0).await.unwrap();
        assert_eq!(orders.iter().map(|order| order.id).collect::<Vec<_>>(), [first]);
        assert_eq!(shop.stock("TEA").await, StockLevel { on_hand: 10, allocated: 3 });
        assert_eq!(n_jobs(&shop).await, 1);
    })
    .await;
}

#[tokio::test]
async fn a_price_that_changed_since_the_page_was_seen_is_shown_before_it_is_asked() {
    on_both_engines(async |shop| {
        let mut browser = a_full_cart(&shop).await;
        let form = a_filled_form(&mut browser).await;
        change_price(&shop, "TEA", 460).await;

        let refused = browser.send_form(&form).await;

        assert_eq!(refused.status, StatusCode::CONFLICT);
        let total = euros(4_372);
        assert_eq!(
            refused.refusals(),
            [format!("Le total est maintenant de {total} : vérifiez-le, puis commandez.")]
        );
        assert_eq!(refused.totals()[3], row("Total TVA comprise", &total));
        assert_nothing_was_ordered(&shop, &mut browser).await;

        let again = refused.form("/checkout").filled(&[("terms", "yes"), ("action", "place")]);
        let placed = browser.send_form(&again).await;
        assert_eq!(shop.order(ordered(&shop, &placed)).await.total.gross(), Ok(eur(4_372)));
    })
    .await;
}

#[tokio::test]
async fn a_cart_that_changed_since_the_page_was_seen_is_shown_before_it_is_ordered() {
    on_both_engines(async |shop| {
        let mut browser = a_full_cart(&shop).await;
        a_product(&shop).sku("CUP").price(450).tax_class("reduced").save().await;
        let form = a_filled_form(&mut browser).await;
        // The same total, other goods.
        let update = browser.form("/cart", "/cart/update").await.with("quantity-TEA", "2");
        browser.send_form(&update).await;
        put(&mut browser, "CUP", 1).await;

        let refused = browser.send_form(&form).await;

        assert_eq!(refused.status, StatusCode::CONFLICT);
        assert_eq!(
            refused.refusals(),
            ["Votre panier a changé entre-temps : vérifiez-le, puis commandez."]
        );
        assert!(refused.says("CUP (fr)"));
        assert_nothing_was_ordered(&shop, &mut browser).await;
    })
    .await;
}

#[tokio::test]
async fn terms_that_changed_since_the_page_was_seen_are_accepted_anew() {
    on_both_engines(async |shop| {
        let mut browser = a_full_cart(&shop).await;
        let form = a_filled_form(&mut browser).await;
        assert_eq!(write_page(&shop, "terms", "Article premier, autrement.").await, 2);
        shop.follow().await;

        let refused = browser.send_form(&form).await;

        assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY);
        assert_eq!(
            refused.refusals(),
            ["Les conditions de vente ont changé : lisez-les, puis acceptez-les pour commander."]
        );
        let again = refused.form("/checkout");
        assert_eq!((again.value("terms-version"), again.value("terms")), ("2", ""));
        assert_nothing_was_ordered(&shop, &mut browser).await;

        let again = again.filled(&[("terms", "yes"), ("action", "place")]);
        let placed = browser.send_form(&again).await;
        assert_eq!(shop.order(ordered(&shop, &placed)).await.terms_version, 2);
    })
    .await;
}

#[tokio::test]
async fn what_sold_out_since_the_page_was_seen_is_named() {
    on_both_engines(async |shop| {
        let mut browser = a_full_cart(&shop).await;
        let form = a_filled_form(&mut browser).await;
        let mut other = Browser::open(&shop).await;
        put(&mut other, "TEA", 8).await;
        let placed = a_filled_form(&mut other).await;
        let placed = other.send_form(&placed).await;
        ordered(&shop, &placed);

        let refused = browser.send_form(&form).await;

        assert_eq!(refused.status, StatusCode::CONFLICT);
        assert_eq!(
            refused.refusals(),
            ["Il ne reste pas assez de « TEA (fr) » : corrigez votre panier."]
        );
        assert_eq!(shop.stock("TEA").await, StockLevel { on_hand: 10, allocated: 8 });
        assert_eq!(shop.stock("POT").await.allocated, 0);
        assert_eq!(n_jobs(&shop).await, 1, "that of the other order");
    })
    .await;
}

#[tokio::test]
async fn what_was_taken_off_sale_since_the_page_was_seen_is_named() {
    on_both_engines(async |shop| {
        let mut browser = a_full_cart(&shop).await;
        let form = a_filled_form(&mut browser).await;
        change_product(&shop, "TEA", |tea| {
            tea.visibility = commerce::catalog::Visibility::Hidden;
        })
        .await;

        let refused = browser.send_form(&form).await;

        assert_eq!(refused.status, StatusCode::CONFLICT);
        assert_eq!(
            refused.refusals(),
            ["« TEA (fr) » n’est plus en vente : retirez-le de votre panier."]
        );
        assert_nothing_was_ordered(&shop, &mut browser).await;
    })
    .await;
}

/// Sends the form and asserts that it comes back with this one refusal and all that was typed.
async fn assert_comes_back(browser: &mut Browser, form: &Form, refusal: &str) {
    let answer = browser.send_form(form).await;
    assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{refusal}");
    assert_eq!(answer.refusals(), [refusal]);
    let kept = answer.form("/checkout");
    for (name, value) in &form.fields {
        let is_typed = kept.fields.iter().any(|(known, _)| known == name);
        let is_own = ["csrf", "agreed-total", "shipping", "payment"].contains(&name.as_str());
        if is_typed && !is_own {
            assert_eq!(kept.value(name), value, "{refusal}: {name}");
        }
    }
}

#[tokio::test]
async fn a_form_that_lacks_something_comes_back_with_what_was_typed() {
    on_both_engines(async |shop| {
        let mut browser = a_full_cart(&shop).await;
        let form = a_filled_form(&mut browser).await;
        let long = "é".repeat(200);

        for (field, value, refusal) in [
            ("email", "", "Adresse e-mail : Ce champ est nécessaire."),
            (
                "email",
                "jeanne@<b>",
                "Adresse e-mail : Cette adresse e-mail semble incomplète. Exemple : camille@exemple.fr",
            ),
            ("shipping-first-name", "", "Prénom : Ce champ est nécessaire."),
            ("shipping-last-name", &long, "Nom : 80 caractères au plus."),
            ("shipping-street", " ", "Numéro et rue : Ce champ est nécessaire."),
            (
                "shipping-city",
                "Pa\u{0}ris",
                "Ville : Ce champ contient des caractères que nous ne pouvons pas lire.",
            ),
            (
                "shipping-postcode",
                "7501",
                "Code postal : Ce code postal ne correspond pas au pays choisi.",
            ),
            ("phone", "zéro six", "Téléphone : Ce numéro de téléphone semble incomplet."),
            ("payment", "", "Moyen de paiement : Faites un choix."),
            ("payment", "gold", "Moyen de paiement : Faites un choix."),
            ("terms", "", "Acceptez les conditions générales de vente pour commander."),
        ] {
            let form = form.clone().with(field, value);
            assert_comes_back(&mut browser, &form, refusal).await;
        }

        assert_nothing_was_ordered(&shop, &mut browser).await;
    })
    .await;
}

#[tokio::test]
async fn a_form_without_fields_is_refused_in_words() {
    on_both_engines(async |shop| {
        let mut browser = a_full_cart(&shop).await;
        let csrf = a_filled_form(&mut browser).await.value("csrf").to_owned();
        let bare = [("csrf".to_owned(), csrf), ("action".to_owned(), "place".to_owned())];

        let refused = browser.post("/checkout", &bare).await;

        assert_eq!(refused.status, StatusCode::CONFLICT);
        assert_eq!(refused.refusals().len(), 11, "{:?}", refused.refusals());
        assert_nothing_was_ordered(&shop, &mut browser).await;
    })
    .await;
}

#[tokio::test]
async fn fields_of_the_wrong_type_are_refused_in_words() {
    on_both_engines(async |shop| {
        let mut browser = a_full_cart(&shop).await;
        let form = a_filled_form(&mut browser).await;

        for (field, value) in [
            ("agreed-total", "43,42"),
            ("agreed-total", "99999999999999999999"),
            ("agreed-total", "-1"),
            ("agreed-total", ""),
            ("cart-version", "none"),
            ("cart-version", "4294967296"),
            ("cart-version", "-1"),
            ("terms-version", "x"),
            ("shipping", "🦀"),
            ("shipping", "../../etc"),
            ("shipping-country", "FRANCE"),
            ("shipping-country", "US"),
            ("saved-address", "' OR 1=1 --"),
        ] {
            let refused = browser.send_form(&form.clone().with(field, value)).await;
            if field == "saved-address" {
                ordered(&shop, &refused);
                return;
            }
            assert!(
                refused.status == StatusCode::CONFLICT
                    || refused.status == StatusCode::UNPROCESSABLE_ENTITY,
                "{field}={value}: {}",
                refused.status
            );
            assert_eq!(refused.refusals().len(), 1, "{field}={value}: {:?}", refused.refusals());
            assert_nothing_was_ordered(&shop, &mut browser).await;
        }
    })
    .await;
}

#[tokio::test]
async fn a_form_without_our_token_is_refused() {
    on_both_engines(async |shop| {
        let mut browser = a_full_cart(&shop).await;
        let form = a_filled_form(&mut browser).await;
        let mut stranger = Browser::open(&shop).await;
        let foreign = stranger.form("/contact", "/contact").await.value("csrf").to_owned();

        let missing = browser.send_form(&form.clone().without("csrf")).await;
        let wrong = browser.send_form(&form.clone().with("csrf", &foreign)).await;
        let from_afar =
            browser.post_from("/checkout", &form.fields, Some("https://evil.example")).await;

        for refused in [missing, wrong, from_afar] {
            assert_eq!(refused.status, StatusCode::FORBIDDEN);
            assert!(refused.says("Cette demande n’a pas été acceptée"));
        }
        assert_nothing_was_ordered(&shop, &mut browser).await;
    })
    .await;
}

#[tokio::test]
async fn whoever_orders_too_often_is_asked_to_wait() {
    on_both_engines(async |shop| {
        let mut browser = a_full_cart(&shop).await;
        let form = a_filled_form(&mut browser).await.without("terms");

        let mut last = browser.send_form(&form).await;
        for _ in 0..60 {
            if last.status == StatusCode::TOO_MANY_REQUESTS {
                break;
            }
            assert_eq!(last.status, StatusCode::UNPROCESSABLE_ENTITY);
            last = browser.send_form(&form).await;
        }

        assert_eq!(last.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(last.header("retry-after"), "60");
        assert_eq!(
            last.refusals(),
            ["Trop d’essais. Attendez quelques minutes avant de recommencer."]
        );
        assert_eq!(last.form("/checkout").value("shipping-street"), "1 rue du Thé");
        assert_nothing_was_ordered(&shop, &mut browser).await;
    })
    .await;
}

#[tokio::test]
async fn there_is_no_checkout_without_a_cart() {
    on_both_engines(async |shop| {
        let mut browser = Browser::open(&shop).await;
        let csrf = browser.form("/contact", "/contact").await.value("csrf").to_owned();

        let asked = browser.get("/checkout").await;
        let fields = [("csrf".to_owned(), csrf), ("action".to_owned(), "place".to_owned())];
        let sent = browser.post("/checkout", &fields).await;

        for answer in [asked, sent] {
            assert_eq!((answer.status, answer.location()), (StatusCode::SEE_OTHER, "/cart"));
        }
    })
    .await;
}

#[tokio::test]
async fn a_confirmation_opens_to_whoever_has_its_link_alone() {
    on_both_engines(async |shop| {
        let mut browser = a_full_cart(&shop).await;
        let form = a_filled_form(&mut browser).await;
        let placed = browser.send_form(&form).await;
        let id = ordered(&shop, &placed);
        let mut stranger = Browser::open(&shop).await;

        let token = placed.location().strip_prefix("/checkout/done/").unwrap();
        let forged = forged(token);
        let bare = id.0.to_string();
        for guess in [forged.as_str(), &bare, "x", &"A".repeat(5_000)] {
            for path in ["/checkout/done", "/orders"] {
                let refused = stranger.get(&format!("{path}/{guess}")).await;
                assert_eq!(refused.status, StatusCode::NOT_FOUND, "{path} {guess}");
            }
        }
        assert!(stranger.get(&format!("/orders/{token}")).await.says("GL000001"));
    })
    .await;
}

#[tokio::test]
async fn a_shop_without_tax_in_its_prices_shows_and_asks_them_with_tax() {
    let shop = a_shop().with_channel(|channel| channel.prices_include_tax = false);
    shop.on_both_engines(async |shop| {
        a_product(&shop).price(1_000).save().await;
        let mut browser = Browser::open(&shop).await;
        put(&mut browser, "TEA", 1).await;

        let page = browser.get("/checkout").await;
        let form = page.form("/checkout").filled(&GUEST);
        let placed = browser.send_form(&form).await;

        assert_eq!(page.totals()[2], row("Total TVA comprise", &euros(1_200 + 588)));
        let order = shop.order(ordered(&shop, &placed)).await;
        assert_eq!(order.total, Price::new(eur(1_490), eur(298)));
    })
    .await;
}
