//! Questions made of the schema, with the ids of what is somebody's.

use std::collections::BTreeMap;
use std::fmt::Write as _;

use serde_json::{Value, json};

use crate::Client;

/// Stands in what only Jeanne may read.
const SECRET: &str = "impasse du Secret";

/// What is Jeanne's, as others may come to know it: ids without what is behind them.
pub(super) struct Theirs {
    cart: String,
    item: String,
    order: String,
    address: i64,
    customer: i64,
}

impl Theirs {
    pub(super) async fn of(jeanne: &Client) -> Self {
        let address = jeanne
            .ask(&format!(
                r#"mutation {{ createCustomerAddress(input: {{ firstname: "Jeanne",
                    lastname: "Dupont", street: ["7 {SECRET}"], city: "Paris", postcode: "75011",
                    country_code: FR, telephone: "0102030405", default_billing: true,
                    default_shipping: true }}) {{ id }} }}"#
            ))
            .await["createCustomerAddress"]["id"]
            .as_i64()
            .unwrap();
        let mut number = String::new();
        let mut cart = String::new();
        for is_ordered in [true, false] {
            let data = jeanne.ask("{ customerCart { id } }").await;
            data["customerCart"]["id"].as_str().unwrap().clone_into(&mut cart);
            follow(jeanne, &cart, address).await;
            if is_ordered {
                let place = format!(
                    r#"mutation {{ placeOrder(input: {{ cart_id: "{cart}" }}) {{
                        orderV2 {{ number }} }} }}"#
                );
                let data = jeanne.ask(&place).await;
                data["placeOrder"]["orderV2"]["number"].as_str().unwrap().clone_into(&mut number);
            }
        }
        let seen = jeanne
            .ask(&format!(
                r#"{{ customer {{ id }} cart(cart_id: "{cart}") {{ items {{ id }} }} }}"#
            ))
            .await;
        Self {
            item: seen["cart"]["items"][0]["id"].as_str().unwrap().to_owned(),
            customer: seen["customer"]["id"].as_i64().unwrap(),
            cart,
            order: number,
            address,
        }
    }

    /// All that is hers, as she sees it.
    pub(super) async fn seen_by(&self, jeanne: &Client) -> Value {
        let data = jeanne
            .ask(&format!(
                r#"{{ customer {{ email firstname lastname addresses {{ id street city telephone }}
                    orders {{ items {{ number status total {{ grand_total {{ value }} }} }} }} }}
                  cart(cart_id: "{}") {{ email total_quantity items {{ id quantity }}
                    shipping_addresses {{ street selected_shipping_method {{ method_code }} }}
                    billing_address {{ street }} selected_payment_method {{ code }}
                    prices {{ grand_total {{ value }} }} }} }}"#,
                self.cart
            ))
            .await;
        assert!(Self::is_told_in(&data), "{data}");
        data
    }

    pub(super) fn is_told_in(answer: &Value) -> bool {
        answer.to_string().contains(SECRET)
    }

    /// Writes the ids into the places of a route.
    pub(super) fn fill(&self, path: &str) -> String {
        let customer = self.customer.to_string();
        let parts = path.split('/').map(|part| match part {
            "{cartId}" => self.cart.as_str(),
            "{itemId}" => self.item.as_str(),
            "{customerId}" => customer.as_str(),
            "{countryId}" => "FR",
            "{sku}" | "{productSku}" => "TEA",
            place if place.starts_with('{') => "1",
            letters => letters,
        });
        parts.collect::<Vec<_>>().join("/").trim_start_matches('/').to_owned()
    }

    /// What any of the routes might read.
    pub(super) fn body(&self) -> Value {
        let address = json!({ "firstname": "Paul", "lastname": "Martin", "street": ["1 rue"],
            "city": "Lyon", "postcode": "69001", "country_id": "FR", "telephone": "0102030405" });
        json!({
            "cartItem": { "sku": "TEA", "qty": 5, "quote_id": self.cart },
            "address": address,
            "addressInformation": { "shipping_address": address, "billing_address": address,
                "shipping_carrier_code": "flat", "shipping_method_code": "flat" },
            "email": "jeanne@exemple.fr", "customerEmail": "jeanne@exemple.fr",
            "paymentMethod": { "method": "checkmo" },
            "customerId": self.customer, "storeId": 1, "template": "email_reset",
            "customer": { "id": self.customer, "email": "jeanne@exemple.fr", "firstname": "Paul",
                "lastname": "Martin" },
            "password": "un autre secret", "currentPassword": "un autre secret",
            "newPassword": "un autre secret", "username": "jeanne@exemple.fr", "otp": "123456",
        })
    }

    /// The literal that names what is hers in an argument of this name.
    fn named(&self, name: &str, of: &str) -> Option<String> {
        Some(match (name, of) {
            ("cart_id" | "cartId" | "source_cart_id" | "cart_uid", _) => {
                format!("\"{}\"", self.cart)
            }
            ("cart_item_id", "Int") => self.item.clone(),
            ("orderNumber" | "order_id" | "number", _) => format!("\"{}\"", self.order),
            ("id" | "customer_address_id", "Int") => self.address.to_string(),
            ("email", _) => "\"jeanne@exemple.fr\"".to_owned(),
            ("lastname", _) => "\"Dupont\"".to_owned(),
            ("sku", _) => "\"TEA\"".to_owned(),
            ("country_code", "CountryCodeEnum") => "FR".to_owned(),
            ("country_code", _) => "\"FR\"".to_owned(),
            ("postcode", _) => "\"75011\"".to_owned(),
            ("carrier_code" | "method_code", _) => "\"flat\"".to_owned(),
            ("code", _) => "\"checkmo\"".to_owned(),
            _ => return None,
        })
    }
}

