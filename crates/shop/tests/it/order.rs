//! What becomes of an order, and that stock follows.

use std::collections::BTreeMap;

use commerce::order::{
    Fulfillment, LineQuantity, Order, OrderId, OrderState, OrderStatus, RefuseChange,
};
use commerce::payment::PaymentState;
use commerce::stock::StockLevel;
use jiff::SignedDuration;
use shop::checkout::place_order;
use shop::order::{ChangeOrderError, Packed, cancel, hold, mail_again, mark_paid, release, ship};
use testkit::{
    TestShop, a_cart, a_paid_order, a_placed_order, a_placement, a_product, at_once,
    on_both_engines, sku,
};
use uuid::Uuid;

fn a_parcel(lines: &[(u32, u32)]) -> Packed {
    let lines = lines.iter().map(|&(line, quantity)| LineQuantity { line, quantity });
    Packed { lines: lines.collect(), carrier: "Colissimo".into(), tracking_number: "6A123".into() }
}

fn level(on_hand: u32, allocated: u32) -> StockLevel {
    StockLevel { on_hand, allocated }
}

/// Kind, actor and note of all that happened to an order.
async fn events(shop: &TestShop, id: OrderId) -> Vec<[String; 3]> {
    let events = db::order::list_events(&mut shop.read().await, id).await.unwrap();
    events.into_iter().map(|event| [event.kind, event.actor, event.note]).collect()
}

fn event(kind: &str, actor: &str, note: &str) -> [String; 3] {
    [kind, actor, note].map(str::to_owned)
}

