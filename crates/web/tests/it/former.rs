//! Whoever has an old address still gets there, and nobody is led out of the shop.

use axum::http::StatusCode;
use commerce::channel::Locale;
use commerce::content::{Localized, PageCode, PageText, Slug};
use shop::content::{PageInput, Saved, save_page};
use testkit::{a_product, count_statements, on_both_engines, write_redirect};

use crate::browser::Browser;

fn slug(text: &str) -> Slug {
    Slug::new(text).unwrap()
}

async fn led(browser: &mut Browser, path: &str) -> (StatusCode, String) {
    let answer = browser.get(path).await;
    let location = answer.headers.get("location").map(|it| it.to_str().unwrap().to_owned());
    (answer.status, location.unwrap_or_default())
}

fn moved(to: &str) -> (StatusCode, String) {
    (StatusCode::MOVED_PERMANENTLY, to.to_owned())
}

#[tokio::test]
async fn a_page_keeps_its_old_address_and_takes_nobody_elses() {
    on_both_engines(async |shop| {
        let page = |code: &str, address: &str, title: &str| PageInput {
            code: PageCode::new(code).unwrap(),
            is_published: true,
            texts: Localized::default().with(
                Locale::FR,
                PageText {
                    slug: slug(address),
                    title: title.to_owned(),
                    body: "Texte".to_owned(),
                    meta_description: String::new(),
                },
            ),
        };
        let mut browser = Browser::open(&shop).await;

        assert_eq!(save_page(&shop, &page("us", "nous", "Nous")).await.unwrap(), Saved::Created);
        assert_eq!(save_page(&shop, &page("us", "nous", "Nous")).await.unwrap(), Saved::Unchanged);
        let moved_to = save_page(&shop, &page("us", "qui", "Nous")).await.unwrap();
        assert_eq!(moved_to, Saved::Updated);
        let taken = save_page(&shop, &page("b", "qui", "B")).await.unwrap_err();
        assert_eq!(taken.to_string(), "another page has the address qui");
        save_page(&shop, &page("b", "b", " ")).await.unwrap_err();
        shop.follow().await;

        assert_eq!(led(&mut browser, "/pages/nous").await, moved("/pages/qui"));
        // One step, however often it is renamed, and none once it is back.
        save_page(&shop, &page("us", "qui-donc", "Nous")).await.unwrap();
        shop.follow().await;
        assert_eq!(led(&mut browser, "/pages/nous").await, moved("/pages/qui-donc"));
        save_page(&shop, &page("us", "nous", "Nous")).await.unwrap();
        shop.follow().await;
        assert_eq!(browser.get("/pages/nous").await.status, StatusCode::OK);
        assert_eq!(led(&mut browser, "/pages/qui").await, moved("/pages/nous"));
        // An instance that starts later knows them too.
        let mut later = Browser::open(&shop).await;
        assert_eq!(led(&mut later, "/pages/qui-donc").await, moved("/pages/nous"));
        assert_eq!(browser.get("/pages/b").await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn addresses_of_another_software_lead_here() {
    on_both_engines(async |shop| {
        a_product(&shop).save().await;
        write_redirect(&shop, "Thé.html", "TEA").await;
        write_redirect(&shop, "gone.html", "GONE").await;
        write_redirect(&shop, "basket", "/cart").await;
        write_redirect(&shop, "p/old", "TEA").await;
        let mut browser = Browser::open(&shop).await;

        for (asked, meant) in [
            ("/th%C3%A9.html", "/p/tea"),
            ("/TH%C3%89.html?page=2", "/p/tea?page=2"),
            ("/gone.html", "/"),
            ("/p/old", "/p/tea"),
            ("/basket", "/cart"),
            ("/index.php/basket", "/cart"),
            ("/index.php", "/"),
            ("/customer/account/login", "/account/login"),
            ("/en/checkout/cart", "/en/cart"),
        ] {
            assert_eq!(led(&mut browser, asked).await, moved(meant), "{asked}");
        }
        // A form would lose its fields.
        assert_eq!(browser.post("/basket", &[]).await.status, StatusCode::NOT_FOUND);
    })
    .await;
}

#[tokio::test]
async fn invented_addresses_cost_the_database_nothing() {
    on_both_engines(async |shop| {
        write_redirect(&shop, "basket", "/cart").await;
        let mut browser = Browser::open(&shop).await;

        for path in ["/a.html", "/catalog/product/view/id/99999", "/p/none", "/%00", "/%FF", "//x"]
        {
            let (answer, n) = count_statements(browser.get(path)).await;
            assert!(answer.status.is_client_error(), "{path}");
            assert_eq!(n, 0, "{path}");
        }
        let (answer, n) = count_statements(browser.get("/basket")).await;
        assert_eq!((answer.status, n), (StatusCode::MOVED_PERMANENTLY, 1));
    })
    .await;
}
