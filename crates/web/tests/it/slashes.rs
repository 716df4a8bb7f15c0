//! An address that ends with a slash leads to the one without, and never out of the shop.

use axum::body::Body;
use axum::http::{Method, Request, StatusCode};
use testkit::{a_product, on_both_engines};

use crate::browser::{Answer, Browser};

async fn ask(browser: &mut Browser, method: Method, path: &str) -> Answer {
    let request = Request::builder().method(method).uri(path);
    browser.send(request.body(Body::empty()).unwrap()).await
}

#[tokio::test]
async fn a_slash_at_the_end_is_taken_away() {
    on_both_engines(async |shop| {
        a_product(&shop).save().await;
        let mut browser = Browser::open(&shop).await;

        for (asked, meant) in [
            ("/en/", "/en"),
            ("/en/?q=1&r=/", "/en?q=1&r=/"),
            ("/p/tea/", "/p/tea"),
            ("/en/p/tea///", "/en/p/tea"),
            ("/search/?q=th%C3%A9", "/search?q=th%C3%A9"),
            ("/admin/", "/admin"),
            ("/no-such-page/", "/no-such-page"),
            ("//evil.example/", "/evil.example"),
            ("///evil.example//", "/evil.example"),
            ("//", "/"),
        ] {
            for method in [Method::GET, Method::HEAD] {
                let answer = ask(&mut browser, method, asked).await;
                assert_eq!(answer.status, StatusCode::MOVED_PERMANENTLY, "{asked}");
                assert_eq!(answer.location(), meant);
            }
        }
        assert_eq!(browser.visit("/en/").await.status, StatusCode::OK);
        assert!(browser.visit("/p/tea/").await.says("TEA (fr)"));
    })
    .await;
}

#[tokio::test]
async fn other_addresses_are_left_alone() {
    on_both_engines(async |shop| {
        let mut browser = Browser::open(&shop).await;

        for path in ["/", "/?next=/cart/", "/en"] {
            assert_eq!(browser.get(path).await.status, StatusCode::OK, "{path}");
        }
        for path in ["/\\evil.example/", "/a\\/", "/%5Cevil.example"] {
            assert_eq!(browser.get(path).await.status, StatusCode::NOT_FOUND, "{path}");
        }
        let posted = ask(&mut browser, Method::POST, "/contact/").await;
        assert_eq!(posted.status, StatusCode::NOT_FOUND, "a form would lose its fields");
    })
    .await;
}
