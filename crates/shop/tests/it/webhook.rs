//! Programs of others are told what happens, each message in its turn.

use commerce::order::LineQuantity;
use data_encoding::BASE64;
use hmac::{Hmac, KeyInit, Mac};
use jiff::SignedDuration;
use sha2::Sha256;
use shop::jobs::run_due;
use shop::order::{Packed, cancel, mark_paid, ship};
use shop::ports::BadAddress;
use shop::webhook::{self, MessageState, SubscribeError, Topic};
use testkit::{Receiver, a_placed_order, a_product, on_both_engines, sku};

/// What a receiver was brought: the types of the bodies, in their order.
fn types(receiver: &Receiver) -> Vec<String> {
    let of = |body: &str| {
        let body: serde_json::Value = serde_json::from_str(body).unwrap();
        body["type"].as_str().unwrap().to_owned()
    };
    receiver.brought().iter().map(|it| of(&it.body)).collect()
}

#[tokio::test]
async fn an_order_is_told_with_a_signature_that_the_receiver_can_check() {
    on_both_engines(async |shop| {
        let receiver = Receiver::listen().await;
        let topics = [Topic::OrderPlaced, Topic::OrderShipped];
        let (_, secret) = webhook::subscribe(&shop, &receiver.url, &topics).await.unwrap();

        let order = a_placed_order(&shop).with(2, "TEA").save().await;
        mark_paid(&shop, order.id, "admin").await.unwrap();
        let packed = Packed {
            lines: vec![LineQuantity { line: order.lines[0].position, quantity: 2 }],
            carrier: "La Poste".into(),
            tracking_number: "6A1".into(),
        };
        ship(&shop, order.id, &packed, "admin").await.unwrap();
        shop.run_jobs().await;

        let brought = receiver.brought();
        let number = order.number.as_str();
        let total = order.total.gross().unwrap().to_decimal();
        let bodies: Vec<serde_json::Value> =
            brought.iter().map(|it| serde_json::from_str(&it.body).unwrap()).collect();
        let placed = serde_json::json!({
            "type": "order.placed",
            "timestamp": "2026-03-02T09:00:00Z",
            "data": {
                "increment_id": number,
                "grand_total": total,
                "order_currency_code": "EUR",
            },
        });
        let shipped = serde_json::json!({
            "type": "order.shipped",
            "timestamp": "2026-03-02T09:00:00Z",
            "data": {
                "increment_id": number,
                "grand_total": total,
                "order_currency_code": "EUR",
                "shipment": {
                    "carrier": "La Poste",
                    "track_number": "6A1",
                    "items": [{ "sku": "TEA", "qty": 2 }],
                },
            },
        });
        assert_eq!(bodies, [placed, shipped]);
        let key = BASE64.decode(secret.strip_prefix("whsec_").unwrap().as_bytes()).unwrap();
        for it in brought {
            assert_eq!(it.timestamp, "1772442000");
            let mut mac = Hmac::<Sha256>::new_from_slice(&key).unwrap();
            mac.update(format!("{}.{}.{}", it.id, it.timestamp, it.body).as_bytes());
            let tag = BASE64.encode(&mac.finalize().into_bytes());
            assert_eq!(it.signature, format!("v1,{tag}"));
        }
    })
    .await;
}

#[tokio::test]
async fn no_message_about_an_order_overtakes_another() {
    on_both_engines(async |shop| {
        let receiver = Receiver::listen().await;
        webhook::subscribe(&shop, &receiver.url, &Topic::ALL[..4]).await.unwrap();
        receiver.answer(&[500, 503]);

        let first = a_placed_order(&shop).save().await;
        run_due(&shop).await.unwrap();
        mark_paid(&shop, first.id, "admin").await.unwrap();
        cancel(&shop, first.id, "admin", "").await.unwrap();
        shop.run_jobs().await;
        assert_eq!(types(&receiver), ["order.placed"]);

        // Those about another order do not wait for it.
        let second = a_placed_order(&shop).save().await;
        shop.run_jobs().await;
        shop.clock.advance(SignedDuration::from_secs(5));
        shop.run_jobs().await;
        shop.clock.advance(SignedDuration::from_secs(10));
        shop.run_jobs().await;

        let brought = receiver.brought();
        let of = |number: &str| -> Vec<String> {
            let bodies = brought.iter().map(|it| &it.body).filter(|body| body.contains(number));
            let body = |body: &String| serde_json::from_str::<serde_json::Value>(body).unwrap();
            bodies.map(|it| body(it)["type"].as_str().unwrap().to_owned()).collect()
        };
        let first = of(first.number.as_str());
        let second = of(second.number.as_str());
        assert_eq!(first.iter().filter(|it| *it == "order.paid").count(), 1);
        assert_eq!(first.last().unwrap(), "order.canceled");
        assert!(first[..first.len() - 2].iter().all(|it| it == "order.placed"), "{first:?}");
        assert!(second.iter().all(|it| it == "order.placed"), "{second:?}");
        // Two answers were failures: as many messages came twice.
        assert_eq!(brought.len(), 3 + 1 + 2);
    })
    .await;
}

