//! Address books, as programs and their owners read them.

use commerce::customer::{Address, AddressId, SavedAddress};
use serde_json::{Value, json};
use testkit::{PASSWORD, a_customer, an_address, on_both_engines};

use super::an_integration;
use crate::Client;

#[tokio::test]
async fn an_address_is_read_and_deleted_by_its_number() {
    on_both_engines(async |shop| {
        let jeanne = a_customer(&shop).save().await;
        a_customer(&shop).email("paul@exemple.fr").save().await;
        let saved = |n: u128, city: &str, is_default_delivery, is_default_billing| SavedAddress {
            id: AddressId(uuid::Uuid::from_u128(n)),
            number: 0,
            address: Address { city: city.to_owned(), ..an_address() },
            is_default_delivery,
            is_default_billing,
        };
        for saved in [saved(1, "Lyon", true, false), saved(2, "Paris", false, true)] {
            shop::customer::save_address(&shop, jeanne.id, &saved).await.unwrap();
        }
        let guest = Client::of(&shop);
        let erp = an_integration(&shop, &guest).await;
        let said = json!({ "username": "jeanne@exemple.fr", "password": PASSWORD });
        let token = guest.got("POST", "V1/integration/customer/token", Some(said)).await;
        let owner = guest.with("authorization", &format!("Bearer {}", token.as_str().unwrap()));
        let address = |id: i64, city: &str, usual: &str| {
            json!({ "id": id, "customer_id": 1, "firstname": "Jeanne", "lastname": "Dupont",
                "street": ["1 rue du Thé"], "postcode": "75011", "city": city, "country_id": "FR",
                "telephone": "", usual: true })
        };
        let (lyon, paris) =
            (address(1, "Lyon", "default_shipping"), address(2, "Paris", "default_billing"));

        assert_eq!(erp.fetch("V1/customers/addresses/1").await, lyon);
        assert_eq!(erp.fetch("V1/customers/addresses/2").await, paris);
        assert_eq!(erp.fetch("V1/customers/1/shippingAddress").await, lyon);
        assert_eq!(erp.fetch("V1/customers/1/billingAddress").await, paris);
        assert_eq!(owner.fetch("V1/customers/me/shippingAddress").await, lyon);
        assert_eq!(owner.fetch("V1/customers/me/billingAddress").await, paris);
        assert_eq!(erp.fetch("V1/customers/2/billingAddress").await, Value::Null);
        let customer = erp.fetch("V1/customers/1").await;
        assert_eq!(customer["addresses"], json!([lyon, paris]));
        assert_eq!(
            (&customer["default_billing"], &customer["default_shipping"]),
            (&json!("2"), &json!("1"))
        );
        let unknown = (404, "No such entity with %fieldName = %fieldValue".to_owned());
        for (method, path) in [
            ("GET", "V1/customers/addresses/3"),
            ("GET", "V1/customers/addresses/x"),
            ("GET", "V1/customers/3/billingAddress"),
            ("DELETE", "V1/addresses/3"),
        ] {
            assert_eq!(erp.denied(method, path, None).await, unknown, "{path}");
        }
        for client in [&guest, &owner] {
            assert_eq!(client.denied("GET", "V1/customers/addresses/1", None).await.0, 401);
            assert_eq!(client.denied("GET", "V1/customers/1/shippingAddress", None).await.0, 401);
            assert_eq!(client.denied("DELETE", "V1/addresses/1", None).await.0, 401);
        }

        assert_eq!(erp.got("DELETE", "V1/addresses/1", None).await, true);
        assert_eq!(erp.denied("DELETE", "V1/addresses/1", None).await, unknown);
        assert_eq!(erp.fetch("V1/customers/1").await["addresses"], json!([paris]));
        assert_eq!(owner.fetch("V1/customers/me/shippingAddress").await, Value::Null);
    })
    .await;
}
