//! What programs read of orders and do to them.

use commerce::stock::StockLevel;
use jiff::SignedDuration;
use serde_json::{Value, json};
use testkit::{a_customer, a_paid_order, a_placed_order, on_both_engines};

use super::an_integration;
use crate::Client;

#[tokio::test]
async fn an_order_is_commented_paid_and_sent_in_two_parcels() {
    on_both_engines(async |shop| {
        a_placed_order(&shop).with(3, "TEA").save().await;
        let erp = an_integration(&shop, &Client::of(&shop)).await;

        let order = erp.fetch("V1/orders/1").await;
        assert_eq!(order["increment_id"], "GL000001");
        assert_eq!((&order["status"], &order["state"]), (&json!("pending"), &json!("new")));
        assert_eq!(order["total_due"], 18.4);
        let item = &order["items"][0];
        let note = json!({ "statusHistory": { "comment": "Rush", "status": "pending",
            "is_customer_notified": 0 } });
        assert_eq!(erp.got("POST", "V1/orders/1/comments", Some(note)).await, true);
        let comments = erp.fetch("V1/orders/1/comments").await;
        assert_eq!(comments["items"][0]["comment"], "Rush");
        let (status, message) = erp.denied("POST", "V1/order/1/ship", Some(json!({}))).await;
        assert_eq!(status, 400);
        assert!(message.contains("not paid"), "{message}");

        let half = json!({ "items": [{ "order_item_id": item["item_id"], "qty": 1 }] });
        assert_eq!(erp.denied("POST", "V1/order/1/invoice", Some(half)).await.0, 400);
        let invoice = json!({ "capture": true, "notify": true });
        assert_eq!(erp.got("POST", "V1/order/1/invoice", Some(invoice)).await, "1");
        assert_eq!(erp.denied("POST", "V1/order/1/invoice", None).await.0, 400);
        assert_eq!(erp.fetch("V1/invoices/1").await["grand_total"], 18.4);
        assert_eq!(erp.fetch("V1/invoices").await["total_count"], 1);

        let first = json!({ "items": [{ "order_item_id": item["item_id"], "qty": 2 }],
            "notify": true, "tracks": [{ "track_number": "6A123", "title": "Colissimo",
                "carrier_code": "custom" }] });
        let parcel = erp.got("POST", "V1/order/1/ship", Some(first.clone())).await;
        assert_eq!(erp.denied("POST", "V1/order/1/ship", Some(first)).await.0, 400);
        erp.got("POST", "V1/order/1/ship", Some(json!({}))).await;
        let parcel = erp.fetch(&format!("V1/shipment/{}", parcel.as_str().unwrap())).await;
        assert_eq!(parcel["tracks"][0]["track_number"], "6A123");
        assert_eq!(parcel["items"][0]["qty"], 2);
        assert_eq!(erp.fetch("V1/shipments").await["total_count"], 2);
        let order = erp.fetch("V1/orders/1").await;
        assert_eq!(order["status"], "complete");
        assert_eq!(order["items"][0]["qty_shipped"], 3);
        assert_eq!(order["total_due"], 0);
        assert_eq!(shop.stock("TEA").await, StockLevel { on_hand: 7, allocated: 0 });
        assert_eq!(erp.got("POST", "V1/orders/1/cancel", None).await, false);
        let actors: Vec<_> = shop::order::find_entity(&shop, 1)
            .await
            .unwrap()
            .unwrap()
            .events
            .into_iter()
            .map(|event| (event.kind, event.actor))
            .collect();
        assert!(actors.contains(&("paid".to_owned(), "erp".to_owned())), "{actors:?}");
    })
    .await;
}

