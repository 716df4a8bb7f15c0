//! The pages of the back office, rendered with rich samples in both languages.

use web::admin::page::*;
use web::i18n::{Locale, Message};
use web::render::{Page, Renderer};
use web::storefront::page::{AddressView, FieldError, Form, MoneyView, Pagination, Picture};

use crate::html::faults;
use crate::pages::renderer;

/// 22 November 2026, 09:30 in Paris.
const NOW: i64 = 1_795_336_200_000_000;
const PRODUCT: &str = "/admin/products/0190b7a8-3c1e-7000-8000-000000000001";

type Rendered = (&'static str, &'static str, String);

fn sample<P: Page>(renderer: &Renderer, name: &'static str, page: &P) -> Rendered {
    match renderer.render(page) {
        Ok(html) => (name, P::TEMPLATE, html),
        Err(error) => panic!("{name}: {error}: {:#?}", std::error::Error::source(&error)),
    }
}

pub(crate) fn all(renderer: &Renderer, locale: Locale) -> Vec<Rendered> {
    let say = In(locale);
    vec![
        sample(renderer, "admin-login", &say.login(false)),
        sample(renderer, "admin-login-refused", &say.login(true)),
        sample(renderer, "admin-account", &say.account(false)),
        sample(renderer, "admin-account-on", &say.account(true)),
        sample(renderer, "admin-dashboard", &say.dashboard(true)),
        sample(renderer, "admin-dashboard-empty", &say.dashboard(false)),
        sample(renderer, "admin-orders", &say.orders(true, false)),
        sample(renderer, "admin-orders-none", &say.orders(false, false)),
        sample(renderer, "admin-orders-refused", &say.orders(false, true)),
        sample(renderer, "admin-order", &say.order(Stage::Paid)),
        sample(renderer, "admin-order-held", &say.order(Stage::Placed)),
        sample(renderer, "admin-order-refused", &say.order(Stage::Refused)),
        sample(renderer, "admin-products", &say.products(true, false)),
        sample(renderer, "admin-products-none", &say.products(false, false)),
        sample(renderer, "admin-products-nothing", &say.products(false, true)),
        sample(renderer, "admin-product", &say.product(false)),
        sample(renderer, "admin-product-refused", &say.product(true)),
        sample(renderer, "admin-stock", &say.stock(true)),
        sample(renderer, "admin-stock-none", &say.stock(false)),
        sample(renderer, "admin-jobs", &say.jobs(true)),
        sample(renderer, "admin-jobs-none", &say.jobs(false)),
        sample(renderer, "admin-webhooks", &say.webhooks(true)),
        sample(renderer, "admin-webhooks-refused", &say.webhooks(false)),
        sample(renderer, "admin-webhook", &say.webhook(true)),
        sample(renderer, "admin-webhook-quiet", &say.webhook(false)),
        sample(renderer, "admin-integrations", &say.integrations(true)),
        sample(renderer, "admin-integrations-refused", &say.integrations(false)),
        sample(renderer, "admin-error", &say.error()),
    ]
}

#[test]
fn every_page_of_the_back_office_is_sound_in_both_languages() {
    let renderer = renderer();
    for locale in Locale::ALL {
        for (name, _, html) in all(&renderer, locale) {
            assert_eq!(faults(&html), Vec::<String>::new(), "{name} {locale:?}");
        }
    }
}

#[test]
fn every_template_of_the_back_office_has_a_sample() {
    let samples = all(&renderer(), Locale::French);
    for template in TEMPLATES {
        assert!(samples.iter().any(|(_, sampled, _)| sampled == template), "{template}");
    }
}

#[test]
fn every_form_that_changes_something_carries_the_token() {
    for (name, _, html) in all(&renderer(), Locale::French) {
        for form in html.split("<form ").skip(1) {
            let (form, _) = form.split_once("</form>").unwrap();
            let is_post = form.contains("method=\"post\"");
            assert_eq!(is_post, form.contains("name=\"csrf\""), "{name}: {form}");
        }
    }
}

fn euros(minor: i64) -> MoneyView {
    MoneyView::new(minor, "EUR")
}

fn badge(tone: Tone, key: &'static str) -> Badge {
    Badge::new(tone, Message::new(key))
}

fn picture() -> Picture {
    Picture {
        alt: String::from("Une lampe"),
        width: 160,
        height: 160,
        src: String::from("/media/soap.svg"),
        webp: Vec::new(),
        jpeg: Vec::new(),
    }
}

