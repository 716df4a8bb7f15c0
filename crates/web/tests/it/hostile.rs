//! What nobody sends who means well: refused in words, never an error of ours.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use testkit::{TestShop, a_configurable, a_product, on_both_engines};

use crate::browser::Browser;

/// Texts that somebody may type or paste where a shop asks for one.
fn hostile() -> Vec<String> {
    let mut texts: Vec<String> = [
        "",
        " ",
        "'",
        "' OR '1'='1' --",
        "\"; DROP TABLE orders; --",
        "%",
        "_%\\",
        "<script>alert(1)</script>",
        "\"><img src=x onerror=alert(1)>",
        "{{ 7 * 7 }}{% raw %}",
        "${7*7}",
        "name:tea AND (",
        "tea~2 \"unclosed",
        "[a TO z] ^5 +-&&||!(){}",
        "*",
        "?*:*",
        "../../../etc/passwd",
        "\\\\server\\share",
        "a\u{0}b",
        "\r\nset-cookie: a=b",
        "\u{1b}[31m",
        "\u{202e}\u{feff}\u{200b}",
        "🦀🍃",
        "é\u{301}\u{301}\u{301}",
        "ﷺ",
        "-1",
        "0",
        "9223372036854775808",
        "1e999",
        "NaN",
        "null",
        "true",
        "00000000-0000-0000-0000-000000000000",
        "2026-02-30",
        "%00",
        "%ff%fe",
    ]
    .map(str::to_owned)
    .into();
    texts.push("thé ".repeat(2_000));
    texts.push("a".repeat(8_000));
    texts.push("é".repeat(4_000));
    texts
}

async fn a_shop_with_something_in_it(shop: &TestShop) -> Browser {
    a_product(shop).save().await;
    a_configurable(shop).save().await;
    Browser::open(shop).await
}

/// So much of a text that it fits several times into one address.
fn cut(text: &str) -> &str {
    text.char_indices().nth(2_000).map_or(text, |(end, _)| &text[..end])
}

fn encoded(text: &str) -> String {
    url::form_urlencoded::byte_serialize(text.as_bytes()).collect()
}

#[tokio::test]
async fn every_search_finds_something_or_nothing() {
    on_both_engines(async |shop| {
        let mut browser = a_shop_with_something_in_it(&shop).await;
        for text in hostile() {
            let (query, all) = (encoded(cut(&text)), encoded(&text));
            for path in [
                format!("/search?q={all}"),
                format!("/en/search?q={query}&sort={query}&page={query}&price={query}"),
                format!("/search?q=tea&size={query}&price={query}-{query}&{query}={query}"),
                format!("/search/suggest?q={all}"),
            ] {
                let answer = browser.get(&path).await;
                assert_eq!(answer.status, StatusCode::OK, "{text:.60}");
                assert!(!answer.html.contains("<script>alert"), "{text:.60}");
                assert!(!answer.html.contains("<img src=x"), "{text:.60}");
            }
        }
        assert!(browser.get("/search?q=TEA").await.says("TEA (fr)"));
    })
    .await;
}

#[tokio::test]
async fn an_address_that_leads_nowhere_says_so() {
    on_both_engines(async |shop| {
        let mut browser = a_shop_with_something_in_it(&shop).await;
        for text in hostile().into_iter().filter(|text| !text.is_empty()) {
            let escape = |all: String, byte: u8| all + &format!("%{byte:02X}");
            let segment = text.bytes().fold(String::new(), escape);
            for prefix in [
                "/p",
                "/en/p",
                "/c",
                "/pages",
                "/orders",
                "/checkout/done",
                "/media",
                "/media/r/160",
                "/assets",
                "/no-such",
            ] {
                let answer = browser.get(&format!("{prefix}/{segment}")).await;
                assert_eq!(answer.status, StatusCode::NOT_FOUND, "{prefix}/{text:.60}");
            }
            let reset = browser.get(&format!("/account/reset/{segment}")).await;
            assert_eq!(reset.status, StatusCode::OK, "{text:.60}");
            assert!(reset.says("Ce lien a expiré ou a déjà servi."));
        }
    })
    .await;
}

#[tokio::test]
async fn an_address_that_is_no_text_is_refused_in_words() {
    on_both_engines(async |shop| {
        let mut browser = a_shop_with_something_in_it(&shop).await;
        for path in [
            "/p/%FF",
            "/en/c/%C3%28",
            "/%80",
            "/media/%FE.jpg",
            "/account/reset/%FF",
            "/orders/%F0",
        ] {
            let answer = browser.get(path).await;
            assert_eq!(answer.status, StatusCode::BAD_REQUEST, "{path}");
            assert!(answer.html.contains("<h1"), "{path}: {}", answer.text());
        }
        // What follows the question mark is read as well as can be.
        assert_eq!(browser.get("/search?q=%FF%C3%28").await.status, StatusCode::OK);
    })
    .await;
}

