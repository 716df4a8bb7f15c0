//! The public API under load: the list of products that a storefront asks for, and a guest who
//! buys.

use std::net::SocketAddr;
use std::path::Path;
use std::sync::Arc;
use std::sync::atomic::{AtomicU64, Ordering};
use std::time::Instant;

use anyhow::{Context, Result, ensure};
use db::Db;
use serde_json::{Value, json};
use testkit::TestShop;
use url::form_urlencoded::byte_serialize;

use crate::figure::{Figure, median, shown};
use crate::float;
use crate::load::{BROWSER, Connection};
use crate::orders::{Cost, Meter, RAW, raw_cost};
use crate::pages::{Cache, Found, Rounds, at, rate_row, row, run, target};
use crate::process::Server;

/// A list as the storefronts written for Magento ask for it: 24 items of more than 20 fields, and
/// what they can be filtered by.
const LIST: &str = "query List($filter: ProductAttributeFilterInput!) { \
    products(filter: $filter, pageSize: 24, sort: {position: ASC}) { \
    total_count page_info { current_page page_size total_pages } \
    aggregations { attribute_code label count options { label value count } } \
    items { __typename id uid sku name url_key url_suffix stock_status rating_summary \
    review_count meta_title meta_description small_image { url label } thumbnail { url } \
    short_description { html } categories { uid name } \
    price_range { minimum_price { regular_price { value currency } final_price { value currency } \
    discount { amount_off percent_off } } maximum_price { final_price { value } } } } } }";

const ANSWERS: &str = "greenleaf_answer_cache_total";

/// Asks a running shop for lists of products, known ones and new ones.
pub(crate) async fn lists(shop: &Server, db: &Db, rounds: Rounds) -> Result<Vec<Figure>> {
    let uids = full_categories(shop.address).await?;
    let known: Vec<String> = uids.iter().map(|uid| list(uid, None)).collect();
    let mut connection = Connection::open(shop.address).await?;
    let n_items = read(connection.get(&known[0], "").await?.body)?;
    let n_items = n_items["data"]["products"]["items"].as_array().map_or(0, Vec::len);
    let mut n_bytes = 0;
    for path in &known {
        n_bytes += connection.get(path, BROWSER).await?.body.len();
    }
    let n_bytes = n_bytes / known.len();
    let me = std::env::current_exe()?;
    let bare = Server::start(&me, &["bare", &n_bytes.to_string()], &[]).await?;

    let n_asked = AtomicU64::new(0);
    let targets = [
        target(&bare, Cache::Absent, ANSWERS, |_| Some("/".to_owned())),
        target(shop, Cache::Hit, ANSWERS, move |n| Some(known[at(n, known.len())].clone())),
        target(shop, Cache::Miss, ANSWERS, move |n| {
            let most = 100_000 + n_asked.fetch_add(1, Ordering::Relaxed);
            Some(list(&uids[at(n, uids.len())], Some(most)))
        }),
    ];
    let [bare, cached, uncached] = run(targets, db, rounds).await?;
    let note = format!("{} bytes each", shown(float(n_bytes)));
    let uncached = row("uncached `products` query", &bare, &uncached);
    let of_items = format!("{n_items} items; {}", uncached.note);
    Ok(vec![
        rate_row("cached `products` query, rate", &bare, &cached).note(note).at_least(0.6),
        row("cached `products` query", &bare, &cached),
        uncached.note(of_items).at_most(Some(400.0)),
    ])
}

/// The address that asks for a category's products up to a price.
fn list(uid: &str, most: Option<u64>) -> String {
    let mut filter = json!({ "category_uid": { "eq": uid } });
    if let Some(most) = most {
        filter["price"] = json!({ "from": "0", "to": most.to_string() });
    }
    let variables = json!({ "filter": filter }).to_string();
    let encoded = |text: &str| byte_serialize(text.as_bytes()).collect::<String>();
    format!("/graphql?query={}&variables={}", encoded(LIST), encoded(&variables))
}

async fn full_categories(address: SocketAddr) -> Result<Vec<String>> {
    let found = Found::look(address).await?;
    let slugs = found.lists.iter().filter_map(|path| path.strip_prefix("/c/"));
    let filters = json!({ "url_key": { "in": slugs.collect::<Vec<_>>() } });
    let query = "query Full($filters: CategoryFilterInput!) { \
        categories(filters: $filters, pageSize: 300) { items { uid } } }";
    let mut buyer = Buyer { connection: Connection::open(address).await? };
    let data = buyer.ask(query, &json!({ "filters": filters })).await?;
    let uids = data["categories"]["items"].as_array().context("categories")?;
    let uids: Option<Vec<String>> =
        uids.iter().map(|it| it["uid"].as_str().map(str::to_owned)).collect();
    uids.filter(|uids| !uids.is_empty()).context("the shop has full categories")
}

fn read(body: &[u8]) -> Result<Value> {
    let answer: Value = serde_json::from_slice(body)?;
    ensure!(answer.get("errors").is_none(), "{}", answer["errors"]);
    Ok(answer)
}

const N_ORDERS: usize = 320;
const N_BUYERS: usize = 16;

