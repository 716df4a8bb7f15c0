//! Configurable products as programs put them together.

use commerce::redirect::Target;
use commerce::stock::StockLevel;
use serde_json::{Value, json};
use testkit::{TestShop, on_both_engines};

use super::{a_default_set, an_integration, manufacturer};
use crate::Client;

/// What a shop of shirts in sizes has, and the numbers of the attribute and its options.
struct Sizes {
    erp: Client,
    attribute: Value,
    small: Value,
    medium: Value,
}

async fn sizes(shop: &TestShop) -> Sizes {
    a_default_set(shop, &[]).await;
    let erp = an_integration(shop, &Client::of(shop)).await;
    let attribute = json!({ "attribute": { "attribute_code": "size", "frontend_input": "select",
        "default_frontend_label": "Taille", "options": [{ "label": "S" }, { "label": "M" }] } });
    let made = erp.got("POST", "V1/products/attributes", Some(attribute)).await;
    let assign = json!({ "attributeSetId": 4, "attributeGroupId": 1, "sortOrder": 1,
        "attributeCode": "size" });
    erp.got("POST", "V1/products/attribute-sets/attributes", Some(assign)).await;
    let option = |place: usize| made["options"][place]["value"].clone();
    let (small, medium) = (option(0), option(1));
    Sizes { erp, attribute: made["attribute_id"].clone(), small, medium }
}

impl Sizes {
    async fn shirt(&self, sku: &str, size: &Value) -> Value {
        let mut attributes = manufacturer();
        let size = json!({ "attribute_code": "size", "value": size });
        attributes.as_array_mut().unwrap().push(size);
        let product = json!({ "product": { "sku": sku, "name": format!("Tee {sku}"),
            "price": 20, "status": 1, "type_id": "simple", "attribute_set_id": 4, "weight": 0.2,
            "extension_attributes": { "stock_item": { "qty": 3 } },
            "custom_attributes": attributes } });
        self.erp.got("POST", "V1/products", Some(product)).await
    }

    async fn skus(&self) -> Vec<(String, String, i64)> {
        let list = self.erp.fetch("V1/products?fields=items[sku,type_id,status]").await;
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let items = list["items"].as_array().unwrap().clone();
        let each =
            |it: &Value| (text(&it["sku"]), text(&it["type_id"]), it["status"].as_i64().unwrap());
        items.iter().map(each).collect()
    }
}

fn row(sku: &str, kind: &str, status: i64) -> (String, String, i64) {
    (sku.to_owned(), kind.to_owned(), status)
}

#[tokio::test]
async fn a_configurable_product_is_put_together_step_by_step() {
    on_both_engines(async |shop| {
        let sizes = sizes(&shop).await;
        let erp = &sizes.erp;
        sizes.shirt("TEE-S", &sizes.small).await;
        sizes.shirt("TEE-M", &sizes.medium).await;
        let parent = json!({ "product": { "sku": "TEE", "name": "Tee", "type_id": "configurable",
            "attribute_set_id": 4, "status": 1, "custom_attributes": manufacturer() } });
        let made = erp.got("POST", "V1/products", Some(parent)).await;
        assert_eq!((&made["sku"], &made["status"]), (&json!("TEE"), &json!(2)), "{made}");
        let child = |sku: &str| Some(json!({ "childSku": sku }));
        let link = "V1/configurable-products/TEE/child";
        assert_eq!(
            erp.denied("POST", link, child("TEE-S")).await,
            (400, "The parent product doesn't have configurable product options.".to_owned())
        );

        let option = json!({ "option": { "attribute_id": sizes.attribute.to_string(),
            "label": "Size", "position": 0, "values": [{ "value_index": 1 }] } });
        let path = "V1/configurable-products/TEE/options";
        let id = erp.got("POST", path, Some(option.clone())).await;
        assert_eq!(id, sizes.attribute);
        assert_eq!(erp.got("POST", link, child("TEE-S")).await, true);
        assert_eq!(erp.got("POST", link, child("TEE-M")).await, true);
        let on_sale = json!({ "product": { "status": 1 } });
        let shown = erp.got("PUT", "V1/products/TEE", Some(on_sale)).await;

        assert_eq!(shown["status"], 1);
        assert_eq!(
            sizes.skus().await,
            [row("TEE", "configurable", 1), row("TEE-S", "simple", 1), row("TEE-M", "simple", 1)]
        );
        let variant = erp.fetch("V1/products/TEE-M").await;
        assert_eq!((&variant["name"], &variant["price"]), (&json!("Tee-M"), &json!(20)));
        assert_eq!(variant["weight"], 0.2);
        assert_eq!(shop.stock("TEE-M").await, StockLevel { on_hand: 3, allocated: 0 });
        let options = erp.fetch("V1/configurable-products/TEE/options/all").await;
        assert_eq!(options[0]["values"].as_array().unwrap().len(), 2);
        let (product, _) = shop::catalog::find_by_sku(&shop, "TEE").await.unwrap().unwrap();
        let old = shop::redirect::find(&shop, "/p/tee-tee-s").await.unwrap();
        assert_eq!(old.map(|it| it.target), Some(Target::Product(product.id)));

        // A program that writes back what it read changes nothing.
        let same = json!({ "product": erp.fetch("V1/products/TEE").await });
        erp.got("PUT", "V1/products/TEE", Some(same)).await;
        assert_eq!(sizes.skus().await.len(), 3);

        let again = (400, "The product is already attached.".to_owned());
        assert_eq!(erp.denied("POST", link, child("TEE-S")).await, again);
        let one = format!("{path}/{id}");
        assert_eq!(erp.got("PUT", &one, Some(option)).await, id);
        let (status, message) = erp.denied("DELETE", &one, None).await;
        assert_eq!(status, 400);
        assert!(message.contains("needs one option for each axis"), "{message}");
    })
    .await;
}