/// Takes a cart to where it could be ordered.
async fn follow(jeanne: &Client, cart: &str, address: i64) {
    for query in [
        format!(
            r#"mutation {{ addProductsToCart(cartId: "{cart}", cartItems: [{{ sku: "TEA",
                quantity: 2 }}]) {{ cart {{ id }} }} }}"#
        ),
        format!(
            r#"mutation {{ setShippingAddressesOnCart(input: {{ cart_id: "{cart}",
                shipping_addresses: [{{ customer_address_id: {address} }}] }}) {{ cart {{ id }} }} }}"#
        ),
        format!(
            r#"mutation {{ setBillingAddressOnCart(input: {{ cart_id: "{cart}",
                billing_address: {{ same_as_shipping: true }} }}) {{ cart {{ id }} }} }}"#
        ),
        format!(
            r#"mutation {{ setShippingMethodsOnCart(input: {{ cart_id: "{cart}",
                shipping_methods: [{{ carrier_code: "flat", method_code: "flat" }}] }}) {{
                cart {{ id }} }} }}"#
        ),
        format!(
            r#"mutation {{ setPaymentMethodOnCart(input: {{ cart_id: "{cart}",
                payment_method: {{ code: "checkmo" }} }}) {{ cart {{ id }} }} }}"#
        ),
    ] {
        jeanne.ask(&query).await;
    }
}

/// The schema, by the names of its types.
pub(super) struct Schema(BTreeMap<String, Value>);

/// What is inside lists and beside nulls.
fn inner(of: &Value) -> &Value {
    match of.get("ofType") {
        Some(inside) if !inside.is_null() => inner(inside),
        _ => of,
    }
}

fn text<'v>(of: &'v Value, name: &str) -> &'v str {
    of[name].as_str().unwrap_or_default()
}

fn items<'v>(of: &'v Value, name: &str) -> impl Iterator<Item = &'v Value> {
    of[name].as_array().into_iter().flatten()
}

