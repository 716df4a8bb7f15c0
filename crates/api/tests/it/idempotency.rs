//! Mutations that are sent again with the same `Idempotency-Key`.

use std::sync::atomic::{AtomicU32, Ordering};
use std::sync::{Arc, Mutex, mpsc};

use axum::http::StatusCode;
use jiff::SignedDuration;
use serde_json::{Value, json};
use shop::{Clock, Shop};
use testkit::{
    PASSWORD, TestShop, a_customer, a_product, at_once, count_statements, on_both_engines,
};

use crate::cart::{a_cart, follow_all};
use crate::rest::an_integration;
use crate::{Answer, Client};

const KEY: &str = "8e03978e-40d5-43dd-bc93-6894a57f9324";

fn add_tea(cart: &str) -> String {
    format!(
        r#"mutation {{ addProductsToCart(cartId: "{cart}", cartItems: [{{ sku: "TEA",
            quantity: 1 }}]) {{ cart {{ total_quantity }} user_errors {{ message }} }} }}"#
    )
}

async fn send(client: &Client, key: &str, query: &str) -> Answer {
    client.with("idempotency-key", key).ask_with(query, json!({})).await
}

/// The status, the category and the message of a refusal.
fn refusal(answer: &Answer) -> (u16, &str, &str) {
    let error = &answer.json["errors"][0];
    let text = |value: &'static str| error.pointer(value).and_then(Value::as_str);
    let (category, message) = (text("/extensions/category"), text("/message"));
    (answer.status.as_u16(), category.unwrap_or_default(), message.unwrap_or_default())
}

async fn quantity(client: &Client, cart: &str) -> Value {
    let data = client.ask(&format!(r#"{{ cart(cart_id: "{cart}") {{ total_quantity }} }}"#)).await;
    data["cart"]["total_quantity"].clone()
}

async fn logged_in(guest: &Client, email: &str) -> Client {
    let query = format!(
        r#"mutation {{ generateCustomerToken(email: "{email}", password: "{PASSWORD}") {{ token }} }}"#
    );
    let data = guest.ask(&query).await;
    let token = data["generateCustomerToken"]["token"].as_str().unwrap();
    guest.with("authorization", &format!("Bearer {token}"))
}

#[tokio::test]
async fn a_mutation_that_is_sent_again_is_answered_as_before_and_changes_nothing() {
    on_both_engines(async |shop| {
        a_product(&shop).save().await;
        shop.follow().await;
        let client = Client::of(&shop);
        let cart = a_cart(&client).await;

        let first = send(&client, KEY, &add_tea(&cart)).await;
        let second = send(&client, KEY, &add_tea(&cart)).await;
        let quoted = send(&client, &format!("\"{KEY}\""), &add_tea(&cart)).await;

        let said = json!({ "data": { "addProductsToCart": { "cart": { "total_quantity": 1 },
            "user_errors": [] } } });
        for answer in [&first, &second, &quoted] {
            assert_eq!((answer.status, &answer.json), (StatusCode::OK, &said));
            assert_eq!(answer.headers["content-type"], "application/json");
            assert!(answer.headers["cache-control"].to_str().unwrap().contains("no-store"));
        }
        assert_eq!(quantity(&client, &cart).await, 1);
        send(&client, "another-key-of-mine", &add_tea(&cart)).await;
        client.ask(&add_tea(&cart)).await;
        assert_eq!(quantity(&client, &cart).await, 3);
    })
    .await;
}

#[tokio::test]
async fn what_was_refused_is_refused_again_in_the_same_words() {
    on_both_engines(async |shop| {
        let client = Client::of(&shop);
        let query = add_tea("00000000000000000000000000000000");

        let first = send(&client, KEY, &query).await;
        let second = send(&client, KEY, &query).await;

        assert_eq!(refusal(&first).1, "graphql-no-such-entity");
        assert_eq!((second.status, second.json), (first.status, first.json));
    })
    .await;
}

#[tokio::test]
async fn who_asked_too_often_may_ask_again_with_the_same_key() {
    on_both_engines(async |shop| {
        let client = Client::of(&shop);
        let query = r#"mutation { contactUs(input: { name: "Jeanne", email: "jeanne@exemple.fr",
            comment: "Bonjour" }) { status } }"#;
        let mut tries = (0..100).map(|nth| format!("{KEY}-{nth}"));
        let (key, refused) = loop {
            let key = tries.next().expect("twenty a minute are let through");
            let answer = send(&client, &key, query).await;
            if answer.json["errors"].is_array() {
                break (key, answer);
            }
        };
        let later = Client::of(&shop);
        let sent = send(&later, &key, query).await;

        let said = (200, "graphql-input", "Too many requests. Wait a minute and try again.");
        assert_eq!(refusal(&refused), said);
        assert_eq!(sent.json, json!({ "data": { "contactUs": { "status": true } } }));

        let email = json!({ "customerEmail": "jeanne@exemple.fr" });
        let path = "V1/customers/isEmailAvailable";
        let mut refused = later.rest("POST", path, Some(email.clone())).await;
        for _ in 0..100 {
            if refused.status != StatusCode::OK {
                break;
            }
            refused = later.rest("POST", path, Some(email.clone())).await;
        }
        assert_eq!(refused.status, StatusCode::TOO_MANY_REQUESTS);
        assert_eq!(refused.headers["retry-after"], "60");
    })
    .await;
}