#[tokio::test]
async fn a_variant_that_is_taken_out_stands_alone_as_a_draft() {
    on_both_engines(async |shop| {
        let sizes = sizes(&shop).await;
        let erp = &sizes.erp;
        let small = sizes.shirt("TEE-S", &sizes.small).await;
        let medium = sizes.shirt("TEE-M", &sizes.medium).await;
        let parent = |links: Value| {
            let options = json!([{ "attribute_id": sizes.attribute, "position": 0 }]);
            let extension = json!({ "configurable_product_options": options,
                "configurable_product_links": links });
            json!({ "product": { "sku": "TEE", "name": "Tee", "type_id": "configurable",
                "attribute_set_id": 4, "status": 1, "custom_attributes": manufacturer(),
                "extension_attributes": extension } })
        };

        let links = json!([small["id"], medium["id"]]);
        let made = erp.got("POST", "V1/products", Some(parent(links))).await;
        assert_eq!(made["status"], 1, "all at once it is on sale");
        let links = made["extension_attributes"]["configurable_product_links"].clone();
        let path = "V1/configurable-products/TEE/children";
        assert_eq!(erp.got("DELETE", &format!("{path}/TEE-M"), None).await, true);

        assert_eq!(
            sizes.skus().await,
            [row("TEE", "configurable", 1), row("TEE-S", "simple", 1), row("TEE-M", "simple", 2)]
        );
        let alone = erp.fetch("V1/products/TEE-M").await;
        assert_eq!((&alone["name"], &alone["price"]), (&json!("Tee M"), &json!(20)));
        let size = alone["custom_attributes"].as_array().unwrap().iter();
        let mut size = size.filter(|one| one["attribute_code"] == "size");
        assert_eq!(size.next().map(|one| &one["value"]), Some(&sizes.medium));
        assert_eq!(shop.stock("TEE-M").await, StockLevel { on_hand: 3, allocated: 0 });

        // A list of links is all that there are: one comes, the other goes.
        let on_sale = json!({ "product": { "status": 1 } });
        erp.got("PUT", "V1/products/TEE-M", Some(on_sale)).await;
        let body = parent(json!([alone["id"]]));
        erp.got("PUT", "V1/products/TEE", Some(body)).await;
        assert_eq!(erp.fetch(path).await[0]["sku"], "TEE-M");
        assert_eq!(erp.fetch("V1/products/TEE-S").await["status"], 2);
        let gone = parent(json!([links[0]]));
        assert_eq!(erp.denied("PUT", "V1/products/TEE", Some(gone)).await.0, 404);
        assert_eq!(erp.denied("DELETE", &format!("{path}/TEE-S"), None).await.0, 404);
        let (status, message) = erp.denied("DELETE", &format!("{path}/TEE-M"), None).await;
        assert_eq!(status, 400);
        assert!(message.contains("at least one variant"), "{message}");
    })
    .await;
}

