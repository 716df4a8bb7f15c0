//! Carts before checkout.

use commerce::cart::{Cart, CartId};
use commerce::channel::Locale;
use commerce::customer::CustomerId;
use uuid::Uuid;

use crate::{TestShop, sku};

/// An empty cart of a guest. What is put in is not checked against catalog or stock.
pub fn a_cart(shop: &TestShop) -> CartBuilder<'_> {
    let cart = Cart {
        id: CartId(Uuid::now_v7()),
        channel: shop.channel(),
        locale: Locale::FR,
        customer: None,
        version: 1,
        lines: Vec::new(),
    };
    CartBuilder { shop, cart }
}

#[must_use]
pub struct CartBuilder<'a> {
    shop: &'a TestShop,
    cart: Cart,
}

impl CartBuilder<'_> {
    pub fn with(mut self, quantity: u32, text: &str) -> Self {
        self.cart.set(&sku(text), quantity).expect("the cart has room for it");
        self
    }

    pub fn of(mut self, customer: CustomerId) -> Self {
        self.cart.customer = Some(customer);
        self
    }

    pub async fn save(self) -> Cart {
        let mut tx = self.shop.db.write().await.unwrap();
        db::cart::insert(&mut tx, &self.cart, self.shop.clock.now()).await.unwrap();
        tx.commit().await.unwrap();
        self.cart
    }
}
