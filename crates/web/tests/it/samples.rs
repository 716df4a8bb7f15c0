//! One rich sample of every page: what handlers will fill, filled by hand.

use std::collections::BTreeMap;

use jiff::tz::TimeZone;
use web::{
    assets::Assets,
    i18n::{Locale, Message},
    render::{Page, Prepared, Renderer},
    storefront::page::*,
};

/// 22 November 2026, 09:30 in Paris.
const NOW: i64 = 1_795_336_200_000_000;
const DAY: i64 = 86_400_000_000;

pub(crate) struct Sample {
    pub(crate) name: &'static str,
    pub(crate) template: &'static str,
    pub(crate) is_cached: bool,
    render: Box<dyn Fn(&Renderer) -> String>,
}

impl Sample {
    pub(crate) fn render(&self, renderer: &Renderer) -> String {
        (self.render)(renderer)
    }
}

fn sample<P: Page + 'static>(name: &'static str, is_cached: bool, page: P) -> Sample {
    let render = move |renderer: &Renderer| match renderer.render(&page) {
        Ok(html) => html,
        Err(error) => panic!("{name}: {error}: {:#?}", std::error::Error::source(&error)),
    };
    Sample { name, template: P::TEMPLATE, is_cached, render: Box::new(render) }
}

pub(crate) fn all(locale: Locale) -> Vec<Sample> {
    let say = In(locale);
    let cached = true;
    vec![
        sample("home", cached, say.home()),
        sample("category", cached, say.category()),
        sample("category-empty", cached, say.empty_category()),
        sample("search", cached, say.search()),
        sample("search-empty", cached, say.empty_search()),
        sample("product", cached, say.product()),
        sample("product-simple", cached, say.simple_product()),
        sample("cart", false, say.cart()),
        sample("cart-empty", false, say.empty_cart()),
        sample("checkout", false, say.checkout()),
        sample("checkout-refused", false, say.refused_checkout()),
        sample("confirmation", false, say.confirmation()),
        sample("order-lookup", false, say.order_lookup()),
        sample("order", false, say.order_page(false)),
        sample("account-order", false, say.order_page(true)),
        sample("login", false, say.login()),
        sample("register", false, say.register()),
        sample("forgot-password", false, say.forgot_password(false)),
        sample("forgot-password-sent", false, say.forgot_password(true)),
        sample("reset-password", false, say.reset_password(false)),
        sample("reset-password-expired", false, say.reset_password(true)),
        sample("account", false, say.account()),
        sample("addresses", false, say.addresses()),
        sample("orders", false, say.orders(true)),
        sample("orders-empty", false, say.orders(false)),
        sample("withdrawal", false, say.withdrawal(WithdrawalStep::Identify)),
        sample("withdrawal-choose", false, say.withdrawal(say.withdrawal_lines())),
        sample("withdrawal-done", false, say.withdrawal(say.withdrawal_receipt())),
        sample("content", cached, say.content()),
        sample("contact", false, say.contact(false)),
        sample("contact-sent", false, say.contact(true)),
        sample("error-404", cached, say.error(404)),
        sample("error-410", cached, say.error(410)),
        sample("error-429", cached, say.error(429)),
        sample("error-500", cached, say.error(500)),
        sample("error-503", cached, say.error(503)),
    ]
}

fn euros(minor: i64) -> MoneyView {
    MoneyView::new(minor, "EUR")
}

fn picture(name: &str, alt: &str) -> Picture {
    let (width, height) = if name == "hero" { (1120, 840) } else { (800, 800) };
    let src = format!("/media/{name}.svg");
    let renditions =
        [400, 800].map(|width| Rendition { width, src: format!("/media/{name}.svg?w={width}") });
    Picture { alt: alt.to_owned(), width, height, src, webp: Vec::new(), jpeg: renditions.to_vec() }
}

fn link(name: &str, path: &str) -> Link {
    Link { name: name.to_owned(), path: path.to_owned() }
}

fn fact(name: &str, value: &str) -> Characteristic {
    Characteristic { name: name.to_owned(), value: value.to_owned() }
}

fn crumb(name: &str, path: &str) -> Breadcrumb {
    Breadcrumb { name: name.to_owned(), path: path.to_owned() }
}

fn cut(lowest: i64, percent: u32) -> Reduction {
    Reduction { lowest_30_days: euros(lowest), percent }
}

fn address() -> AddressView {
    AddressView {
        name: String::from("Camille Lefèvre"),
        lines: ["12 rue des Tanneurs", "69001 Lyon", "France"].map(String::from).to_vec(),
        phone: Some(String::from("06 12 34 56 78")),
    }
}

/// Samples in one language.
#[derive(Clone, Copy)]
struct In(Locale);

impl In {
    fn t<'a>(self, french: &'a str, english: &'a str) -> &'a str {
        match self.0 {
            Locale::French => french,
            Locale::English => english,
        }
    }

    fn s(self, french: &str, english: &str) -> String {
        self.t(french, english).to_owned()
    }

    fn menu(self) -> Vec<MenuEntry> {
        let renderer = Renderer::new(&Assets::embedded(), None, &TimeZone::UTC);
        let entry = |name: &str, path: &str, below: &[(&str, &str)]| {
            let links: Vec<Link> = below.iter().map(|(name, path)| link(name, path)).collect();
            let has_links = !links.is_empty();
            let below = renderer.draw(&MenuBelow { locale: self.0, links }).unwrap();
            MenuEntry {
                name: name.to_owned(),
                path: path.to_owned(),
                below: has_links.then_some(below),
            }
        };
        vec![
            entry(
                self.t("Salle de bain", "Bathroom"),
                "/c/salle-de-bain",
                &[
                    (self.t("Savons et shampoings", "Soap and shampoo"), "/c/savons"),
                    (self.t("Brosses et accessoires", "Brushes"), "/c/brosses"),
                    (self.t("Linge de bain", "Towels"), "/c/linge-de-bain"),
                ],
            ),
            entry(
                self.t("Cuisine", "Kitchen"),
                "/c/cuisine",
                &[
                    (self.t("Gourdes", "Bottles"), "/c/gourdes"),
                    (self.t("Vaisselle", "Tableware"), "/c/vaisselle"),
                ],
            ),
            entry(self.t("Vêtements", "Clothing"), "/c/vetements", &[]),
            entry(self.t("Maison", "Home"), "/c/maison", &[]),
            entry(self.t("Épicerie", "Grocery"), "/c/epicerie", &[]),
            entry(self.t("Papeterie", "Stationery"), "/c/papeterie", &[]),
        ]
    }

