//! From a cart to an order: one or none, at the price that was shown, of stock that is there.

use commerce::cart::CartId;
use commerce::catalog::Visibility;
use commerce::channel::Country;
use commerce::customer::Address;
use commerce::order::{Buyer, OrderId, OrderNumber};
use commerce::payment::PaymentMethodCode;
use commerce::price::{Price, SpecialPrice};
use commerce::shipment::ShippingMethodCode;
use commerce::stock::StockLevel;
use db::cart::CartState;
use db::order::OrderFilter;
use jiff::SignedDuration;
use shop::cart::Visitor;
use shop::checkout::{PlaceOrderError, Placement, place_order};
use testkit::{
    TestShop, a_buyer, a_cart, a_placement, a_product, an_address, at_once, change_price,
    change_product, eur, on_both_engines, sku, write_page,
};
use uuid::Uuid;

fn shipped_by(code: &str, cart: CartId) -> Placement {
    Placement { shipping: ShippingMethodCode::new(code).unwrap(), ..a_placement(cart) }
}

fn delivered_to(country: &str, postcode: &str, cart: CartId) -> Placement {
    let country = Country::new(country).unwrap();
    let delivery = Address { country, postcode: postcode.to_owned(), ..an_address() };
    Placement { buyer: Buyer { delivery, ..a_buyer() }, ..a_placement(cart) }
}

async fn numbers(shop: &TestShop) -> Vec<String> {
    let filter = OrderFilter::default();
    let listed = db::order::list(&mut shop.read().await, &filter, 1_000, 0).await.unwrap();
    let mut numbers: Vec<String> = listed.into_iter().map(|order| order.number).collect();
    numbers.sort();
    numbers
}

#[tokio::test]
async fn an_order_is_what_was_agreed() {
    on_both_engines(async |shop| {
        let tea = a_product(&shop).price(450).tax_class("reduced").weight_grams(80).save().await;
        a_product(&shop).sku("POT").price(2_490).eco_participation(12).save().await;
        let cart = a_cart(&shop).with(3, "TEA").with(1, "POT").save().await.id;
        let wanted = Placement { agreed_total: Some(eur(4_342)), ..a_placement(cart) };

        let id = place_order(&shop, &wanted).await.unwrap();

        let order = shop.order(id).await;
        assert!(order.adds_up());
        assert_eq!(order.number, OrderNumber::new("GL", 1));
        assert_eq!(order.total, Price::new(eur(1_280 + 2_075 + 10 + 408), eur(70 + 415 + 2 + 82)));
        assert_eq!(order.total.gross(), Ok(eur(4_342)));
        assert_eq!((order.cart, order.placed_at), (cart, shop.clock.now()));
        assert_eq!((order.email, order.delivery), (a_buyer().email, an_address()));
        let line = &order.lines[0];
        assert_eq!((&line.sku, line.quantity, line.n_shipped), (&sku("TEA"), 3, 0));
        assert_eq!((line.product, line.variant), (tea.id, tea.variants[0].id));
        assert_eq!((line.name.as_str(), line.weight_grams), ("TEA (fr)", 80));
        assert_eq!(line.amount, Price::new(eur(1_280), eur(70)));
        assert_eq!(shop.stock("TEA").await, StockLevel { on_hand: 10, allocated: 3 });
        assert_eq!(shop.stock("POT").await, StockLevel { on_hand: 10, allocated: 1 });
        shop.assert_the_ledger_explains_the_stock().await;
        let found = db::cart::find(&mut shop.read().await, cart).await.unwrap();
        assert_eq!(found.unwrap().1, CartState::Ordered);
    })
    .await;
}

