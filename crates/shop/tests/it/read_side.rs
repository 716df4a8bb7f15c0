//! The read side follows the truth.

use commerce::catalog::Visibility;
use jiff::SignedDuration;
use shop::catalog::{ProductInput, count_stock, create_category, delete_product};
use shop::read_side::catch_up;
use testkit::servers::MariaDb;

use crate::staff_shop::{StaffShop, at, category, eur, sku, tea};

async fn settle(staff: &StaffShop) {
    while catch_up(&staff.shop).await.unwrap() {}
}

#[tokio::test]
async fn what_staff_change_is_shown() {
    let staff = StaffShop::open().await;
    settle(&staff).await;
    let version = staff.shop.catalog().version();
    settle(&staff).await;
    assert_eq!(staff.shop.catalog().version(), version, "nothing changed");

    let product = staff.create(&tea()).await;
    settle(&staff).await;
    let shown = staff.shop.catalog();
    let offer = shown.product(product.id).unwrap();
    assert_eq!((offer.from.unwrap().amount, &*offer.available), (eur(450), &[10][..]));

    let mut input = ProductInput::from(&product);
    input.variants[0].prices[0].regular = eur(500);
    let product = staff.update(&product, &input).await;
    count_stock(&staff.shop, &sku("TEA"), 3).await.unwrap();
    create_category(&staff.shop, &category("the", "Thé")).await.unwrap();
    settle(&staff).await;
    let shown = staff.shop.catalog();
    let offer = shown.product(product.id).unwrap();
    assert_eq!((offer.from.unwrap().amount, &*offer.available), (eur(500), &[3][..]));
    assert_eq!(shown.categories().map(|it| it.code.as_str()).collect::<Vec<_>>(), ["the"]);

    input.visibility = Visibility::Draft;
    let product = staff.update(&product, &input).await;
    settle(&staff).await;
    assert!(staff.shop.catalog().product(product.id).is_none());

    input.visibility = Visibility::Published;
    staff.update(&product, &input).await;
    settle(&staff).await;
    assert!(staff.shop.catalog().product(product.id).is_some());
    assert!(delete_product(&staff.shop, product.id).await.unwrap());
    settle(&staff).await;
    assert_eq!(staff.shop.catalog().n_products(), 0);
}

#[tokio::test]
async fn a_shop_that_starts_shows_what_one_that_runs_shows() {
    let staff = StaffShop::open().await;
    let product = staff.create(&tea()).await;

    let loaded = shop::read_side::load(&staff.shop.db, &crate::staff_shop::fr(), at(0)).await;

    let snapshot = loaded.unwrap().index.load();
    let offer = snapshot.product(product.id).unwrap();
    assert_eq!(*offer.product, product);
    assert_eq!(&*offer.available, [10]);
}

#[tokio::test]
async fn browsing_outlives_the_database_and_catches_up_with_it() {
    let mut server = MariaDb::private().await;
    let staff = StaffShop::open_on(server.url(), tempfile::tempdir().unwrap()).await;
    let product = staff.create(&tea()).await;
    settle(&staff).await;

    server.stop().await;
    *staff.now.lock().unwrap() += SignedDuration::from_secs(30);
    catch_up(&staff.shop).await.unwrap_err();
    assert_eq!(staff.shop.feed_lag(), SignedDuration::from_secs(30));
    let offer = staff.shop.catalog().product(product.id).cloned().unwrap();
    assert_eq!(&*offer.available, [10]);

    server.start().await;
    count_stock(&staff.shop, &sku("TEA"), 4).await.unwrap();
    assert!(catch_up(&staff.shop).await.unwrap(), "there was news");
    assert_eq!(staff.shop.feed_lag(), SignedDuration::ZERO, "and nothing is left to read");
    settle(&staff).await;
    let offer = staff.shop.catalog().product(product.id).cloned().unwrap();
    assert_eq!(&*offer.available, [4]);
}
