//! From an empty cart to an order, by the calls that clients make.

use axum::http::StatusCode;
use commerce::stock::StockLevel;
use serde_json::{Value, json};
use testkit::{TestShop, a_configurable, a_customer, a_product, on_both_engines, prune_checkouts};

use crate::Client;

/// A new cart of a guest.
pub(crate) async fn a_cart(client: &Client) -> String {
    let data = client.ask("mutation { createEmptyCart }").await;
    data["createEmptyCart"].as_str().unwrap().to_owned()
}

pub(crate) async fn add(client: &Client, cart: &str, quantity: u32, sku: &str) -> Value {
    let query = format!(
        r#"mutation {{ addProductsToCart(cartId: "{cart}", cartItems: [
            {{ sku: "{sku}", quantity: {quantity} }}
        ]) {{ cart {{ total_quantity items {{ uid product {{ sku }} quantity }} }}
             user_errors {{ code message }} }} }}"#
    );
    client.ask(&query).await["addProductsToCart"].clone()
}

const ADDRESS: &str = r#"{ firstname: "Jeanne", lastname: "Dupont", street: ["1 rue du Thé"],
    city: "Paris", postcode: "75011", country_code: "FR", telephone: "0102030405" }"#;

pub(crate) async fn follow_all(client: &Client, cart: &str) {
    for query in [
        format!(
            r#"mutation {{ setGuestEmailOnCart(input: {{ cart_id: "{cart}",
                email: "jeanne@exemple.fr" }}) {{ cart {{ email }} }} }}"#
        ),
        format!(
            r#"mutation {{ setShippingAddressesOnCart(input: {{ cart_id: "{cart}",
                shipping_addresses: [{{ address: {ADDRESS} }}] }}) {{ cart {{ id }} }} }}"#
        ),
        format!(
            r#"mutation {{ setBillingAddressOnCart(input: {{ cart_id: "{cart}",
                billing_address: {{ same_as_shipping: true }} }}) {{ cart {{ id }} }} }}"#
        ),
        format!(
            r#"mutation {{ setShippingMethodsOnCart(input: {{ cart_id: "{cart}",
                shipping_methods: [{{ carrier_code: "flat", method_code: "flat" }}]
            }}) {{ cart {{ id }} }} }}"#
        ),
        format!(
            r#"mutation {{ setPaymentMethodOnCart(input: {{ cart_id: "{cart}",
                payment_method: {{ code: "checkmo" }} }}) {{ cart {{ id }} }} }}"#
        ),
    ] {
        client.ask(&query).await;
    }
}

async fn place(client: &Client, cart: &str) -> Value {
    let query = format!(
        r#"mutation {{ placeOrder(input: {{ cart_id: "{cart}" }}) {{
            order {{ order_number }} orderV2 {{ number status }} errors {{ code message }}
        }} }}"#
    );
    client.ask(&query).await["placeOrder"].clone()
}