#[tokio::test]
async fn a_product_is_saved_with_all_its_links_or_not_at_all() {
    on_both_engines(async |shop| {
        let sizes = sizes(&shop).await;
        let erp = &sizes.erp;
        let small = sizes.shirt("TEE-S", &sizes.small).await;
        let medium = sizes.shirt("TEE-M", &sizes.medium).await;
        let twin = sizes.shirt("TWIN", &sizes.small).await;
        let body = |name: &str, links: Value| {
            let options = json!([{ "attribute_id": sizes.attribute }]);
            let extension = json!({ "configurable_product_options": options,
                "configurable_product_links": links });
            json!({ "product": { "sku": "TEE", "name": name, "type_id": "configurable",
                "attribute_set_id": 4, "status": 1, "custom_attributes": manufacturer(),
                "extension_attributes": extension } })
        };
        let made = body("Tee", json!([small["id"], medium["id"]]));
        let made = erp.got("POST", "V1/products", Some(made)).await;
        let links = made["extension_attributes"]["configurable_product_links"].clone();
        let before = erp.fetch("V1/products/TEE").await;
        let skus = sizes.skus().await;

        // One that comes has the size of one that stays; none would be left.
        for links in [json!([links[0], links[1], twin["id"]]), json!([])] {
            let denied = erp.denied("PUT", "V1/products/TEE", Some(body("Other", links))).await;
            assert_eq!(denied.0, 400, "{}", denied.1);
            assert_eq!(erp.fetch("V1/products/TEE").await, before);
            assert_eq!(sizes.skus().await, skus);
        }

        // One comes for another of its size.
        let swapped = body("Other", json!([links[1], twin["id"]]));
        let shown = erp.got("PUT", "V1/products/TEE", Some(swapped)).await;
        assert_eq!((&shown["name"], &shown["status"]), (&json!("Other"), &json!(1)));
        let children = erp.fetch("V1/configurable-products/TEE/children").await;
        assert_eq!((&children[0]["sku"], &children[1]["sku"]), (&json!("TEE-M"), &json!("TWIN")));
        let alone = erp.fetch("V1/products/TEE-S").await;
        assert_eq!((&alone["name"], &alone["status"]), (&json!("Other S"), &json!(2)));
        assert_eq!(shop.stock("TEE-S").await, StockLevel { on_hand: 3, allocated: 0 });
    })
    .await;
}

#[tokio::test]
async fn the_variations_of_a_product_are_made_and_not_saved() {
    on_both_engines(async |shop| {
        let sizes = sizes(&shop).await;
        let erp = &sizes.erp;
        let color = json!({ "attribute": { "attribute_code": "color", "frontend_input": "select",
            "default_frontend_label": "Couleur", "options": [{ "label": "Sauge" }] } });
        let color = erp.got("POST", "V1/products/attributes", Some(color)).await;
        let (sage, color) = (color["options"][0]["value"].clone(), color["attribute_id"].clone());
        let values = |values: &[&Value]| {
            values.iter().map(|value| json!({ "value_index": value })).collect::<Vec<_>>()
        };
        let size = |of: &[&Value]| json!({ "attribute_id": sizes.attribute, "values": values(of) });
        let body = |options: Value| {
            Some(json!({ "product": { "sku": "TEE", "name": "Tee", "price": "20.00", "weight": 0.2,
                "type_id": "configurable", "custom_attributes": [
                    { "attribute_code": "size", "value": "0" },
                    { "attribute_code": "url_key", "value": "tee" }] },
                "options": options }))
        };
        let path = "V1/configurable-products/variation";
        let text = |value: &Value| value.as_str().unwrap().to_owned();
        let (s, m, sage_text) = (text(&sizes.small), text(&sizes.medium), text(&sage));

        let both = json!([{ "attribute_id": color, "values": values(&[&sage]) },
            size(&[&sizes.small, &sizes.medium])]);
        let made = erp.got("PUT", path, body(both)).await;

        let variation = |size: &str| {
            json!({ "sku": format!("TEE-{sage_text}-{size}"), "name": format!("Tee-{sage_text}-{size}"),
                "price": 20, "weight": 0.2, "type_id": "simple", "visibility": 1,
                "custom_attributes": [
                    { "attribute_code": "url_key", "value": "tee" },
                    { "attribute_code": "color", "value": sage_text },
                    { "attribute_code": "size", "value": size }] })
        };
        assert_eq!(made, json!([variation(&s), variation(&m)]));
        assert_eq!(sizes.skus().await, []);
        assert_eq!(erp.got("PUT", path, body(json!([]))).await, json!([]));
        assert_eq!(erp.got("PUT", path, body(json!([size(&[])]))).await, json!([]));
        let denied = async |options: Value| erp.denied("PUT", path, body(options)).await;
        let unknown = (404, "No such entity with %fieldName = %fieldValue".to_owned());
        assert_eq!(denied(json!([{ "attribute_id": 1 }])).await, unknown);
        assert_eq!(denied(json!([size(&[&json!(1)])])).await, unknown);
        let required = "\"%fieldName\" is required. Enter and try again.".to_owned();
        assert_eq!(denied(json!([{ "values": [] }])).await, (400, required));
        let many: Vec<_> = std::iter::repeat_n(size(&[&sizes.small, &sizes.medium]), 10).collect();
        let too_many = "A request may make %max products.".to_owned();
        assert_eq!(denied(json!(many)).await, (400, too_many));
        let nameless = json!({ "product": { "sku": "TEE" }, "options": [] });
        assert_eq!(erp.denied("PUT", path, Some(nameless)).await.0, 400);
    })
    .await;
}

