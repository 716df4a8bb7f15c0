//! Carts: what goes in, and what they come to.

use commerce::cart::{CartLine, RefuseLine};
use commerce::catalog::Visibility;
use commerce::channel::{Country, Locale};
use commerce::price::{Price, SpecialPrice};
use jiff::SignedDuration;
use shop::cart::{ChangeCartError, LineProblem, Visitor, add, set, view};
use shop::checkout::place_order;
use testkit::{
    TestShop, a_cart, a_configurable, a_placement, a_product, at_once, change_price,
    change_product, eur, on_both_engines, sku,
};

fn a_guest() -> Visitor {
    Visitor { cart: None, customer: None, locale: Locale::FR }
}

fn holding(cart: commerce::cart::CartId) -> Visitor {
    Visitor { cart: Some(cart), ..a_guest() }
}

async fn lines(shop: &TestShop, cart: commerce::cart::CartId) -> Vec<CartLine> {
    db::cart::find(&mut shop.read().await, cart).await.unwrap().unwrap().0.lines
}

#[tokio::test]
async fn the_first_unit_begins_a_cart_and_the_next_join_it() {
    on_both_engines(async |shop| {
        a_product(&shop).save().await;

        let begun = add(&shop, a_guest(), &sku("TEA"), 1).await.unwrap();
        let joined = add(&shop, holding(begun.id), &sku("TEA"), 2).await.unwrap();

        assert_eq!((joined.id, joined.version), (begun.id, 2));
        let three = [CartLine { sku: sku("TEA"), quantity: 3 }];
        assert_eq!(joined.lines, three);
        assert_eq!(lines(&shop, begun.id).await, three);
    })
    .await;
}

#[tokio::test]
async fn clicks_at_the_same_moment_are_all_counted() {
    on_both_engines(async |shop| {
        a_product(&shop).save().await;
        let cart = a_cart(&shop).with(1, "TEA").save().await.id;

        let clicks = (0..4).map(|_| {
            let shop = shop.clone();
            async move { add(&shop, holding(cart), &sku("TEA"), 1).await.map(drop) }
        });
        let done = at_once(clicks).await;

        assert!(done.iter().all(Result::is_ok), "{done:?}");
        assert_eq!(lines(&shop, cart).await, [CartLine { sku: sku("TEA"), quantity: 5 }]);
    })
    .await;
}

#[tokio::test]
async fn no_more_goes_in_than_is_available() {
    on_both_engines(async |shop| {
        a_product(&shop).stock(3).save().await;
        let cart = a_cart(&shop).with(2, "TEA").save().await.id;

        let refused = add(&shop, holding(cart), &sku("TEA"), 2).await.unwrap_err();

        let ChangeCartError::NotEnough { sku: short, available } = refused else {
            panic!("{refused:?}")
        };
        assert_eq!((short, available), (sku("TEA"), 3));
        assert_eq!(lines(&shop, cart).await, [CartLine { sku: sku("TEA"), quantity: 2 }]);
    })
    .await;
}

#[tokio::test]
async fn fewer_may_be_kept_when_less_is_available_than_before() {
    on_both_engines(async |shop| {
        a_product(&shop).stock(1).save().await;
        let cart = a_cart(&shop).with(5, "TEA").save().await.id;

        set(&shop, holding(cart), &sku("TEA"), 2).await.unwrap();
        assert_eq!(lines(&shop, cart).await, [CartLine { sku: sku("TEA"), quantity: 2 }]);
        set(&shop, holding(cart), &sku("TEA"), 0).await.unwrap();

        assert_eq!(lines(&shop, cart).await, []);
    })
    .await;
}

#[tokio::test]
async fn what_is_not_sold_does_not_go_in() {
    on_both_engines(async |shop| {
        a_product(&shop).sku("DRAFT").visibility(Visibility::Draft).save().await;
        a_product(&shop).sku("HIDDEN").visibility(Visibility::Hidden).save().await;
        a_product(&shop).sku("DISABLED").save().await;
        change_product(&shop, "DISABLED", |product| product.variants[0].is_enabled = false).await;
        a_product(&shop).sku("PRICELESS").save().await;
        change_product(&shop, "PRICELESS", |product| product.variants[0].prices.clear()).await;
        let cart = a_cart(&shop).save().await.id;

        for unsold in ["DRAFT", "HIDDEN", "DISABLED", "PRICELESS", "UNKNOWN"] {
            let refused = add(&shop, holding(cart), &sku(unsold), 1).await.unwrap_err();
            assert!(matches!(refused, ChangeCartError::NotSold), "{unsold}: {refused:?}");
        }

        assert_eq!(lines(&shop, cart).await, []);
    })
    .await;
}

#[tokio::test]
async fn a_line_has_a_limit_whatever_the_stock() {
    on_both_engines(async |shop| {
        a_product(&shop).stock(2_000).save().await;
        let cart = a_cart(&shop).with(999, "TEA").save().await.id;

        let refused = add(&shop, holding(cart), &sku("TEA"), 1).await.unwrap_err();
        assert!(matches!(refused, ChangeCartError::Refused(RefuseLine::TooMany)), "{refused:?}");

        assert_eq!(lines(&shop, cart).await, [CartLine { sku: sku("TEA"), quantity: 999 }]);
    })
    .await;
}

