//! Products, what they are described by, where they lie, and their stock.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use commerce::catalog::{ContentUnit, NetContent};
use commerce::eco::Label;
use commerce::stock::StockLevel;
use serde_json::{Value, json};
use testkit::{a_configurable, a_product, change_product, eur, on_both_engines};

use super::{a_default_set, an_integration, complete, manufacturer};
use crate::Client;

/// A picture of one color, as a client sends it.
pub(super) fn picture(shade: u8) -> Value {
    let pixels = image::RgbImage::from_pixel(40, 30, image::Rgb([shade, 90, 30]));
    let mut bytes = std::io::Cursor::new(Vec::new());
    pixels.write_to(&mut bytes, image::ImageFormat::Png).unwrap();
    json!({ "base64_encoded_data": STANDARD.encode(bytes.into_inner()), "type": "image/png",
        "name": "tea.png" })
}

/// What one of the custom attributes of something says.
fn custom<'a>(of: &'a Value, code: &str) -> &'a Value {
    let all = of["custom_attributes"].as_array().unwrap();
    all.iter().find(|one| one["attribute_code"] == code).map_or(&Value::Null, |one| &one["value"])
}

#[tokio::test]
async fn a_product_is_created_with_picture_and_stock_changed_and_deleted() {
    on_both_engines(async |shop| {
        a_default_set(&shop, &[]).await;
        let guest = Client::of(&shop);
        let erp = an_integration(&shop, &guest).await;
        let mut attributes = manufacturer();
        attributes.as_array_mut().unwrap().extend([
            json!({ "attribute_code": "description", "value": "<p>Green <b>tea</b></p>" }),
            json!({ "attribute_code": "special_price", "value": "9.9" }),
            json!({ "attribute_code": "special_to_date", "value": "2099-12-31 00:00:00" }),
            json!({ "attribute_code": "unheard_of", "value": "1" }),
        ]);
        let product = json!({ "product": {
            "sku": "SEN-CHA", "name": "Sencha", "price": "12.50", "weight": 0.1, "status": 1,
            "visibility": 4, "type_id": "simple", "attribute_set_id": 4,
            "extension_attributes": { "stock_item": { "qty": 7, "is_in_stock": true } },
            "media_gallery_entries": [{ "media_type": "image", "label": "A cup", "position": 1,
                "disabled": false, "types": ["image"], "content": picture(1) }],
            "custom_attributes": attributes,
        } });

        let made = erp.got("POST", "all/V1/products", Some(product)).await;
        assert_eq!(made["sku"], "SEN-CHA");
        assert_eq!(made["price"], 12.5);
        assert_eq!(made["status"], 1);
        assert_eq!(made["weight"], 0.1);
        assert_eq!(made["type_id"], "simple");
        assert_eq!(made["extension_attributes"]["stock_item"]["qty"], 7);
        assert_eq!(made["media_gallery_entries"][0]["label"], "A cup");
        assert_eq!(custom(&made, "url_key"), "sencha");
        assert_eq!(custom(&made, "description"), "<p>Green <strong>tea</strong></p>\n");
        assert_eq!(custom(&made, "special_price"), "9.90");
        assert_eq!(custom(&made, "special_to_date"), "2099-12-31 00:00:00");
        assert_eq!(custom(&made, "tax_class_id"), "2");
        assert_eq!(custom(&made, "unheard_of"), &Value::Null);
        let one = erp.fetch("V1/products/SEN-CHA").await;
        assert_eq!(one, made);

        let change = json!({ "product": { "price": 11, "status": "2",
            "extension_attributes": { "stock_item": { "qty": "3" } } } });
        let changed = erp.got("PUT", "V1/products/SEN-CHA", Some(change)).await;
        assert_eq!(changed["price"], 11);
        assert_eq!(changed["status"], 2);
        assert_eq!(changed["name"], "Sencha", "what is left out stays");
        assert_eq!(changed["media_gallery_entries"], made["media_gallery_entries"]);
        assert_eq!(shop.stock("SEN-CHA").await, StockLevel { on_hand: 3, allocated: 0 });

        change_product(&shop, "SEN-CHA", |product| {
            product.eco.labels =
                vec![Label { scheme: "AB".to_owned(), licence: "FR-BIO-01".to_owned() }];
            product.variants[0].content = NetContent::new(250, ContentUnit::Gram);
            product.variants[0].prices[0].eco_participation = Some(eur(2));
        })
        .await;
        let told = erp.fetch("V1/products/SEN-CHA").await;
        assert_eq!(
            told["extension_attributes"]["greenleaf_eco"],
            json!({
                "labels": [{ "scheme": "AB", "licence": "FR-BIO-01" }],
                "carbon_grams_co2e": null, "carbon_source": null, "materials": [],
                "origin_detail": "", "packaging": "", "legal_guarantee_months": 24,
                "eco_participation": 0.02, "prior_price": null,
                "unit_price": 39.6, "unit": "kilogram",
            })
        );

        let english = json!({ "product": { "name": "Green tea" } });
        erp.got("PUT", "en/V1/products/SEN-CHA", Some(english)).await;
        assert_eq!(erp.fetch("V1/products/SEN-CHA").await["name"], "Sencha");
        assert_eq!(erp.fetch("en/V1/products/SEN-CHA").await["name"], "Green tea");

        assert_eq!(erp.got("DELETE", "V1/products/SEN-CHA", None).await, true);
        assert_eq!(
            erp.denied("GET", "V1/products/SEN-CHA", None).await,
            (
                404,
                "The product that was requested doesn't exist. Verify the product and try again."
                    .to_owned()
            )
        );
    })
    .await;
}

