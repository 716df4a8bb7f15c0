//! Programs of others that work with the shop through its API, and what each may do.

use axum::http::StatusCode;
use shop::integration::{self, Area, CreateIntegrationError, Credentials, EVERYTHING, Integration};

use super::desk::{Answer, Desk, Posted};
use super::page::{AreaChoice, Done, IntegrationRow, IntegrationsPage, KeyView, Section};
use super::view::refuse;
use crate::i18n::Message;
use crate::storefront::page::Form;

const PATH: &str = "/admin/integrations";

pub(super) async fn show(desk: Desk) -> Answer {
    page(desk, StatusCode::OK, Form::default(), &[], Vec::new()).await
}

async fn page(
    mut desk: Desk,
    status: StatusCode,
    form: Form,
    chosen: &[Area],
    keys: Vec<KeyView>,
) -> Answer {
    let integrations = integration::list(&desk.app.shop).await.map_err(|error| desk.db(&error))?;
    let choice = |area: Area| AreaChoice {
        code: area.code(),
        name: wording(area),
        is_chosen: chosen.contains(&area),
    };
    let page = IntegrationsPage {
        layout: desk.layout(Section::Integrations),
        integrations: integrations.into_iter().map(row).collect(),
        areas: Area::ALL.into_iter().map(choice).collect(),
        form,
        keys,
    };
    desk.page_with(status, &page)
}

pub(super) async fn create(Posted { desk, fields }: Posted) -> Answer {
    let name = fields.get("name").to_owned();
    let chosen: Vec<Area> = fields.all("area").filter_map(Area::parse).collect();
    let resources: Vec<String> = chosen
        .iter()
        .flat_map(|area| area.resources())
        .map(|resource| (*resource).to_owned())
        .collect();
    let mut form = Form::default().with("name", &name);
    if resources.is_empty() {
        refuse(&mut form, "areas", Message::new("admin-integration-no-area"));
        return page(desk, StatusCode::UNPROCESSABLE_ENTITY, form, &chosen, Vec::new()).await;
    }
    let message = match integration::create(&desk.app.shop, &name, &resources).await {
        Ok(credentials) => {
            return page(desk, StatusCode::OK, Form::default(), &[], keys(credentials)).await;
        }
        Err(CreateIntegrationError::BadName) => Message::new("admin-integration-bad-name"),
        Err(CreateIntegrationError::NameTaken) => Message::new("admin-integration-name-taken"),
        Err(CreateIntegrationError::Db(error)) => return Err(desk.db(&error)),
    };
    refuse(&mut form, "name", message);
    page(desk, StatusCode::UNPROCESSABLE_ENTITY, form, &chosen, Vec::new()).await
}

pub(super) async fn delete(Posted { desk, fields }: Posted) -> Answer {
    let is_found = integration::delete(&desk.app.shop, fields.get("name")).await;
    let is_found = is_found.map_err(|error| desk.db(&error))?;
    desk.lead(PATH, if is_found { Done::IntegrationDeleted } else { Done::IntegrationGone })
}

/// The areas of which it has all, and what it has beside them.
fn row(integration: Integration) -> IntegrationRow {
    let Integration { name, mut resources, .. } = integration;
    let has = |wanted: &str| resources.iter().any(|one| one == wanted);
    if has(EVERYTHING) {
        let areas = vec![Message::new("admin-area-everything")];
        return IntegrationRow { name, areas, resources: Vec::new() };
    }
    let is_whole = |area: &Area| area.resources().iter().all(|resource| has(resource));
    let whole: Vec<Area> = Area::ALL.into_iter().filter(is_whole).collect();
    resources.retain(|one| !whole.iter().any(|area| area.resources().contains(&one.as_str())));
    IntegrationRow { name, areas: whole.into_iter().map(wording).collect(), resources }
}

fn keys(credentials: Credentials) -> Vec<KeyView> {
    let key = |name: Message, value: String| KeyView { name, value };
    vec![
        key(Message::new("admin-key-consumer"), credentials.consumer_key),
        key(Message::new("admin-key-consumer-secret"), credentials.consumer_secret),
        key(Message::new("admin-key-token"), credentials.access_token),
        key(Message::new("admin-key-token-secret"), credentials.access_token_secret),
    ]
}

fn wording(area: Area) -> Message {
    match area {
        Area::Catalog => Message::new("admin-area-catalog"),
        Area::Stock => Message::new("admin-area-stock"),
        Area::OrderViews => Message::new("admin-area-order-views"),
        Area::OrderActs => Message::new("admin-area-order-acts"),
        Area::Customers => Message::new("admin-area-customers"),
        Area::Content => Message::new("admin-area-content"),
        Area::Settings => Message::new("admin-area-settings"),
        Area::Bulks => Message::new("admin-area-bulks"),
    }
}