    fn layout(self, title: &str, path: &str) -> Layout {
        let identity = Identity {
            name: String::from("GreenLeaf"),
            tagline: Some(
                self.s(
                    "Des objets du quotidien, faits pour durer.",
                    "Everyday things, made to last.",
                ),
            ),
            legal_name: String::from("GreenLeaf SAS"),
            legal_form: Some(self.s(
                "SAS au capital de 50\u{202f}000\u{a0}€",
                "simplified joint-stock company with a capital of €50,000",
            )),
            address: ["8 quai Saint-Vincent", "69001 Lyon"].map(String::from).to_vec(),
            email: String::from("bonjour@greenleaf.example"),
            phone: Some(String::from("04 78 00 00 00")),
            opening_hours: Some(self.s(
                "Du lundi au vendredi, de 9\u{a0}h à 17\u{a0}h",
                "Monday to Friday, 9:00 to 17:00",
            )),
            registration: String::from("RCS Lyon 123 456 789"),
            vat_number: Some(String::from("FR 12 123456789")),
            producer_ids: vec![self.s("emballages FR123456_01ABCD", "packaging FR123456_01ABCD")],
            offered_delivery_from: Some(euros(6000)),
        };
        let site = Site {
            identity,
            announcement: Some(self.s(
                "Livraison offerte dès 60\u{a0}€ d’achat en France métropolitaine",
                "Delivery offered from €60 in mainland France",
            )),
            menu: self.menu(),
            footer: vec![LinkGroup {
                title: self.s("La maison", "About us"),
                links: vec![
                    link(self.t("Nos ateliers", "Our workshops"), "/pages/ateliers"),
                    link(self.t("Nos critères", "Our criteria"), "/pages/criteres"),
                    link(self.t("Livraison et retours", "Delivery, returns"), "/pages/livraison"),
                ],
            }],
            legal: vec![
                link(self.t("Mentions légales", "Legal notice"), "/pages/mentions-legales"),
                link(self.t("Conditions de vente", "Terms of sale"), "/pages/cgv"),
                link(self.t("Confidentialité", "Privacy"), "/pages/confidentialite"),
                link(
                    self.t(
                        "Accessibilité\u{a0}: partiellement conforme",
                        "Accessibility: partially compliant",
                    ),
                    "/pages/accessibilite",
                ),
            ],
            mediator: Some(Mediator {
                name: String::from("Médiation Exemple"),
                address: String::from("1 place de la Bourse, 75002 Paris"),
                url: String::from("https://mediation.example"),
            }),
            has_languages: true,
        };
        let url = |locale: Locale| format!("https://greenleaf.example{}", locale.path(path));
        Layout {
            locale: self.0,
            title: title.to_owned(),
            description: Some(format!("{title}.")),
            canonical: url(self.0),
            alternates: Locale::ALL
                .map(|locale| Alternate { locale, name: locale.own_name(), url: url(locale) })
                .to_vec(),
            is_indexed: true,
            open_graph: OpenGraph {
                kind: "website",
                image: Some(String::from("https://greenleaf.example/media/hero.svg")),
            },
            section: None,
            csrf: None,
            flash: None,
            query: String::new(),
            site: Prepared::new(&site),
        }
    }

    fn private(self, title: &str, path: &str) -> Layout {
        let csrf = Some(String::from("c3JmLXRva2Vu"));
        Layout { csrf, is_indexed: false, description: None, ..self.layout(title, path) }
    }

    fn cards(self) -> Vec<Card> {
        let card = |name: &str, file: &str, price: i64, fact: &str| Card {
            name: name.to_owned(),
            path: format!("/p/{file}"),
            picture: Some(picture(file, name)),
            price: PriceView::plain(euros(price)),
            is_available: true,
            fact: Some(fact.to_owned()),
            labels: Vec::new(),
            swatches: Vec::new(),
            is_new: false,
        };
        let mut cards = vec![
            card(
                self.t("Savon d’Alep à l’huile de laurier", "Aleppo soap with laurel oil"),
                "soap",
                690,
                self.t("Fabriqué à Marseille, 200\u{a0}g", "Made in Marseille, 200 g"),
            ),
            card(
                self.t("Gourde isotherme en inox recyclé", "Insulated bottle, recycled steel"),
                "bottle",
                2490,
                self.t("Inox recyclé à 90\u{a0}%", "90% recycled steel"),
            ),
            card(
                self.t("Cabas en coton biologique", "Organic cotton tote"),
                "bag",
                1800,
                self.t("Tissé dans les Vosges", "Woven in the Vosges"),
            ),
            card(
                self.t("Brosse à vaisselle en hêtre", "Beech washing-up brush"),
                "brush",
                750,
                self.t("Tête remplaçable", "Replaceable head"),
            ),
            card(
                self.t("Bougie à la cire de colza", "Rapeseed wax candle"),
                "candle",
                2200,
                self.t("Coulée à la main à Nantes", "Poured by hand in Nantes"),
            ),
            card(
                self.t("T-shirt droit en coton", "Straight cotton T-shirt"),
                "shirt",
                3500,
                self.t("Confectionné à Troyes", "Sewn in Troyes"),
            ),
            card(
                self.t("Assiette plate en grès", "Stoneware dinner plate"),
                "plate",
                1900,
                self.t("Tournée à La Borne", "Thrown in La Borne"),
            ),
            card(
                self.t("Carnet cousu, papier recyclé", "Sewn notebook, recycled paper"),
                "notebook",
                1290,
                self.t("96 pages, fil de lin", "96 pages, linen thread"),
            ),
            card(
                self.t("Serviette de toilette en lin lavé", "Washed linen towel"),
                "towel",
                2950,
                self.t("Lin cultivé en Normandie", "Linen grown in Normandy"),
            ),
        ];
        cards[0].labels = vec![String::from("Nature & Progrès")];
        cards[0].price.per_unit = Some(UnitPrice { amount: euros(3450), unit: String::from("kg") });
        cards[1].price.reduction = Some(cut(2990, 17));
        cards[1].swatches = ["#4f7a68", "#d98f6c", "#2f3d35"].map(String::from).to_vec();
        cards[2].labels = vec![String::from("GOTS")];
        cards[3].is_new = true;
        cards[4].is_available = false;
        cards[5].labels = vec![String::from("GOTS"), String::from("Fairtrade")];
        cards[5].swatches = ["#8ba58c", "#ece5d5", "#3c4a57"].map(String::from).to_vec();
        cards[5].price.is_from = true;
        cards[8].price.eco_participation = Some(euros(6));
        cards
    }