#[tokio::test]
async fn what_cannot_be_sold_is_refused_with_all_that_is_wrong() {
    on_both_engines(async |shop| {
        a_default_set(&shop, &[]).await;
        let erp = an_integration(&shop, &Client::of(&shop)).await;
        let post = async |product: Value| {
            erp.denied("POST", "V1/products", Some(json!({ "product": product }))).await
        };

        let (status, message) =
            post(json!({ "sku": "A", "name": "A", "price": 1, "attribute_set_id": 4 })).await;
        assert_eq!(status, 400);
        assert!(message.contains("manufacturer"), "{message}");
        let missing = (400, "\"%fieldName\" is required. Enter and try again.".to_owned());
        assert_eq!(post(json!({ "name": "A", "price": 1 })).await, missing);
        assert_eq!(post(json!({ "sku": "A", "price": 1 })).await, missing);
        assert_eq!(erp.denied("POST", "V1/products", Some(json!({}))).await, missing);
        assert_eq!(erp.denied("POST", "V1/products", None).await, missing);
        for product in [
            json!({ "sku": "A B", "name": "A", "price": 1 }),
            json!({ "sku": "A", "name": "A", "price": -1 }),
            json!({ "sku": "A", "name": "A", "price": "free" }),
            json!({ "sku": "A", "name": "A", "price": 1, "status": 3 }),
            json!({ "sku": "A", "name": "A", "price": 1, "weight": "heavy" }),
            json!({ "sku": "A", "name": "A", "price": 1, "type_id": "bundle" }),
            json!({ "sku": "A", "name": ["A"], "price": 1 }),
            json!({ "sku": "A", "name": "A", "price": 1, "status": 2,
                "extension_attributes": { "stock_item": { "qty": 1.5 } } }),
            json!({ "sku": "A", "name": "A", "price": 1, "status": 2,
                "media_gallery_entries": [{ "content": { "base64_encoded_data": "?" } }] }),
        ] {
            assert_eq!(post(product.clone()).await.0, 400, "{product}");
        }
        let unknown = json!({ "sku": "A", "name": "A", "price": 1, "status": 2,
            "attribute_set_id": 99 });
        assert_eq!(post(unknown).await.0, 404);
        assert_eq!(erp.fetch("V1/products").await["total_count"], 0);

        let draft = json!({ "product": { "sku": "A", "name": "A", "price": 1, "status": 2 } });
        erp.got("POST", "V1/products", Some(draft)).await;
        let list = erp.fetch("V1/products?fields=items[sku,status],total_count").await;
        assert_eq!(list, json!({ "items": [{ "sku": "A", "status": 2 }], "total_count": 1 }));
    })
    .await;
}