#[tokio::test]
async fn a_message_that_was_given_up_lets_the_next_pass_and_is_sent_again_on_demand() {
    on_both_engines(async |shop| {
        let receiver = Receiver::listen().await;
        let topics = [Topic::OrderPlaced, Topic::OrderPaid];
        let (webhook, _) = webhook::subscribe(&shop, &receiver.url, &topics).await.unwrap();
        receiver.answer(&[410]);

        let order = a_placed_order(&shop).save().await;
        mark_paid(&shop, order.id, "admin").await.unwrap();
        shop.run_jobs().await;

        assert_eq!(types(&receiver), ["order.placed", "order.paid"]);
        let (_, messages) = webhook::view(&shop, webhook.id).await.unwrap().unwrap();
        let seen: Vec<_> = messages
            .iter()
            .map(|it| (it.topic.as_str(), it.state, it.n_attempts, it.last_error.as_str()))
            .collect();
        assert_eq!(
            seen,
            [
                ("order.paid", MessageState::Done, 1, ""),
                ("order.placed", MessageState::Failed, 1, "the receiver answered 410"),
            ]
        );

        assert!(webhook::replay(&shop, webhook.id, messages[1].id).await.unwrap());
        assert!(!webhook::replay(&shop, webhook.id, messages[1].id).await.unwrap());
        shop.run_jobs().await;

        let brought = receiver.brought();
        assert_eq!(brought[2], brought[0]);
        assert_eq!(brought.len(), 3);
    })
    .await;
}

#[tokio::test]
async fn what_is_rolled_back_is_not_told() {
    on_both_engines(async |shop| {
        let receiver = Receiver::listen().await;
        webhook::subscribe(&shop, &receiver.url, &[Topic::OrderPaid]).await.unwrap();
        let order = a_placed_order(&shop).save().await;
        cancel(&shop, order.id, "admin", "").await.unwrap();

        mark_paid(&shop, order.id, "admin").await.unwrap_err();
        shop.run_jobs().await;

        assert_eq!(receiver.brought(), []);
    })
    .await;
}

#[tokio::test]
async fn counted_stock_and_saved_products_are_told_to_whoever_asked() {
    on_both_engines(async |shop| {
        let receiver = Receiver::listen().await;
        let topics = [Topic::StockChanged];
        let (webhook, _) = webhook::subscribe(&shop, &receiver.url, &topics).await.unwrap();
        a_product(&shop).sku("TEA").save().await;
        let before = shop.stock("TEA").await.on_hand;

        shop::catalog::count_stock(&shop, &sku("TEA"), before + 3).await.unwrap();
        shop.run_jobs().await;
        webhook::set_active(&shop, webhook.id, false).await.unwrap();
        shop::catalog::count_stock(&shop, &sku("TEA"), before).await.unwrap();
        shop.run_jobs().await;

        let brought = receiver.brought();
        assert_eq!(brought.len(), 1);
        let body: serde_json::Value = serde_json::from_str(&brought[0].body).unwrap();
        assert_eq!(
            body["data"],
            serde_json::json!({
                "sku": "TEA", "reason": "count", "on_hand_change": 3, "allocated_change": 0,
            })
        );
    })
    .await;
}

#[tokio::test]
async fn an_address_inside_the_network_is_not_subscribed() {
    on_both_engines(async |shop| {
        let to = async |url: &str| webhook::subscribe(&shop, url, &[Topic::OrderPaid]).await;

        assert!(matches!(
            to("https://10.0.0.1/").await,
            Err(SubscribeError::BadUrl(BadAddress::Private))
        ));
        assert!(matches!(
            to("http://erp.example/").await,
            Err(SubscribeError::BadUrl(BadAddress::NotHttps))
        ));
        let none = webhook::subscribe(&shop, "https://erp.example/", &[]).await;
        assert!(matches!(none, Err(SubscribeError::NoTopic)));
        assert_eq!(webhook::list(&shop).await.unwrap(), []);
    })
    .await;
}