#[tokio::test]
async fn after_an_order_a_new_cart_begins() {
    on_both_engines(async |shop| {
        a_product(&shop).save().await;
        let ordered = a_cart(&shop).with(1, "TEA").save().await.id;
        place_order(&shop, &a_placement(ordered)).await.unwrap();

        let begun = add(&shop, holding(ordered), &sku("TEA"), 2).await.unwrap();

        assert_ne!(begun.id, ordered);
        assert_eq!(begun.lines, [CartLine { sku: sku("TEA"), quantity: 2 }]);
        assert_eq!(lines(&shop, ordered).await, [CartLine { sku: sku("TEA"), quantity: 1 }]);
        let seen = view(&shop, ordered, Country::FR, Locale::FR).await.unwrap();
        assert!(seen.is_none(), "an ordered cart is not shown");
    })
    .await;
}

async fn total(shop: &TestShop, cart: commerce::cart::CartId, country: &str) -> Price {
    let country = Country::new(country).unwrap();
    view(shop, cart, country, Locale::FR).await.unwrap().unwrap().totals.total
}

#[tokio::test]
async fn a_cart_is_priced_from_the_truth_at_each_look() {
    on_both_engines(async |shop| {
        a_product(&shop).price(1_200).eco_participation(12).save().await;
        let cart = a_cart(&shop).with(2, "TEA").save().await.id;
        assert_eq!(total(&shop, cart, "FR").await, Price::new(eur(2_020), eur(404)));

        change_price(&shop, "TEA", 1_000).await;

        assert_eq!(total(&shop, cart, "FR").await, Price::new(eur(1_687), eur(337)));
    })
    .await;
}

#[tokio::test]
async fn a_special_price_is_asked_from_its_first_moment_to_before_its_last() {
    on_both_engines(async |shop| {
        let now = shop.clock.now();
        let hours = SignedDuration::from_hours;
        let special = SpecialPrice {
            amount: eur(300),
            from: Some(now + hours(1)),
            until: Some(now + hours(2)),
        };
        a_product(&shop).price(450).special(special).save().await;
        let cart = a_cart(&shop).with(1, "TEA").save().await.id;

        let tick = SignedDuration::from_micros(1);
        let moments = [now, now + hours(1) - tick, now + hours(1), now + hours(2) - tick];
        let mut asked = Vec::new();
        for moment in moments.into_iter().chain([now + hours(2)]) {
            shop.clock.set(moment);
            asked.push(total(&shop, cart, "FR").await.gross().unwrap().minor());
        }

        assert_eq!(asked, [450, 450, 300, 300, 450]);
    })
    .await;
}

#[tokio::test]
async fn the_shopper_pays_the_same_price_in_every_country() {
    on_both_engines(async |shop| {
        a_product(&shop).price(1_210).tax_class("reduced").save().await;
        let cart = a_cart(&shop).with(1, "TEA").save().await.id;

        assert_eq!(total(&shop, cart, "FR").await, Price::new(eur(1_147), eur(63)));
        assert_eq!(total(&shop, cart, "BE").await, Price::new(eur(1_000), eur(210)));
        assert_eq!(total(&shop, cart, "DE").await, Price::new(eur(1_017), eur(193)));
    })
    .await;
}

#[tokio::test]
async fn without_tax_in_its_prices_a_shop_adds_that_of_the_country() {
    testkit::a_shop()
        .with_channel(|channel| channel.prices_include_tax = false)
        .on_both_engines(async |shop| {
            a_product(&shop).price(1_000).save().await;
            let cart = a_cart(&shop).with(1, "TEA").save().await.id;

            assert_eq!(total(&shop, cart, "FR").await, Price::new(eur(1_000), eur(200)));
            assert_eq!(total(&shop, cart, "BE").await, Price::new(eur(1_000), eur(210)));
        })
        .await;
}

#[tokio::test]
async fn what_stands_in_the_way_is_said_of_each_line() {
    on_both_engines(async |shop| {
        a_product(&shop).sku("TEA").price(450).stock(2).save().await;
        a_product(&shop).sku("POT").save().await;
        a_product(&shop).sku("CUP").price(800).save().await;
        let cart = a_cart(&shop).with(3, "TEA").with(1, "POT").with(1, "CUP").save().await.id;
        change_product(&shop, "POT", |product| product.visibility = Visibility::Hidden).await;

        let seen = view(&shop, cart, Country::FR, Locale::EN).await.unwrap().unwrap();

        let problems: Vec<_> = seen.lines.iter().map(|line| line.problem.clone()).collect();
        let short = Some(LineProblem::NotEnough { available: 2 });
        assert_eq!(problems, [short, Some(LineProblem::NotSold), None]);
        assert!(!seen.is_orderable());
        let names: Vec<_> = seen.offered().into_iter().map(|line| line.name).collect();
        assert_eq!(names, ["TEA (en)", "CUP (en)"]);
        assert_eq!(seen.totals.total.gross(), Ok(eur(3 * 450 + 800)));
        assert_eq!(seen.weight_grams, 400);
    })
    .await;
}

#[tokio::test]
async fn a_variant_is_named_by_its_options() {
    on_both_engines(async |shop| {
        a_configurable(&shop).save().await;
        let cart = a_cart(&shop).with(1, "TEE-M").save().await.id;

        let seen = view(&shop, cart, Country::FR, Locale::FR).await.unwrap().unwrap();

        let offered = seen.offered();
        assert_eq!(offered[0].name, "TEE (fr)");
        assert_eq!(offered[0].options, [("Taille".to_owned(), "M".to_owned())]);
        assert_eq!(offered[0].unit, eur(2_490));
    })
    .await;
}