#[tokio::test]
async fn lists_are_filtered_sorted_and_paged() {
    on_both_engines(async |shop| {
        for (sku, price) in [("TEA-1", 450), ("TEA-2", 2_000), ("POT", 990)] {
            a_product(&shop).sku(sku).price(price).save().await;
        }
        let erp = an_integration(&shop, &Client::of(&shop)).await;
        let skus = async |criteria: &str| -> Vec<String> {
            let list = erp.fetch(&format!("V1/products?{criteria}")).await;
            let items = list["items"].as_array().unwrap().clone();
            items.iter().map(|item| item["sku"].as_str().unwrap().to_owned()).collect()
        };
        let filter = |group: u32, field: &str, value: &str, condition: &str| {
            let place = format!("searchCriteria[filter_groups][{group}][filters][0]");
            format!(
                "{place}[field]={field}&{place}[value]={value}&{place}[condition_type]={condition}"
            )
        };

        assert_eq!(skus("searchCriteria=").await, ["TEA-1", "TEA-2", "POT"]);
        assert_eq!(skus(&filter(0, "sku", "TEA%25", "like")).await, ["TEA-1", "TEA-2"]);
        let both =
            format!("{}&{}", filter(0, "sku", "tea%25", "like"), filter(1, "price", "5", "gt"));
        assert_eq!(skus(&both).await, ["TEA-2"]);
        assert_eq!(skus(&filter(0, "sku", "POT,TEA-1", "in")).await, ["TEA-1", "POT"]);
        let sorted = "searchCriteria[sortOrders][0][field]=price\
                      &searchCriteria[sortOrders][0][direction]=DESC";
        assert_eq!(skus(sorted).await, ["TEA-2", "POT", "TEA-1"]);
        let paged = format!("{sorted}&searchCriteria[pageSize]=2&searchCriteria[currentPage]=2");
        let list = erp.fetch(&format!("V1/products?{paged}")).await;
        assert_eq!(list["items"][0]["sku"], "TEA-1");
        assert_eq!(list["total_count"], 3);
        assert_eq!(
            list["search_criteria"],
            json!({ "filter_groups": [], "page_size": 2, "current_page": 2,
                "sort_orders": [{ "field": "price", "direction": "DESC" }] })
        );
        assert_eq!(erp.denied("GET", "V1/products?searchCriteria[pageSize]=x", None).await.0, 400);
        assert_eq!(erp.denied("GET", "V1/products?fields=items[", None).await.0, 400);
    })
    .await;
}

#[tokio::test]
async fn a_variant_is_a_product_of_its_own_to_clients() {
    on_both_engines(async |shop| {
        a_configurable(&shop).save().await;
        a_default_set(&shop, &["size"]).await;
        complete(&shop, &["TEE-S"]).await;
        let erp = an_integration(&shop, &Client::of(&shop)).await;

        let list = erp.fetch("V1/products?fields=items[sku,type_id,visibility]").await;
        assert_eq!(
            list["items"],
            json!([
                { "sku": "tee", "type_id": "configurable", "visibility": 4 },
                { "sku": "TEE-S", "type_id": "simple", "visibility": 1 },
                { "sku": "TEE-M", "type_id": "simple", "visibility": 1 },
            ])
        );
        let children = erp.fetch("V1/configurable-products/tee/children").await;
        assert_eq!(children[1]["sku"], "TEE-M");
        let options = erp.fetch("V1/configurable-products/tee/options/all").await;
        assert_eq!(options[0]["label"], "Taille");
        assert_eq!(options[0]["values"].as_array().unwrap().len(), 2);
        let id = &options[0]["id"];
        let one = erp.fetch(&format!("V1/configurable-products/tee/options/{id}")).await;
        assert_eq!(one, options[0]);

        let change = json!({ "product": { "price": 19.9, "status": 2,
            "extension_attributes": { "stock_item": { "qty": 4 } } } });
        erp.got("PUT", "V1/products/TEE-M", Some(change)).await;
        assert_eq!(erp.fetch("V1/products/TEE-M").await["price"], 19.9);
        assert_eq!(erp.fetch("V1/products/TEE-S").await["price"], 24.9);
        assert_eq!(erp.fetch("V1/products/TEE-M").await["status"], 2);
        assert_eq!(erp.fetch("V1/stockItems/TEE-M").await["qty"], 4);
        erp.got("DELETE", "V1/products/TEE-M", None).await;
        let children = erp.fetch("V1/configurable-products/tee/children").await;
        assert_eq!(children.as_array().unwrap().len(), 1);
    })
    .await;
}