    fn home(self) -> HomePage {
        let tile = |name: &str, file: &str, n| CategoryTile {
            name: name.to_owned(),
            path: format!("/c/{file}"),
            n_products: n,
            picture: Some(picture(file, "")),
        };
        HomePage {
            layout: self.layout("", "/"),
            hero: Some(picture("hero", "")),
            categories: vec![
                tile(self.t("Salle de bain", "Bathroom"), "towel", 86),
                tile(self.t("Cuisine", "Kitchen"), "plate", 124),
                tile(self.t("Vêtements", "Clothing"), "shirt", 58),
                tile(self.t("Papeterie", "Stationery"), "notebook", 41),
            ],
            featured: self.cards()[..8].to_vec(),
            novelties: self.cards()[5..].to_vec(),
            json_ld: vec![serde_json::json!({
                "@context": "https://schema.org",
                "@type": "WebSite",
                "name": "GreenLeaf",
                "url": "https://greenleaf.example/",
            })],
        }
    }

    fn facets(self) -> Vec<Facet> {
        let choice = |value: &str, name: &str, count: u32, is_selected| FacetChoice {
            value: value.to_owned(),
            name: name.to_owned(),
            count: count.to_string(),
            is_empty: count == 0,
            is_selected,
            swatch: None,
        };
        let colour = |value: &str, name: &str, count, is_selected, hex: &str| FacetChoice {
            swatch: Some(hex.to_owned()),
            ..choice(value, name, count, is_selected)
        };
        let facet = |code: &str, name: &str, is_single, choices| Facet {
            code: code.to_owned(),
            name: name.to_owned(),
            is_single,
            choices,
        };
        vec![
            facet(
                "price",
                self.t("Prix", "Price"),
                true,
                vec![
                    choice("0-10", self.t("Moins de 10\u{a0}€", "Below €10"), 31, false),
                    choice("10-20", self.t("10\u{a0}€ à 20\u{a0}€", "€10 to €20"), 42, true),
                    choice("20-50", self.t("20\u{a0}€ à 50\u{a0}€", "€20 to €50"), 38, false),
                    choice("50-", self.t("50\u{a0}€ et plus", "€50 and more"), 0, false),
                ],
            ),
            facet(
                "color",
                self.t("Couleur", "Colour"),
                false,
                vec![
                    colour("sage", self.t("Sauge", "Sage"), 18, true, "#8ba58c"),
                    colour("moss", self.t("Mousse", "Moss"), 12, false, "#4f7a68"),
                    colour("clay", self.t("Terre cuite", "Terracotta"), 9, false, "#d98f6c"),
                    colour("raw", self.t("Écru", "Raw"), 27, false, "#ece5d5"),
                ],
            ),
            facet(
                "material",
                self.t("Matière", "Material"),
                false,
                (1..=11)
                    .map(|n| {
                        let name = format!("{} {n}", self.t("Matière", "Material"));
                        choice(&format!("m{n}"), &name, 40 - n, false)
                    })
                    .collect(),
            ),
            facet(
                "label",
                "Label",
                false,
                vec![
                    choice("gots", "GOTS", 22, false),
                    choice("ecolabel", self.t("Écolabel européen", "EU Ecolabel"), 14, false),
                ],
            ),
            facet(
                "made_in",
                self.t("Fabriqué en", "Made in"),
                false,
                vec![choice("FR", "France", 61, false), choice("PT", "Portugal", 17, false)],
            ),
        ]
    }

    fn listing(self) -> Listing {
        let sorts = [
            SortKey::Position,
            SortKey::PriceUp,
            SortKey::PriceDown,
            SortKey::Name,
            SortKey::Newest,
        ];
        let cards = self.cards();
        let renderer = Renderer::new(&Assets::embedded(), None, &TimeZone::UTC);
        let drawn = |card: &Card| {
            let part = CardPart { locale: self.0, card: card.clone(), is_first: false };
            renderer.draw(&part).unwrap()
        };
        Listing {
            path: String::from("/c/salle-de-bain"),
            kept: Vec::new(),
            total: 1286,
            cards: cards.iter().cycle().take(24).map(drawn).collect(),
            facets: self.facets(),
            active: vec![
                ActiveFilter {
                    facet: self.s("Prix", "Price"),
                    name: self.s("10\u{a0}€ à 20\u{a0}€", "€10 to €20"),
                    path: String::from("/c/salle-de-bain?color=sage"),
                },
                ActiveFilter {
                    facet: self.s("Couleur", "Colour"),
                    name: self.s("Sauge", "Sage"),
                    path: String::from("/c/salle-de-bain?price=10-20"),
                },
            ],
            clear_path: String::from("/c/salle-de-bain"),
            sorts: sorts.map(|key| Sort { key, is_selected: key == SortKey::Position }).to_vec(),
            pagination: Pagination::new(2, 54, |n| format!("/c/salle-de-bain?page={n}")),
        }
    }