#[tokio::test]
async fn an_order_on_hold_waits_until_it_is_released() {
    on_both_engines(async |shop| {
        a_placed_order(&shop).save().await;
        let erp = an_integration(&shop, &Client::of(&shop)).await;
        let state = async || {
            let order = erp.fetch("V1/orders/1").await;
            [order["status"].clone(), order["state"].clone()]
        };
        let refused = |text: &str| (400, text.to_owned());

        let unhold = "V1/orders/1/unhold";
        let not_held = refused("You cannot remove the hold.");
        assert_eq!(erp.denied("POST", unhold, None).await, not_held);
        assert_eq!(erp.got("POST", "V1/orders/1/hold", None).await, true);
        assert_eq!(state().await, ["holded", "holded"]);
        let again = erp.denied("POST", "V1/orders/1/hold", None).await;
        assert_eq!(again, refused("A hold action is not available."));
        let on_hold = refused("The order can't be changed: the order is on hold.");
        for path in ["V1/order/1/invoice", "V1/order/1/ship"] {
            assert_eq!(erp.denied("POST", path, None).await, on_hold, "{path}");
        }
        assert_eq!(erp.got("POST", "V1/orders/1/cancel", None).await, false);
        let place = "searchCriteria[filter_groups][0][filters][0]";
        let held = format!("V1/orders?{place}[field]=state&{place}[value]=holded");
        assert_eq!(erp.fetch(&held).await["total_count"], 1);
        assert_eq!(shop.stock("TEA").await, StockLevel { on_hand: 10, allocated: 1 });

        assert_eq!(erp.got("POST", unhold, None).await, true);
        assert_eq!(state().await, ["pending", "new"]);
        assert_eq!(erp.fetch(&held).await["total_count"], 0);
        assert_eq!(erp.got("POST", "V1/orders/1/cancel", None).await, true);
        assert_eq!(erp.denied("POST", "V1/orders/2/hold", None).await.0, 404);
        let comments = erp.fetch("V1/orders/1/comments?fields=items[status]").await;
        let kinds =
            ["canceled", "released", "held", "placed"].map(|kind| json!({ "status": kind }));
        assert_eq!(comments, json!({ "items": kinds }));
    })
    .await;
}

#[tokio::test]
async fn a_canceled_order_gives_its_stock_back() {
    on_both_engines(async |shop| {
        a_placed_order(&shop).save().await;
        let erp = an_integration(&shop, &Client::of(&shop)).await;

        assert_eq!(erp.got("POST", "V1/orders/1/cancel", None).await, true);

        assert_eq!(erp.fetch("V1/orders/1/statuses").await, "canceled");
        assert_eq!(shop.stock("TEA").await, StockLevel { on_hand: 10, allocated: 0 });
        for (method, path) in
            [("GET", "V1/orders/2"), ("POST", "V1/orders/2/cancel"), ("GET", "V1/orders/x")]
        {
            assert_eq!(erp.denied(method, path, None).await.0, 404, "{path}");
        }
    })
    .await;
}

#[tokio::test]
async fn orders_are_found_by_what_programs_follow() {
    on_both_engines(async |shop| {
        for _ in 0..3 {
            a_placed_order(&shop).save().await;
            shop.clock.advance(SignedDuration::from_hours(1));
        }
        let erp = an_integration(&shop, &Client::of(&shop)).await;
        let begin = shop.clock.now();
        let at = |hours: i64| {
            let at = begin - SignedDuration::from_hours(hours);
            at.strftime("%Y-%m-%d %H:%M:%S").to_string().replace(' ', "%20")
        };
        let numbers = async |criteria: &str| -> Vec<i64> {
            let list = erp.fetch(&format!("V1/orders?fields=items[entity_id]&{criteria}")).await;
            let items: Vec<Value> = list["items"].as_array().unwrap().clone();
            items.iter().map(|item| item["entity_id"].as_i64().unwrap()).collect()
        };
        let filter = |field: &str, value: &str, condition: &str| {
            let place = "searchCriteria[filter_groups][0][filters][0]";
            format!(
                "{place}[field]={field}&{place}[value]={value}&{place}[condition_type]={condition}"
            )
        };

        assert_eq!(numbers("").await, [1, 2, 3]);
        assert_eq!(numbers(&filter("created_at", &at(2), "gteq")).await, [2, 3]);
        assert_eq!(numbers(&filter("created_at", &at(2), "lteq")).await, [1, 2]);
        assert_eq!(numbers(&filter("created_at", &at(2), "lt")).await, [1]);
        assert_eq!(numbers(&filter("increment_id", "GL000002", "eq")).await, [2]);
        assert_eq!(numbers(&filter("entity_id", "1,3", "in")).await, [1, 3]);
        erp.got("POST", "V1/orders/1/cancel", None).await;
        assert_eq!(numbers(&filter("status", "canceled", "eq")).await, [1]);
        assert_eq!(numbers(&filter("updated_at", &at(0), "gteq")).await, [1]);
        assert_eq!(
            numbers(
                "searchCriteria[sortOrders][0][field]=created_at&searchCriteria[pageSize]=2\
                 &searchCriteria[sortOrders][0][direction]=DESC"
            )
            .await,
            [3, 2]
        );
        let place = "searchCriteria[filter_groups][0][filters][0]";
        let items = format!("V1/orders/items?{place}[field]=order_id&{place}[value]=2");
        let items = erp.fetch(&items).await;
        assert_eq!(items["items"][0]["sku"], "TEA");
        assert_eq!(items["total_count"], 1);
    })
    .await;
}

