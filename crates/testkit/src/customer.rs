//! People with an account.

use commerce::channel::Locale;
use commerce::customer::{Customer, CustomerId, Email};
use uuid::Uuid;

use crate::TestShop;

/// The password of every customer that [`a_customer`] makes.
pub const PASSWORD: &str = "douze signes!";

/// Jeanne, `jeanne@exemple.fr`, whose password is [`PASSWORD`]. No mail is sent, no session open.
pub fn a_customer(shop: &TestShop) -> CustomerBuilder<'_> {
    let customer = Customer {
        id: CustomerId(Uuid::now_v7()),
        number: 0,
        email: Email::new("jeanne@exemple.fr").unwrap(),
        first_name: "Jeanne".into(),
        last_name: "Dupont".into(),
        locale: Locale::FR,
    };
    CustomerBuilder { shop, customer }
}

#[must_use]
pub struct CustomerBuilder<'a> {
    shop: &'a TestShop,
    customer: Customer,
}

impl CustomerBuilder<'_> {
    pub fn email(mut self, text: &str) -> Self {
        self.customer.email = Email::new(text).expect("the test gives a valid address");
        self
    }

    pub async fn save(self) -> Customer {
        let Self { shop, mut customer } = self;
        let hash = shop.passwords.hash(PASSWORD).await;
        let mut tx = shop.db.write().await.unwrap();
        let at = shop.clock.now();
        customer.number = db::customer::insert(&mut tx, &customer, &hash, at).await.unwrap();
        tx.commit().await.unwrap();
        customer
    }
}
