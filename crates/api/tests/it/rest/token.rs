//! Who asks: tokens and signatures.

use axum::http::StatusCode;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use hmac::{Hmac, KeyInit, Mac};
use jiff::SignedDuration;
use serde_json::json;
use sha2::Sha256;
use shop::integration::Credentials;
use testkit::{TestShop, a_customer, count_statements, on_both_engines, totp_code};

use super::{an_integration, credentials};
use crate::Client;

const WRONG: &str = "The account sign-in was incorrect or your account is disabled temporarily. \
                     Please wait and try again later.";

#[tokio::test]
async fn a_customers_token_is_good_for_an_hour() {
    on_both_engines(async |shop| {
        a_customer(&shop).save().await;
        let guest = Client::of(&shop);
        let said =
            |password: &str| json!({ "username": "jeanne@exemple.fr", "password": password });

        let wrong =
            guest.denied("POST", "V1/integration/customer/token", Some(said("another one"))).await;
        assert_eq!(wrong, (401, WRONG.to_owned()));
        let (status, message) = guest.denied("GET", "V1/customers/me", None).await;
        assert_eq!(status, 401);
        assert_eq!(message, "The consumer isn't authorized to access %resources.");

        let token =
            guest.got("POST", "V1/integration/customer/token", Some(said(testkit::PASSWORD))).await;
        let bearer = format!("Bearer {}", token.as_str().unwrap());
        let customer = guest.with("authorization", &bearer);
        assert_eq!(customer.fetch("V1/customers/me").await["email"], "jeanne@exemple.fr");
        let refused = customer.rest("GET", "V1/orders", None).await;
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
        assert_eq!(
            refused.json["parameters"],
            json!({ "resources": "Magento_Sales::actions_view" })
        );

        shop.clock.advance(SignedDuration::from_mins(59));
        assert_eq!(customer.fetch("V1/customers/me").await["firstname"], "Jeanne");
        shop.clock.advance(SignedDuration::from_mins(2));
        assert_eq!(customer.denied("GET", "V1/customers/me", None).await.0, 401);
    })
    .await;
}

#[tokio::test]
async fn a_second_factor_is_asked_for_where_the_account_has_one() {
    on_both_engines(async |shop| {
        let password = "Correct Horse Battery";
        shop::staff::set_password(&shop, "anne", "Anne", password).await.unwrap();
        let guest = Client::of(&shop);
        let said = json!({ "username": "anne", "password": password });
        let plain = "V1/integration/admin/token";

        let token = guest.got("POST", plain, Some(said.clone())).await;
        let bearer = format!("Bearer {}", token.as_str().unwrap());
        let staff = guest.with("authorization", &bearer);
        assert_eq!(staff.fetch("V1/orders").await["total_count"], 0);
        assert_eq!(staff.denied("GET", "V1/customers/me", None).await.0, 401);
        let session = shop::staff::find_by_session(&shop, token.as_str().unwrap()).await.unwrap();
        assert_eq!(session, None, "a token is no key to the back office");

        let anne = shop::staff::find_by_token(&shop, token.as_str().unwrap()).await.unwrap();
        let anne = anne.unwrap();
        let totp = shop::staff::new_totp(&anne);
        let code = totp_code(&shop, &totp.base32);
        assert!(shop::staff::confirm_totp(&shop, &anne, &totp.base32, &code).await.unwrap());
        let refused = guest.rest("POST", plain, Some(said.clone())).await;
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
        assert_eq!(
            refused.json["message"],
            "Please use the 2fa provider-specific endpoints to obtain a token."
        );

        shop.clock.advance(SignedDuration::from_secs(30));
        let mut said = said;
        said["otp"] = totp_code(&shop, &totp.base32).into();
        let path = "V1/tfa/provider/google/authenticate";
        let token = guest.got("POST", path, Some(said.clone())).await;
        let bearer = format!("Bearer {}", token.as_str().unwrap());
        assert_eq!(guest.with("authorization", &bearer).fetch("V1/orders").await["total_count"], 0);
        let again = guest.denied("POST", path, Some(said)).await;
        assert_eq!(again, (401, WRONG.to_owned()), "a code works once");

        shop.clock.advance(SignedDuration::from_hours(5));
        assert_eq!(
            guest.with("authorization", &bearer).denied("GET", "V1/orders", None).await.0,
            401
        );
    })
    .await;
}

