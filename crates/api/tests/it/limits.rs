//! What is refused before it costs anything, and how.

use axum::body::Body;
use axum::http::{Request, StatusCode};
use serde_json::{Value, json};
use testkit::{a_product, a_shop};

use crate::Client;

async fn refused(client: &Client, query: &str) -> String {
    let answer = client.ask_with(query, json!({})).await;
    assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{}", answer.json);
    assert_eq!(answer.json.get("data"), None);
    assert_eq!(answer.json["errors"][0]["extensions"]["category"], "graphql-input");
    answer.json["errors"][0]["message"].as_str().unwrap().to_owned()
}

#[tokio::test]
async fn hostile_queries_are_refused() {
    let shop = a_shop().on_sqlite().await;
    let client = Client::of(&shop);

    let message = refused(&client, "{ storeConfig {").await;
    assert!(message.starts_with("Syntax Error"), "{message}");
    let message = refused(&client, "").await;
    assert!(message.starts_with("Syntax Error"), "{message}");

    let aliases: Vec<String> =
        (0..1_000).map(|n| format!("a{n}: storeConfig {{ store_code }} ")).collect();
    let aliases = aliases.concat();
    let message = refused(&client, &format!("{{ {aliases} }}")).await;
    assert_eq!(message, "Max query complexity should be 300 but got 2000.");

    let deep = "children { ".repeat(20);
    let ends = "} ".repeat(20);
    let query = format!("{{ categoryList {{ {deep} name {ends} }} }}");
    let message = refused(&client, &query).await;
    assert_eq!(message, "Max query depth should be 20 but got 22.");

    // Each fragment spreads the next one twice: 2 to the 40 fields.
    let spread = |n: u32| {
        let next = n + 1;
        format!("fragment F{n} on StoreConfig {{ ...F{next} ...F{next} }} ")
    };
    let fragments = (0..40).map(spread).collect::<Vec<_>>().concat();
    let last = "fragment F40 on StoreConfig { store_code }";
    let query = format!("{{ storeConfig {{ ...F0 }} }} {fragments} {last}");
    let message = refused(&client, &query).await;
    assert!(message.starts_with("Max query complexity should be 300"), "{message}");

    let brackets = "{".repeat(20_000);
    refused(&client, &brackets).await;
    refused(&client, &format!("{{ products(search: {}", "[".repeat(30_000))).await;
    refused(&client, &"a ".repeat(200_000)).await;
    let schemas: Vec<String> =
        (0..50).map(|n| format!("s{n}: __schema {{ types {{ name }} }} ")).collect();
    let schemas = schemas.concat();
    refused(&client, &format!("{{ {schemas} }}")).await;
    let nested = "{ __schema { types { fields { type { fields { type { fields { type { name \
        } } } } } } } } }";
    refused(&client, nested).await;
}

#[tokio::test]
async fn a_fragment_that_spreads_itself_is_refused() {
    let shop = a_shop().on_sqlite().await;
    let client = Client::of(&shop);

    for query in [
        "{ storeConfig { ...A } } fragment A on StoreConfig { ...B store_code } \
         fragment B on StoreConfig { ...A }",
        "{ storeConfig { locale } } fragment A on StoreConfig { ...A }",
    ] {
        refused(&client, query).await;
    }
}