#[tokio::test]
async fn pictures_are_added_described_and_removed_one_by_one() {
    on_both_engines(async |shop| {
        a_product(&shop).save().await;
        a_default_set(&shop, &[]).await;
        complete(&shop, &["TEA"]).await;
        let erp = an_integration(&shop, &Client::of(&shop)).await;
        let path = "V1/products/TEA/media";
        let entry = |shade: u8, label: &str| {
            json!({ "entry": { "media_type": "image", "label": label, "types": [],
                "content": picture(shade) } })
        };

        let first = erp.got("POST", path, Some(entry(1, "A cup"))).await;
        let second = erp.got("POST", path, Some(entry(200, "A pot"))).await;
        let all = erp.fetch(path).await;
        assert_eq!(all[0]["id"], first);
        assert_eq!(all[0]["types"], json!(["image", "small_image", "thumbnail", "swatch_image"]));
        assert_eq!(all[1]["label"], "A pot");

        let first_place = json!({ "entry": { "types": ["image"], "label": "The pot" } });
        erp.got("PUT", &format!("{path}/{second}"), Some(first_place)).await;
        let one = erp.fetch(&format!("{path}/{second}")).await;
        assert_eq!((&one["position"], &one["label"]), (&json!(1), &json!("The pot")));
        assert_eq!(erp.got("DELETE", &format!("{path}/{first}"), None).await, true);
        let all = erp.fetch(path).await;
        assert_eq!(all.as_array().unwrap().len(), 1);
        assert_eq!(erp.denied("GET", &format!("{path}/{first}"), None).await.0, 404);
        let file = all[0]["file"].as_str().unwrap();
        let extension = file.strip_prefix('/').and_then(|name| name.rsplit_once('.'));
        assert_eq!(extension.map(|(_, extension)| extension), Some("png"), "{file}");
    })
    .await;
}

#[tokio::test]
async fn stock_and_prices_of_many_are_set_at_once() {
    on_both_engines(async |shop| {
        a_product(&shop).save().await;
        a_product(&shop).sku("POT").save().await;
        a_default_set(&shop, &[]).await;
        complete(&shop, &["TEA", "POT"]).await;
        let erp = an_integration(&shop, &Client::of(&shop)).await;

        let items = json!({ "sourceItems": [
            { "sku": "TEA", "source_code": "default", "quantity": 25, "status": 1 },
            { "sku": "POT", "source_code": "main", "quantity": 5, "status": 0 },
        ] });
        erp.got("POST", "V1/inventory/source-items", Some(items)).await;
        assert_eq!(shop.stock("TEA").await.on_hand, 25);
        assert_eq!(shop.stock("POT").await.on_hand, 0);
        let list = erp.fetch("V1/inventory/source-items").await;
        assert_eq!(
            list["items"][1],
            json!({ "sku": "TEA", "source_code": "main",
            "quantity": 25, "status": 1 })
        );
        let bad =
            json!({ "sourceItems": [{ "sku": "TEA", "source_code": "moon", "quantity": 1 }] });
        assert_eq!(erp.denied("POST", "V1/inventory/source-items", Some(bad)).await.0, 404);
        assert_eq!(erp.fetch("V1/inventory/is-product-salable/POT/1").await, false);
        let salable = "V1/inventory/get-product-salable-quantity/TEA/1";
        assert_eq!(erp.fetch(salable).await, 25);
        assert_eq!(erp.fetch("V1/stockStatuses/TEA").await["stock_status"], 1);

        let body = json!({ "stockItem": { "qty": 9 } });
        erp.got("PUT", "V1/products/TEA/stockItems/1", Some(body)).await;
        assert_eq!(shop.stock("TEA").await.on_hand, 9);

        let prices = json!({ "prices": [
            { "sku": "TEA", "price": 5.5, "store_id": 0 }, { "sku": "NONE", "price": 1 },
        ] });
        let problems = erp.got("POST", "V1/products/base-prices", Some(prices)).await;
        assert_eq!(problems.as_array().unwrap().len(), 1);
        assert_eq!(problems[0]["parameters"], json!(["NONE"]));
        let asked = Some(json!({ "skus": ["TEA"] }));
        let base = erp.got("POST", "V1/products/base-prices-information", asked.clone()).await;
        assert_eq!(base, json!([{ "price": 5.5, "store_id": 0, "sku": "TEA" }]));
        let special = json!({ "prices": [{ "sku": "TEA", "price": 4.5, "store_id": 0,
            "price_from": "2026-01-01 00:00:00", "price_to": "2099-01-01 00:00:00" }] });
        let done = erp.got("POST", "V1/products/special-price", Some(special.clone())).await;
        assert_eq!(done, json!([]));
        let shown = erp.got("POST", "V1/products/special-price-information", asked.clone()).await;
        assert_eq!(shown[0]["price"], 4.5);
        assert_eq!(shown[0]["price_to"], "2099-01-01 00:00:00");
        erp.got("POST", "V1/products/special-price-delete", Some(special)).await;
        let shown = erp.got("POST", "V1/products/special-price-information", asked).await;
        assert_eq!(shown, json!([]));
    })
    .await;
}