/// A signature of OAuth 1.0a, made as clients do.
fn signed(shop: &TestShop, keys: &Credentials, method: &str, path: &str, nonce: &str) -> String {
    let stamp = shop.clock.now().as_second();
    let fields = format!(
        "oauth_consumer_key={}&oauth_nonce={nonce}&oauth_signature_method=HMAC-SHA256\
         &oauth_timestamp={stamp}&oauth_token={}&oauth_version=1.0",
        keys.consumer_key, keys.access_token
    );
    let escaped = |text: &str| text.replace(':', "%3A").replace('/', "%2F");
    let encoded = fields.replace('=', "%3D").replace('&', "%26");
    let url = format!("https://greenleaf.test/rest/{path}");
    let base = format!("{method}&{}&{encoded}", escaped(&url));
    let secret = format!("{}&{}", keys.consumer_secret, keys.access_token_secret);
    let mut mac = Hmac::<Sha256>::new_from_slice(secret.as_bytes()).unwrap();
    mac.update(base.as_bytes());
    let signature = STANDARD.encode(mac.finalize().into_bytes());
    let signature = signature.replace('+', "%2B").replace('/', "%2F").replace('=', "%3D");
    let fields: Vec<String> = fields
        .split('&')
        .filter_map(|pair| pair.split_once('='))
        .map(|(name, value)| format!("{name}=\"{value}\""))
        .collect();
    format!("OAuth {}, oauth_signature=\"{signature}\"", fields.join(", "))
}

#[tokio::test]
async fn an_integration_signs_its_requests_each_once() {
    on_both_engines(async |shop| {
        let guest = Client::of(&shop);
        let keys = credentials(&shop, "erp", &["Magento_Sales::actions_view"]).await;
        let header = signed(&shop, &keys, "GET", "V1/orders", "one");

        let erp = guest.with("authorization", &header);
        assert_eq!(erp.fetch("V1/orders").await["total_count"], 0);
        let (status, message) = erp.denied("GET", "V1/orders", None).await;
        assert_eq!(status, 401);
        assert_eq!(message, "The nonce is already being used by the consumer.");
        let (status, message) = guest
            .with("authorization", &signed(&shop, &keys, "GET", "V1/orders", "two"))
            .denied("GET", "V1/products", None)
            .await;
        assert_eq!(status, 401);
        assert_eq!(message, "The signature is invalid. Verify and try again.");

        let without = guest.with("authorization", &signed(&shop, &keys, "GET", "V1/products", "3"));
        let refused = without.rest("GET", "V1/products", None).await;
        assert_eq!(refused.status, StatusCode::UNAUTHORIZED);
        assert_eq!(refused.json["parameters"]["resources"], "Magento_Catalog::products");

        let late = signed(&shop, &keys, "GET", "V1/orders", "four");
        shop.clock.advance(SignedDuration::from_mins(11));
        assert_eq!(
            guest.with("authorization", &late).denied("GET", "V1/orders", None).await,
            (400, "The oauth_timestamp value in the request is out of range.".to_owned())
        );

        assert!(!shop::integration::delete(&shop, "thé").await.unwrap());
        assert!(shop::integration::delete(&shop, "erp").await.unwrap());
        let gone = signed(&shop, &keys, "GET", "V1/orders", "five");
        assert_eq!(
            guest.with("authorization", &gone).denied("GET", "V1/orders", None).await.0,
            401
        );
    })
    .await;
}