    fn category(self) -> CategoryPage {
        let breadcrumbs = vec![
            crumb(self.t("Accueil", "Home"), "/"),
            crumb(self.t("Salle de bain", "Bathroom"), "/c/salle-de-bain"),
        ];
        let mut layout = self.layout(self.t("Salle de bain", "Bathroom"), "/c/salle-de-bain");
        layout.section = Some(String::from("/c/salle-de-bain"));
        let mut listing = self.listing();
        listing.pagination = Pagination::new(1, 54, |n| format!("/c/salle-de-bain?page={n}"));
        CategoryPage {
            layout,
            json_ld: vec![breadcrumbs_json_ld("https://greenleaf.example", &breadcrumbs)],
            breadcrumbs,
            name: self.s("Salle de bain", "Bathroom"),
            description: Some(self.s(
                "<p>Savons solides, brosses à tête remplaçable et linge qui sèche vite\u{a0}: de \
                 quoi tenir longtemps avec peu.</p>",
                "<p>Solid soaps, brushes with replaceable heads and linen that dries fast: \
                 enough to go a long way with little.</p>",
            )),
            subcategories: vec![
                link(self.t("Savons et shampoings", "Soap and shampoo"), "/c/savons"),
                link(self.t("Brosses", "Brushes"), "/c/brosses"),
                link(self.t("Linge de bain", "Towels"), "/c/linge-de-bain"),
            ],
            listing,
        }
    }

    fn empty_category(self) -> CategoryPage {
        let mut page = self.category();
        page.listing.cards.clear();
        page.listing.total = 0;
        page.listing.pagination = Pagination::new(1, 0, |_| String::new());
        page
    }

    fn search(self) -> SearchPage {
        let mut layout = self.layout(self.t("Recherche", "Search"), "/search?q=gourdde");
        layout.query = String::from("gourdde");
        layout.is_indexed = false;
        let mut listing = self.listing();
        listing.path = String::from("/search");
        listing.kept = vec![(String::from("q"), String::from("gourdde"))];
        listing.cards.truncate(5);
        listing.total = 5;
        listing.active.clear();
        listing.pagination = Pagination::new(1, 1, |_| String::new());
        SearchPage {
            layout,
            query: String::from("gourdde"),
            corrected: Some(String::from("gourde")),
            suggestions: vec![String::from("gourde inox"), String::from("bouchon & joint")],
            listing,
            popular: Vec::new(),
        }
    }

    fn empty_search(self) -> SearchPage {
        let mut page = self.search();
        page.corrected = None;
        page.query = String::from("<b>hélicoptère</b>");
        page.layout.query = page.query.clone();
        page.listing.cards.clear();
        page.listing.facets.clear();
        page.listing.total = 0;
        page.popular = self.cards()[..4].to_vec();
        page
    }