#[tokio::test]
async fn a_key_is_good_for_one_request() {
    on_both_engines(async |shop| {
        a_product(&shop).save().await;
        shop.follow().await;
        let client = Client::of(&shop);
        let (cart, other) = (a_cart(&client).await, a_cart(&client).await);
        send(&client, KEY, &add_tea(&cart)).await;

        let refused = send(&client, KEY, &add_tea(&other)).await;
        let in_english = send(&client.with("store", "en"), KEY, &add_tea(&cart)).await;

        let said = (422, "graphql-input", "This Idempotency-Key was used for another request.");
        assert_eq!(refusal(&refused), said);
        assert_eq!(refusal(&in_english), said);
        assert_eq!(quantity(&client, &other).await, 0);
    })
    .await;
}

#[tokio::test]
async fn a_key_that_is_none_is_refused() {
    let shop = testkit::a_shop().on_sqlite().await;
    let client = Client::of(&shop);
    let query = "mutation { createEmptyCart }";
    let plain = "An Idempotency-Key has 1 to 255 letters, digits and signs of ASCII.";

    for bad in ["", "\"\"", "two words are none", "\"one-quote-is-missing", &"k".repeat(256)] {
        let refused = send(&client, bad, query).await;
        assert_eq!(refusal(&refused), (400, "graphql-input", plain), "{bad}");
    }
    let refused = send(&client, "order-12", query).await;
    assert_eq!(
        refusal(&refused),
        (
            400,
            "graphql-input",
            "Without a login an Idempotency-Key has 16 characters at least, such as those of a UUID."
        )
    );
    let longest = send(&client, &"k".repeat(255), query).await;
    assert_eq!(longest.status, StatusCode::OK);
    assert_eq!(longest.json["data"]["createEmptyCart"].as_str().map(str::len), Some(32));
}

#[tokio::test]
async fn nobody_is_given_the_answer_of_another() {
    on_both_engines(async |shop| {
        a_customer(&shop).save().await;
        a_customer(&shop).email("paul@exemple.fr").save().await;
        let guest = Client::of(&shop);
        let jeanne = logged_in(&guest, "jeanne@exemple.fr").await;
        let paul = logged_in(&guest, "paul@exemple.fr").await;
        let query = "mutation { createEmptyCart }";

        let mut carts = Vec::new();
        for client in [&jeanne, &paul, &guest] {
            carts.push(send(client, KEY, query).await.json["data"]["createEmptyCart"].clone());
        }
        let again = send(&logged_in(&guest, "jeanne@exemple.fr").await, KEY, query).await;

        assert!(carts.iter().all(Value::is_string), "{carts:?}");
        assert!(carts[0] != carts[1] && carts[1] != carts[2] && carts[0] != carts[2]);
        assert_eq!(again.json["data"]["createEmptyCart"], carts[0]);
    })
    .await;
}

#[tokio::test]
async fn a_request_without_a_key_costs_nothing_more_and_a_query_ignores_it() {
    on_both_engines(async |shop| {
        let client = Client::of(&shop);
        let keyed = client.with("idempotency-key", KEY);
        let mutation = r#"mutation { applyCouponToCart(input: { cart_id: "x", coupon_code: "y" }) {
            cart { id } } }"#;

        let (_, of_mutation) = count_statements(client.ask_with(mutation, json!({}))).await;
        let (_, of_query) = count_statements(keyed.ask("{ countries { id } }")).await;
        let (_, of_another) = count_statements(keyed.ask("{ storeConfig { locale } }")).await;

        assert_eq!((of_mutation, of_query, of_another), (0, 0, 0));
    })
    .await;
}

#[tokio::test]
async fn two_instances_that_get_one_request_at_once_place_one_order() {
    on_both_engines(async |shop| {
        a_product(&shop).stock(100).save().await;
        shop.follow().await;
        let guest = Client::of(&shop);
        let erp = an_integration(&shop, &guest).await;
        let instances = shop.instances(2).await;
        for round in 1..=5 {
            let cart = a_cart(&guest).await;
            let key = format!("{KEY}-{round}");
            let add = add_tea(&cart);
            race(&instances, &key, &add).await;
            assert_eq!(quantity(&guest, &cart).await, 1);
            follow_all(&guest, &cart).await;
            let place = format!(
                r#"mutation {{ placeOrder(input: {{ cart_id: "{cart}" }}) {{
                    orderV2 {{ number }} errors {{ message }} }} }}"#
            );

            race(&instances, &format!("{key}-order"), &place).await;

            let again = send(&guest, &format!("{key}-order"), &place).await;
            let number = format!("GL{round:06}");
            assert_eq!(
                again.json["data"]["placeOrder"],
                json!({ "orderV2": { "number": number }, "errors": [] })
            );
            assert_eq!(erp.fetch("V1/orders").await["total_count"], round);
        }
    })
    .await;
}

