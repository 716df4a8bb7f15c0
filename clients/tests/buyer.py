"""Somebody who buys: what they have in the shop, and what each operation has to show of it.

The amounts are worked out here from prices, quantities and the rate of the tax, not read from an
answer.
"""

import base64
import email
import email.policy
import http.client
import itertools
import json
import re
import time
import urllib.parse
from decimal import ROUND_HALF_UP, Decimal

BOTTLE, FLASK, FLASK_FOREST = "GL-BOT-750", "bouteille-isotherme-500-ml", "GL-BOT-ISO-FOREST"
FLASK_MIST, STRAWS = "GL-BOT-ISO-MIST", "GL-LUN-004"
PRICES = {
    BOTTLE: Decimal("19.90"),
    FLASK_FOREST: Decimal("32.00"),
    FLASK_MIST: Decimal("32.00"),
    STRAWS: Decimal("8.50"),
}
# The product that a line of the cart shows: a variant's is the configurable one.
SHOWN = {FLASK_FOREST: FLASK, FLASK_MIST: FLASK}
PASSWORD, OTHER_PASSWORD = "un secret bien long", "un autre secret bien long"
PARENT, CATEGORY = base64.b64encode(b"1").decode(), base64.b64encode(b"3").decode()
HOME = {
    "firstname": "Jeanne",
    "lastname": "Dupont",
    "street": ["1 rue du Thé"],
    "city": "Paris",
    "postcode": "75011",
    "country_code": "FR",
    "telephone": "0102030405",
}
# Where an operation moves something to.
AWAY = HOME | {"street": ["2 quai des Herbes"], "city": "Nantes", "postcode": "44000"}
N_CLIENTS = itertools.count(2)
CENT = Decimal("0.01")


def euros(amount):
    return {"value": float(amount), "currency": "EUR"}


class Answer:
    def __init__(self, response):
        self.status = response.status
        self.headers = {name.lower(): value for name, value in response.getheaders()}
        self.json = json.loads(response.read())

    @property
    def data(self):
        assert "errors" not in self.json, self.json
        return self.json["data"]


class Client:
    """One address, because the shop counts tries that guess by the address."""

    def __init__(self, shop):
        n = next(N_CLIENTS)
        self.source = f"127.{1 + n // 62500}.{n // 250 % 250}.{2 + n % 250}"
        self.host = urllib.parse.urlsplit(shop).netloc
        self.headers = {"content-type": "application/json"}

    def ask(self, text, variables=None, by_get=False):
        asked = {"query": text, "variables": variables or {}}
        connection = http.client.HTTPConnection(
            self.host, timeout=60, source_address=(self.source, 0)
        )
        if by_get:
            asked["variables"] = json.dumps(asked["variables"])
            address = f"/graphql?{urllib.parse.urlencode(asked)}"
            connection.request("GET", address, headers=self.headers)
        else:
            connection.request("POST", "/graphql", json.dumps(asked), self.headers)
        try:
            return Answer(connection.getresponse())
        finally:
            connection.close()