#[tokio::test]
async fn prices_of_other_kinds_are_none_and_refused_each_by_itself() {
    on_both_engines(async |shop| {
        a_product(&shop).save().await;
        let erp = an_integration(&shop, &Client::of(&shop)).await;
        let known = || Some(json!({ "skus": ["TEA"] }));
        let unknown = || Some(json!({ "skus": ["TEA", "NONE"] }));
        let missing = (404, "Requested products don't exist: %sku".to_owned());
        let post =
            async |path: &str, body| erp.got("POST", &format!("V1/products/{path}"), body).await;
        let deny =
            async |path: &str, body| erp.denied("POST", &format!("V1/products/{path}"), body).await;

        for path in ["tier-prices-information", "cost-information"] {
            assert_eq!(post(path, known()).await, json!([]), "{path}");
            assert_eq!(deny(path, unknown()).await, missing, "{path}");
        }
        assert_eq!(post("cost-delete", known()).await, true);
        assert_eq!(deny("cost-delete", unknown()).await, missing);
        let prices = || {
            Some(json!({ "prices": [
                { "sku": "TEA", "price": 4, "price_type": "fixed", "website_id": 0,
                    "customer_group": "ALL GROUPS", "quantity": 2 },
                { "sku": "NONE", "cost": 4, "store_id": 0 },
            ] }))
        };
        let no_product =
            "The product that was requested doesn't exist. Verify the product and try again.";
        let refused = |what: &str| {
            json!([
                { "message": format!("{what} are not kept here."), "parameters": ["TEA"] },
                { "message": no_product, "parameters": ["NONE"] },
            ])
        };
        assert_eq!(post("tier-prices", prices()).await, refused("Tier prices"));
        let replaced = erp.got("PUT", "V1/products/tier-prices", prices()).await;
        assert_eq!(replaced, refused("Tier prices"));
        assert_eq!(post("cost", prices()).await, refused("Costs"));
        let deleted = post("tier-prices-delete", prices()).await;
        assert_eq!(deleted, json!([{ "message": no_product, "parameters": ["NONE"] }]));
        let tiers = |sku: &str| format!("V1/products/{sku}/group-prices/all/tiers");
        assert_eq!(erp.fetch(&tiers("TEA")).await, json!([]));
        assert_eq!(erp.denied("GET", &tiers("NONE"), None).await, (404, no_product.to_owned()));
        for path in ["tier-prices", "cost", "tier-prices-delete", "cost-information"] {
            assert_eq!(deny(path, Some(json!({}))).await.0, 400, "{path}");
        }
        let many = json!({ "skus": vec!["TEA"; 1_001] });
        assert_eq!(deny("cost-delete", Some(many)).await.0, 400);
    })
    .await;
}