#[tokio::test]
async fn a_guest_buys_from_an_empty_cart_to_the_order() {
    on_both_engines(async |shop| {
        a_product(&shop).price(450).tax_class("reduced").weight_grams(80).save().await;
        a_product(&shop).sku("POT").price(2_490).eco_participation(12).save().await;
        shop.follow().await;
        let client = Client::of(&shop);

        let cart = a_cart(&client).await;
        assert_eq!(cart.len(), 32);
        assert!(cart.bytes().all(|b| b.is_ascii_hexdigit()), "{cart}");
        add(&client, &cart, 3, "TEA").await;
        let added = add(&client, &cart, 1, "POT").await;
        assert_eq!(added["user_errors"], json!([]));
        assert_eq!(added["cart"]["total_quantity"], 4);
        follow_all(&client, &cart).await;

        let shown = client
            .ask(&format!(
                r#"{{ cart(cart_id: "{cart}") {{
                    id email is_virtual
                    items {{ product {{ sku }} quantity prices {{ price {{ value }}
                        price_including_tax {{ value }} row_total_including_tax {{ value }}
                        fixed_product_taxes {{ amount {{ value }} }} }} }}
                    prices {{ grand_total {{ value currency }} subtotal_including_tax {{ value }}
                        subtotal_excluding_tax {{ value }} applied_taxes {{ label amount {{ value }} }} }}
                    shipping_addresses {{ firstname street country {{ code label }} region {{ code }}
                        available_shipping_methods {{ carrier_code price_incl_tax {{ value }} }}
                        selected_shipping_method {{ method_code price_excl_tax {{ value }}
                            price_incl_tax {{ value }} }} }}
                    billing_address {{ city }}
                    available_payment_methods {{ code title }}
                    selected_payment_method {{ code }}
                }} }}"#
            ))
            .await;
        assert_eq!(
            shown["cart"],
            json!({
                "id": cart, "email": "jeanne@exemple.fr", "is_virtual": false,
                "items": [
                    { "product": { "sku": "TEA" }, "quantity": 3, "prices": {
                        "price": { "value": 4.27 }, "price_including_tax": { "value": 4.5 },
                        "row_total_including_tax": { "value": 13.5 },
                        "fixed_product_taxes": [] } },
                    { "product": { "sku": "POT" }, "quantity": 1, "prices": {
                        "price": { "value": 20.75 }, "price_including_tax": { "value": 24.9 },
                        "row_total_including_tax": { "value": 24.9 },
                        "fixed_product_taxes": [{ "amount": { "value": 0.12 } }] } },
                ],
                "prices": {
                    "grand_total": { "value": 43.42, "currency": "EUR" },
                    "subtotal_including_tax": { "value": 38.4 },
                    "subtotal_excluding_tax": { "value": 33.55 },
                    "applied_taxes": [
                        { "label": "TVA 20 %", "amount": { "value": 4.99 } },
                        { "label": "TVA 5,5 %", "amount": { "value": 0.7 } },
                    ],
                },
                "shipping_addresses": [{
                    "firstname": "Jeanne", "street": ["1 rue du Thé"],
                    "country": { "code": "FR", "label": "France" }, "region": { "code": null },
                    "available_shipping_methods": [
                        { "carrier_code": "flat", "price_incl_tax": { "value": 4.9 } },
                        { "carrier_code": "free", "price_incl_tax": { "value": 5.9 } },
                        { "carrier_code": "pick-up", "price_incl_tax": { "value": 0.0 } },
                    ],
                    "selected_shipping_method": { "method_code": "flat",
                        "price_excl_tax": { "value": 4.08 }, "price_incl_tax": { "value": 4.9 } },
                }],
                "billing_address": { "city": "Paris" },
                "available_payment_methods": [
                    { "code": "banktransfer", "title": "bank-transfer" },
                    { "code": "checkmo", "title": "cheque" },
                    { "code": "cashondelivery", "title": "cash-on-delivery" },
                ],
                "selected_payment_method": { "code": "checkmo" },
            })
        );

        let placed = place(&client, &cart).await;
        assert_eq!(
            placed,
            json!({ "order": { "order_number": "GL000001" },
                "orderV2": { "number": "GL000001", "status": "Pending" }, "errors": [] })
        );
        assert_eq!(shop.stock("TEA").await, StockLevel { on_hand: 10, allocated: 3 });
        assert_eq!(shop.stock("POT").await, StockLevel { on_hand: 10, allocated: 1 });

        assert_eq!(place(&client, &cart).await, placed, "a lost answer is asked for again");
        assert_eq!(shop.stock("TEA").await, StockLevel { on_hand: 10, allocated: 3 });
        assert_eq!(
            client.refused(&format!(r#"{{ cart(cart_id: "{cart}") {{ id }} }}"#)).await,
            ("graphql-no-such-entity".into(), "The cart isn't active.".into())
        );
        let guest = client
            .ask(
                r#"{ guestOrder(input: { number: "GL000001", email: "jeanne@exemple.fr",
                    lastname: "dupont" }) { number state email
                    items { product_sku quantity_ordered product_sale_price { value } }
                    total { grand_total { value } total_shipping { value } total_tax { value }
                        subtotal_incl_tax { value } taxes { title rate } }
                    payment_methods { type } shipping_address { city country_code } } }"#,
            )
            .await;
        assert_eq!(
            guest["guestOrder"],
            json!({
                "number": "GL000001", "state": "new", "email": "jeanne@exemple.fr",
                "items": [
                    { "product_sku": "TEA", "quantity_ordered": 3,
                        "product_sale_price": { "value": 4.5 } },
                    { "product_sku": "POT", "quantity_ordered": 1,
                        "product_sale_price": { "value": 24.9 } },
                ],
                "total": { "grand_total": { "value": 43.42 }, "total_shipping": { "value": 4.9 },
                    "total_tax": { "value": 5.69 }, "subtotal_incl_tax": { "value": 38.4 },
                    "taxes": [{ "title": "TVA 20 %", "rate": 20 },
                        { "title": "TVA 5,5 %", "rate": 5.5 }] },
                "payment_methods": [{ "type": "checkmo" }],
                "shipping_address": { "city": "Paris", "country_code": "FR" },
            })
        );
    })
    .await;
}