#[tokio::test]
async fn money_that_came_is_noted_once() {
    on_both_engines(async |shop| {
        let order = a_placed_order(&shop).save().await;
        shop.clock.advance(SignedDuration::from_hours(48));

        mark_paid(&shop, order.id, "admin").await.unwrap();
        let again = mark_paid(&shop, order.id, "admin").await.unwrap_err();

        assert!(matches!(again, ChangeOrderError::Refused(RefuseChange::AlreadyPaid)), "{again:?}");
        let payment = PaymentState::Paid { at: shop.clock.now() };
        assert_eq!(shop.order(order.id).await, Order { payment, ..order.clone() });
        let history = [event("placed", "customer", ""), event("paid", "admin", "")];
        assert_eq!(events(&shop, order.id).await, history);
        shop.run_jobs().await;
        assert_eq!(shop.mailer.subjects(), ["order-placed GL000001", "order-paid GL000001"]);
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn money_noted_by_two_people_at_once_is_noted_once() {
    on_both_engines(async |shop| {
        let order = a_placed_order(&shop).save().await.id;

        let people = (0..4).map(|_| {
            let shop = shop.clone();
            async move { mark_paid(&shop, order, "admin").await }
        });
        let answers = at_once(people).await;

        assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1, "{answers:?}");
        assert_eq!(events(&shop, order).await.len(), 2);
    })
    .await;
}

#[tokio::test]
async fn canceling_gives_the_stock_back() {
    on_both_engines(async |shop| {
        let order = a_placed_order(&shop).with(3, "TEA").with(1, "POT").save().await;
        assert_eq!(shop.stock("TEA").await, level(10, 3));

        cancel(&shop, order.id, "admin", "changed his mind").await.unwrap();

        assert_eq!(shop.stock("TEA").await, level(10, 0));
        assert_eq!(shop.stock("POT").await, level(10, 0));
        let state = OrderState::Canceled { at: shop.clock.now() };
        assert_eq!(shop.order(order.id).await, Order { state, ..order.clone() });
        assert_eq!(
            events(&shop, order.id).await,
            [event("placed", "customer", ""), event("canceled", "admin", "changed his mind")]
        );
        shop.assert_the_ledger_explains_the_stock().await;
        shop.run_jobs().await;
        assert_eq!(shop.mailer.subjects(), ["order-placed GL000001", "order-canceled GL000001"]);
    })
    .await;
}

#[tokio::test]
async fn an_order_on_hold_goes_on_from_where_it_was() {
    on_both_engines(async |shop| {
        let order = a_paid_order(&shop).with(2, "TEA").save().await;
        ship(&shop, order.id, &a_parcel(&[(0, 1)]), "admin").await.unwrap();
        let order = shop.order(order.id).await;

        hold(&shop, order.id, "admin").await.unwrap();

        let state = OrderState::Held { at: shop.clock.now() };
        let held = shop.order(order.id).await;
        assert_eq!(held, Order { state, ..order.clone() });
        assert_eq!(held.status(), OrderStatus::Held);
        assert_eq!(shop.stock("TEA").await, level(9, 1));
        release(&shop, order.id, "chef").await.unwrap();
        assert_eq!(shop.order(order.id).await, order);
        let history = events(&shop, order.id).await;
        assert_eq!(history[3..], [event("held", "admin", ""), event("released", "chef", "")]);
        ship(&shop, order.id, &a_parcel(&[(0, 1)]), "admin").await.unwrap();
        assert_eq!(shop.order(order.id).await.status(), OrderStatus::Complete);
    })
    .await;
}

#[tokio::test]
async fn what_is_refused_on_hold_writes_nothing() {
    on_both_engines(async |shop| {
        let held = a_placed_order(&shop).save().await.id;
        hold(&shop, held, "admin").await.unwrap();
        let complete = a_paid_order(&shop).save().await.id;
        ship(&shop, complete, &a_parcel(&[(0, 1)]), "admin").await.unwrap();
        let before = [shop.order(held).await, shop.order(complete).await];
        let n_events = [events(&shop, held).await.len(), events(&shop, complete).await.len()];

        let refusals = [
            (ship(&shop, held, &a_parcel(&[(0, 1)]), "admin").await, RefuseChange::Held),
            (cancel(&shop, held, "admin", "").await, RefuseChange::Held),
            (mark_paid(&shop, held, "admin").await, RefuseChange::Held),
            (hold(&shop, held, "admin").await, RefuseChange::Held),
            (hold(&shop, complete, "admin").await, RefuseChange::Complete),
            (release(&shop, complete, "admin").await, RefuseChange::NotHeld),
        ];

        for (n, (answer, expected)) in refusals.into_iter().enumerate() {
            let refused = answer.unwrap_err();
            let ChangeOrderError::Refused(why) = refused else { panic!("{n}: {refused:?}") };
            assert_eq!(why, expected, "{n}");
        }
        assert_eq!([shop.order(held).await, shop.order(complete).await], before);
        let after = [events(&shop, held).await.len(), events(&shop, complete).await.len()];
        assert_eq!(after, n_events);
    })
    .await;
}

#[tokio::test]
async fn the_last_unit_can_be_sold_again_after_a_cancellation() {
    on_both_engines(async |shop| {
        a_product(&shop).sku("LAST").stock(1).save().await;
        let order = a_placed_order(&shop).with(1, "LAST").save().await;
        let next = a_cart(&shop).with(1, "LAST").save().await.id;
        place_order(&shop, &a_placement(next)).await.unwrap_err();

        cancel(&shop, order.id, "admin", "").await.unwrap();

        place_order(&shop, &a_placement(next)).await.unwrap();
        assert_eq!(shop.stock("LAST").await, level(1, 1));
    })
    .await;
}

#[tokio::test]
async fn an_order_leaves_in_parcels_and_its_units_leave_the_stock() {
    on_both_engines(async |shop| {
        let order = a_paid_order(&shop).with(3, "TEA").with(1, "POT").save().await.id;

        ship(&shop, order, &a_parcel(&[(0, 2)]), "admin").await.unwrap();
        assert_eq!(shop.stock("TEA").await, level(8, 1));
        assert_eq!(shop.order(order).await.fulfillment(), Fulfillment::Partial);
        let rest = Packed { lines: shop.order(order).await.to_ship(), ..a_parcel(&[]) };
        ship(&shop, order, &rest, "admin").await.unwrap();

        assert_eq!(shop.stock("TEA").await, level(7, 0));
        assert_eq!(shop.stock("POT").await, level(9, 0));
        let order = shop.order(order).await;
        assert_eq!(order.status(), OrderStatus::Complete);
        let parcels: Vec<_> = order.shipments.iter().map(|parcel| parcel.lines.clone()).collect();
        assert_eq!(parcels, [a_parcel(&[(0, 2)]).lines, a_parcel(&[(0, 1), (1, 1)]).lines]);
        let sent = &order.shipments[0];
        assert_eq!((sent.carrier.as_str(), sent.tracking_number.as_str()), ("Colissimo", "6A123"));
        shop.assert_the_ledger_explains_the_stock().await;
        shop.run_jobs().await;
        let n_told = shop.mailer.subjects().iter().filter(|it| it.contains("shipped")).count();
        assert_eq!(n_told, 2);
    })
    .await;
}

#[tokio::test]
async fn a_line_packed_twice_in_one_parcel_leaves_once_in_sum() {
    on_both_engines(async |shop| {
        let order = a_paid_order(&shop).with(3, "TEA").save().await.id;

        ship(&shop, order, &a_parcel(&[(0, 1), (0, 2)]), "admin").await.unwrap();

        let order = shop.order(order).await;
        assert_eq!(order.shipments[0].lines, a_parcel(&[(0, 3)]).lines);
        assert_eq!(shop.stock("TEA").await, level(7, 0));
    })
    .await;
}

#[tokio::test]
async fn a_refused_change_writes_nothing() {
    on_both_engines(async |shop| {
        let due = a_placed_order(&shop).with(2, "TEA").save().await;
        let sent = a_paid_order(&shop).with(2, "TEA").save().await;
        ship(&shop, sent.id, &a_parcel(&[(0, 1)]), "admin").await.unwrap();
        let sent = shop.order(sent.id).await;
        let canceled = a_placed_order(&shop).save().await;
        cancel(&shop, canceled.id, "admin", "").await.unwrap();
        let canceled = shop.order(canceled.id).await;
        let stock = shop.stock("TEA").await;
        shop.run_jobs().await;

        let ship_some = async |order: &Order, lines: &[(u32, u32)]| {
            ship(&shop, order.id, &a_parcel(lines), "admin").await
        };
        let call_off = async |order: &Order| cancel(&shop, order.id, "admin", "").await;
        let refusals = [
            (ship_some(&due, &[(0, 1)]).await, RefuseChange::NotPaid),
            (ship_some(&sent, &[]).await, RefuseChange::NothingToShip),
            (ship_some(&sent, &[(0, 2)]).await, RefuseChange::TooMany),
            (ship_some(&sent, &[(1, 1)]).await, RefuseChange::TooMany),
            (ship_some(&canceled, &[(0, 1)]).await, RefuseChange::Canceled),
            (call_off(&sent).await, RefuseChange::AlreadyShipped),
            (call_off(&canceled).await, RefuseChange::Canceled),
            (mark_paid(&shop, canceled.id, "admin").await, RefuseChange::Canceled),
        ];

        for (n, (answer, expected)) in refusals.into_iter().enumerate() {
            let refused = answer.unwrap_err();
            let ChangeOrderError::Refused(why) = refused else { panic!("{n}: {refused:?}") };
            assert_eq!(why, expected, "{n}");
        }
        for order in [due, sent, canceled] {
            assert_eq!(shop.order(order.id).await, order);
        }
        assert_eq!(shop.stock("TEA").await, stock);
        let n_sent = shop.mailer.sent().len();
        shop.run_jobs().await;
        assert_eq!(shop.mailer.sent().len(), n_sent);
    })
    .await;
}

#[tokio::test]
async fn an_order_that_nobody_placed_is_not_found() {
    on_both_engines(async |shop| {
        let nobodys = OrderId(Uuid::now_v7());

        let answers = [
            mark_paid(&shop, nobodys, "admin").await,
            cancel(&shop, nobodys, "admin", "").await,
            ship(&shop, nobodys, &a_parcel(&[(0, 1)]), "admin").await,
            mail_again(&shop, nobodys, "admin").await,
        ];

        for answer in answers {
            assert!(matches!(answer, Err(ChangeOrderError::NotFound)), "{answer:?}");
        }
    })
    .await;
}

#[tokio::test(flavor = "multi_thread")]
async fn an_order_is_canceled_or_sent_but_never_both() {
    on_both_engines(async |shop| {
        for _ in 0..5 {
            let order = a_paid_order(&shop).with(1, "TEA").save().await.id;
            let instances = shop.instances(2).await;

            let tasks = (0..6).map(|n| {
                let shop = instances[n % 2].clone();
                async move {
                    match n % 3 {
                        0 => cancel(&shop, order, "admin", "").await,
                        _ => ship(&shop, order, &a_parcel(&[(0, 1)]), "admin").await,
                    }
                }
            });
            let answers = at_once(tasks).await;

            assert_eq!(answers.iter().filter(|answer| answer.is_ok()).count(), 1, "{answers:?}");
            shop.assert_the_ledger_explains_the_stock().await;
            assert_eq!(shop.stock("TEA").await.allocated, 0);
        }
    })
    .await;
}

/// A small generator: the same steps on both engines and every machine.
struct Dice(u64);

impl Dice {
    fn roll(&mut self, sides: u32) -> u32 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        u32::try_from((self.0 >> 32) % u64::from(sides)).unwrap()
    }

    fn pick<T: Copy>(&mut self, things: &[T]) -> T {
        things[usize::try_from(self.roll(u32::try_from(things.len()).unwrap())).unwrap()]
    }
}

#[tokio::test]
async fn whatever_happens_to_orders_the_ledger_explains_the_stock() {
    on_both_engines(async |shop| {
        let skus = ["CUP", "POT", "TEA"];
        for text in skus {
            a_product(&shop).sku(text).stock(40).save().await;
        }
        let mut dice = Dice(0x2545_f491_4f6c_dd1d);
        let mut orders = Vec::new();

        for _ in 0..150 {
            if orders.is_empty() || dice.roll(3) == 0 {
                let (one, other) = (dice.pick(&skus), dice.pick(&skus));
                let cart = a_cart(&shop).with(1 + dice.roll(3), one).with(1 + dice.roll(2), other);
                let cart = cart.save().await.id;
                orders.extend(place_order(&shop, &a_placement(cart)).await.ok());
                continue;
            }
            // A refusal is as good as any other step.
            let order = dice.pick(&orders[orders.len().saturating_sub(8)..]);
            let _ = match dice.roll(8) {
                0 => cancel(&shop, order, "admin", "").await,
                6 => hold(&shop, order, "admin").await,
                7 => release(&shop, order, "admin").await,
                1 | 2 => mark_paid(&shop, order, "admin").await,
                3 => {
                    let lines = shop.order(order).await.to_ship();
                    ship(&shop, order, &Packed { lines, ..a_parcel(&[]) }, "admin").await
                }
                _ => {
                    let parcel = a_parcel(&[(dice.roll(2), dice.roll(3)), (0, dice.roll(2))]);
                    ship(&shop, order, &parcel, "admin").await
                }
            };
        }

        shop.assert_the_ledger_explains_the_stock().await;
        let mut promised = BTreeMap::from(skus.map(|text| (sku(text), 0)));
        let mut left = promised.clone();
        let mut statuses = std::collections::HashSet::new();
        for id in orders {
            let order = shop.order(id).await;
            statuses.insert(format!("{:?}", order.status()));
            for line in &order.lines {
                *left.get_mut(&line.sku).unwrap() += line.n_shipped;
                if order.stands() {
                    *promised.get_mut(&line.sku).unwrap() += line.quantity - line.n_shipped;
                }
            }
        }
        assert_eq!(statuses.len(), 5, "the steps reach every status: {statuses:?}");
        for text in skus {
            let (left, promised) = (left[&sku(text)], promised[&sku(text)]);
            assert_eq!(shop.stock(text).await, level(40 - left, promised), "{text}");
        }
    })
    .await;
}

#[tokio::test]
async fn a_confirmation_can_be_mailed_once_more() {
    on_both_engines(async |shop| {
        let order = a_placed_order(&shop).save().await.id;
        shop.clock.advance(SignedDuration::from_secs(1));

        mail_again(&shop, order, "admin").await.unwrap();

        shop.run_jobs().await;
        assert_eq!(shop.mailer.subjects(), ["order-placed GL000001"; 2]);
        let mails = shop.mailer.sent();
        assert_ne!(mails[0].message_id, mails[1].message_id);
        let history = events(&shop, order).await;
        assert_eq!(history[1], event("mailed", "admin", "jeanne@exemple.fr"));
    })
    .await;
}

#[tokio::test]
async fn a_token_opens_its_own_order_and_no_other_text_opens_any() {
    on_both_engines(async |shop| {
        let order = a_placed_order(&shop).save().await.id;
        let token = shop::order::access_token(&shop, order);

        assert_eq!(shop::order::open_token(&shop, &token), Some(order));
        let cart_token = shop.key.sign(shop::secret::Purpose::Cart, order.0.as_bytes());
        for forged in ["", "x", &token[1..], &cart_token] {
            assert_eq!(shop::order::open_token(&shop, forged), None, "{forged}");
        }
    })
    .await;
}
