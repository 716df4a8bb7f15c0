//! How much a request asks of the database.

use serde_json::json;
use testkit::{PASSWORD, a_customer, a_placed_order, a_product, count_statements, on_both_engines};

use crate::Client;
use crate::cart::{a_cart, add, follow_all};

#[tokio::test]
async fn browsing_asks_the_database_nothing() {
    on_both_engines(async |shop| {
        a_product(&shop).save().await;
        shop.follow().await;
        let client = Client::of(&shop);
        let query = r#"{ products(search: "tea") { items { sku } aggregations { label } }
            categoryList { children { name } } route(url: "tea") { type } storeConfig { locale }
            countries { id } }"#;

        let (data, n) = count_statements(client.ask(query)).await;

        assert_eq!(data["products"]["items"], json!([{ "sku": "TEA" }]));
        assert_eq!(n, 0);
        let (_, n) = count_statements(shop.stock("TEA")).await;
        assert_eq!(n, 1, "this test can fail");
    })
    .await;
}

#[tokio::test]
async fn a_cart_is_read_once_however_much_of_it_is_asked() {
    on_both_engines(async |shop| {
        for n in 0..5 {
            a_product(&shop).sku(&format!("TEA-{n}")).save().await;
        }
        shop.follow().await;
        let client = Client::of(&shop);
        let cart = a_cart(&client).await;
        add(&client, &cart, 1, "TEA-0").await;
        follow_all(&client, &cart).await;
        let brief = format!(r#"{{ cart(cart_id: "{cart}") {{ id }} }}"#);
        let whole = format!(
            r#"{{ cart(cart_id: "{cart}") {{ email items {{ quantity product {{ sku name }}
                prices {{ row_total {{ value }} }} }} prices {{ grand_total {{ value }} }}
                shipping_addresses {{ available_shipping_methods {{ carrier_code }}
                    selected_shipping_method {{ carrier_code }} }}
                selected_payment_method {{ code }} }} }}"#
        );

        let (_, of_brief) = count_statements(client.ask(&brief)).await;
        let (_, of_whole) = count_statements(client.ask(&whole)).await;
        for n in 1..5 {
            add(&client, &cart, 1, &format!("TEA-{n}")).await;
        }
        let (data, of_more) = count_statements(client.ask(&whole)).await;

        assert_eq!(data["cart"]["items"].as_array().unwrap().len(), 5);
        assert!(of_brief > 0);
        assert_eq!((of_whole, of_more), (of_brief, of_brief));
    })
    .await;
}

#[tokio::test]
async fn orders_are_read_at_once_however_many_a_page_shows() {
    on_both_engines(async |shop| {
        let customer = a_customer(&shop).save().await;
        a_placed_order(&shop).of(customer.id).save().await;
        let guest = Client::of(&shop);
        let token = guest
            .ask(&format!(
                r#"mutation {{ generateCustomerToken(email: "jeanne@exemple.fr",
                    password: "{PASSWORD}") {{ token }} }}"#
            ))
            .await;
        let token = token["generateCustomerToken"]["token"].as_str().unwrap();
        let client = guest.with("authorization", &format!("Bearer {token}"));
        let query = "{ customer { orders { items { number items { product_sku }
            total { grand_total { value } } } } } }";

        let (_, of_one) = count_statements(client.ask(query)).await;
        for _ in 0..4 {
            a_placed_order(&shop).with(1, "TEA").with(1, "POT").of(customer.id).save().await;
        }
        let (data, of_five) = count_statements(client.ask(query)).await;

        let items = data["customer"]["orders"]["items"].as_array().unwrap();
        let numbers: Vec<_> = items.iter().map(|order| order["number"].clone()).collect();
        assert_eq!(numbers, ["GL000005", "GL000004", "GL000003", "GL000002", "GL000001"]);
        assert!(of_one > 0);
        assert_eq!(of_five, of_one);
    })
    .await;
}
