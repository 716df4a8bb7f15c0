//! How often a page asks the database: as often for a full cart as for one line, and never to
//! browse.

use testkit::{a_cart, a_product, count_statements, on_both_engines, write_page};

use crate::browser::Browser;

#[tokio::test]
async fn browsing_asks_the_database_nothing() {
    on_both_engines(async |shop| {
        a_product(&shop).save().await;
        write_page(&shop, "terms", "Article premier.").await;
        let mut browser = Browser::open(&shop).await;

        for path in [
            "/",
            "/en",
            "/p/tea",
            "/en/p/tea",
            "/search?q=tea",
            "/search/suggest?q=te",
            "/pages/terms",
            "/sitemap.xml",
            "/robots.txt",
            "/no-such-page",
            "/session.json",
        ] {
            let (answer, n) = count_statements(browser.get(path)).await;
            assert!(!answer.html.is_empty() && answer.status.as_u16() < 500, "{path}");
            assert_eq!(n, 0, "{path}");
        }
        let (_, n) = count_statements(shop.stock("TEA")).await;
        assert_eq!(n, 1, "statements are counted at all");
    })
    .await;
}

#[tokio::test]
async fn a_full_cart_costs_as_many_statements_as_one_line() {
    on_both_engines(async |shop| {
        // Sixteen are asked for at once: see `db::engine::CHUNK`.
        let skus: Vec<String> = (0..16).map(|n| format!("TEA-{n}")).collect();
        let mut one = a_cart(&shop);
        let mut full = a_cart(&shop);
        for (n, text) in skus.iter().enumerate() {
            a_product(&shop).sku(text).save().await;
            full = full.with(1, text);
            if n == 0 {
                one = one.with(1, text);
            }
        }
        let carts = [one.save().await, full.save().await];
        let mut browser = Browser::open(&shop).await;
        let mut counted = Vec::new();

        for cart in carts {
            let token = shop.key.sign(shop::secret::Purpose::Cart, cart.id.0.as_bytes());
            browser.set_cookie("greenleaf-cart", &token);
            browser.get("/cart").await;
            let (page, on_cart) = count_statements(browser.get("/cart")).await;
            assert!(page.says("TEA-0 (fr)"));
            let (page, at_checkout) = count_statements(browser.get("/checkout")).await;
            assert!(page.says("TEA-0 (fr)"));
            counted.push((on_cart, at_checkout));
        }

        assert_eq!(counted[0], counted[1]);
        assert!(counted[0].0 > 0 && counted[0].0 <= 8, "{counted:?}");
        assert!(counted[0].1 > 0 && counted[0].1 <= 8, "{counted:?}");
    })
    .await;
}
