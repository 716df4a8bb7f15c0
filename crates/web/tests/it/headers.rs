//! What every answer carries, whatever it is.

use axum::body::Body;
use axum::http::{Request, StatusCode, header};
use testkit::{PASSWORD, TestShop, a_customer, a_product, on_both_engines};
use web::app::App;

use crate::browser::{Answer, Browser, HOST};

fn assert_guarded(answer: &Answer, what: &str) {
    let policy = answer.header("content-security-policy");
    assert!(policy.starts_with("default-src 'none';"), "{what}: {policy}");
    for rule in ["frame-ancestors 'none'", "base-uri 'none'", "form-action 'self'"] {
        assert!(policy.contains(rule), "{what}: {policy}");
    }
    assert!(!policy.contains("unsafe"), "{what}: {policy}");
    assert_eq!(answer.header("x-content-type-options"), "nosniff", "{what}");
    assert_eq!(answer.header("x-frame-options"), "DENY", "{what}");
    assert_eq!(answer.header("referrer-policy"), "strict-origin-when-cross-origin", "{what}");
    assert_ne!(answer.header("cache-control"), "", "{what}");
}

#[tokio::test]
async fn every_kind_of_answer_is_guarded() {
    on_both_engines(async |shop| {
        a_product(&shop).save().await;
        let mut browser = Browser::open(&shop).await;
        let home = browser.get("/").await;
        let css = home.html.split("href=\"").find(|text| text.starts_with("/assets/css/"));
        let css = css.or_else(|| home.html.split("href=\"").find(|it| it.starts_with("/assets/")));
        let css = css.unwrap().split('"').next().unwrap();
        let etag = home.header("etag").to_owned();

        for (path, status) in [
            ("/", StatusCode::OK),
            ("/p/tea", StatusCode::OK),
            ("/cart", StatusCode::OK),
            ("/session.json", StatusCode::OK),
            ("/search/suggest?q=tea", StatusCode::OK),
            ("/sitemap.xml", StatusCode::OK),
            ("/robots.txt", StatusCode::OK),
            (css, StatusCode::OK),
            ("/checkout", StatusCode::SEE_OTHER),
            ("/admin", StatusCode::SEE_OTHER),
            ("/admin/login", StatusCode::OK),
            ("/no-such-page", StatusCode::NOT_FOUND),
            ("/media/none.jpg", StatusCode::NOT_FOUND),
            ("/assets/none", StatusCode::NOT_FOUND),
            ("/p/%FF", StatusCode::BAD_REQUEST),
            ("/cart/add", StatusCode::METHOD_NOT_ALLOWED),
        ] {
            let answer = browser.get(path).await;
            assert_eq!(answer.status, status, "{path}");
            assert_guarded(&answer, path);
        }
        let known = Request::get("/").header(header::IF_NONE_MATCH, &etag);
        let known = browser.send(known.body(Body::empty()).unwrap()).await;
        assert_eq!(known.status, StatusCode::NOT_MODIFIED);
        assert_guarded(&known, "not modified");
        let forged = browser.post("/contact", &[]).await;
        assert_eq!(forged.status, StatusCode::FORBIDDEN);
        assert_guarded(&forged, "forged");
    })
    .await;
}

#[tokio::test]
async fn a_page_of_ones_own_is_never_kept_by_others() {
    on_both_engines(async |shop| {
        let mut browser = Browser::open(&shop).await;
        for path in ["/cart", "/contact", "/account/login", "/order-lookup", "/admin/login"] {
            let answer = browser.get(path).await;
            assert_eq!(answer.header("cache-control"), "private, no-store", "{path}");
        }
        assert_eq!(browser.get("/session.json").await.header("cache-control"), "no-store");
        let home = browser.get("/").await;
        assert_eq!(home.header("cache-control"), "public, no-cache");
        assert_eq!(home.header("set-cookie"), "");
    })
    .await;
}

/// Every cookie that a purchase and a login set, with its attributes.
async fn cookies(shop: &TestShop, base_url: &str) -> Vec<String> {
    shop.follow().await;
    let mut at_home = (**shop).clone();
    at_home.base_url = base_url.into();
    let mut browser = Browser::new(&web::router(App::new(at_home, None)));
    let mut set = Vec::new();
    let mut keep = |answer: &Answer| {
        let cookies = answer.headers.get_all(header::SET_COOKIE);
        set.extend(cookies.iter().map(|cookie| cookie.to_str().unwrap().to_owned()));
    };
    let add = browser.form("/p/tea", "/cart/add").await;
    keep(&browser.send_form(&add).await);
    keep(&browser.get("/cart").await);
    let login = browser.form("/account/login", "/account/login").await;
    let login = login.filled(&[("email", "jeanne@exemple.fr"), ("password", PASSWORD)]);
    keep(&browser.send_form(&login).await);
    let account = browser.get("/account").await;
    keep(&account);
    keep(&browser.send_form(&account.form("/account/logout")).await);
    let login = browser.form("/admin/login", "/admin/login").await;
    let login = login.filled(&[("login", "admin"), ("password", "douze signes!")]);
    keep(&browser.send_form(&login).await);
    let language = browser.form("/admin/stock", "/admin/stock").await;
    keep(&browser.send_form(&language.with("count", "3")).await);
    keep(&browser.get("/admin").await);
    let logout = browser.form("/admin", "/admin/logout").await;
    keep(&browser.send_form(&logout).await);
    set
}

#[tokio::test]
async fn cookies_are_kept_from_scripts_from_other_sites_and_from_plain_http() {
    on_both_engines(async |shop| {
        a_product(&shop).stock(2).save().await;
        a_customer(&shop).save().await;
        shop::staff::set_password(&shop, "admin", "", "douze signes!").await.unwrap();

        let secure = cookies(&shop, &format!("https://{HOST}")).await;
        let plain = cookies(&shop, &format!("http://{HOST}")).await;

        let mut names: Vec<_> =
            secure.iter().map(|cookie| cookie.split('=').next().unwrap()).collect();
        names.sort_unstable();
        names.dedup();
        assert_eq!(
            names,
            [
                "greenleaf-cart",
                "greenleaf-form",
                "greenleaf-known",
                "greenleaf-notice",
                "greenleaf-session",
                "greenleaf-staff",
                "greenleaf-staff-code",
                "greenleaf-staff-notice",
            ]
        );
        for cookie in &secure {
            // The script reads this one; it holds nothing.
            let is_for_script = cookie.starts_with("greenleaf-known=1;");
            let is_staffs = cookie.starts_with("greenleaf-staff");
            assert_eq!(!cookie.contains("; HttpOnly"), is_for_script, "{cookie}");
            assert!(cookie.ends_with("; Secure"), "{cookie}");
            assert_eq!(cookie.contains("; SameSite=Strict"), is_staffs, "{cookie}");
            assert_eq!(cookie.contains("; SameSite=Lax"), !is_staffs, "{cookie}");
            assert_eq!(cookie.contains("; Path=/admin"), is_staffs, "{cookie}");
        }
        assert!(plain.iter().all(|cookie| !cookie.contains("Secure")), "{plain:?}");
    })
    .await;
}