impl Schema {
    pub(super) async fn of(client: &Client) -> Self {
        let data = client
            .ask(
                "{ __schema { types { kind name enumValues { name }
                    inputFields { name type { ...T } }
                    fields(includeDeprecated: true) { name args { name type { ...T } }
                        type { ...T } } } } }
                fragment T on __Type { kind name ofType { kind name ofType { kind name
                    ofType { kind name ofType { kind name } } } } }",
            )
            .await;
        let types = data["__schema"]["types"].as_array().unwrap().iter();
        Self(types.map(|one| (text(one, "name").to_owned(), one.clone())).collect())
    }

    pub(super) fn fields(&self, of: &str) -> Vec<String> {
        items(&self.0[of], "fields").map(|field| text(field, "name").to_owned()).collect()
    }

    /// One field of a root, with the ids of what is somebody's and all that it answers.
    pub(super) fn ask(&self, root: &str, name: &str, theirs: &Theirs) -> String {
        let of = if root == "query" { "Query" } else { "Mutation" };
        let field = items(&self.0[of], "fields").find(|field| text(field, "name") == name).unwrap();
        let mut query = format!("{root} {{ {name}");
        let args = self.given(items(field, "args"), theirs);
        if !args.is_empty() {
            let _ = write!(query, "({args})");
        }
        let mut selections =
            (1..=5).rev().filter_map(|depth| self.selection(&field["type"], depth));
        let fits = |selection: &String| selection.split_ascii_whitespace().count() < 280;
        query.push_str(&selections.find(fits).unwrap_or_default());
        query + " }"
    }

    fn given<'v>(&self, fields: impl Iterator<Item = &'v Value>, theirs: &Theirs) -> String {
        let given = fields.filter_map(|field| {
            let (name, of) = (text(field, "name"), &field["type"]);
            let named = theirs.named(name, text(inner(of), "name"));
            let is_needed = text(of, "kind") == "NON_NULL" || name == "input";
            let value = match named {
                Some(value) => value,
                None if is_needed => self.literal(of, theirs),
                None => return None,
            };
            Some(format!("{name}: {value}"))
        });
        given.collect::<Vec<_>>().join(", ")
    }

    fn literal(&self, of: &Value, theirs: &Theirs) -> String {
        match text(of, "kind") {
            "NON_NULL" => self.literal(&of["ofType"], theirs),
            "LIST" => format!("[{}]", self.literal(&of["ofType"], theirs)),
            "INPUT_OBJECT" => {
                let fields = items(&self.0[text(of, "name")], "inputFields");
                format!("{{ {} }}", self.given(fields, theirs))
            }
            "ENUM" => {
                let values = &self.0[text(of, "name")]["enumValues"];
                text(&values[0], "name").to_owned()
            }
            _ => match text(of, "name") {
                "Int" | "Float" => "1".to_owned(),
                "Boolean" => "true".to_owned(),
                _ => "\"x\"".to_owned(),
            },
        }
    }

    /// All that a type tells without being asked more, as deep as the limits let.
    fn selection(&self, of: &Value, depth: u32) -> Option<String> {
        let of = &self.0[text(inner(of), "name")];
        match text(of, "kind") {
            "SCALAR" | "ENUM" => return Some(String::new()),
            "UNION" => return Some(" { __typename }".to_owned()),
            _ if depth == 0 => return None,
            _ => {}
        }
        let mut selected = String::new();
        for field in items(of, "fields") {
            let name = text(field, "name");
            let is_asking =
                items(field, "args").any(|arg| text(&arg["type"], "kind") == "NON_NULL");
            // What is bought is the same for everybody.
            if is_asking || name == "product" {
                continue;
            }
            if let Some(inside) = self.selection(&field["type"], depth - 1) {
                let _ = write!(selected, " {name}{inside}");
            }
        }
        (!selected.is_empty()).then(|| format!(" {{{selected} }}"))
    }
}
