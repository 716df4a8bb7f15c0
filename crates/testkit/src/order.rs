//! Orders, and what a buyer decides before one.

use commerce::cart::CartId;
use commerce::channel::{Country, Locale};
use commerce::customer::{Address, CustomerId, Email};
use commerce::order::{Buyer, Order, OrderId};
use commerce::payment::PaymentMethodCode;
use commerce::shipment::ShippingMethodCode;
use db::cart::CartState;
use db::order::OrderFilter;
use shop::checkout::{Placement, place_order};

use crate::{TestShop, a_cart, a_product, sku};

/// A complete address in Paris.
pub fn an_address() -> Address {
    Address {
        first_name: "Jeanne".into(),
        last_name: "Dupont".into(),
        company: String::new(),
        street: "1 rue du Thé".into(),
        street_extra: String::new(),
        postcode: "75011".into(),
        city: "Paris".into(),
        country: Country::FR,
        phone: String::new(),
    }
}

/// A guest in Paris.
pub fn a_buyer() -> Buyer {
    Buyer {
        customer: None,
        email: Email::new("jeanne@exemple.fr").unwrap(),
        billing: an_address(),
        delivery: an_address(),
        locale: Locale::FR,
        terms_version: 1,
    }
}

/// A guest in Paris has this cart delivered for 4.90 € and pays by bank transfer.
pub fn a_placement(cart: CartId) -> Placement {
    Placement {
        cart,
        cart_version: None,
        buyer: a_buyer(),
        shipping: ShippingMethodCode::new("flat").unwrap(),
        payment: PaymentMethodCode::new("bank-transfer").unwrap(),
        agreed_total: None,
    }
}

/// One `TEA`, to be paid by bank transfer. A SKU that is not in the catalog yet is put there.
pub fn a_placed_order(shop: &TestShop) -> OrderBuilder<'_> {
    let payment = PaymentMethodCode::new("bank-transfer").unwrap();
    OrderBuilder { shop, lines: Vec::new(), customer: None, payment, is_paid: false }
}

/// Like [`a_placed_order`], and the money has come.
pub fn a_paid_order(shop: &TestShop) -> OrderBuilder<'_> {
    OrderBuilder { is_paid: true, ..a_placed_order(shop) }
}

#[must_use]
pub struct OrderBuilder<'a> {
    shop: &'a TestShop,
    lines: Vec<(u32, String)>,
    customer: Option<CustomerId>,
    payment: PaymentMethodCode,
    is_paid: bool,
}

impl OrderBuilder<'_> {
    pub fn with(mut self, quantity: u32, text: &str) -> Self {
        self.lines.push((quantity, text.to_owned()));
        self
    }

    pub fn of(mut self, customer: CustomerId) -> Self {
        self.customer = Some(customer);
        self
    }

    pub fn to_be_paid_by(mut self, code: &str) -> Self {
        self.payment = PaymentMethodCode::new(code).expect("the test gives a valid code");
        self
    }

    pub async fn save(mut self) -> Order {
        if self.lines.is_empty() {
            self.lines.push((1, "TEA".to_owned()));
        }
        let mut cart = a_cart(self.shop);
        for (quantity, text) in &self.lines {
            let sku = sku(text);
            let mut conn = self.shop.read().await;
            let known = db::catalog::product::find_by_sku(&mut conn, &sku).await.unwrap();
            drop(conn);
            if known.is_none() {
                a_product(self.shop).sku(text).save().await;
            }
            cart = cart.with(*quantity, text);
        }
        let wanted = Placement {
            buyer: Buyer { customer: self.customer, ..a_buyer() },
            payment: self.payment,
            ..a_placement(cart.save().await.id)
        };
        let id = place_order(self.shop, &wanted).await.unwrap();
        if self.is_paid {
            shop::order::mark_paid(self.shop, id, "admin").await.unwrap();
        }
        self.shop.order(id).await
    }
}

impl TestShop {
    /// The order as it is in the database now.
    pub async fn order(&self, id: OrderId) -> Order {
        let found = db::order::find(&mut self.read().await, id).await.unwrap();
        found.expect("the order exists").order
    }

    /// Asserts that an attempt left no order, no promise, no job, and the cart as it was.
    pub async fn assert_nothing_was_ordered(&self, cart: CartId) {
        let mut conn = self.read().await;
        let filter = OrderFilter::default();
        assert_eq!(db::order::count(&mut conn, &filter).await.unwrap(), 0);
        let levels = db::stock::list(&mut conn).await.unwrap();
        assert!(levels.iter().all(|(_, _, level)| level.allocated == 0), "{levels:?}");
        let queue = db::job::queue_state(&mut conn, self.clock.now()).await.unwrap();
        assert_eq!((queue.n_ready, queue.n_dead), (0, 0));
        if let Some((_, state)) = db::cart::find(&mut conn, cart).await.unwrap() {
            assert_eq!(state, CartState::Open);
        }
        drop(conn);
        self.assert_the_ledger_explains_the_stock().await;
    }

    pub async fn assert_the_ledger_explains_the_stock(&self) {
        let unexplained = db::stock::unexplained(&mut self.read().await).await.unwrap();
        assert_eq!(unexplained, Vec::<String>::new());
    }
}

/// Forgets what was said of carts that became orders before `before`, and says how many that were.
pub async fn prune_checkouts(shop: &TestShop, before: jiff::Timestamp) -> usize {
    let mut tx = shop.db.write().await.unwrap();
    let pruned = db::checkout::prune(&mut tx, before).await.unwrap();
    tx.commit().await.unwrap();
    pruned
}