    fn product(self) -> ProductPage {
        let name = self.s("Gourde isotherme en inox recyclé", "Insulated bottle, recycled steel");
        let breadcrumbs = vec![
            crumb(self.t("Accueil", "Home"), "/"),
            crumb(self.t("Cuisine", "Kitchen"), "/c/cuisine"),
            crumb(self.t("Gourdes", "Bottles"), "/c/gourdes"),
            crumb(&name, "/p/gourde-isotherme"),
        ];
        let value = |value: &str, name: &str, hex: Option<&str>, selected, available| AxisValue {
            value: value.to_owned(),
            name: name.to_owned(),
            swatch: hex.map(String::from),
            is_selected: selected,
            is_available: available,
        };
        let price = |amount| PriceView {
            reduction: Some(cut(amount + 500, 17)),
            eco_participation: Some(euros(12)),
            ..PriceView::plain(euros(amount))
        };
        let variant = |color: &str, size: &str, amount, stock, picture| VariantView {
            sku: format!("GOURDE-{color}-{size}").to_uppercase(),
            options: BTreeMap::from([
                (String::from("color"), color.to_owned()),
                (String::from("size"), size.to_owned()),
            ]),
            price: price(amount),
            stock,
            picture: Some(picture),
            max_quantity: 10,
        };
        let product = ProductView {
            id: String::from("42"),
            sku: String::from("GOURDE-MOSS-500"),
            name: name.clone(),
            path: String::from("/p/gourde-isotherme"),
            brand: Some(String::from("Atelier Vercors")),
            summary: Some(self.s(
                "Douze heures au chaud, vingt-quatre au frais. Bouchon, joint et anse se \
                 remplacent un par un.",
                "Twelve hours warm, twenty-four cool. Lid, seal and handle are replaced one by \
                 one.",
            )),
            description: Some(self.s(
                "<p>Double paroi sous vide, goulot large pour les glaçons et la brosse. Le \
                 revêtement est une poudre cuite au four, sans solvant.</p><h3>Entretien</h3>\
                 <p>Lave-vaisselle jusqu’à 55\u{a0}°C, bouchon à part.</p>",
                "<p>Double wall under vacuum, wide neck for ice and brush. The coating is a \
                 powder baked in the oven, without solvent.</p><h3>Care</h3><p>Dishwasher up to \
                 55\u{a0}°C, lid apart.</p>",
            )),
            pictures: vec![
                picture("bottle", self.t("La gourde vert mousse, de face", "Moss bottle, front")),
                picture("bag", self.t("La gourde dans un cabas", "The bottle in a tote")),
                picture("brush", self.t("Le nettoyage à la brosse", "Cleaning with a brush")),
            ],
            labels: vec![self.s("Écolabel européen", "EU Ecolabel")],
            price: price(2490),
            stock: StockView::Low { left: 4 },
            axes: vec![
                Axis {
                    code: String::from("color"),
                    name: self.s("Couleur", "Colour"),
                    values: vec![
                        value("moss", self.t("Mousse", "Moss"), Some("#4f7a68"), true, true),
                        value("clay", self.t("Terre cuite", "Clay"), Some("#d98f6c"), false, true),
                        value("ink", self.t("Encre", "Ink"), Some("#2f3d35"), false, false),
                    ],
                },
                Axis {
                    code: String::from("size"),
                    name: self.s("Contenance", "Capacity"),
                    values: vec![
                        value("350", "350\u{a0}ml", None, false, true),
                        value("500", "500\u{a0}ml", None, true, true),
                        value("750", "750\u{a0}ml", None, false, true),
                    ],
                },
            ],
            variants: vec![
                variant("moss", "350", 2190, StockView::InStock, 0),
                variant("moss", "500", 2490, StockView::Low { left: 4 }, 0),
                variant("moss", "750", 2890, StockView::Out, 0),
                variant("clay", "500", 2490, StockView::InStock, 1),
                variant("clay", "750", 2890, StockView::InStock, 1),
            ],
            max_quantity: 4,
            delivery: DeliveryView {
                from: euros(390),
                offered_from: Some(euros(6000)),
                delay: self.s("2 à 4 jours ouvrés.", "2 to 4 working days."),
                has_pickup: true,
                withdrawal_days: Some(14),
                path: String::from("/pages/livraison"),
            },
            characteristics: vec![
                fact(self.t("Poids", "Weight"), "310 g"),
                fact(self.t("Hauteur", "Height"), "24 cm"),
                fact(self.t("Diamètre", "Diameter"), "7,2 cm"),
            ],
            eco: Some(EcoSheet {
                labels: vec![EcoLabel {
                    name: self.s("Écolabel européen", "EU Ecolabel"),
                    scheme: self.s("Union européenne", "European Union"),
                    licence: String::from("FR/020/045"),
                    url: Some(String::from("https://ecolabel.example/FR-020-045")),
                }],
                origin: vec![
                    fact(
                        self.t("Aciérie", "Steel works"),
                        self.t("Ugine, France", "Ugine, France"),
                    ),
                    fact(self.t("Assemblage", "Assembly"), "Grenoble, France"),
                ],
                materials: vec![
                    Material {
                        name: self.s("Acier inoxydable", "Stainless steel"),
                        percent: 92,
                        recycled_percent: 90,
                    },
                    Material {
                        name: self.s("Silicone", "Silicone"),
                        percent: 8,
                        recycled_percent: 0,
                    },
                ],
                recycled_percent: Some(83),
                carbon: Some(Carbon {
                    kilograms: String::from("3.42"),
                    scope: self.s("de l’extraction à l’usine", "from extraction to factory gate"),
                    source: self.s(
                        "bilan du fabricant, méthode Bilan Carbone, 2025",
                        "maker’s assessment, Bilan Carbone method, 2025",
                    ),
                    url: Some(String::from("https://atelier-vercors.example/carbone")),
                }),
                packaging: Some(self.s(
                    "Étui en carton recyclé, 38\u{a0}g, sans plastique",
                    "Recycled cardboard sleeve, 38 g, no plastic",
                )),
                others: vec![
                    fact(
                        self.t("Pièces détachées", "Spare parts"),
                        self.t("disponibles jusqu’en 2036", "available until 2036"),
                    ),
                    fact(
                        self.t("Substances dangereuses", "Hazardous substances"),
                        self.t("aucune au-delà de 0,1\u{a0}%", "none above 0.1%"),
                    ),
                ],
                sorting: vec![
                    fact(self.t("Gourde", "Bottle"), self.t("bac de tri", "recycling bin")),
                    fact(self.t("Étui", "Sleeve"), self.t("bac de tri", "recycling bin")),
                ],
                data_path: Some(String::from("/p/gourde-isotherme/eco.json")),
            }),
            safety: Some(SafetyView {
                manufacturer: PartyView {
                    name: String::from("Atelier Vercors SARL"),
                    address: String::from("4 rue des Forges, 38000 Grenoble, France"),
                    email: String::from("qualite@atelier-vercors.example"),
                },
                responsible: None,
                identifier: Some(
                    self.s("Modèle AV-500, lot 2026-09", "Model AV-500, batch 2026-09"),
                ),
                warnings: vec![
                    self.s("Ne pas chauffer au micro-ondes.", "Do not heat in a microwave."),
                ],
            }),
            guarantee: GuaranteeView {
                notice: None,
                producer_years: Some(10),
                terms_path: Some(String::from("/pages/garantie-vercors")),
            },
        };
        let mut layout = self.layout(&name, "/p/gourde-isotherme");
        layout.open_graph.kind = "product";
        layout.section = Some(String::from("/c/cuisine"));
        let json_ld = vec![
            product.json_ld("https://greenleaf.example", &layout.canonical),
            breadcrumbs_json_ld("https://greenleaf.example", &breadcrumbs),
        ];
        ProductPage { layout, breadcrumbs, product, related: self.cards()[..4].to_vec(), json_ld }
    }

    fn simple_product(self) -> ProductPage {
        let mut page = self.product();
        let product = &mut page.product;
        product.name = self.s("Savon d’Alep </script>", "Aleppo soap </script>");
        product.axes.clear();
        product.variants.clear();
        product.pictures = vec![picture("soap", self.t("Le savon", "The soap"))];
        product.price = PriceView {
            per_unit: Some(UnitPrice { amount: euros(3450), unit: String::from("kg") }),
            ..PriceView::plain(euros(690))
        };
        product.stock = StockView::Out;
        product.eco = None;
        product.safety = None;
        product.delivery.withdrawal_days = None;
        product.delivery.from = euros(0);
        page.json_ld = vec![product.json_ld("https://greenleaf.example", "https://x.example")];
        page.related.clear();
        page
    }

