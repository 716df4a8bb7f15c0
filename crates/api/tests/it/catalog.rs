//! What shoppers browse.

use serde_json::json;
use testkit::{a_configurable, a_product, a_shop, change_product, eur};

use crate::Client;

#[tokio::test]
async fn a_list_of_products_is_searched_and_has_what_clients_show() {
    let shop = a_shop().on_sqlite().await;
    a_product(&shop).price(450).stock(3).save().await;
    a_product(&shop).sku("POT").price(2_490).save().await;
    shop.follow().await;
    let client = Client::of(&shop);

    let data = client
        .ask(
            r#"{ products(search: "tea") {
                total_count
                items {
                  __typename id uid sku name url_key stock_status only_x_left_in_stock
                  price_range { minimum_price {
                    final_price { value currency } regular_price { value }
                    discount { amount_off percent_off } } }
                  small_image { url } categories { name } related_products { sku }
                }
                page_info { current_page page_size total_pages }
            } }"#,
        )
        .await;

    assert_eq!(
        data["products"],
        json!({
            "total_count": 1,
            "items": [{
                "__typename": "SimpleProduct", "id": 1, "uid": "MQ==", "sku": "TEA",
                "name": "TEA (fr)", "url_key": "tea", "stock_status": "IN_STOCK",
                "only_x_left_in_stock": 3,
                "price_range": { "minimum_price": {
                    "final_price": { "value": 4.5, "currency": "EUR" },
                    "regular_price": { "value": 4.5 },
                    "discount": { "amount_off": 0.0, "percent_off": 0 },
                } },
                "small_image": null, "categories": [], "related_products": [],
            }],
            "page_info": { "current_page": 1, "page_size": 20, "total_pages": 1 },
        })
    );
}