#[tokio::test]
async fn bodies_that_are_none_are_refused() {
    let shop = a_shop().on_sqlite().await;
    let client = Client::of(&shop);

    for body in [
        String::new(),
        "{".to_owned(),
        "[]".to_owned(),
        "null".to_owned(),
        r#"{"query": 1}"#.to_owned(),
        r#"{"query": "{ storeConfig { locale } }", "variables": 1}"#.to_owned(),
        format!(r#"{{"query": "{}"}}"#, "x".repeat(10 << 20)),
    ] {
        let answer = client.post(body).await;

        assert_eq!(answer.status, StatusCode::BAD_REQUEST);
        assert_eq!(answer.json["errors"][0]["extensions"]["category"], "graphql-input");
    }
    let other = Request::put("/graphql").body(Body::empty()).unwrap();
    assert_eq!(client.send(other).await.status, StatusCode::NO_CONTENT);
}

#[tokio::test]
async fn an_answer_that_would_not_end_is_cut_off() {
    let shop = a_shop().on_sqlite().await;
    a_product(&shop).save().await;
    shop.follow().await;
    let client = Client::of(&shop);

    let (category, message) =
        client.refused("{ products(search: \"tea\", pageSize: 301) { total_count } }").await;

    assert_eq!(category, "graphql-input");
    assert_eq!(message, "Maximum pageSize is 300");
    let skus: Vec<String> = (0..301).map(|n| format!("\"S{n}\"")).collect();
    let skus = skus.join(",");
    let query = format!("{{ products(filter: {{ sku: {{ in: [{skus}] }} }}) {{ total_count }} }}");
    let (_, message) = client.refused(&query).await;
    assert_eq!(message, "A filter may have 300 values.");
    let items = "{ sku: \"TEA\", quantity: 1 },".repeat(101);
    let cart = crate::cart::a_cart(&client).await;
    let query = format!(
        "mutation {{ addProductsToCart(cartId: \"{cart}\", cartItems: [{items}]) {{ \
         cart {{ id }} }} }}"
    );
    let (_, message) = client.refused(&query).await;
    assert_eq!(message, "A request may have 100 items.");
}

fn get(query: &str) -> Request<Body> {
    let escaped: String = query
        .bytes()
        .map(|b| {
            if b.is_ascii_alphanumeric() { char::from(b).to_string() } else { format!("%{b:02X}") }
        })
        .collect();
    Request::get(format!("/graphql?query={escaped}")).body(Body::empty()).unwrap()
}

#[tokio::test]
async fn queries_come_by_get_as_well_and_are_kept_until_something_changes() {
    let shop = a_shop().on_sqlite().await;
    a_product(&shop).save().await;
    shop.follow().await;
    let client = Client::of(&shop);
    let query = r#"{ products(search: "tea") { items { name price_range { minimum_price { final_price { value } } } } } }"#;

    let first = client.send(get(query)).await;
    assert_eq!(first.status, StatusCode::OK);
    assert_eq!(first.headers["cache-control"], "public, no-cache");
    let etag = first.headers["etag"].to_str().unwrap().to_owned();
    let again = client.with("if-none-match", &etag).send(get(query)).await;
    assert_eq!(again.status, StatusCode::NOT_MODIFIED);

    let english = client.with("store", "en").send(get(query)).await;
    assert_ne!(english.headers["x-magento-cache-id"], first.headers["x-magento-cache-id"]);
    assert_eq!(again.headers["x-magento-cache-id"], first.headers["x-magento-cache-id"]);
    assert_eq!(english.json["data"]["products"]["items"][0]["name"], "TEA (en)");
    assert_ne!(english.headers["etag"].to_str().unwrap(), etag);

    testkit::change_price(&shop, "TEA", 500).await;
    shop.follow().await;
    let changed = client.with("if-none-match", &etag).send(get(query)).await;
    assert_eq!(changed.status, StatusCode::OK);
    let price = &changed.json["data"]["products"]["items"][0]["price_range"]["minimum_price"];
    assert_eq!(price["final_price"]["value"], 5.0);

    let packed =
        client.with("accept-encoding", "br").send(get("{ __schema { types { name } } }")).await;
    assert_eq!(packed.headers["content-encoding"], "br");
}

/// How an answer is packed tells whether it was kept: in a hurry the first time, well after that.
async fn packing(client: &Client, query: &str) -> (String, Value) {
    let answer = client.with("accept-encoding", "gzip, br").send(get(query)).await;
    assert_eq!(answer.status, StatusCode::OK);
    let packing = answer.headers["content-encoding"].to_str().unwrap().to_owned();
    let plain = client.send(get(query)).await;
    (packing, plain.json["data"].clone())
}

#[tokio::test]
async fn an_answer_is_kept_until_what_it_shows_changes() {
    let shop = a_shop().on_sqlite().await;
    a_product(&shop).save().await;
    a_product(&shop).sku("POT").save().await;
    shop.follow().await;
    let client = Client::of(&shop);
    let schema = "__schema { types { name description } }";
    let tea = format!(
        r#"{{ products(filter: {{ sku: {{ eq: "TEA" }} }}) {{ items {{ name price_range {{
            minimum_price {{ final_price {{ value }} }} }} stock_status }} }} {schema} }}"#
    );
    let all =
        format!("{{ products(filter: {{}}) {{ total_count items {{ sku name }} }} {schema} }}");
    let tree = format!("{{ categoryList {{ product_count children {{ name }} }} {schema} }}");
    let coming = format!(
        r#"{{ products(filter: {{ sku: {{ eq: "CUP" }} }}) {{ items {{ name }} }} {schema} }}"#
    );
    let shop_itself = format!("{{ storeConfig {{ store_name }} {schema} }}");
    let (tea, all, tree, coming, shop_itself) = (&tea, &all, &tree, &coming, &shop_itself);
    for query in [tea, all, tree, coming, shop_itself] {
        assert_eq!(packing(&client, query).await.0, "gzip", "{query}");
        assert_eq!(packing(&client, query).await.0, "br", "{query}");
    }

    testkit::change_price(&shop, "POT", 500).await;
    shop.follow().await;

    for (query, expected) in
        [(tea, "br"), (all, "gzip"), (tree, "gzip"), (coming, "gzip"), (shop_itself, "br")]
    {
        assert_eq!(packing(&client, query).await.0, expected, "{query}");
    }

    testkit::change_price(&shop, "TEA", 600).await;
    a_product(&shop).sku("CUP").save().await;
    shop.follow().await;

    let (packed, data) = packing(&client, tea).await;
    let price = &data["products"]["items"][0]["price_range"]["minimum_price"]["final_price"];
    assert_eq!((packed.as_str(), &price["value"]), ("gzip", &json!(6.0)));
    assert_eq!(packing(&client, all).await.1["products"]["total_count"], 3);
    assert_eq!(packing(&client, tree).await.1["categoryList"][0]["product_count"], 3);
    assert_eq!(
        packing(&client, coming).await.1["products"]["items"],
        json!([{ "name": "CUP (fr)" }]),
        "what was missing has come"
    );
    assert_eq!(packing(&client, shop_itself).await.0, "br");
    testkit::change_product(&shop, "TEA", |product| {
        product.visibility = commerce::catalog::Visibility::Draft;
    })
    .await;
    shop.follow().await;
    assert_eq!(packing(&client, tea).await.1["products"]["items"], json!([]));
    assert_eq!(packing(&client, all).await.1["products"]["total_count"], 2);
}