fn wrong(field: &str, message: Message) -> FieldError {
    FieldError { field: field.to_owned(), message }
}

#[derive(Clone, Copy, PartialEq)]
enum Stage {
    Placed,
    Paid,
    Refused,
}

#[derive(Clone, Copy)]
struct In(Locale);

impl In {
    fn s(self, french: &str, english: &str) -> String {
        match self.0 {
            Locale::French => french.to_owned(),
            Locale::English => english.to_owned(),
        }
    }

    fn layout(self, section: Section, notice: Option<Done>) -> Layout {
        let is_known = section != Section::None;
        Layout {
            locale: self.0,
            section,
            csrf: Some(String::from("token")),
            notice: notice.map(Done::message),
            staff_name: is_known.then(|| String::from("Camille Lefèvre")),
            shop_name: String::from("GreenLeaf"),
            path: String::from("/admin/orders?show=to-ship&q=a"),
        }
    }

    fn login(self, is_refused: bool) -> LoginPage {
        let mut form = Form::default().with("login", "camille");
        if is_refused {
            form.errors.push(wrong("code", Message::new("admin-login-code-needed")));
        }
        LoginPage {
            layout: self.layout(Section::None, None),
            form,
            next: String::from("/admin/orders?page=2"),
            needs_code: is_refused,
        }
    }

    fn account(self, is_on: bool) -> AccountPage {
        let mut form = Form::default();
        if is_on {
            form.errors.push(wrong("password", Message::new("refusal-password")));
        }
        let square = "<svg xmlns=\"http://www.w3.org/2000/svg\" viewBox=\"0 0 9 9\"><path d=\"M1 1h3v3h-3zM5 1h3v3h-3zM1 5h3v3h-3z\"/></svg>";
        AccountPage {
            layout: self.layout(Section::Account, is_on.then_some(Done::SecondFactorOn)),
            login: String::from("camille"),
            name: String::from("Camille Lefèvre"),
            is_on,
            new: (!is_on).then(|| NewSecret {
                base32: String::from("JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"),
                picture: Some(square.to_owned()),
            }),
            form,
        }
    }

    fn rows() -> Vec<OrderRow> {
        let row = |n: u32, name: &str, status, is_paid| OrderRow {
            path: format!("/admin/orders/{n}"),
            number: format!("GL{n:06}"),
            name: name.to_owned(),
            email: String::from("camille@example.org"),
            placed_at: NOW - i64::from(50 - n) * 3_600_000_000,
            total: euros(9_680 + i64::from(n) * 137),
            status,
            is_paid,
        };
        vec![
            row(42, "Camille Lefèvre", badge(Tone::Waiting, "admin-status-pending"), false),
            row(41, "Ada <script>", badge(Tone::Calm, "admin-status-processing"), true),
            row(40, "Jean-Baptiste O’Neill", badge(Tone::Good, "admin-status-complete"), true),
            row(39, "Zoé", badge(Tone::Bad, "admin-status-canceled"), false),
        ]
    }

    fn dashboard(self, is_busy: bool) -> DashboardPage {
        let n = |n: u32| if is_busy { n } else { 0 };
        DashboardPage {
            layout: self.layout(Section::Dashboard, None),
            today: String::from("2026-11-22"),
            n_placed_today: n(12),
            n_to_ship: n(1),
            n_awaiting_payment: n(1_204),
            n_low: n(7),
            n_failed: n(2),
            n_waiting: n(3),
            newest: if is_busy { Self::rows() } else { Vec::new() },
        }
    }

    fn orders(self, has_some: bool, is_refused: bool) -> OrdersPage {
        let mut form = Form::default().with("q", "<camille>").with("show", "to-ship");
        if is_refused {
            form = form.with("from", "hier");
            form.errors.push(wrong("from", Message::new("admin-refusal-date")));
        }
        let n_found = if has_some { 240 } else { 0 };
        OrdersPage {
            layout: self.layout(Section::Orders, None),
            form,
            is_filtered: is_refused,
            n_found,
            orders: if has_some { Self::rows() } else { Vec::new() },
            pagination: Pagination::new(2, n_found.div_ceil(50), |page| {
                format!("/admin/orders?q=a&page={page}")
            }),
        }
    }

