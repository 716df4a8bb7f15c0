//! The contract that clients are built against.

use serde_json::{Value, json};
use testkit::{a_configurable, a_shop};

use crate::Client;

#[tokio::test]
async fn clients_learn_which_types_an_interface_can_be() {
    let shop = a_shop().on_sqlite().await;
    let client = Client::of(&shop);

    let data = client.ask("{ __schema { types { kind name possibleTypes { name } } } }").await;

    let types = data["__schema"]["types"].as_array().unwrap();
    let possible = |name: &str| {
        let of = types.iter().find(|of| of["name"] == name).unwrap();
        let mut names: Vec<&str> = of["possibleTypes"]
            .as_array()
            .unwrap()
            .iter()
            .map(|of| of["name"].as_str().unwrap())
            .collect();
        names.sort_unstable();
        names
    };
    assert_eq!(
        possible("ProductInterface"),
        [
            "BundleProduct",
            "ConfigurableProduct",
            "DownloadableProduct",
            "GroupedProduct",
            "SimpleProduct",
            "VirtualProduct",
        ]
    );
    assert_eq!(possible("CartAddressInterface"), ["BillingCartAddress", "ShippingCartAddress"]);
    assert_eq!(possible("Error"), ["CartUserInputError", "InsufficientStockError"]);
    // 423 of Magento, the companion's, the five scalars and the eight that introspection has.
    assert!(types.len() > 423, "{}", types.len());
}

#[tokio::test]
async fn the_filters_are_those_of_this_shop() {
    let shop = a_shop().on_sqlite().await;
    let client = Client::of(&shop);
    let query =
        r#"{ __type(name: "ProductAttributeFilterInput") { inputFields { name type { name } } } }"#;
    let before = client.ask(query).await;
    let has = |data: &Value, name: &str| {
        let fields = data["__type"]["inputFields"].as_array().unwrap().clone();
        fields.contains(&json!({ "name": name, "type": { "name": "FilterEqualTypeInput" } }))
    };
    assert!(has(&before, "category_uid"));
    assert!(!has(&before, "roast"));

    a_configurable(&shop).axis("roast").save().await;
    shop.follow().await;

    assert!(has(&client.ask(query).await, "roast"));
    let data = client
        .ask(r#"{ products(filter: { roast: { eq: "s" } }) { items { name roast } } }"#)
        .await;
    assert_eq!(data["products"]["items"], json!([{ "name": "TEE (fr)", "roast": null }]));
}

#[tokio::test]
async fn what_the_schema_does_not_have_is_said_as_magento_says_it() {
    let shop = a_shop().on_sqlite().await;
    let client = Client::of(&shop);

    let answer = client.ask_with("{ storeConfig { flavor } }", json!({})).await;

    assert_eq!(answer.status, 200);
    assert_eq!(answer.json["errors"][0]["extensions"]["category"], "graphql-input");
    assert_eq!(answer.json.get("data"), None);
}