class Buyer(Client):
    """A guest, until they register."""

    def __init__(self, shop):
        super().__init__(shop)
        self.shop, self.number = shop, next(N_CLIENTS)
        self.email = f"jeanne{self.number}@exemple.fr"
        self.name, self.is_customer = ("Jeanne", "Dupont"), False
        self.token, self.mask, self.other_mask = None, None, None
        self.address, self.item, self.order = None, None, None
        self.lines, self.delivery, self.billing, self.book = {}, HOME, HOME, HOME
        self.variables = {}
        self.payment = "checkmo"

    def do(self, text, **variables):
        return self.ask(text, variables).data

    def register(self):
        self.do(
            "mutation($email: String!, $password: String!) { createCustomer(input: { email: $email,"
            ' password: $password, firstname: "Jeanne", lastname: "Dupont" }) {'
            " customer { email } } }",
            email=self.email,
            password=PASSWORD,
        )
        self.log_in()
        self.is_customer = True
        self.add_address()
        return self

    def log_in(self):
        token = self.do(
            "mutation($email: String!, $password: String!) {"
            " generateCustomerToken(email: $email, password: $password) { token } }",
            email=self.email,
            password=PASSWORD,
        )["generateCustomerToken"]["token"]
        self.token, self.headers["authorization"] = token, f"Bearer {token}"

    def add_address(self):
        made = self.do(
            "mutation($it: CustomerAddressInput!) { createCustomerAddress(input: $it) { id } }",
            it=HOME | {"default_shipping": True, "default_billing": True},
        )
        self.address = made["createCustomerAddress"]["id"]

    def fill_cart(self):
        """A cart with two lines on which all questions are answered."""
        self.mask = self.do("mutation { createEmptyCart }")["createEmptyCart"]
        shown = self.do(
            "query($cart: String!) { cart(cart_id: $cart) { items { uid } } }", cart=self.mask
        )
        for line in shown["cart"]["items"]:
            self.do(
                "mutation($cart: String!, $uid: ID!) { removeItemFromCart(input: {"
                " cart_id: $cart, cart_item_uid: $uid }) { cart { id } } }",
                cart=self.mask,
                uid=line["uid"],
            )
        self.lines = {BOTTLE: 2, FLASK_FOREST: 1}
        added = self.do(
            "mutation($cart: String!, $items: [CartItemInput!]!) {"
            " addProductsToCart(cartId: $cart, cartItems: $items) {"
            " cart { items { uid } } user_errors { message } } }",
            cart=self.mask,
            items=[{"sku": sku, "quantity": n} for sku, n in self.lines.items()],
        )["addProductsToCart"]
        assert added["user_errors"] == []
        self.item = added["cart"]["items"][0]["uid"]
        if not self.is_customer:
            self.do(
                "mutation($cart: String!, $email: String!) { setGuestEmailOnCart(input: {"
                " cart_id: $cart, email: $email }) { cart { id } } }",
                cart=self.mask,
                email=self.email,
            )
        self.do(
            "mutation($cart: String!, $it: CartAddressInput!) {"
            " setShippingAddressesOnCart(input: { cart_id: $cart, shipping_addresses: ["
            " { address: $it }] }) { cart { id } }"
            " setBillingAddressOnCart(input: { cart_id: $cart, billing_address: {"
            " address: $it } }) { cart { id } }"
            " setShippingMethodsOnCart(input: { cart_id: $cart, shipping_methods: ["
            ' { carrier_code: "relais", method_code: "relais" }] }) { cart { id } }'
            " setPaymentMethodOnCart(input: { cart_id: $cart, payment_method: {"
            ' code: "checkmo" } }) { cart { id } } }',
            cart=self.mask,
            it=HOME,
        )
        self.delivery, self.billing, self.payment = HOME, HOME, "checkmo"

    def place(self):
        self.fill_cart()
        placed = self.do(
            "mutation($cart: String!) { placeOrder(input: { cart_id: $cart }) {"
            " orderV2 { number } errors { message } } }",
            cart=self.mask,
        )["placeOrder"]
        assert placed["errors"] == []
        self.order = placed["orderV2"]["number"]

    def reset_token(self, mails):
        """What the link of the mail that they asked for says."""
        self.do(
            "mutation($email: String!) { requestPasswordResetEmail(email: $email) }",
            email=self.email,
        )
        for _ in range(120):
            for path in sorted(mails.glob("*.eml")):
                mail = email.message_from_bytes(path.read_bytes(), policy=email.policy.default)
                text = mail.get_body(("plain",)).get_content()
                found = re.search(r"/account/reset/([\w-]+)", text)
                if self.email in mail["to"] and found:
                    return found[1]
            time.sleep(0.25)
        raise AssertionError(f"no mail to {self.email}")

    # What a cart of theirs comes to.

    def gross(self):
        return sum(PRICES[sku] * n for sku, n in self.lines.items())

    def net(self):
        nets = (PRICES[sku] * n / Decimal("1.2") for sku, n in self.lines.items())
        return sum(it.quantize(CENT, ROUND_HALF_UP) for it in nets)

    def shipping(self):
        """To a pick-up point: free from 60 euros on."""
        return Decimal(0) if self.gross() >= 60 else Decimal("3.90")

    def shipping_net(self):
        return (self.shipping() / Decimal("1.2")).quantize(CENT, ROUND_HALF_UP)

    def total(self):
        return self.gross() + self.shipping()

    def tax(self):
        return self.total() - self.net() - self.shipping_net()