    fn order(self, stage: Stage) -> OrderPage {
        let is_paid = stage != Stage::Placed;
        let mut form = Form::default();
        if stage == Stage::Refused {
            form = form.with("reason", "").with("quantity-0", "9");
            form.errors = vec![
                wrong("", Message::new("admin-order-changed")),
                wrong("quantity-0", Message::new("admin-refusal-too-many").with("max", 2_u32)),
                wrong("reason", Message::new("refusal-missing")),
            ];
        }
        let address = || AddressView {
            name: String::from("Camille Lefèvre"),
            lines: ["12 rue des Tanneurs", "69001 Lyon"].map(String::from).to_vec(),
            phone: Some(String::from("06 12 34 56 78")),
        };
        let line = |position, name: String, quantity, n_shipped, total| OrderLineView {
            position,
            product_path: PRODUCT.to_owned(),
            sku: format!("GL-{position}"),
            name,
            options: vec![self.s("Vert sauge", "Sage green")],
            picture: Some(picture()),
            quantity,
            n_shipped,
            n_withdrawn: u32::from(position == 1),
            to_ship: quantity - n_shipped,
            unit: euros(4_500),
            total: euros(total),
            rate: String::from(if position == 0 { "20" } else { "5.5" }),
        };
        let change = |key, label: &str, line: Option<&str>, minor| ChangeView {
            source: Message::new(key),
            label: label.to_owned(),
            line: line.map(str::to_owned),
            rate: String::from("20"),
            amount: euros(minor),
        };
        let event = |key, actor: &str, note: &str| EventView {
            kind: Message::new(key),
            actor: actor.to_owned(),
            note: note.to_owned(),
            happened_at: NOW,
        };
        let order = OrderView {
            path: String::from("/admin/orders/42"),
            number: String::from("GL000042"),
            placed_at: NOW,
            email: String::from("camille@example.org"),
            language: self.0.own_name(),
            status: badge(Tone::Calm, "admin-status-processing"),
            lines: vec![
                line(0, self.s("Lampe de bureau", "Desk lamp"), 3, u32::from(is_paid), 13_500),
                line(1, self.s("Thé vert", "Green tea"), 1, 0, 990),
            ],
            changes: vec![
                change("admin-change-eco", "", Some("GL-0"), 100),
                change("admin-change-promotion", "<b>BIENVENUE</b>", None, -900),
                change("admin-change-shipping", "Colissimo", None, 490),
            ],
            items: euros(14_490),
            net: euros(11_900),
            taxes: vec![
                TaxView { rate: String::from("20"), net: euros(10_962), tax: euros(2_228) },
                TaxView { rate: String::from("5.5"), net: euros(938), tax: euros(52) },
            ],
            total: euros(14_180),
            delivery: address(),
            billing: address(),
            shipping_name: String::from("Colissimo"),
            payment_name: self.s("Virement", "Bank transfer"),
            paid_at: is_paid.then_some(NOW),
            canceled_at: None,
            terms_version: 3,
            shipments: if is_paid {
                vec![ShipmentView {
                    carrier: String::from("Colissimo"),
                    tracking_number: String::from("8R00012345678"),
                    shipped_at: NOW,
                    lines: vec![(1, self.s("Lampe de bureau", "Desk lamp"))],
                }]
            } else {
                Vec::new()
            },
            events: vec![
                event("admin-event-placed", "customer", ""),
                event("admin-event-paid", "camille", ""),
                event("admin-event-shipped", "camille", "Colissimo 8R00012345678"),
            ],
            can_pay: !is_paid,
            can_ship: is_paid,
            can_cancel: stage != Stage::Paid,
            can_hold: is_paid,
            awaits_payment: !is_paid,
            is_held: stage == Stage::Refused,
            n_shipped: u32::from(is_paid),
        };
        let done = (stage == Stage::Paid).then_some(Done::OrderShipped);
        OrderPage { layout: self.layout(Section::Orders, done), order, form }
    }