#[tokio::test]
async fn no_field_of_any_form_breaks_the_shop() {
    on_both_engines(async |shop| {
        let mut browser = a_shop_with_something_in_it(&shop).await;
        let tea = browser.form("/p/tea", "/cart/add").await;
        browser.send_form(&tea).await;

        for (page, action) in [
            ("/checkout", "/checkout"),
            ("/contact", "/contact"),
            ("/order-lookup", "/order-lookup"),
            ("/withdrawal", "/withdrawal"),
            ("/cart", "/cart/update"),
            ("/cart", "/cart/remove"),
            ("/p/tee", "/cart/add"),
        ] {
            let form = browser.form(page, action).await;
            for text in hostile() {
                let mut form = form.clone();
                for (name, value) in &mut form.fields {
                    if name != "csrf" {
                        value.clone_from(&text);
                    }
                }
                let answer = browser.send_form(&form).await;
                assert!(answer.status.as_u16() < 500, "{action} {text:.60}: {}", answer.status);
                assert!(!answer.html.contains("<script>alert"), "{action}: {text:.60}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn no_login_breaks_the_shop() {
    on_both_engines(async |shop| {
        for text in ["é", "🦀", "a\u{0}b", "' OR 1=1 --", &"a".repeat(8_000)] {
            for (path, fields) in [
                ("/admin/login", ["login", "password", "code"]),
                ("/account/login", ["email", "password", "next"]),
                ("/account/forgot", ["email", "a", "b"]),
                ("/account/register", ["email", "first-name", "password"]),
            ] {
                let mut browser = Browser::open(&shop).await;
                let form = browser.form(path, path).await;
                let form = form.filled(&fields.map(|field| (field, text)));
                let answer = browser.send_form(&form).await;
                assert_eq!(answer.status, StatusCode::UNPROCESSABLE_ENTITY, "{path} {text:.40}");
            }
        }
    })
    .await;
}

#[tokio::test]
async fn no_filter_of_the_back_office_breaks_it() {
    on_both_engines(async |shop| {
        a_shop_with_something_in_it(&shop).await;
        shop::staff::set_password(&shop, "admin", "", "douze signes!").await.unwrap();
        let mut browser = Browser::open(&shop).await;
        let form = browser.form("/admin/login", "/admin/login").await;
        let form = form.filled(&[("login", "admin"), ("password", "douze signes!")]);
        browser.send_form(&form).await;

        for text in hostile() {
            let query = encoded(cut(&text));
            for path in ["orders", "products", "stock"] {
                let all = ["q", "show", "status", "stock", "page"];
                let all = all.map(|name| format!("{name}={query}")).join("&");
                let answer = browser.get(&format!("/admin/{path}?{all}")).await;
                assert_eq!(answer.status, StatusCode::OK, "{path} {text:.60}");
                assert!(!answer.html.contains("<script>alert"), "{path} {text:.60}");
            }
            let dated = browser.get(&format!("/admin/orders?from={query}&to={query}")).await;
            assert!(dated.status.as_u16() < 500, "{text:.60}: {}", dated.status);
            let form = browser.form("/admin/stock", "/admin/logout").await;
            let count = [("csrf", form.value("csrf")), ("sku", &text), ("count", &text)];
            let count = count.map(|(name, value)| (name.to_owned(), value.to_owned()));
            let counted = browser.post("/admin/stock", &count).await;
            assert!(counted.status.is_client_error(), "{text:.60}: {}", counted.status);
        }
    })
    .await;
}

#[tokio::test]
async fn a_body_that_is_none_of_our_forms_is_refused() {
    on_both_engines(async |shop| {
        let mut browser = a_shop_with_something_in_it(&shop).await;
        let form = "application/x-www-form-urlencoded";
        let huge = format!("message={}", "a".repeat(3 << 20));
        let long = format!("message={}", "a".repeat(30_000));
        let many = "a=1&".repeat(1_000);

        for (kind, body, status) in [
            (form, huge.as_str(), StatusCode::PAYLOAD_TOO_LARGE),
            (form, &long, StatusCode::PAYLOAD_TOO_LARGE),
            (form, &many, StatusCode::PAYLOAD_TOO_LARGE),
            ("application/json", "{\"a\":1}", StatusCode::BAD_REQUEST),
            ("text/plain", "a=1", StatusCode::BAD_REQUEST),
            ("multipart/form-data; boundary=x", "--x--", StatusCode::BAD_REQUEST),
            ("", "a=1", StatusCode::BAD_REQUEST),
            ("🦀", "a=1", StatusCode::BAD_REQUEST),
            (form, "%", StatusCode::FORBIDDEN),
            (form, "=&=&%ff=%fe", StatusCode::FORBIDDEN),
        ] {
            for path in ["/contact", "/checkout", "/cart/add", "/account/login", "/admin/login"] {
                let mut request =
                    Request::post(path).header(header::ORIGIN, "https://greenleaf.test");
                if !kind.is_empty() {
                    request = request.header(header::CONTENT_TYPE, kind);
                }
                let request = request.body(Body::from(body.to_owned())).unwrap();
                let answer = browser.send(request).await;
                if path == "/cart/add" && status == StatusCode::FORBIDDEN {
                    assert_eq!(answer.location(), "/cart", "no token is asked for there");
                } else {
                    assert_eq!(answer.status, status, "{path} {kind} {body:.40}");
                    assert!(answer.html.contains("<h1"), "{path} {kind}: {}", answer.text());
                }
            }
        }
    })
    .await;
}