    fn lines(self) -> Vec<CartLineView> {
        let line = |id: &str, name: &str, file: &str, quantity: u32, unit: i64| CartLineView {
            id: id.to_owned(),
            name: name.to_owned(),
            path: Some(format!("/p/{file}")),
            picture: Some(picture(file, "")),
            options: Vec::new(),
            quantity,
            max_quantity: 10,
            unit_price: euros(unit),
            total: euros(unit * i64::from(quantity)),
            eco_participation: None,
            problem: None,
        };
        let cards = self.cards();
        let mut lines = vec![
            line("1", &cards[1].name, "bottle", 1, 2490),
            line("2", &cards[0].name, "soap", 3, 690),
            line("3", &cards[8].name, "towel", 1, 2950),
        ];
        lines[0].options = vec![
            fact(self.t("Couleur", "Colour"), self.t("Mousse", "Moss")),
            fact(self.t("Contenance", "Capacity"), "500\u{a0}ml"),
        ];
        lines[0].eco_participation = Some(euros(12));
        lines
    }

    fn totals(self) -> Totals {
        Totals {
            n_units: 5,
            subtotal: euros(7510),
            eco_participation: Some(euros(12)),
            discounts: vec![AmountLine {
                name: self.s("Code HIVER", "Code HIVER"),
                amount: euros(-750),
            }],
            shipping: Some(ShippingLine {
                name: Some(self.s("Point relais", "Parcel shop")),
                amount: euros(390),
                is_from: false,
            }),
            total: euros(7150),
            taxes: vec![
                TaxLine { rate: String::from("20"), net: euros(5792), tax: euros(1158) },
                TaxLine { rate: String::from("5.5"), net: euros(190), tax: euros(10) },
            ],
        }
    }

    fn cart(self) -> CartPage {
        let mut layout = self.private(self.t("Panier", "Cart"), "/cart");
        layout.flash = Some(Happened::AddedToCart.into());
        let mut lines = self.lines();
        lines[2].problem = Some(Refusal::NotEnoughStock { available: 1 }.into());
        let mut totals = self.totals();
        totals.discounts.clear();
        totals.total = euros(7900);
        totals.shipping = Some(ShippingLine { name: None, amount: euros(390), is_from: true });
        CartPage {
            layout,
            lines,
            version: 7,
            totals,
            until_offered_delivery: Some(euros(490)),
            is_blocked: false,
        }
    }

    fn empty_cart(self) -> CartPage {
        let mut page = self.cart();
        page.lines.clear();
        page.layout.flash = Some(Happened::Failed.into());
        page
    }

    fn countries(self) -> Vec<Country> {
        [("FR", "France", "France"), ("BE", "Belgique", "Belgium"), ("DE", "Allemagne", "Germany")]
            .map(|(code, french, english)| Country {
                code: code.to_owned(),
                name: self.s(french, english),
            })
            .to_vec()
    }

    fn carbon(self, kilograms: &str) -> CarbonView {
        let source = self.s("estimation du transporteur, niveau 2, 2026", "carrier, level 2, 2026");
        CarbonView { kilograms: kilograms.to_owned(), source }
    }

    fn checkout(self) -> CheckoutPage {
        let method = |code: &str, name: &str, price| ShippingChoice {
            code: code.to_owned(),
            name: name.to_owned(),
            detail: Some(self.s("2 à 4 jours ouvrés", "2 to 4 working days")),
            price: euros(price),
            carbon: (price > 0).then(|| self.carbon("0.45")),
            is_greenest: code == "relay",
            is_selected: false,
        };
        let mut shipping_methods = vec![
            method("relay", self.t("Point relais", "Parcel shop"), 390),
            method("home", self.t("À domicile", "Home delivery"), 590),
            method("shop", self.t("Retrait en boutique", "Pick up in our shop"), 0),
        ];
        shipping_methods[0].is_selected = true;
        shipping_methods[2].detail = Some(String::from("8 quai Saint-Vincent, 69001 Lyon"));
        let payment = |code: &str, name: &str, detail: &str| PaymentChoice {
            code: code.to_owned(),
            name: name.to_owned(),
            detail: Some(detail.to_owned()),
            is_selected: false,
        };
        let mut payment_methods = vec![
            payment(
                "transfer",
                self.t("Virement bancaire", "Bank transfer"),
                self.t(
                    "Nos coordonnées bancaires s’affichent après la commande.",
                    "Our bank details are shown after the order.",
                ),
            ),
            payment(
                "cheque",
                self.t("Chèque", "Cheque"),
                self.t("Encaissé à l’expédition.", "Cashed when we ship."),
            ),
            payment(
                "cash",
                self.t("Paiement à la livraison", "Cash on delivery"),
                self.t("En espèces, au livreur.", "In cash, to the carrier."),
            ),
        ];
        payment_methods[0].is_selected = true;
        CheckoutPage {
            layout: self.private(self.t("Commande", "Checkout"), "/checkout"),
            form: Form::default()
                .with("email", "camille@exemple.fr")
                .with("shipping-first-name", "Camille")
                .with("shipping-last-name", "Lefèvre")
                .with("shipping-street", "12 rue des Tanneurs")
                .with("shipping-postcode", "69001")
                .with("shipping-city", "Lyon")
                .with("shipping-country", "FR"),
            cart_version: 7,
            is_guest: true,
            saved_addresses: Vec::new(),
            countries: self.countries(),
            lines: self.lines(),
            totals: self.totals(),
            shipping_methods,
            payment_methods,
            terms: Terms {
                version: String::from("2026-11"),
                path: String::from("/pages/cgv"),
                privacy_path: String::from("/pages/confidentialite"),
                withdrawal_path: String::from("/pages/retractation"),
                withdrawal_days: 14,
            },
            guarantee: GuaranteeView { notice: None, producer_years: None, terms_path: None },
            is_blocked: false,
        }
    }