    fn products(self, has_some: bool, is_filtered: bool) -> ProductsPage {
        let row = |n: u32, name: String, status, available: u32, stock| ProductRow {
            path: PRODUCT.to_owned(),
            name,
            picture: (n > 1).then(picture),
            sku: format!("GL-{n}"),
            n_variants: if n == 2 { 6 } else { 1 },
            status,
            price: (n != 3).then(|| euros(2_490)),
            has_prices: n == 2,
            available,
            stock,
        };
        let (good, low, out) = (
            badge(Tone::Good, "admin-stock-in"),
            badge(Tone::Waiting, "admin-stock-low"),
            badge(Tone::Bad, "admin-stock-out"),
        );
        let published = badge(Tone::Good, "admin-visibility-published");
        let draft = badge(Tone::Waiting, "admin-visibility-draft");
        let rows = vec![
            row(1, self.s("Savon noir", "Black soap"), published.clone(), 120, good),
            row(2, self.s("T-shirt en lin", "Linen T-shirt"), published, 3, low),
            row(3, self.s("Bougie", "Candle"), draft, 0, out),
        ];
        let n_found = if has_some { 120 } else { 0 };
        ProductsPage {
            layout: self.layout(Section::Products, None),
            form: Form::default().with("stock", "low"),
            is_filtered,
            n_found,
            products: if has_some { rows } else { Vec::new() },
            pagination: Pagination::new(1, n_found.div_ceil(50), |n| format!("?page={n}")),
        }
    }

    fn product(self, is_refused: bool) -> ProductPage {
        let mut form = Form::default()
            .with("visibility", "published")
            .with("name-fr", "T-shirt en lin")
            .with("name-en", "Linen T-shirt")
            .with("slug-fr", "t-shirt-en-lin")
            .with("description-fr", "Un lin lavé, tissé dans les Vosges.\n\n## Entretien\n\n30 °C.")
            .with("v0-sku", "TEE-S")
            .with("v0-price", "24,90")
            .with("v0-enabled", "yes")
            .with("v1-sku", "TEE-M")
            .with("v1-price", "24,90")
            .with("v1-special", "19,90")
            .with("v1-from", "2026-11-20T00:00")
            .with("v1-until", "2026-12-01T00:00");
        if is_refused {
            form.errors = vec![
                wrong("", Message::new("admin-product-stale")),
                wrong("name-fr", Message::new("refusal-missing")),
                wrong("v0-price", Message::new("admin-refusal-amount")),
                wrong("v1-stock", Message::new("admin-refusal-promised").with("n", 2_u32)),
                wrong("visibility", Message::new("admin-refusal-manufacturer")),
                wrong("file", Message::new("admin-refusal-picture-format")),
            ];
        }
        let variant = |i: usize, option: &str, allocated| VariantView {
            prefix: format!("v{i}-"),
            id: format!("0190b7a8-3c1e-7000-8000-00000000010{i}"),
            sku: format!("TEE-{i}"),
            options: vec![String::from("sage"), option.to_owned()],
            on_hand: 12,
            allocated,
        };
        let row = |n: usize| PictureRow {
            id: format!("0190b7a8-3c1e-7000-8000-00000000020{n}"),
            picture: picture(),
            width: 1_600,
            height: 1_600,
            alts: vec![
                ("fr", "Français", String::from("Un t-shirt plié")),
                ("en", "English", String::new()),
            ],
            option: (n == 1).then(|| String::from("sage")),
            is_first: n == 0,
            is_last: n == 1,
        };
        let language =
            |tag: Locale| Language { tag, name: tag.own_name(), is_needed: tag == Locale::French };
        ProductPage {
            layout: self.layout(Section::Products, (!is_refused).then_some(Done::ProductSaved)),
            path: PRODUCT.to_owned(),
            name: self.s("T-shirt en lin", "Linen T-shirt"),
            status: badge(Tone::Good, "admin-visibility-published"),
            version: 7,
            currency: String::from("EUR"),
            prices_include_tax: true,
            languages: Locale::ALL.map(language).to_vec(),
            variants: vec![variant(0, "s", 0), variant(1, "m", 2)],
            pictures: if is_refused { Vec::new() } else { vec![row(0), row(1)] },
            shop_path: Some(String::from("/p/t-shirt-en-lin")),
            form,
        }
    }

    fn stock(self, has_some: bool) -> StockPage {
        let row = |n: u32, refusal: Option<Message>| StockRow {
            sku: format!("TEE-{n}"),
            name: self.s("T-shirt en lin", "Linen T-shirt"),
            product_path: PRODUCT.to_owned(),
            options: vec![String::from("sage"), String::from("m")],
            on_hand: n + 2,
            allocated: 2,
            available: n,
            count: (n + 2).to_string(),
            refusal,
        };
        let refused = Message::new("admin-refusal-promised").with("n", 2_u32);
        let rows = vec![row(0, None), row(1, Some(refused)), row(4, None)];
        StockPage {
            layout: self.layout(Section::Stock, None),
            n_found: 3,
            low: 5,
            rows: if has_some { rows } else { Vec::new() },
            pagination: Pagination::new(1, 1, |n| format!("?page={n}")),
            page: 1,
        }
    }