#[tokio::test]
async fn a_signature_that_one_instance_took_no_other_takes() {
    on_both_engines(async |shop| {
        let keys = credentials(&shop, "erp", &["Magento_Sales::actions_view"]).await;
        let other = shop.another_instance().await;
        let (here, there) = (Client::of(&shop), Client::of(&other));
        let header = signed(&shop, &keys, "GET", "V1/orders", "one");
        let used = (401, "The nonce is already being used by the consumer.".to_owned());
        let ask = async |client: &Client, header: &str| {
            client.with("authorization", header).denied("GET", "V1/orders", None).await
        };

        let (a, b) = tokio::join!(ask(&here, &header), ask(&there, &header));
        let mut answers = [a, b];
        answers.sort();
        assert_eq!(answers, [(200, String::new()), used.clone()]);
        // Another program may have the same nonce, and the same program at another second.
        let pim = credentials(&shop, "pim", &["Magento_Sales::actions_view"]).await;
        assert_eq!(ask(&there, &signed(&shop, &pim, "GET", "V1/orders", "one")).await.0, 200);
        shop.clock.advance(SignedDuration::from_secs(1));
        assert_eq!(ask(&there, &signed(&shop, &keys, "GET", "V1/orders", "one")).await.0, 200);

        // What is forgotten is too old to be taken again.
        shop.clock.advance(SignedDuration::from_mins(9));
        shop.tidy().await;
        assert_eq!(ask(&there, &header).await, used);
    })
    .await;
}

#[tokio::test]
async fn only_a_signature_costs_a_statement_more() {
    on_both_engines(async |shop| {
        let guest = Client::of(&shop);
        let keys = credentials(&shop, "erp", &["Magento_Sales::actions_view"]).await;
        let bearer = guest.with("authorization", &format!("Bearer {}", keys.access_token));
        let header = signed(&shop, &keys, "GET", "V1/orders", "one");
        let signer = guest.with("authorization", &header);

        let (_, of_guest) = count_statements(guest.fetch("V1/directory/currency")).await;
        let (_, of_bearer) = count_statements(bearer.fetch("V1/orders")).await;
        let (_, of_signer) = count_statements(signer.fetch("V1/orders")).await;

        assert_eq!(of_guest, 0);
        // A bearer is looked for among customers, staff and programs; a signer among programs, whose
        // nonce is then written, in a transaction whose ends only MariaDB's driver tells of. The list
        // is two more.
        let ends = if shop.mariadb().is_some() { 2 } else { 0 };
        assert_eq!((of_bearer, of_signer), (5, 4 + ends));
    })
    .await;
}

#[tokio::test]
async fn secrets_are_not_in_the_database() {
    on_both_engines(async |shop| {
        let keys = credentials(&shop, "erp", &[]).await;

        let [only] = shop::integration::list(&shop).await.unwrap().try_into().unwrap();

        let kept = format!("{only:?}");
        for secret in [&keys.consumer_key, &keys.consumer_secret, &keys.access_token_secret] {
            assert!(!kept.contains(secret.as_str()));
        }
        let sealed = String::from_utf8_lossy(&only.sealed_secrets).into_owned();
        assert!(!sealed.contains(&keys.consumer_secret));
        assert!(matches!(
            shop::integration::create(&shop, "erp", &[]).await,
            Err(shop::integration::CreateIntegrationError::NameTaken)
        ));
    })
    .await;
}

#[tokio::test]
async fn a_path_that_nobody_knows_is_answered_as_magento_does() {
    let shop = testkit::a_shop().on_sqlite().await;
    let erp = an_integration(&shop, &Client::of(&shop)).await;
    let unknown = (404, "Request does not match any route.".to_owned());

    for path in ["V1/nothing", "nowhere/V1/orders", "V2/orders", "V1", "all/V1/orders/1/2/3"] {
        assert_eq!(erp.denied("GET", path, None).await, unknown, "{path}");
    }
    assert_eq!(erp.denied("PATCH", "V1/orders", None).await, unknown);
    for store in ["", "all/", "default/", "en/"] {
        assert_eq!(erp.fetch(&format!("{store}V1/orders")).await["total_count"], 0);
    }
    let views = erp.fetch("V1/store/storeViews?fields=code,id").await;
    assert_eq!(
        views,
        json!([{ "code": "admin", "id": 0 }, { "code": "default", "id": 1 }, { "code": "en", "id": 2 }])
    );
}
