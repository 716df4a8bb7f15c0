//! Staff at work on orders.

use axum::http::StatusCode;
use commerce::order::OrderStatus;
use testkit::{a_placed_order, on_both_engines};

use crate::doors::staff;

#[tokio::test]
async fn staff_put_an_order_on_hold_and_release_it() {
    on_both_engines(async |shop| {
        let order = a_placed_order(&shop).save().await;
        let path = format!("/admin/orders/{}", order.id.0);
        let mut staff = staff(&shop).await;
        let (hold, release) = (format!("{path}/hold"), format!("{path}/release"));

        let form = staff.form(&path, &hold).await;
        assert_eq!(staff.send_form(&form).await.location(), path);
        assert_eq!(shop.order(order.id).await.status(), OrderStatus::Held);
        let page = staff.visit(&path).await;
        assert!(page.says("Cette commande est bloquée"), "{}", page.text());
        for act in ["paid", "ship", "cancel", "hold"] {
            assert!(!page.html.contains(&format!("{path}/{act}")), "{act}");
        }
        let again = staff.send_form(&form).await;
        assert_eq!(again.status, StatusCode::CONFLICT);
        assert!(again.says("La commande est bloquée"), "{}", again.text());
        assert!(staff.visit("/admin/orders?show=held").await.says(order.number.as_str()));
        assert!(!staff.visit("/admin/orders?show=pending").await.says(order.number.as_str()));

        let form = page.form(&release);
        assert_eq!(staff.send_form(&form).await.location(), path);
        assert_eq!(shop.order(order.id).await, order);
        let again = staff.send_form(&form).await;
        assert!(again.says("La commande n’est pas bloquée."), "{}", again.text());
    })
    .await;
}
