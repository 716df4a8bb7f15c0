//! What the templates of `templates/admin` show: one struct per template.

use serde::Serialize;

use crate::i18n::{Locale, Message};
use crate::render::Page;
use crate::storefront::page::{AddressView, Form, MoneyView, Notice, Pagination, Picture};

macro_rules! pages {
    ($($page:ident => $template:literal,)*) => {
        $(impl Page for $page {
            const TEMPLATE: &'static str = concat!("admin/", $template);

            fn locale(&self) -> Locale {
                self.layout.locale
            }
        })*

        /// The template of every page, so that a test can ask for a sample of each.
        pub const TEMPLATES: &[&str] = &[$(concat!("admin/", $template)),*];
    };
}

pages! {
    LoginPage => "login.html",
    AccountPage => "account.html",
    DashboardPage => "dashboard.html",
    OrdersPage => "orders.html",
    OrderPage => "order.html",
    ProductsPage => "products.html",
    ProductPage => "product.html",
    StockPage => "stock.html",
    JobsPage => "jobs.html",
    WebhooksPage => "webhooks.html",
    WebhookPage => "webhook.html",
    IntegrationsPage => "integrations.html",
    ErrorPage => "error.html",
}

/// The part that every page shares.
#[derive(Clone, Debug, Serialize)]
pub struct Layout {
    pub locale: Locale,
    pub section: Section,
    pub csrf: Option<String>,
    pub notice: Option<Notice>,
    /// `None` for somebody who is not logged in, or on a page that stands without the database.
    pub staff_name: Option<String>,
    pub shop_name: String,
    /// Where the language switch leads back to.
    pub path: String,
}

/// The entry of the navigation that a page is under.
#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Section {
    Dashboard,
    Orders,
    Products,
    Stock,
    Jobs,
    Webhooks,
    Integrations,
    Account,
    None,
}

/// What a form did, told once on the next page. Only the code travels, in a cookie.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Done {
    OrderPaid,
    OrderShipped,
    OrderCanceled,
    OrderHeld,
    OrderReleased,
    OrderMailed,
    ProductSaved,
    PictureAdded,
    PictureSaved,
    PictureDeleted,
    StockCounted,
    JobRetried,
    JobGone,
    WebhookOn,
    WebhookOff,
    WebhookDeleted,
    IntegrationDeleted,
    IntegrationGone,
    MessageReplayed,
    MessageGone,
    SecondFactorOn,
    SecondFactorOff,
}

impl Done {
    pub const ALL: [Self; 22] = [
        Self::OrderPaid,
        Self::OrderShipped,
        Self::OrderCanceled,
        Self::OrderHeld,
        Self::OrderReleased,
        Self::OrderMailed,
        Self::ProductSaved,
        Self::PictureAdded,
        Self::PictureSaved,
        Self::PictureDeleted,
        Self::StockCounted,
        Self::JobRetried,
        Self::JobGone,
        Self::WebhookOn,
        Self::WebhookOff,
        Self::WebhookDeleted,
        Self::IntegrationDeleted,
        Self::IntegrationGone,
        Self::MessageReplayed,
        Self::MessageGone,
        Self::SecondFactorOn,
        Self::SecondFactorOff,
    ];