#[tokio::test]
async fn what_a_buyer_said_is_forgotten_after_the_order() {
    on_both_engines(async |shop| {
        a_product(&shop).save().await;
        shop.follow().await;
        let client = Client::of(&shop);
        let (ordered, open) = (a_cart(&client).await, a_cart(&client).await);
        add(&client, &ordered, 1, "TEA").await;
        follow_all(&client, &ordered).await;
        place(&client, &ordered).await;

        let later = shop.clock.now() + jiff::SignedDuration::from_hours(1);
        assert_eq!(prune_checkouts(&shop, shop.clock.now()).await, 0);
        assert_eq!(prune_checkouts(&shop, later).await, 1);

        assert_eq!(place(&client, &ordered).await["errors"][0]["code"], "CART_NOT_FOUND");
        let data = client.ask(&format!(r#"{{ cart(cart_id: "{open}") {{ id }} }}"#)).await;
        assert_eq!(data["cart"]["id"], open);
    })
    .await;
}

#[tokio::test]
async fn what_is_missing_is_said_one_by_one_and_nothing_is_ordered() {
    on_both_engines(async |shop| {
        a_product(&shop).stock(2).save().await;
        shop.follow().await;
        let client = Client::of(&shop);
        let cart = a_cart(&client).await;
        let said = |placed: &Value| {
            let error = &placed["errors"][0];
            assert_eq!(placed["orderV2"], Value::Null);
            (
                error["code"].as_str().unwrap().to_owned(),
                error["message"].as_str().unwrap().to_owned(),
            )
        };

        let (code, message) = said(&place(&client, &cart).await);
        assert_eq!(code, "GUEST_EMAIL_MISSING");
        assert_eq!(message, "Guest email for cart is missing.");

        client
            .ask(&format!(
                r#"mutation {{ setGuestEmailOnCart(input: {{ cart_id: "{cart}",
                email: "jeanne@exemple.fr" }}) {{ cart {{ email }} }} }}"#
            ))
            .await;
        add(&client, &cart, 2, "TEA").await;
        let (code, message) = said(&place(&client, &cart).await);
        assert_eq!(code, "UNABLE_TO_PLACE_ORDER");
        assert!(message.contains("The shipping address is missing."), "{message}");

        follow_all(&client, &cart).await;
        testkit::change_product(&shop, "TEA", |product| {
            product.visibility = commerce::catalog::Visibility::Draft;
        })
        .await;
        let (code, message) = said(&place(&client, &cart).await);
        assert_eq!(code, "UNABLE_TO_PLACE_ORDER");
        assert!(message.contains("not available"), "{message}");
        assert_eq!(shop.stock("TEA").await, StockLevel { on_hand: 2, allocated: 0 });

        let (code, _) = said(&place(&client, "0123456789abcdef0123456789abcdef").await);
        assert_eq!(code, "CART_NOT_FOUND");
    })
    .await;
}

