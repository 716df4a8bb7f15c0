//! Giving programs access to the API, and taking it away.

use axum::http::StatusCode;
use shop::integration::{self, Area, EVERYTHING};
use testkit::on_both_engines;

use crate::doors::staff;

const PATH: &str = "/admin/integrations";
const DELETE: &str = "/admin/integrations/delete";

#[tokio::test]
async fn a_program_is_given_access_and_loses_it() {
    on_both_engines(async |shop| {
        let mut staff = staff(&shop).await;

        let form = staff.form(PATH, PATH).await;
        let mut form = form.filled(&[("name", "erp"), ("area", "stock")]);
        form.fields.push(("area".to_owned(), "order-views".to_owned()));
        let made = staff.send_form(&form).await;
        assert_eq!(made.status, StatusCode::OK);
        assert_eq!(made.header("cache-control"), "private, no-store");
        let known = integration::list(&shop).await.unwrap();
        assert_eq!(known.len(), 1);
        let granted = [Area::Stock.resources(), Area::OrderViews.resources()].concat();
        assert_eq!((known[0].name.as_str(), known[0].resources == granted), ("erp", true));
        let shown: Vec<&str> = made.html.split("<dd class=\"code long\">").skip(1).collect();
        let keys: Vec<String> = shown.iter().map(|key| key[..32].to_owned()).collect();
        assert_eq!(keys.len(), 4);
        let found = integration::find_by_token(&shop, &keys[2]).await.unwrap();
        assert_eq!(found.as_ref(), Some(&known[0]));
        let page = staff.visit(PATH).await;
        assert!(page.says("erp Stock Commandes"), "{}", page.text());
        assert!(keys.iter().all(|key| !page.html.contains(key)), "once is enough");

        let delete = page.form(DELETE).with("name", "erp");
        assert_eq!(staff.send_form(&delete).await.location(), PATH);
        assert_eq!(integration::find_by_token(&shop, &keys[2]).await.unwrap(), None);
        let page = staff.visit(PATH).await;
        assert!(page.says("Le logiciel n’a plus accès."), "{}", page.text());
        staff.send_form(&delete).await;
        assert!(staff.visit(PATH).await.says("Aucun logiciel de ce nom n’a accès."));
    })
    .await;
}

#[tokio::test]
async fn access_needs_a_name_of_its_own_and_an_area() {
    on_both_engines(async |shop| {
        let everything = [EVERYTHING.to_owned()];
        integration::create(&shop, "erp", &everything).await.unwrap();
        let mut staff = staff(&shop).await;
        let form = staff.form(PATH, PATH).await;

        for (name, area) in [("erp", "stock"), ("E R P", "stock"), ("", "stock"), ("pim", "all")] {
            let form = form.clone().filled(&[("name", name), ("area", area)]);
            let refused = staff.send_form(&form).await;

            assert_eq!(refused.status, StatusCode::UNPROCESSABLE_ENTITY, "{name}");
            assert_eq!(refused.form(PATH).value("name"), name);
            assert_eq!(refused.refusals().len(), 1, "{name}");
        }
        let known = integration::list(&shop).await.unwrap();
        assert_eq!(known.len(), 1);
        assert_eq!(known[0].resources, everything);
    })
    .await;
}