    pub fn code(self) -> &'static str {
        self.wording().key()
    }

    pub fn from_code(code: &str) -> Option<Self> {
        Self::ALL.into_iter().find(|done| done.code() == code)
    }

    pub fn message(self) -> Notice {
        let is_failure = matches!(self, Self::JobGone | Self::IntegrationGone | Self::MessageGone);
        Notice { is_failure, message: self.wording() }
    }

    fn wording(self) -> Message {
        match self {
            Self::OrderPaid => Message::new("admin-done-order-paid"),
            Self::OrderShipped => Message::new("admin-done-order-shipped"),
            Self::OrderCanceled => Message::new("admin-done-order-canceled"),
            Self::OrderHeld => Message::new("admin-done-order-held"),
            Self::OrderReleased => Message::new("admin-done-order-released"),
            Self::OrderMailed => Message::new("admin-done-order-mailed"),
            Self::ProductSaved => Message::new("admin-done-product-saved"),
            Self::PictureAdded => Message::new("admin-done-picture-added"),
            Self::PictureSaved => Message::new("admin-done-picture-saved"),
            Self::PictureDeleted => Message::new("admin-done-picture-deleted"),
            Self::StockCounted => Message::new("admin-done-stock-counted"),
            Self::JobRetried => Message::new("admin-done-job-retried"),
            Self::JobGone => Message::new("admin-done-job-gone"),
            Self::WebhookOn => Message::new("admin-done-webhook-on"),
            Self::WebhookOff => Message::new("admin-done-webhook-off"),
            Self::WebhookDeleted => Message::new("admin-done-webhook-deleted"),
            Self::IntegrationDeleted => Message::new("admin-done-integration-deleted"),
            Self::IntegrationGone => Message::new("admin-done-integration-gone"),
            Self::MessageReplayed => Message::new("admin-done-message-replayed"),
            Self::MessageGone => Message::new("admin-done-message-gone"),
            Self::SecondFactorOn => Message::new("admin-done-second-factor-on"),
            Self::SecondFactorOff => Message::new("admin-done-second-factor-off"),
        }
    }
}

/// A word with a color that never says more than the word does.
#[derive(Clone, Debug, Serialize)]
pub struct Badge {
    pub message: Message,
    pub tone: Tone,
}

impl Badge {
    pub fn new(tone: Tone, message: Message) -> Self {
        Self { message, tone }
    }
}

#[derive(Clone, Copy, Debug, PartialEq, Eq, Serialize)]
#[serde(rename_all = "kebab-case")]
pub enum Tone {
    Calm,
    Good,
    Waiting,
    Bad,
}

/// Fields: `login`, `password`, `code`.
#[derive(Clone, Debug, Serialize)]
pub struct LoginPage {
    pub layout: Layout,
    pub form: Form,
    /// Where a login leads to.
    pub next: String,
    /// Whether the field for the code of the second factor is shown.
    pub needs_code: bool,
}

/// Fields: `secret`, `code` to set up the second factor; `password` to remove it.
#[derive(Clone, Debug, Serialize)]
pub struct AccountPage {
    pub layout: Layout,
    pub login: String,
    pub name: String,
    /// Whether the second factor is set up.
    pub is_on: bool,
    pub new: Option<NewSecret>,
    pub form: Form,
}