#[tokio::test]
async fn an_answer_says_what_it_shows() {
    let shop = a_shop().on_sqlite().await;
    let product = a_product(&shop).save().await;
    shop.follow().await;
    let client = Client::of(&shop);
    let tags = async |query: &str| {
        let answer = client.send(get(query)).await;
        answer.headers.get("x-magento-tags").map(|tags| tags.to_str().unwrap().to_owned())
    };

    let found = tags(r#"{ products(search: "tea") { items { sku } } }"#).await;
    assert_eq!(found, Some(format!("cat_p,cat_p_{},FPC", product.number)));
    let tree = tags("{ categoryList { name } }").await;
    assert_eq!(tree.as_deref(), Some("cat_c,cat_c_2147483647,FPC"));
    assert_eq!(tags("{ storeConfig { locale } }").await.as_deref(), Some("FPC"));
    assert_eq!(tags("{ customer { email } }").await, None);
}

#[tokio::test]
async fn what_changes_something_comes_by_post_alone() {
    let shop = a_shop().on_sqlite().await;
    let client = Client::of(&shop);

    let answer = client.send(get("mutation { createEmptyCart }")).await;

    assert_eq!(answer.status, StatusCode::BAD_REQUEST);
    assert_eq!(
        answer.json["errors"][0]["message"],
        "Mutation requests allowed only for POST requests"
    );
    let carts = client.ask_with("mutation { createEmptyCart }", json!({})).await;
    assert_eq!(carts.headers["cache-control"], "no-store, no-cache, must-revalidate");
    assert_eq!(carts.headers.get("etag"), None);
}

#[tokio::test]
async fn the_headers_name_a_store_and_a_currency_that_there_are() {
    let shop = a_shop().on_sqlite().await;
    let client = Client::of(&shop);
    let message = async |client: Client| {
        let answer = client.ask_with("{ storeConfig { store_code locale } }", json!({})).await;
        (answer.status, answer.json["errors"][0]["message"].clone())
    };

    let (status, said) = message(client.with("store", "moon")).await;
    assert_eq!((status, said), (StatusCode::BAD_REQUEST, json!("Requested store is not found")));
    let (status, said) = message(client.with("content-currency", "USD")).await;
    assert_eq!(
        (status, said),
        (StatusCode::BAD_REQUEST, json!("Please correct the target currency"))
    );
    for (store, code, locale) in
        [("default", "default", "fr_FR"), ("fr", "default", "fr_FR"), ("en", "en", "en_GB")]
    {
        let client = client.with("store", store).with("content-currency", "EUR");
        let data = client.ask("{ storeConfig { store_code locale } }").await;
        assert_eq!(data["storeConfig"], json!({ "store_code": code, "locale": locale }));
    }
}