    fn refused_checkout(self) -> CheckoutPage {
        let mut page = self.checkout();
        page.form = Form::posted([
            ("email", "camille@"),
            ("billing-different", "yes"),
            ("shipping-country", "FR"),
            ("shipping-city", "Lyon <merci>"),
        ]);
        page.form.refuse("email", Refusal::NotAnEmail);
        page.form.refuse("shipping-street", Refusal::Missing);
        page.form.refuse("billing-postcode", Refusal::NotAPostcode);
        page.form.refuse("shipping", Refusal::ChoiceMissing);
        page.form.refuse("terms", Refusal::TermsNotAccepted);
        page.form.refuse("", Refusal::CartChanged);
        page.is_guest = false;
        page.saved_addresses =
            vec![SavedAddress { id: String::from("a1"), address: address(), is_selected: false }];
        page.shipping_methods.clear();
        page.is_blocked = true;
        page
    }

    fn order(self) -> OrderView {
        let step = |state, at: Option<i64>, is_current| OrderStep { state, at, is_current };
        let mut lines: Vec<_> = self
            .lines()
            .into_iter()
            .map(|line| OrderLineView {
                sku: line.id,
                name: line.name,
                path: line.path,
                picture: line.picture,
                options: line.options,
                quantity: line.quantity,
                unit_price: line.unit_price,
                total: line.total,
                eco_participation: line.eco_participation,
                tax_rate: String::from("20"),
            })
            .collect();
        lines[1].tax_rate = String::from("5.5");
        lines[1].path = None;
        OrderView {
            number: String::from("2026-000318"),
            path: String::from("/orders/q7Xv2b"),
            placed_at: NOW,
            email: String::from("camille@exemple.fr"),
            state: OrderStateView::AwaitingPayment,
            steps: vec![
                step(OrderStateView::AwaitingPayment, Some(NOW), true),
                step(OrderStateView::Preparing, None, false),
                step(OrderStateView::Shipped, None, false),
            ],
            lines,
            totals: self.totals(),
            payment: PaymentView {
                name: self.s("Virement bancaire", "Bank transfer"),
                is_paid: false,
                instructions: Some(PaymentInstructions::BankTransfer {
                    holder: String::from("GreenLeaf SAS"),
                    iban: String::from("FR76 3000 4000 0312 3456 7890 143"),
                    bic: String::from("BNPAFRPPXXX"),
                    reference: String::from("2026-000318"),
                    amount: euros(7150),
                }),
            },
            shipping_method: self.s("Point relais", "Parcel shop"),
            shipping_carbon: Some(self.carbon("0.48")),
            shipping_address: address(),
            billing_address: address(),
            pickup: None,
            shipments: Vec::new(),
            can_withdraw: false,
        }
    }

    fn confirmation(self) -> ConfirmationPage {
        ConfirmationPage {
            layout: self.private(self.t("Merci", "Thank you"), "/checkout/done/q7Xv2b"),
            order: self.order(),
            can_register: true,
        }
    }

    fn order_lookup(self) -> OrderLookupPage {
        let mut form = Form::default().with("number", "2026-0003");
        form.refuse("", Refusal::NoSuchOrder);
        OrderLookupPage { layout: self.private(self.t("Suivi", "Tracking"), "/order-lookup"), form }
    }

    fn order_page(self, is_account: bool) -> OrderPage {
        let mut order = self.order();
        order.state = OrderStateView::PartlyShipped;
        for (days, step) in (0..).zip(&mut order.steps).take(3) {
            step.at = Some(NOW + days * DAY);
            step.is_current = days == 2;
        }
        order.payment.is_paid = true;
        order.shipments = (1..=2)
            .map(|n| ShipmentView {
                carrier: String::from("Vélogistique"),
                shipped_at: NOW + n * DAY,
                tracking_number: Some(format!("VL{n}0045")),
                lines: vec![ShipmentLineView { name: self.s("Gourde", "Bottle"), quantity: 1 }],
            })
            .collect();
        order.can_withdraw = true;
        if is_account {
            order.payment.is_paid = false;
            order.payment.instructions = Some(PaymentInstructions::Cheque {
                payable_to: String::from("GreenLeaf SAS"),
                address: ["8 quai Saint-Vincent", "69001 Lyon"].map(String::from).to_vec(),
                reference: order.number.clone(),
                amount: euros(7150),
            });
            order.pickup = Some(AddressView {
                name: String::from("Librairie du Passage"),
                lines: ["11 rue de Brest", "69002 Lyon"].map(String::from).to_vec(),
                phone: None,
            });
        }
        OrderPage {
            layout: self.private(self.t("Commande", "Order"), "/orders/q7Xv2b"),
            order,
            is_account,
            cancel: (!is_account)
                .then(|| CancelView::Offered { path: String::from("/orders/q7Xv2b/cancel/a1B2") }),
        }
    }

    fn login(self) -> LoginPage {
        let mut form = Form::default().with("email", "camille@exemple.fr");
        form.refuse("password", Refusal::WrongCredentials);
        LoginPage {
            layout: self.private(self.t("Connexion", "Log in"), "/account/login"),
            form,
            next: Some(String::from("/checkout")),
        }
    }

    fn register(self) -> RegisterPage {
        let mut form = Form::default().with("email", "camille@exemple.fr");
        form.refuse("password", Refusal::PasswordTooShort { min: 10 });
        RegisterPage {
            layout: self.private(self.t("Créer un compte", "Register"), "/account/register"),
            form,
            min_password: 10,
            privacy_path: String::from("/pages/confidentialite"),
        }
    }

    fn forgot_password(self, is_sent: bool) -> ForgotPasswordPage {
        ForgotPasswordPage {
            layout: self.private(self.t("Mot de passe", "Password"), "/account/forgot"),
            form: Form::default(),
            is_sent,
        }
    }