#[derive(Clone, Debug, Serialize)]
pub struct NewSecret {
    pub base32: String,
    /// The QR code as SVG; `None` when the secret must be typed.
    pub picture: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct DashboardPage {
    pub layout: Layout,
    /// The day in ISO 8601, for the filter of today's orders.
    pub today: String,
    pub n_placed_today: u32,
    pub n_to_ship: u32,
    pub n_awaiting_payment: u32,
    pub n_low: u32,
    pub n_failed: u32,
    pub n_waiting: u32,
    pub newest: Vec<OrderRow>,
}

/// Fields: `q`, `show`, `from`, `to`.
#[derive(Clone, Debug, Serialize)]
pub struct OrdersPage {
    pub layout: Layout,
    pub form: Form,
    pub is_filtered: bool,
    pub n_found: u32,
    pub orders: Vec<OrderRow>,
    pub pagination: Pagination,
}

#[derive(Clone, Debug, Serialize)]
pub struct OrderRow {
    pub path: String,
    pub number: String,
    pub name: String,
    pub email: String,
    pub placed_at: i64,
    pub total: MoneyView,
    pub status: Badge,
    pub is_paid: bool,
}

/// Fields: `quantity-{line}`, `carrier`, `tracking` to ship; `reason` to cancel.
#[derive(Clone, Debug, Serialize)]
pub struct OrderPage {
    pub layout: Layout,
    pub order: OrderView,
    pub form: Form,
}

#[derive(Clone, Debug, Serialize)]
pub struct OrderView {
    pub path: String,
    pub number: String,
    pub placed_at: i64,
    pub email: String,
    pub language: &'static str,
    pub status: Badge,
    pub lines: Vec<OrderLineView>,
    /// What stands between the lines and the total.
    pub changes: Vec<ChangeView>,
    pub items: MoneyView,
    pub net: MoneyView,
    pub taxes: Vec<TaxView>,
    pub total: MoneyView,
    pub delivery: AddressView,
    pub billing: AddressView,
    pub shipping_name: String,
    pub payment_name: String,
    pub paid_at: Option<i64>,
    pub canceled_at: Option<i64>,
    pub terms_version: u32,
    pub shipments: Vec<ShipmentView>,
    pub events: Vec<EventView>,
    pub can_pay: bool,
    pub can_ship: bool,
    pub can_cancel: bool,
    pub can_hold: bool,
    /// Goods may not leave yet because the money has not come.
    pub awaits_payment: bool,
    /// Staff stopped it.
    pub is_held: bool,
    pub n_shipped: u32,
}

#[derive(Clone, Debug, Serialize)]
pub struct OrderLineView {
    pub position: u32,
    pub product_path: String,
    pub sku: String,
    pub name: String,
    pub options: Vec<String>,
    pub picture: Option<Picture>,
    pub quantity: u32,
    pub n_shipped: u32,
    pub n_withdrawn: u32,
    pub to_ship: u32,
    pub unit: MoneyView,
    pub total: MoneyView,
    /// Percent, a decimal.
    pub rate: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct ChangeView {
    pub source: Message,
    pub label: String,
    /// The line it belongs to.
    pub line: Option<String>,
    pub rate: String,
    pub amount: MoneyView,
}

#[derive(Clone, Debug, Serialize)]
pub struct TaxView {
    pub rate: String,
    pub net: MoneyView,
    pub tax: MoneyView,
}

#[derive(Clone, Debug, Serialize)]
pub struct ShipmentView {
    pub carrier: String,
    pub tracking_number: String,
    pub shipped_at: i64,
    pub lines: Vec<(u32, String)>,
}

#[derive(Clone, Debug, Serialize)]
pub struct EventView {
    pub kind: Message,
    pub actor: String,
    pub note: String,
    pub happened_at: i64,
}

/// Fields: `q`, `status`, `stock`.
#[derive(Clone, Debug, Serialize)]
pub struct ProductsPage {
    pub layout: Layout,
    pub form: Form,
    pub is_filtered: bool,
    pub n_found: u32,
    pub products: Vec<ProductRow>,
    pub pagination: Pagination,
}

#[derive(Clone, Debug, Serialize)]
pub struct ProductRow {
    pub path: String,
    pub name: String,
    pub picture: Option<Picture>,
    pub sku: String,
    pub n_variants: usize,
    pub status: Badge,
    /// The lowest price of its variants.
    pub price: Option<MoneyView>,
    pub has_prices: bool,
    pub available: u32,
    pub stock: Badge,
}

/// Fields: `{name,slug,short,description,meta}-{fr,en}`, `visibility`, `version`, and for each
/// variant `v{i}-{id,sku,price,special,from,until,stock,stock-was,enabled}`.
#[derive(Clone, Debug, Serialize)]
pub struct ProductPage {
    pub layout: Layout,
    pub path: String,
    pub name: String,
    pub status: Badge,
    pub version: u32,
    pub currency: String,
    pub prices_include_tax: bool,
    pub languages: Vec<Language>,
    pub variants: Vec<VariantView>,
    pub pictures: Vec<PictureRow>,
    /// The page in the shop, if it is published.
    pub shop_path: Option<String>,
    pub form: Form,
}

#[derive(Clone, Debug, Serialize)]
pub struct Language {
    pub tag: Locale,
    pub name: &'static str,
    /// The texts of this language must be there.
    pub is_needed: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct VariantView {
    /// What its fields begin with: `v0-`.
    pub prefix: String,
    pub id: String,
    pub sku: String,
    pub options: Vec<String>,
    pub on_hand: u32,
    pub allocated: u32,
}

/// Fields of its form: `alt-fr`, `alt-en`, `version`.
#[derive(Clone, Debug, Serialize)]
pub struct PictureRow {
    pub id: String,
    pub picture: Picture,
    pub width: u32,
    pub height: u32,
    pub alts: Vec<(&'static str, &'static str, String)>,
    pub option: Option<String>,
    pub is_first: bool,
    pub is_last: bool,
}

/// Fields of a row: `sku`, `count`.
#[derive(Clone, Debug, Serialize)]
pub struct StockPage {
    pub layout: Layout,
    pub n_found: u32,
    /// From how many units on a variant runs low.
    pub low: u32,
    pub rows: Vec<StockRow>,
    pub pagination: Pagination,
    pub page: u32,
}

#[derive(Clone, Debug, Serialize)]
pub struct StockRow {
    pub sku: String,
    pub name: String,
    pub product_path: String,
    pub options: Vec<String>,
    pub on_hand: u32,
    pub allocated: u32,
    pub available: u32,
    /// What the field shows: what was typed, if it was refused.
    pub count: String,
    pub refusal: Option<Message>,
}

#[derive(Clone, Debug, Serialize)]
pub struct JobsPage {
    pub layout: Layout,
    pub n_waiting: u32,
    pub jobs: Vec<JobRow>,
}

#[derive(Clone, Debug, Serialize)]
pub struct JobRow {
    pub id: String,
    pub kind: String,
    pub error: String,
    pub created_at: i64,
}

/// Fields: `url`, `topic` once for each topic.
#[derive(Clone, Debug, Serialize)]
pub struct WebhooksPage {
    pub layout: Layout,
    pub webhooks: Vec<WebhookRow>,
    pub topics: Vec<TopicChoice>,
    pub form: Form,
    /// The secret of the webhook that was just made, shown this once.
    pub secret: Option<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct WebhookRow {
    pub path: String,
    pub url: String,
    pub topics: Vec<Message>,
    pub state: Badge,
}

#[derive(Clone, Debug, Serialize)]
pub struct TopicChoice {
    pub code: &'static str,
    pub name: Message,
    pub is_chosen: bool,
}

/// Fields: `active` to switch it; `message` to replay one.
#[derive(Clone, Debug, Serialize)]
pub struct WebhookPage {
    pub layout: Layout,
    pub path: String,
    pub address: String,
    pub topics: Vec<Message>,
    pub is_active: bool,
    pub state: Badge,
    pub created_at: i64,
    pub messages: Vec<MessageRow>,
}

/// Fields: `name`, `area` once for each area.
#[derive(Clone, Debug, Serialize)]
pub struct IntegrationsPage {
    pub layout: Layout,
    pub integrations: Vec<IntegrationRow>,
    pub areas: Vec<AreaChoice>,
    pub form: Form,
    /// What the integration that was just made is let in with, shown this once.
    pub keys: Vec<KeyView>,
}

#[derive(Clone, Debug, Serialize)]
pub struct IntegrationRow {
    pub name: String,
    pub areas: Vec<Message>,
    /// What it may do beyond whole areas, in the words of Magento's access control.
    pub resources: Vec<String>,
}

#[derive(Clone, Debug, Serialize)]
pub struct AreaChoice {
    pub code: &'static str,
    pub name: Message,
    pub is_chosen: bool,
}

#[derive(Clone, Debug, Serialize)]
pub struct KeyView {
    pub name: Message,
    pub value: String,
}

#[derive(Clone, Debug, Serialize)]
pub struct MessageRow {
    pub id: String,
    pub topic: String,
    pub body: String,
    /// It waits for its turn or its next attempt.
    pub is_open: bool,
    pub state: Badge,
    pub n_attempts: u32,
    pub error: String,
    pub created_at: i64,
}

/// Stands without the database and without a session.
#[derive(Clone, Debug, Serialize)]
pub struct ErrorPage {
    pub layout: Layout,
    pub title: Message,
    pub text: Message,
    pub request_id: String,
}

#[cfg(test)]
mod tests {
    use super::Done;

    #[test]
    fn a_notice_survives_the_cookie() {
        for done in Done::ALL {
            assert_eq!(Done::from_code(done.code()), Some(done));
        }
        assert_eq!(Done::from_code("<script>"), None);
    }
}
