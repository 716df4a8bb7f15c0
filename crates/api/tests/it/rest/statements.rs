//! A page of a list asks the database as often, however much is on it.

use testkit::{a_customer, a_placed_order, a_product, count_statements, on_both_engines};

use super::an_integration;
use crate::Client;

#[tokio::test]
async fn a_list_of_products_takes_as_many_statements_as_one_of_three() {
    on_both_engines(async |shop| {
        let erp = an_integration(&shop, &Client::of(&shop)).await;
        for n in 0..40 {
            a_product(&shop).sku(&format!("TEA-{n}")).save().await;
        }
        shop.follow().await;
        let path = |size: u32| format!("V1/products?searchCriteria[pageSize]={size}");

        let (few, of_few) = count_statements(erp.fetch(&path(3))).await;
        let (many, of_many) = count_statements(erp.fetch(&path(100))).await;

        assert_eq!(few["items"].as_array().unwrap().len(), 3);
        assert_eq!(many["items"].as_array().unwrap().len(), 40);
        assert!(of_few > 0);
        assert_eq!(of_few, of_many);
    })
    .await;
}

#[tokio::test]
async fn a_list_of_orders_takes_as_many_statements_as_one_of_three() {
    on_both_engines(async |shop| {
        let erp = an_integration(&shop, &Client::of(&shop)).await;
        a_product(&shop).stock(100).save().await;
        for _ in 0..40 {
            a_placed_order(&shop).save().await;
        }
        let path = |size: u32| format!("V1/orders?searchCriteria[pageSize]={size}");

        let (few, of_few) = count_statements(erp.fetch(&path(3))).await;
        let (many, of_many) = count_statements(erp.fetch(&path(100))).await;

        assert_eq!(few["items"].as_array().unwrap().len(), 3);
        assert_eq!(many["items"].as_array().unwrap().len(), 40);
        assert!(of_few > 0);
        assert_eq!(of_few, of_many);
    })
    .await;
}

#[tokio::test]
async fn a_list_of_customers_takes_as_many_statements_as_one_of_three() {
    let shop = testkit::a_shop().on_sqlite().await;
    let erp = an_integration(&shop, &Client::of(&shop)).await;
    for n in 0..20 {
        a_customer(&shop).email(&format!("jeanne{n}@exemple.fr")).save().await;
    }
    let path = |size: u32| format!("V1/customers/search?searchCriteria[pageSize]={size}");

    let (_, of_few) = count_statements(erp.fetch(&path(3))).await;
    let (many, of_many) = count_statements(erp.fetch(&path(100))).await;

    assert_eq!(many["items"].as_array().unwrap().len(), 20);
    assert_eq!(of_few, of_many);
}