#[tokio::test]
async fn what_is_no_variant_is_not_linked() {
    on_both_engines(async |shop| {
        let sizes = sizes(&shop).await;
        let erp = &sizes.erp;
        sizes.shirt("TEE-S", &sizes.small).await;
        sizes.shirt("TWIN", &sizes.small).await;
        let plain = json!({ "product": { "sku": "POT", "name": "Pot", "price": 1, "status": 2 } });
        erp.got("POST", "V1/products", Some(plain)).await;
        let parent = json!({ "product": { "sku": "TEE", "name": "Tee", "type_id": "configurable",
            "extension_attributes": { "configurable_product_options":
                [{ "attribute_id": sizes.attribute }] } } });
        erp.got("POST", "V1/products", Some(parent.clone())).await;
        let link = "V1/configurable-products/TEE/child";
        let denied =
            async |sku: &str| erp.denied("POST", link, Some(json!({ "childSku": sku }))).await;

        let text = "The child product doesn't have the \"%1\" attribute value. Verify the value \
                    and try again.";
        assert_eq!(denied("POT").await, (400, text.to_owned()));
        assert_eq!(denied("TEE").await.0, 404);
        assert_eq!(denied("NONE").await.0, 404);
        erp.got("POST", link, Some(json!({ "childSku": "TEE-S" }))).await;
        let (status, message) = denied("TWIN").await;
        assert_eq!(status, 400);
        assert!(message.contains("has the same options as another"), "{message}");
        assert_eq!(erp.fetch("V1/products/TWIN").await["type_id"], "simple", "nothing is lost");

        let option = |id: Value| Some(json!({ "option": { "attribute_id": id } }));
        let path = "V1/configurable-products/TEE/options";
        assert_eq!(erp.denied("POST", path, option(json!(1))).await.0, 404);
        assert_eq!(erp.denied("POST", path, Some(json!({ "option": {} }))).await.0, 400);
        let simple = "V1/configurable-products/POT/options";
        assert_eq!(erp.denied("POST", simple, option(sizes.attribute.clone())).await.0, 404);
        let kind = json!({ "product": { "type_id": "configurable" } });
        assert_eq!(
            erp.denied("PUT", "V1/products/POT", Some(kind)).await,
            (400, "The type of a product can't change.".to_owned())
        );
        erp.got("DELETE", "V1/products/TEE", None).await;
        erp.got("POST", "V1/products", Some(parent)).await;
        let id = &sizes.attribute;
        assert_eq!(erp.got("DELETE", &format!("{path}/{id}"), None).await, true);
        assert_eq!(erp.fetch(&format!("{path}/all")).await, json!([]));
    })
    .await;
}