#[tokio::test]
async fn lines_are_added_changed_and_taken_out() {
    on_both_engines(async |shop| {
        a_product(&shop).stock(4).save().await;
        a_configurable(&shop).save().await;
        shop.follow().await;
        let client = Client::of(&shop);
        let cart = a_cart(&client).await;

        let refused = add(&client, &cart, 5, "TEA").await;
        assert_eq!(
            refused["user_errors"],
            json!([{ "code": "INSUFFICIENT_STOCK", "message": "The requested qty is not available" }])
        );
        let refused = add(&client, &cart, 1, "NONE").await;
        assert_eq!(
            refused["user_errors"],
            json!([{ "code": "PRODUCT_NOT_FOUND",
                "message": "Could not find a product with SKU \"NONE\"" }])
        );
        let refused = add(&client, &cart, 1, "tee").await;
        assert_eq!(refused["user_errors"][0]["code"], "REQUIRED_PARAMETER_MISSING");
        assert_eq!(refused["cart"]["items"], json!([]));

        let options = client
            .ask(
                r#"{ products(filter: { sku: { eq: "tee" } }) { items { ... on ConfigurableProduct {
                    configurable_options { attribute_code values { uid label } } } } } }"#,
            )
            .await;
        let options = &options["products"]["items"][0]["configurable_options"][0];
        assert_eq!(options["attribute_code"], "size");
        assert_eq!(options["values"][1]["label"], "M");
        let chosen = options["values"][1]["uid"].as_str().unwrap();
        let data = client
            .ask(&format!(
                r#"mutation {{ addProductsToCart(cartId: "{cart}", cartItems: [
                    {{ sku: "tee", quantity: 2, selected_options: ["{chosen}"] }},
                    {{ sku: "TEA", quantity: 1 }}
                ]) {{ cart {{ items {{ id uid quantity __typename product {{ sku }}
                    ... on ConfigurableCartItem {{ configured_variant {{ sku }}
                        configurable_options {{ option_label value_label
                            configurable_product_option_value_uid }} }} }} }}
                    user_errors {{ code }} }} }}"#
            ))
            .await;
        let added = &data["addProductsToCart"];
        assert_eq!(added["user_errors"], json!([]));
        let tee = &added["cart"]["items"][0];
        assert_eq!(tee["__typename"], "ConfigurableCartItem");
        assert_eq!(tee["product"]["sku"], "tee");
        assert_eq!(tee["configured_variant"]["sku"], "TEE-M");
        assert_eq!(
            tee["configurable_options"],
            json!([{ "option_label": "Taille", "value_label": "M",
                "configurable_product_option_value_uid": chosen }])
        );

        let (uid, tea) = (tee["uid"].as_str().unwrap(), added["cart"]["items"][1]["id"].as_str());
        let data = client
            .ask(&format!(
                r#"mutation {{ updateCartItems(input: {{ cart_id: "{cart}", cart_items: [
                    {{ cart_item_uid: "{uid}", quantity: 11 }},
                    {{ cart_item_id: {}, quantity: 3 }}
                ] }}) {{ cart {{ items {{ quantity }} }} errors {{ code message }} }} }}"#,
                tea.unwrap()
            ))
            .await;
        assert_eq!(
            data["updateCartItems"],
            json!({ "cart": { "items": [{ "quantity": 2 }, { "quantity": 3 }] },
                "errors": [{ "code": "INSUFFICIENT_STOCK",
                    "message": "The requested qty is not available" }] })
        );
        let data = client
            .ask(&format!(
                r#"mutation {{ removeItemFromCart(input: {{ cart_id: "{cart}",
                    cart_item_uid: "{uid}" }}) {{ cart {{ items {{ product {{ sku }} }} }} }} }}"#
            ))
            .await;
        assert_eq!(
            data["removeItemFromCart"]["cart"]["items"],
            json!([{ "product": { "sku": "TEA" } }])
        );
        let again = format!(
            r#"mutation {{ removeItemFromCart(input: {{ cart_id: "{cart}",
                cart_item_uid: "{uid}" }}) {{ cart {{ id }} }} }}"#
        );
        let (category, message) = client.refused(&again).await;
        assert_eq!(category, "graphql-no-such-entity");
        assert_eq!(message, "The cart doesn't contain the item");
        let (category, _) = client.refused(r#"{ cart(cart_id: "thé") { id } }"#).await;
        assert_eq!(category, "graphql-no-such-entity");
    })
    .await;
}

#[tokio::test]
async fn the_calls_for_one_kind_of_product_fail_as_a_whole() {
    let shop = testkit::a_shop().on_sqlite().await;
    a_product(&shop).stock(4).save().await;
    a_configurable(&shop).save().await;
    shop.follow().await;
    let client = Client::of(&shop);
    let cart = a_cart(&client).await;
    let simple = |quantity: u32, sku: &str| {
        format!(
            r#"mutation {{ addSimpleProductsToCart(input: {{ cart_id: "{cart}", cart_items: [
                {{ data: {{ sku: "{sku}", quantity: {quantity} }} }}
            ] }}) {{ cart {{ total_quantity }} }} }}"#
        )
    };

    let (category, message) = client.refused(&simple(5, "TEA")).await;
    assert_eq!(category, "graphql-input");
    assert_eq!(
        message,
        "Could not add the product with SKU TEA to the shopping cart: The requested qty is not \
         available"
    );
    let (category, _) = client.refused(&simple(1, "NONE")).await;
    assert_eq!(category, "graphql-no-such-entity");
    let data = client.ask(&simple(4, "TEA")).await;
    assert_eq!(data["addSimpleProductsToCart"]["cart"]["total_quantity"], 4);
    let data = client
        .ask(&format!(
            r#"mutation {{ addConfigurableProductsToCart(input: {{ cart_id: "{cart}", cart_items: [
                {{ parent_sku: "tee", data: {{ sku: "TEE-S", quantity: 1 }} }}
            ] }}) {{ cart {{ total_quantity }} }} }}"#
        ))
        .await;
    assert_eq!(data["addConfigurableProductsToCart"]["cart"]["total_quantity"], 5);
}