/// Guests buy two SKUs each in eight requests, from `createEmptyCart` to `placeOrder`; beside it
/// `raw_orders` runs the statements of the last one.
pub(crate) async fn orders(
    server: &Server,
    raw_orders: &Path,
    shop: &Arc<TestShop>,
    skus: [&str; 2],
    rounds: usize,
) -> Result<Vec<Figure>> {
    let (mut raw, mut costs) = (Vec::new(), Vec::new());
    // The first round warms both up.
    for round in 0..=rounds {
        let raw_cost = raw_cost(raw_orders, shop, skus).await?;
        let cost = buy(server, shop, skus).await?;
        if round > 0 {
            raw.push(raw_cost);
            costs.push(cost);
        }
    }
    let middle = |of: fn(&Cost) -> f64| median(costs.iter().map(of));
    let per_core_second: fn(&Cost) -> f64 = |cost| 1_000_000.0 / cost.cpu_micros;
    let ratios = raw.iter().zip(&costs).map(|(raw, cost)| raw.cpu_micros / cost.cpu_micros);
    let note = match shop.mariadb() {
        Some(_) => format!(
            "{} orders/s; {} statements; the server's CPU included",
            shown(middle(|cost| cost.per_second)),
            shown(middle(|cost| cost.n_statements))
        ),
        None => format!("{} orders/s", shown(middle(|cost| cost.per_second))),
    };
    let value = middle(per_core_second);
    let figure = Figure::new("guest orders by API", value, "/core-second")
        .against(RAW, median(raw.iter().map(per_core_second)), ratios)
        .note(note)
        .at_least_value(300.0);
    Ok(vec![figure])
}

async fn buy(server: &Server, shop: &TestShop, skus: [&str; 2]) -> Result<Cost> {
    let meter = Meter::start(shop)?;
    let (began, cpu) = (Instant::now(), server.cpu_micros()?);
    let mut buyers = Vec::new();
    for _ in 0..N_BUYERS {
        let skus = skus.map(str::to_owned);
        let mut buyer = Buyer { connection: Connection::open(server.address).await? };
        buyers.push(tokio::spawn(async move {
            for _ in 0..N_ORDERS / N_BUYERS {
                buyer.buy([&skus[0], &skus[1]]).await?;
            }
            anyhow::Ok(())
        }));
    }
    for buyer in buyers {
        buyer.await??;
    }
    let seconds = began.elapsed().as_secs_f64();
    meter.cost(N_ORDERS, seconds, server.cpu_micros()? - cpu)
}

struct Buyer {
    connection: Connection,
}

impl Buyer {
    async fn buy(&mut self, skus: [&str; 2]) -> Result<()> {
        let data = self.ask("mutation { createEmptyCart }", &json!({})).await?;
        let cart = data["createEmptyCart"].as_str().context("a cart")?.to_owned();
        let items = json!([{ "sku": skus[0], "quantity": 1 }, { "sku": skus[1], "quantity": 2 }]);
        let data = self
            .ask(
                "mutation($cart: String!, $items: [CartItemInput!]!) { \
                 addProductsToCart(cartId: $cart, cartItems: $items) { \
                 cart { items { uid quantity } } user_errors { code message } } }",
                &json!({ "cart": cart, "items": items }),
            )
            .await?;
        let n_lines = data["addProductsToCart"]["cart"]["items"].as_array().map_or(0, Vec::len);
        ensure!(n_lines == 2, "{data}");
        self.ask(
            "mutation($cart: String!) { setGuestEmailOnCart(input: { cart_id: $cart, \
             email: \"jeanne@example.org\" }) { cart { email } } }",
            &json!({ "cart": cart }),
        )
        .await?;
        let address = json!({
            "firstname": "Jeanne", "lastname": "Dupont", "street": ["1 rue des Lilas"],
            "city": "Paris", "postcode": "75011", "country_code": "FR",
        });
        let data = self
            .ask(
                "mutation($cart: String!, $address: CartAddressInput!) { \
                 setShippingAddressesOnCart(input: { cart_id: $cart, shipping_addresses: \
                 [{ address: $address }] }) { cart { shipping_addresses { \
                 available_shipping_methods { carrier_code method_code amount { value } } } } } }",
                &json!({ "cart": cart, "address": address }),
            )
            .await?;
        let cart_data = &data["setShippingAddressesOnCart"]["cart"];
        let way = &cart_data["shipping_addresses"][0]["available_shipping_methods"][0];
        let way = json!({ "carrier_code": way["carrier_code"], "method_code": way["method_code"] });
        let data = self
            .ask(
                "mutation($cart: String!) { setBillingAddressOnCart(input: { cart_id: $cart, \
                 billing_address: { same_as_shipping: true } }) { cart { \
                 available_payment_methods { code } } } }",
                &json!({ "cart": cart }),
            )
            .await?;
        let payment = &data["setBillingAddressOnCart"]["cart"]["available_payment_methods"][0];
        let payment = payment["code"].clone();
        self.ask(
            "mutation($cart: String!, $way: ShippingMethodInput!) { setShippingMethodsOnCart( \
             input: { cart_id: $cart, shipping_methods: [$way] }) { cart { prices { grand_total \
             { value currency } } } } }",
            &json!({ "cart": cart, "way": way }),
        )
        .await?;
        self.ask(
            "mutation($cart: String!, $code: String!) { setPaymentMethodOnCart(input: { cart_id: \
             $cart, payment_method: { code: $code } }) { cart { selected_payment_method { code } \
             } } }",
            &json!({ "cart": cart, "code": payment }),
        )
        .await?;
        let data = self
            .ask(
                "mutation($cart: String!) { placeOrder(input: { cart_id: $cart }) { \
                 orderV2 { number } errors { code message } } }",
                &json!({ "cart": cart }),
            )
            .await?;
        ensure!(data["placeOrder"]["orderV2"]["number"].is_string(), "{data}");
        Ok(())
    }

    async fn ask(&mut self, query: &str, variables: &Value) -> Result<Value> {
        let body = json!({ "query": query, "variables": variables }).to_string();
        let answer = self.connection.post_json("/graphql", &body).await?;
        ensure!(answer.status == 200, "{}", String::from_utf8_lossy(answer.body));
        Ok(read(answer.body)?["data"].take())
    }
}