#[tokio::test]
async fn attributes_options_and_sets_are_made_and_used() {
    on_both_engines(async |shop| {
        a_default_set(&shop, &[]).await;
        let erp = an_integration(&shop, &Client::of(&shop)).await;
        let attribute = json!({ "attribute": { "attribute_code": "origin_region",
            "frontend_input": "select", "default_frontend_label": "Région",
            "is_filterable": true, "options": [{ "label": "Uji" }] } });

        let made = erp.got("POST", "V1/products/attributes", Some(attribute)).await;
        assert_eq!(made["attribute_code"], "origin_region");
        assert_eq!(made["options"][0]["label"], "Uji");
        let option = json!({ "option": { "label": "Shizuoka" } });
        let path = "V1/products/attributes/origin_region/options";
        let number = erp.got("POST", path, Some(option)).await;
        let options = erp.fetch(path).await;
        assert_eq!(options[2], json!({ "label": "Shizuoka", "value": number }));
        let assign = json!({ "attributeSetId": 4, "attributeGroupId": 1, "sortOrder": 1,
            "attributeCode": "origin_region" });
        erp.got("POST", "V1/products/attribute-sets/attributes", Some(assign)).await;
        let of_set = erp.fetch("V1/products/attribute-sets/4/attributes").await;
        assert_eq!(of_set[0]["attribute_code"], "origin_region");
        let sets = erp.fetch("V1/eav/attribute-sets/list").await;
        assert_eq!(sets["items"][0]["attribute_set_id"], 4);

        let product = json!({ "product": { "sku": "TEA", "name": "Thé", "price": 1, "status": 2,
            "custom_attributes": [{ "attribute_code": "origin_region", "value": number }] } });
        let made = erp.got("POST", "V1/products", Some(product)).await;
        assert_eq!(custom(&made, "origin_region"), &number);
        let place = "searchCriteria[filter_groups][0][filters][0]";
        let found = erp
            .fetch(&format!(
                "V1/products?{place}[field]=origin_region&{place}[value]={}",
                number.as_str().unwrap()
            ))
            .await;
        assert_eq!(found["total_count"], 1);
        let twice = json!({ "attribute": { "attribute_code": "origin_region" } });
        assert_eq!(erp.denied("POST", "V1/products/attributes", Some(twice)).await.0, 400);
        assert_eq!(erp.denied("GET", "V1/products/attributes/none", None).await.0, 404);
    })
    .await;
}

#[tokio::test]
async fn categories_form_a_tree_that_products_lie_in() {
    on_both_engines(async |shop| {
        a_product(&shop).save().await;
        a_default_set(&shop, &[]).await;
        complete(&shop, &["TEA"]).await;
        let erp = an_integration(&shop, &Client::of(&shop)).await;
        let root = erp.fetch("V1/categories").await["id"].clone();
        let create = async |name: &str, parent: &Value| {
            let body = json!({ "category": { "name": name, "parent_id": parent,
                "is_active": true, "include_in_menu": true } });
            erp.got("POST", "V1/categories", Some(body)).await
        };

        let drinks = create("Boissons", &root).await;
        let tea = create("Thés verts", &drinks["id"]).await;
        assert_eq!(tea["level"], 3);
        assert_eq!(tea["path"], format!("{root}/{}/{}", drinks["id"], tea["id"]));
        assert_eq!(custom(&tea, "url_path"), "boissons/thes-verts");
        let path = format!("V1/categories/{}/products", tea["id"]);
        let link = json!({ "productLink": { "sku": "TEA", "position": 3,
            "category_id": tea["id"].to_string() } });
        assert_eq!(erp.got("POST", &path, Some(link)).await, true);
        assert_eq!(
            erp.fetch(&path).await,
            json!([{ "sku": "TEA", "position": 3, "category_id": tea["id"].to_string() }])
        );
        let tree = erp.fetch("V1/categories").await;
        assert_eq!(tree["children_data"][0]["children_data"][0]["name"], "Thés verts");
        let list = erp.fetch("V1/categories/list").await;
        assert_eq!(list["total_count"], 3);
        let flat = erp.fetch("V1/categories?depth=0").await;
        assert_eq!(flat["children_data"], json!([]));

        let rename = json!({ "category": { "name": "Thés", "is_active": false } });
        let renamed = erp.got("PUT", &format!("V1/categories/{}", tea["id"]), Some(rename)).await;
        assert_eq!((&renamed["name"], &renamed["is_active"]), (&json!("Thés"), &json!(false)));
        let moved = json!({ "parentId": root });
        let one = format!("V1/categories/{}", tea["id"]);
        assert_eq!(erp.got("PUT", &format!("{one}/move"), Some(moved)).await, true);
        assert_eq!(erp.fetch(&one).await["level"], 2);
        let into_itself = json!({ "parentId": tea["id"] });
        assert_eq!(erp.denied("PUT", &format!("{one}/move"), Some(into_itself)).await.0, 400);
        assert_eq!(erp.got("DELETE", &format!("{path}/TEA"), None).await, true);
        assert_eq!(erp.got("DELETE", &one, None).await, true);
        assert_eq!(erp.denied("GET", &one, None).await.0, 404);
    })
    .await;
}