#[tokio::test]
async fn the_terms_that_were_accepted_go_with_the_confirmation() {
    on_both_engines(async |shop| {
        let accepted = write_page(&shop, "terms", "Article premier").await;
        write_page(&shop, "terms", "Article corrigé").await;
        a_product(&shop).stock(3).save().await;
        let mut placement = a_placement(a_cart(&shop).with(1, "TEA").save().await.id);
        placement.buyer.terms_version = accepted;

        place_order(&shop, &placement).await.unwrap();
        shop.run_jobs().await;

        let sent = shop.mailer.sent();
        let [attached] = sent[0].attachments.as_slice() else { panic!("{sent:?}") };
        assert_eq!(attached.file_name, "terms-1.html");
        assert!(attached.html.contains("<p>Article premier</p>"), "{}", attached.html);
    })
    .await;
}

#[tokio::test]
async fn what_is_collected_is_taxed_where_it_is_collected() {
    on_both_engines(async |shop| {
        a_product(&shop).tax_class("standard").stock(3).save().await;
        let abroad = |cart| delivered_to("BE", "1000", cart);
        let by = |code: &str, placement| Placement {
            shipping: ShippingMethodCode::new(code).unwrap(),
            ..placement
        };
        let rate = async |placement: Placement| {
            let id = place_order(&shop, &placement).await.unwrap();
            let order = db::order::find(&mut shop.read().await, id).await.unwrap().unwrap().order;
            order.lines[0].rate.basis_points()
        };
        let (first, second) = (
            a_cart(&shop).with(1, "TEA").save().await.id,
            a_cart(&shop).with(1, "TEA").save().await.id,
        );

        assert_eq!(rate(by("pick-up", abroad(first))).await, 2_000);
        assert_eq!(rate(by("flat", abroad(second))).await, 2_100);
    })
    .await;
}

#[tokio::test]
async fn no_more_is_paid_in_cash_than_the_law_allows() {
    on_both_engines(async |shop| {
        a_product(&shop).price(50_000).stock(9).save().await;
        let cart = a_cart(&shop).with(2, "TEA").save().await.id;
        let payment = PaymentMethodCode::new("cash-on-delivery").unwrap();
        let placement = Placement { payment, ..a_placement(cart) };

        let refused = place_order(&shop, &placement).await.unwrap_err();

        assert!(matches!(refused, PlaceOrderError::PaymentNotOffered), "{refused:?}");
        assert_eq!(shop.stock("TEA").await.allocated, 0);
    })
    .await;
}