    fn reset_password(self, is_expired: bool) -> ResetPasswordPage {
        ResetPasswordPage {
            layout: self.private(self.t("Mot de passe", "Password"), "/account/reset/x"),
            form: Form::default(),
            path: String::from("/account/reset/x"),
            is_expired,
            min_password: 10,
        }
    }

    fn summaries() -> Vec<OrderSummary> {
        let states = [
            OrderStateView::AwaitingPayment,
            OrderStateView::Paid,
            OrderStateView::Preparing,
            OrderStateView::Shipped,
            OrderStateView::PartlyShipped,
            OrderStateView::Held,
            OrderStateView::Canceled,
        ];
        (1..)
            .zip(states)
            .map(|(n, state)| OrderSummary {
                number: format!("2026-00031{n}"),
                path: format!("/account/orders/2026-00031{n}"),
                placed_at: NOW - i64::from(n) * 12 * DAY,
                state,
                total: euros(i64::from(n) * 1790),
            })
            .collect()
    }

    fn account(self) -> AccountPage {
        let mut password = Form::default();
        password.refuse("current-password", Refusal::WrongPassword);
        AccountPage {
            layout: self.private(self.t("Mon compte", "My account"), "/account"),
            first_name: String::from("Camille"),
            password,
            min_password: 10,
            recent_orders: Self::summaries()[..3].to_vec(),
            default_address: Some(address()),
        }
    }

    fn addresses(self) -> AddressesPage {
        let one = |id: &str, is_default| CustomerAddress {
            id: id.to_owned(),
            address: address(),
            is_default,
        };
        AddressesPage {
            layout: self.private(self.t("Adresses", "Addresses"), "/account/addresses"),
            addresses: vec![one("a1", true), one("a2", false)],
            form: Form::default().with("id", "a2").with("country", "BE"),
            is_editing: true,
            countries: self.countries(),
        }
    }

    fn orders(self, has_orders: bool) -> OrdersPage {
        OrdersPage {
            layout: self.private(self.t("Commandes", "Orders"), "/account/orders"),
            orders: if has_orders { Self::summaries() } else { Vec::new() },
            pagination: Pagination::new(1, 3, |n| format!("/account/orders?page={n}")),
        }
    }

    fn withdrawal_lines(self) -> WithdrawalStep {
        let line = |id: &str, name: &str, quantity| WithdrawalLine {
            id: id.to_owned(),
            name: name.to_owned(),
            quantity,
            is_chosen: true,
            chosen: quantity.to_string(),
        };
        WithdrawalStep::Choose {
            token: String::from("q7Xv2b"),
            number: String::from("2026-000318"),
            lines: vec![
                line("1", self.t("Gourde isotherme", "Insulated bottle"), 1),
                line("2", self.t("Serviette en lin", "Linen towel"), 3),
            ],
        }
    }

    fn withdrawal_receipt(self) -> WithdrawalStep {
        WithdrawalStep::Done {
            number: String::from("2026-000318"),
            received_at: NOW,
            email: String::from("camille@exemple.fr"),
            lines: vec![WithdrawalLine {
                id: String::from("1"),
                name: self.s("Gourde isotherme", "Insulated bottle"),
                quantity: 1,
                is_chosen: true,
                chosen: String::from("1"),
            }],
        }
    }

    fn withdrawal(self, step: WithdrawalStep) -> WithdrawalPage {
        WithdrawalPage {
            layout: self.private(self.t("Rétractation", "Withdrawal"), "/withdrawal"),
            form: Form::default().with("email", "camille@exemple.fr"),
            step,
            terms_path: String::from("/pages/retractation"),
        }
    }

    fn content(self) -> ContentPage {
        let title = self.s("Conditions générales de vente", "Terms of sale");
        ContentPage {
            layout: self.layout(&title, "/pages/cgv"),
            breadcrumbs: vec![crumb(self.t("Accueil", "Home"), "/"), crumb(&title, "/pages/cgv")],
            title,
            html: self.s(
                "<h2>1. Objet</h2><p>Les présentes conditions régissent les ventes conclues sur \
                 ce site.</p><h2>2. Prix</h2><p>Les prix sont indiqués en euros, TVA comprise.\
                 </p><ul><li>Livraison en sus</li><li>Éco-participation comprise</li></ul>",
                "<h2>1. Purpose</h2><p>These terms govern the sales made on this site.</p>\
                 <h2>2. Prices</h2><p>Prices are in euros, VAT included.</p><ul><li>Delivery not \
                 included</li><li>Recycling contribution included</li></ul>",
            ),
            updated_at: Some(NOW),
            version: Some(String::from("2026-11")),
            siblings: vec![
                link(self.t("Mentions légales", "Legal notice"), "/pages/mentions-legales"),
                link(self.t("Confidentialité", "Privacy"), "/pages/confidentialite"),
            ],
        }
    }

    fn contact(self, is_sent: bool) -> ContactPage {
        ContactPage {
            layout: self.private(self.t("Nous écrire", "Write to us"), "/contact"),
            form: Form::default().with("subject", "order").with("message", "Bonjour,"),
            is_sent,
            privacy_path: String::from("/pages/confidentialite"),
        }
    }

    fn error(self, status: u16) -> ErrorPage {
        let (title, text): (Message, Message) = error_wording(status);
        let is_missing = matches!(status, 404 | 410);
        let mut layout = self.layout(self.t("Oups", "Oops"), "/p/disparu");
        layout.is_indexed = false;
        layout.alternates.clear();
        ErrorPage {
            layout,
            status,
            title,
            text,
            request_id: String::from("0193f3c0-7b1e"),
            retry_after: matches!(status, 429 | 503).then_some(30),
            links: vec![link(self.t("Nous écrire", "Write to us"), "/contact")],
            suggestions: if is_missing { self.cards()[..4].to_vec() } else { Vec::new() },
        }
    }
}