/// Sends one request to each instance, three times, all at once: one or more are answered, and
/// those all alike; the others come too early.
async fn race(instances: &[Shop], key: &str, query: &str) {
    let requests = instances.iter().cycle().take(6).map(|instance| {
        let client = Client { router: api::router(instance.clone()), headers: Vec::new() };
        let (key, query) = (key.to_owned(), query.to_owned());
        async move { send(&client, &key, &query).await }
    });
    let answers = at_once(requests).await;
    let early: Vec<_> = answers.iter().filter(|one| one.status == StatusCode::CONFLICT).collect();
    let said: Vec<_> = answers.iter().filter(|one| one.status == StatusCode::OK).collect();
    assert_eq!(early.len() + said.len(), 6);
    assert!(said.iter().all(|one| one.json == said[0].json && one.json.get("errors").is_none()));
    assert!(!said.is_empty());
}

/// An instance whose clock stops when it is asked for the second time, which is when a message is
/// written: the key is claimed then. What is received tells that it has stopped, what is sent lets
/// it go on.
fn stopping(shop: &TestShop) -> (Shop, mpsc::Receiver<()>, mpsc::Sender<()>) {
    let (tell, told) = mpsc::channel();
    let (go_on, held) = mpsc::channel::<()>();
    let (n, held, clock) = (AtomicU32::new(0), Mutex::new(held), shop.clock.clone());
    let mut stopping = (**shop).clone();
    stopping.clock = Clock::new(move || {
        if n.fetch_add(1, Ordering::SeqCst) == 1 {
            tell.send(()).unwrap();
            let _ = tokio::task::block_in_place(|| held.lock().unwrap().recv());
        }
        clock.now()
    });
    (stopping, told, go_on)
}

const MESSAGE: &str = r#"mutation { contactUs(input: { name: "Jeanne", email: "jeanne@exemple.fr",
    comment: "Bonjour" }) { status } }"#;

#[tokio::test(flavor = "multi_thread", worker_threads = 4)]
async fn a_request_that_is_running_is_not_run_again_until_its_claim_expires() {
    on_both_engines(async |shop| {
        let (stopping, told, go_on) = stopping(&shop);
        let held = Client { router: api::router(stopping), headers: Vec::new() };
        let held = tokio::spawn(async move { send(&held, KEY, MESSAGE).await });
        let told = Arc::new(Mutex::new(told));
        tokio::task::spawn_blocking(move || told.lock().unwrap().recv().unwrap()).await.unwrap();
        let client = Client::of(&shop);

        let early = send(&client, KEY, MESSAGE).await;
        assert_eq!(
            refusal(&early),
            (409, "graphql-input", "A request with this Idempotency-Key is still running.")
        );
        assert_eq!(early.headers["retry-after"], "1");
        assert_eq!(refusal(&send(&client, KEY, "mutation { createEmptyCart }").await).0, 422);
        shop.clock.advance(SignedDuration::from_secs(119));
        assert_eq!(refusal(&send(&client, KEY, MESSAGE).await).0, 409);
        shop.run_jobs().await;
        assert_eq!(shop.mailer.sent().len(), 0);

        // As if the instance had died.
        shop.clock.advance(SignedDuration::from_secs(2));
        let answer = send(&client, KEY, MESSAGE).await;

        assert_eq!(answer.json, json!({ "data": { "contactUs": { "status": true } } }));
        shop.run_jobs().await;
        assert_eq!(shop.mailer.sent().len(), 1);
        go_on.send(()).unwrap();
        assert_eq!(held.await.unwrap().status, StatusCode::OK);
        assert_eq!(send(&client, KEY, MESSAGE).await.json, answer.json);
    })
    .await;
}

#[tokio::test]
async fn after_a_day_a_key_is_new_again() {
    on_both_engines(async |shop| {
        let client = Client::of(&shop);
        let query = "mutation { createEmptyCart }";
        let cart = async || send(&client, KEY, query).await.json["data"]["createEmptyCart"].clone();
        let first = cart().await;

        shop.clock.advance(SignedDuration::from_hours(24));
        shop.tidy().await;
        assert_eq!(cart().await, first);
        shop.clock.advance(SignedDuration::from_secs(1));
        shop.tidy().await;

        assert_ne!(cart().await, first);
    })
    .await;
}