async fn token(client: &Client) -> String {
    let data = client
        .ask(&format!(
            r#"mutation {{ generateCustomerToken(email: "jeanne@exemple.fr",
                password: "{}") {{ token }} }}"#,
            testkit::PASSWORD
        ))
        .await;
    data["generateCustomerToken"]["token"].as_str().unwrap().to_owned()
}

async fn a_logged_in(shop: &TestShop, guest: &Client) -> Client {
    a_customer(shop).save().await;
    guest.with("authorization", &format!("Bearer {}", token(guest).await))
}

#[tokio::test]
async fn a_customers_cart_is_closed_to_others_and_takes_in_what_the_guest_had() {
    on_both_engines(async |shop| {
        a_product(&shop).save().await;
        a_product(&shop).sku("POT").save().await;
        shop.follow().await;
        let guest = Client::of(&shop);
        let customer = a_logged_in(&shop, &guest).await;
        let own = customer.ask("{ customerCart { id email items { quantity } } }").await;
        assert_eq!(own["customerCart"]["email"], "jeanne@exemple.fr");
        let own = own["customerCart"]["id"].as_str().unwrap().to_owned();
        add(&customer, &own, 1, "TEA").await;
        let before = a_cart(&guest).await;
        add(&guest, &before, 2, "TEA").await;
        add(&guest, &before, 1, "POT").await;

        let (category, message) =
            guest.refused(&format!(r#"{{ cart(cart_id: "{own}") {{ id }} }}"#)).await;
        assert_eq!(category, "graphql-authorization");
        assert_eq!(
            message,
            format!("The current user cannot perform operations on cart \"{own}\"")
        );

        let data = customer
            .ask(&format!(
                r#"mutation {{ mergeCarts(source_cart_id: "{before}",
                    destination_cart_id: "{own}") {{ id items {{ product {{ sku }} quantity }} }} }}"#
            ))
            .await;
        assert_eq!(
            data["mergeCarts"],
            json!({ "id": own, "items": [
                { "product": { "sku": "TEA" }, "quantity": 3 },
                { "product": { "sku": "POT" }, "quantity": 1 },
            ] })
        );
        let (category, message) =
            guest.refused(&format!(r#"{{ cart(cart_id: "{before}") {{ id }} }}"#)).await;
        assert_eq!(category, "graphql-no-such-entity");
        assert_eq!(message, format!("Could not find a cart with ID \"{before}\""));

        let (category, _) = guest.refused("{ customerCart { id } }").await;
        assert_eq!(category, "graphql-authorization");
        let again = customer.ask("mutation { createEmptyCart }").await;
        assert_eq!(again["createEmptyCart"], own);
    })
    .await;
}

#[tokio::test]
async fn while_the_database_is_away_shoppers_browse_and_buyers_wait() {
    on_both_engines(async |shop| {
        a_product(&shop).save().await;
        shop.follow().await;
        let client = Client::of(&shop);
        let cart = a_cart(&client).await;
        shop.db.close().await;

        let query = format!(
            r#"mutation {{ addProductsToCart(cartId: "{cart}", cartItems: [
                {{ sku: "TEA", quantity: 1 }} ]) {{ cart {{ id }} }} }}"#
        );
        let answer = client.ask_with(&query, json!({})).await;

        assert_eq!(answer.status, StatusCode::SERVICE_UNAVAILABLE);
        assert_eq!(answer.headers["retry-after"], "10");
        let error = &answer.json["errors"][0];
        assert_eq!(error["extensions"]["category"], "graphql-unavailable");
        assert_eq!(error["path"], json!(["addProductsToCart"]));
        let data = client.ask(r#"{ products(search: "tea") { total_count } }"#).await;
        assert_eq!(data["products"]["total_count"], 1);
    })
    .await;
}