    fn jobs(self, has_some: bool) -> JobsPage {
        let job = |n: u32| JobRow {
            id: format!("0190b7a8-3c1e-7000-8000-00000000030{n}"),
            kind: String::from("send-order-mail"),
            error: String::from("the mail was refused: 550 <nobody@example.org> no such user"),
            created_at: NOW,
        };
        JobsPage {
            layout: self.layout(Section::Jobs, has_some.then_some(Done::JobGone)),
            n_waiting: if has_some { 3 } else { 0 },
            jobs: if has_some { vec![job(0), job(1)] } else { Vec::new() },
        }
    }

    fn webhooks(self, has_some: bool) -> WebhooksPage {
        let row = WebhookRow {
            path: String::from("/admin/webhooks/0190b7a8-3c1e-7000-8000-000000000401"),
            url: String::from("https://erp.example/hooks?key=<1>"),
            topics: vec![Message::new("admin-topic-order-placed")],
            state: badge(Tone::Good, "admin-webhook-on"),
        };
        let mut form = Form::default();
        if !has_some {
            form.errors.push(wrong("url", Message::new("admin-webhook-no-https")));
            form.errors.push(wrong("topics", Message::new("admin-webhook-no-topic")));
        }
        WebhooksPage {
            layout: self.layout(Section::Webhooks, None),
            webhooks: if has_some { vec![row] } else { Vec::new() },
            topics: vec![TopicChoice {
                code: "order.placed",
                name: Message::new("admin-topic-order-placed"),
                is_chosen: true,
            }],
            form,
            secret: has_some
                .then(|| String::from("whsec_AAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAAA=")),
        }
    }

    fn webhook(self, has_some: bool) -> WebhookPage {
        let message = |is_open: bool| MessageRow {
            id: String::from("0190b7a8-3c1e-7000-8000-000000000402"),
            topic: String::from("order.placed"),
            body: String::from(r#"{"type":"order.placed","data":{}}"#),
            is_open,
            state: badge(Tone::Bad, "admin-message-failed"),
            n_attempts: 12,
            error: String::from("the receiver answered 500"),
            created_at: NOW,
        };
        WebhookPage {
            layout: self.layout(Section::Webhooks, has_some.then_some(Done::MessageGone)),
            path: String::from("/admin/webhooks/0190b7a8-3c1e-7000-8000-000000000401"),
            address: String::from("https://erp.example/hooks"),
            topics: vec![Message::new("admin-topic-order-placed")],
            is_active: has_some,
            state: badge(Tone::Good, "admin-webhook-on"),
            created_at: NOW,
            messages: if has_some { vec![message(true), message(false)] } else { Vec::new() },
        }
    }

    fn integrations(self, has_some: bool) -> IntegrationsPage {
        let row = IntegrationRow {
            name: String::from("erp"),
            areas: vec![Message::new("admin-area-catalog")],
            resources: vec![String::from("Magento_Sales::ship")],
        };
        let mut form = Form::default();
        if !has_some {
            form.errors.push(wrong("name", Message::new("admin-integration-name-taken")));
            form.errors.push(wrong("areas", Message::new("admin-integration-no-area")));
        }
        let key = KeyView {
            name: Message::new("admin-key-token"),
            value: String::from("0123456789abcdef0123456789abcdef"),
        };
        IntegrationsPage {
            layout: self.layout(Section::Integrations, has_some.then_some(Done::IntegrationGone)),
            integrations: if has_some { vec![row] } else { Vec::new() },
            areas: vec![AreaChoice {
                code: "catalog",
                name: Message::new("admin-area-catalog"),
                is_chosen: true,
            }],
            form,
            keys: if has_some { vec![key] } else { Vec::new() },
        }
    }

    fn error(self) -> ErrorPage {
        ErrorPage {
            layout: self.layout(Section::None, None),
            title: Message::new("admin-unavailable-title"),
            text: Message::new("admin-unavailable-text"),
            request_id: String::from("0190b7a8"),
        }
    }
}