#[tokio::test]
async fn the_confirmation_is_mailed_with_a_link_that_opens_the_order() {
    on_both_engines(async |shop| {
        a_product(&shop).save().await;
        let cart = a_cart(&shop).with(1, "TEA").save().await.id;
        let id = place_order(&shop, &a_placement(cart)).await.unwrap();

        shop.run_jobs().await;

        let mails = shop.mailer.sent();
        assert_eq!(mails.len(), 1);
        assert_eq!(mails[0].to, "jeanne@exemple.fr");
        assert_eq!(mails[0].subject, "order-placed GL000001");
        let link = mails[0].text.lines().last().unwrap();
        let token = link.strip_prefix("https://greenleaf.test/orders/").unwrap();
        assert_eq!(shop::order::open_token(&shop, token), Some(id));
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn ten_units_are_sold_to_ten_of_sixty_four_buyers() {
    on_both_engines(async |shop| {
        a_product(&shop).stock(10).save().await;
        let instances = shop.instances(2).await;
        let mut buyers = Vec::new();
        for n in 0..64 {
            let cart = a_cart(&shop).with(1, "TEA").save().await.id;
            let shop = instances[n % 2].clone();
            buyers.push(async move { place_order(&shop, &a_placement(cart)).await });
        }

        let answers = at_once(buyers).await;

        let (served, refused): (Vec<_>, Vec<_>) = answers.into_iter().partition(Result::is_ok);
        let is_short = |error: &PlaceOrderError| {
            matches!(error, PlaceOrderError::OutOfStock(short) if *short == sku("TEA"))
        };
        let others: Vec<_> =
            refused.into_iter().map(Result::unwrap_err).filter(|error| !is_short(error)).collect();
        assert!(others.is_empty(), "{others:?}");
        assert_eq!(served.len(), 10);
        assert_eq!(shop.stock("TEA").await, StockLevel { on_hand: 10, allocated: 10 });
        let gapless: Vec<String> = (1..=10).map(|n| format!("GL{n:06}")).collect();
        assert_eq!(numbers(&shop).await, gapless);
        shop.assert_the_ledger_explains_the_stock().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn buyers_of_the_same_products_in_any_order_do_not_lock_each_other_out() {
    on_both_engines(async |shop| {
        let skus = ["CUP", "MILK", "POT", "SUGAR", "TEA"];
        for text in skus {
            a_product(&shop).sku(text).stock(25).save().await;
        }
        let instances = shop.instances(2).await;
        let mut buyers = Vec::new();
        for n in 0..64_usize {
            let mut cart = a_cart(&shop);
            for step in 0..3 {
                let step = if n % 2 == 0 { step } else { 2 - step };
                cart = cart.with(1, skus[(n / 2 + step) % skus.len()]);
            }
            let cart = cart.save().await.id;
            let shop = instances[n % 2].clone();
            buyers.push(async move { place_order(&shop, &a_placement(cart)).await });
        }

        let answers = at_once(buyers).await;

        let others: Vec<_> = answers
            .iter()
            .filter_map(|answer| answer.as_ref().err())
            .filter(|error| !matches!(error, PlaceOrderError::OutOfStock(_)))
            .collect();
        assert!(others.is_empty(), "{others:?}");
        let n_served = answers.iter().filter(|answer| answer.is_ok()).count();
        let gapless: Vec<String> = (1..=n_served).map(|n| format!("GL{n:06}")).collect();
        assert_eq!(numbers(&shop).await, gapless);
        let mut n_promised = 0;
        for text in skus {
            n_promised += usize::try_from(shop.stock(text).await.allocated).unwrap();
        }
        assert_eq!(n_promised, 3 * n_served);
        shop.assert_the_ledger_explains_the_stock().await;
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn a_checkout_sent_eight_times_at_once_is_one_order() {
    on_both_engines(async |shop| {
        a_product(&shop).save().await;
        let cart = a_cart(&shop).with(2, "TEA").save().await.id;
        let instances = shop.instances(2).await;

        let clicks = (0..8).map(|n| {
            let shop = instances[n % 2].clone();
            async move { place_order(&shop, &a_placement(cart)).await.unwrap() }
        });
        let answers = at_once(clicks).await;

        assert_eq!(answers, [answers[0]; 8]);
        assert_eq!(numbers(&shop).await, ["GL000001"]);
        assert_eq!(shop.stock("TEA").await, StockLevel { on_hand: 10, allocated: 2 });
        let events = db::order::list_events(&mut shop.read().await, answers[0]).await.unwrap();
        assert_eq!(events.len(), 1);
        shop.run_jobs().await;
        assert_eq!(shop.mailer.subjects(), ["order-placed GL000001"]);
    })
    .await;
}

#[tokio::test]
async fn a_checkout_sent_again_later_gives_the_first_order() {
    on_both_engines(async |shop| {
        a_product(&shop).stock(1).save().await;
        let cart = a_cart(&shop).with(1, "TEA").save().await.id;
        let first = place_order(&shop, &a_placement(cart)).await.unwrap();
        shop.clock.advance(SignedDuration::from_hours(24));

        let again = place_order(&shop, &shipped_by("pick-up", cart)).await.unwrap();

        assert_eq!(again, first);
        assert_eq!(shop.order(first).await.shipping_method.as_str(), "flat");
    })
    .await;
}

#[tokio::test]
async fn a_price_that_rose_since_the_look_is_asked_for_again() {
    on_both_engines(async |shop| {
        a_product(&shop).price(450).save().await;
        let cart = a_cart(&shop).with(2, "TEA").save().await.id;
        let seen = Placement { agreed_total: Some(eur(1_390)), ..a_placement(cart) };
        change_price(&shop, "TEA", 500).await;

        let refused = place_order(&shop, &seen).await.unwrap_err();

        let PlaceOrderError::TotalChanged(total) = refused else { panic!("{refused:?}") };
        assert_eq!(total, eur(1_490));
        shop.assert_nothing_was_ordered(cart).await;
        let agreed = Placement { agreed_total: Some(total), ..seen };
        let id = place_order(&shop, &agreed).await.unwrap();
        assert_eq!(shop.order(id).await.total.gross(), Ok(eur(1_490)));
    })
    .await;
}

#[tokio::test]
async fn a_cart_that_changed_since_the_look_is_not_ordered() {
    on_both_engines(async |shop| {
        a_product(&shop).save().await;
        a_product(&shop).sku("CUP").save().await;
        let seen = a_cart(&shop).with(2, "TEA").save().await;
        let visitor = Visitor { cart: Some(seen.id), customer: None, locale: seen.locale };
        // The same total, other goods.
        shop::cart::set(&shop, visitor, &sku("TEA"), 1).await.unwrap();
        let now = shop::cart::set(&shop, visitor, &sku("CUP"), 1).await.unwrap();
        let placed = |version| Placement { cart_version: version, ..a_placement(seen.id) };

        for version in [Some(seen.version), Some(now.version + 1), Some(0), Some(u32::MAX)] {
            let refused = place_order(&shop, &placed(version)).await;
            assert!(matches!(refused, Err(PlaceOrderError::CartChanged)), "{refused:?}");
            shop.assert_nothing_was_ordered(seen.id).await;
        }
        let id = place_order(&shop, &placed(Some(now.version))).await.unwrap();

        let again = place_order(&shop, &placed(Some(now.version))).await.unwrap();
        assert_eq!(id, again, "sent again, it is the same order");
    })
    .await;
}

#[tokio::test]
async fn a_special_price_that_ended_since_the_look_is_asked_for_again() {
    on_both_engines(async |shop| {
        let until = Some(shop.clock.now() + SignedDuration::from_mins(5));
        let special = SpecialPrice { amount: eur(300), from: None, until };
        a_product(&shop).price(450).special(special).save().await;
        let place = async |cart| {
            let seen = Placement { agreed_total: Some(eur(790)), ..a_placement(cart) };
            place_order(&shop, &seen).await
        };
        let early = a_cart(&shop).with(1, "TEA").save().await.id;
        let late = a_cart(&shop).with(1, "TEA").save().await.id;

        let id = place(early).await.unwrap();
        shop.clock.advance(SignedDuration::from_mins(5));
        let refused = place(late).await.unwrap_err();

        assert_eq!(shop.order(id).await.total.gross(), Ok(eur(790)));
        assert!(
            matches!(refused, PlaceOrderError::TotalChanged(total) if total == eur(940)),
            "{refused:?}"
        );
        assert_eq!(numbers(&shop).await, ["GL000001"]);
    })
    .await;
}

#[tokio::test]
async fn delivery_is_free_from_its_threshold_on() {
    on_both_engines(async |shop| {
        a_product(&shop).sku("PAN").price(5_899).save().await;
        a_product(&shop).sku("POT").price(5_900).save().await;
        let total = async |text: &str| {
            let cart = a_cart(&shop).with(1, text).save().await.id;
            let id = place_order(&shop, &shipped_by("free", cart)).await.unwrap();
            shop.order(id).await.total.gross().unwrap()
        };

        assert_eq!(total("PAN").await, eur(5_899 + 590));
        assert_eq!(total("POT").await, eur(5_900));
    })
    .await;
}

#[tokio::test]
async fn goods_are_taxed_where_they_are_delivered() {
    on_both_engines(async |shop| {
        a_product(&shop).price(1_210).tax_class("reduced").save().await;
        let cart = a_cart(&shop).with(1, "TEA").save().await.id;

        let id = place_order(&shop, &delivered_to("BE", "1000", cart)).await.unwrap();

        let order = shop.order(id).await;
        assert_eq!(order.lines[0].amount, Price::new(eur(1_000), eur(210)));
        assert_eq!(order.total, Price::new(eur(1_405), eur(295)));
    })
    .await;
}

/// Tries to order a cart and asserts that the error fits and that nothing was written.
async fn assert_refused(
    shop: &TestShop,
    wanted: &Placement,
    fits: impl FnOnce(&PlaceOrderError) -> bool,
) {
    let refused = place_order(shop, wanted).await.unwrap_err();

    assert!(fits(&refused), "{refused:?}");
    shop.assert_nothing_was_ordered(wanted.cart).await;
}

#[tokio::test]
async fn an_order_for_more_than_there_is_is_refused_whole() {
    on_both_engines(async |shop| {
        a_product(&shop).sku("CUP").save().await;
        a_product(&shop).sku("TEA").stock(2).save().await;
        let cart = a_cart(&shop).with(1, "CUP").with(3, "TEA").save().await.id;

        assert_refused(
            &shop,
            &a_placement(cart),
            |error| matches!(error, PlaceOrderError::OutOfStock(short) if *short == sku("TEA")),
        )
        .await;
    })
    .await;
}

#[tokio::test]
async fn what_was_taken_off_sale_cannot_be_ordered() {
    on_both_engines(async |shop| {
        a_product(&shop).sku("CUP").save().await;
        a_product(&shop).sku("TEA").save().await;
        let cart = a_cart(&shop).with(1, "CUP").with(1, "TEA").save().await.id;
        change_product(&shop, "TEA", |product| product.visibility = Visibility::Hidden).await;

        assert_refused(
            &shop,
            &a_placement(cart),
            |error| matches!(error, PlaceOrderError::NotSold(unsold) if *unsold == sku("TEA")),
        )
        .await;
    })
    .await;
}

#[tokio::test]
async fn a_way_to_deliver_must_be_offered() {
    on_both_engines(async |shop| {
        a_product(&shop).save().await;
        let cart = a_cart(&shop).with(1, "TEA").save().await.id;

        assert_refused(&shop, &shipped_by("drone", cart), |error| {
            matches!(error, PlaceOrderError::ShippingNotOffered)
        })
        .await;
    })
    .await;
}

#[tokio::test]
async fn a_way_to_pay_must_be_offered() {
    on_both_engines(async |shop| {
        a_product(&shop).save().await;
        let cart = a_cart(&shop).with(1, "TEA").save().await.id;
        let payment = PaymentMethodCode::new("shells").unwrap();

        assert_refused(&shop, &Placement { payment, ..a_placement(cart) }, |error| {
            matches!(error, PlaceOrderError::PaymentNotOffered)
        })
        .await;
    })
    .await;
}

#[tokio::test]
async fn a_country_must_be_served() {
    on_both_engines(async |shop| {
        a_product(&shop).save().await;
        let cart = a_cart(&shop).with(1, "TEA").save().await.id;

        assert_refused(&shop, &delivered_to("IT", "00100", cart), |error| {
            matches!(error, PlaceOrderError::CountryNotServed)
        })
        .await;
    })
    .await;
}

#[tokio::test]
async fn an_empty_cart_is_no_order() {
    on_both_engines(async |shop| {
        let cart = a_cart(&shop).save().await.id;

        assert_refused(&shop, &a_placement(cart), |error| {
            matches!(error, PlaceOrderError::EmptyCart)
        })
        .await;
    })
    .await;
}

#[tokio::test]
async fn a_cart_that_nobody_has_is_no_order() {
    on_both_engines(async |shop| {
        assert_refused(&shop, &a_placement(CartId(Uuid::now_v7())), |error| {
            matches!(error, PlaceOrderError::NoCart)
        })
        .await;
    })
    .await;
}

#[tokio::test]
async fn a_refused_order_leaves_no_gap_in_the_numbers() {
    on_both_engines(async |shop| {
        a_product(&shop).save().await;
        let place = async |quantity| -> Result<OrderId, PlaceOrderError> {
            let cart = a_cart(&shop).with(quantity, "TEA").save().await.id;
            place_order(&shop, &a_placement(cart)).await
        };

        place(1).await.unwrap();
        place(100).await.unwrap_err();
        place(1).await.unwrap();

        assert_eq!(numbers(&shop).await, ["GL000001", "GL000002"]);
    })
    .await;
}