#[tokio::test]
async fn the_database_looks_through_orders_by_every_condition() {
    on_both_engines(async |shop| {
        let jeanne = a_customer(&shop).save().await;
        // 1: a guest's; 2: Jeanne's, paid, of three units; 3: on hold; 4: canceled.
        for n in 1..=4 {
            let order = match n {
                2 => a_paid_order(&shop).with(3, "TEA").of(jeanne.id).save().await,
                _ => a_placed_order(&shop).save().await,
            };
            match n {
                3 => shop::order::hold(&shop, order.id, "admin").await.unwrap(),
                4 => shop::order::cancel(&shop, order.id, "admin", "").await.unwrap(),
                _ => {}
            }
            shop.clock.advance(SignedDuration::from_millis(1_500));
        }
        let erp = an_integration(&shop, &Client::of(&shop)).await;
        let placed = shop.clock.now() - SignedDuration::from_secs(6);
        let at = |seconds: i64| {
            let at = placed + SignedDuration::from_secs(seconds);
            at.strftime("%Y-%m-%d %H:%M:%S").to_string().replace(' ', "%20")
        };
        let numbers = |list: &Value| -> Vec<i64> {
            let items = list["items"].as_array().unwrap();
            items.iter().map(|item| item["entity_id"].as_i64().unwrap()).collect()
        };
        let ask = async |criteria: &str| {
            let path = format!("V1/orders?fields=items[entity_id],total_count&{criteria}");
            erp.rest("GET", &path, None).await
        };
        let filter = |group: u32, n: u32, field: &str, condition: &str, value: &str| {
            let place = format!("searchCriteria[filter_groups][{group}][filters][{n}]");
            format!(
                "&{place}[field]={field}&{place}[value]={value}&{place}[condition_type]={condition}"
            )
        };
        let found = async |field: &str, condition: &str, value: &str| {
            numbers(&ask(&filter(0, 0, field, condition, value)).await.json)
        };

        for (field, condition, value, expected) in [
            ("entity_id", "eq", "2.0", &[2][..]),
            ("entity_id", "eq", "2.5", &[]),
            ("entity_id", "neq", "2", &[1, 3, 4]),
            ("entity_id", "gt", "2.5", &[3, 4]),
            ("entity_id", "gteq", "2.5", &[3, 4]),
            ("entity_id", "lt", "2.5", &[1, 2]),
            ("entity_id", "lteq", "2", &[1, 2]),
            ("entity_id", "in", "4,%201,x,9", &[1, 4]),
            ("entity_id", "nin", "4,1", &[2, 3]),
            ("entity_id", "finset", "3", &[3]),
            ("entity_id", "eq", "many", &[]),
            ("entity_id", "neq", "many", &[1, 2, 3, 4]),
            ("entity_id", "gt", "999999999999999999", &[]),
            ("entity_id", "null", "", &[]),
            ("entity_id", "notnull", "", &[1, 2, 3, 4]),
            ("customer_id", "eq", "1", &[2]),
            ("customer_id", "neq", "1", &[1, 3, 4]),
            ("customer_id", "null", "", &[1, 3, 4]),
            ("customer_id", "notnull", "", &[2]),
            ("customer_id", "gteq", "0", &[2]),
            ("customer_is_guest", "eq", "1", &[1, 3, 4]),
            ("customer_is_guest", "in", "0,1", &[1, 2, 3, 4]),
            ("customer_is_guest", "neq", "1", &[2]),
            ("grand_total", "eq", "18.40", &[2]),
            ("grand_total", "gt", "18.399", &[2]),
            ("grand_total", "lt", "18.4", &[1, 3, 4]),
            ("grand_total", "in", "9.4,18.4", &[1, 2, 3, 4]),
            ("increment_id", "eq", "gl000003", &[3]),
            ("increment_id", "like", "%25000__4", &[4]),
            ("increment_id", "nlike", "%254", &[1, 2, 3]),
            ("increment_id", "like", "GL!%25", &[]),
            ("increment_id", "gt", "GL000002", &[3, 4]),
            ("increment_id", "gteq", "GL000002", &[2, 3, 4]),
            ("increment_id", "lt", "GL000002", &[1]),
            ("increment_id", "lteq", "GL000002", &[1, 2]),
            ("increment_id", "in", "GL000001,gl000004", &[1, 4]),
            ("increment_id", "in", "GL000001,%C3%89", &[1]),
            ("increment_id", "neq", "%C3%89", &[1, 2, 3, 4]),
            ("increment_id", "like", "%C3%89%25", &[]),
            ("increment_id", "lt", "GL%C3%89", &[1, 2, 3, 4]),
            ("increment_id", "gt", "GK%C3%89", &[1, 2, 3, 4]),
            ("customer_email", "eq", "Jeanne@Exemple.fr", &[1, 2, 3, 4]),
            ("customer_email", "like", "%25@autre.fr", &[]),
            ("customer_email", "null", "", &[]),
            ("order_currency_code", "eq", "eur", &[1, 2, 3, 4]),
            ("status", "in", "holded,canceled", &[3, 4]),
            ("status", "neq", "pending", &[2, 3, 4]),
            ("status", "like", "p%25", &[1, 2]),
            ("state", "eq", "new", &[1]),
            ("store_id", "eq", "1", &[1, 2, 3, 4]),
            ("store_id", "eq", "2", &[]),
            ("coupon_code", "null", "", &[1, 2, 3, 4]),
            ("coupon_code", "eq", "ETE", &[]),
            ("created_at", "lt", "nonsense", &[]),
        ] {
            assert_eq!(
                found(field, condition, value).await,
                expected,
                "{field} {condition} {value}"
            );
        }
        // They were placed in the seconds 0, 1, 3 and 4, the second and the fourth amid them.
        for (condition, value, expected) in [
            ("eq", at(1), &[2][..]),
            ("gt", at(1), &[3, 4]),
            ("gteq", at(1), &[2, 3, 4]),
            ("lt", at(1), &[1]),
            ("lteq", at(1), &[1, 2]),
            ("in", format!("{},{}", at(0), at(4)), &[1, 4]),
            ("nin", at(0), &[2, 3, 4]),
        ] {
            assert_eq!(found("created_at", condition, &value).await, expected, "{condition}");
            assert_eq!(found("updated_at", condition, &value).await, expected, "{condition}");
        }

        let groups = filter(0, 0, "status", "eq", "holded")
            + &filter(0, 1, "grand_total", "gt", "10")
            + &filter(1, 0, "entity_id", "gt", "1");
        assert_eq!(numbers(&ask(&groups).await.json), [2, 3]);
        let sort = |n: u32, field: &str, direction: &str| {
            let place = format!("searchCriteria[sortOrders][{n}]");
            format!("&{place}[field]={field}&{place}[direction]={direction}")
        };
        for (sorted, expected) in [
            (sort(0, "status", "ASC"), [4, 3, 1, 2]),
            (sort(0, "grand_total", "DESC"), [2, 1, 3, 4]),
            (sort(0, "customer_email", "ASC") + &sort(1, "entity_id", "DESC"), [4, 3, 2, 1]),
            (sort(0, "nothing", "ASC") + &sort(1, "updated_at", "DESC"), [4, 3, 2, 1]),
            (sort(0, "customer_id", "DESC"), [2, 1, 3, 4]),
        ] {
            assert_eq!(numbers(&ask(&sorted).await.json), expected, "{sorted}");
        }
        let page = "searchCriteria[pageSize]=3&searchCriteria[currentPage]=2";
        let page = ask(&(page.to_owned() + &sort(0, "entity_id", "DESC"))).await.json;
        assert_eq!((numbers(&page), &page["total_count"]), (vec![1], &json!(4)));
        let invoices = erp.fetch("V1/invoices?fields=items[order_id],total_count").await;
        assert_eq!(invoices, json!({ "items": [{ "order_id": 2 }], "total_count": 1 }));

        let like = ask(&filter(0, 0, "created_at", "like", "2026%25")).await;
        assert_eq!(like.status.as_u16(), 400);
        assert_eq!(like.json["parameters"], json!({ "fieldName": "created_at" }));
        let many = vec!["1"; 1_001].join(",");
        assert_eq!(ask(&filter(0, 0, "entity_id", "in", &many)).await.status.as_u16(), 400);
        assert_eq!(found("entity_id", "in", &many[2..]).await, [1]);
    })
    .await;
}
