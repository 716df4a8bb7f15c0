"""What an answer has to be: of the shape that Magento's schema says, with the values we know."""

import re

from graphql import get_named_type, is_abstract_type, is_leaf_type, is_list_type, is_non_null_type
from graphql import parse

from buyer import BOTTLE, CATEGORY, FLASK, PARENT, PRICES, SHOWN, euros
from operations import schemas

class Like:
    """Equal to any text of a form."""

    def __init__(self, form):
        self.form = re.compile(form)

    def __eq__(self, text):
        return isinstance(text, str) and bool(self.form.fullmatch(text))

    def __repr__(self):
        return f"like {self.form.pattern}"


COUNTRIES = {"FR": ("France", "FRA"), "BE": ("Belgique", "BEL"), "DE": ("Allemagne", "DEU")}
BOTTLE_NAME = "Gourde inox 750\N{NO-BREAK SPACE}ml, bouchon bois"
PRODUCTS = {
    BOTTLE: {
        "name": BOTTLE_NAME,
        "url_key": "gourde-inox-750-ml-bouchon-bois",
        "stock_status": "IN_STOCK",
        "regular": 24.9,
        "final": 19.9,
        "__typename": "SimpleProduct",
    },
    FLASK: {
        "name": "Bouteille isotherme 500\N{NO-BREAK SPACE}ml",
        "url_key": "bouteille-isotherme-500-ml",
        "stock_status": "IN_STOCK",
        "regular": 32,
        "final": 32,
        "__typename": "ConfigurableProduct",
    },
}


def of_product(name):
    def value(buyer, it):
        known = PRODUCTS.get(it.get("sku")) or by_url_key(it)
        return known and known[name]

    return value


def by_url_key(it):
    keys = (known for known in PRODUCTS.values() if known["url_key"] == it.get("url_key"))
    return next(keys, None)


def price_range(buyer, it):
    known = PRODUCTS.get(it.get("sku")) or by_url_key(it)
    if not known:
        return None
    off = round(known["regular"] - known["final"], 2)
    price = {
        "regular_price": {"value": known["regular"], "currency": "EUR"},
        "final_price": {"value": known["final"], "currency": "EUR"},
        "discount": {"amount_off": off},
    }
    return {"minimum_price": price, "maximum_price": price}


def address(of):
    def value(name):
        return lambda buyer, it: getattr(buyer, of)[name]

    names = ("firstname", "lastname", "street", "city", "postcode", "telephone")
    return {name: value(name) for name in names} | {
        "country": lambda buyer, it: {"code": getattr(buyer, of)["country_code"]},
    }


def line(buyer, it):
    """The line of the cart, by what it shows."""
    shown = (it.get("product") or {}).get("sku")
    variant = (it.get("configured_variant") or {}).get("sku")
    skus = [sku for sku in buyer.lines if sku == variant or SHOWN.get(sku, sku) == shown]
    return skus[0] if len(skus) == 1 else None


def item_prices(buyer, it):
    sku = line(buyer, it)
    if not sku:
        return None
    gross = PRICES[sku] * buyer.lines[sku]
    return {"price_including_tax": euros(PRICES[sku]), "row_total_including_tax": euros(gross)}


def quantity(buyer, it):
    sku = line(buyer, it)
    return sku and buyer.lines[sku]


def payment_title(buyer, it):
    return {"checkmo": "Chèque", "banktransfer": "Virement bancaire"}[buyer.payment]


def shipping_method(buyer, it):
    return {
        "carrier_code": "relais",
        "method_code": "relais",
        "carrier_title": "Point relais",
        "method_title": "Point relais",
        "amount": euros(buyer.shipping()),
    }


def of_order(buyer, it):
    """The amounts of an order of what `fill_cart` puts into a cart."""
    return {
        "grand_total": euros(71.8),
        "base_grand_total": euros(71.8),
        "total_tax": euros(11.96),
        "total_shipping": euros(0),
        "subtotal": euros(71.8),
        "discounts": [],
    }


PRODUCT = {
    "name": of_product("name"),
    "url_key": of_product("url_key"),
    "stock_status": of_product("stock_status"),
    "__typename": of_product("__typename"),
    "url_suffix": "",
    "price_range": price_range,
}

CATEGORIES = {
    CATEGORY: {
        "name": "Gourdes et repas à emporter",
        "url_key": "gourdes-et-repas-a-emporter",
        "url_path": "cuisine-et-epicerie/gourdes-et-repas-a-emporter",
        "product_count": 9,
        "children_count": "0",
        "children": [],
    },
    PARENT: {
        "name": "Cuisine et épicerie",
        "url_key": "cuisine-et-epicerie",
        "url_path": "cuisine-et-epicerie",
        "product_count": 33,
        "children_count": "4",
        "children": [{"uid": uid} for uid in ("Mg==", "Mw==", "NA==", "NQ==")],
    },
}


def of_category(name):
    return lambda buyer, it: CATEGORIES.get(it.get("uid"), {}).get(name)


def shipping_methods(buyer, it):
    """What the demo shop's table of prices says for a parcel to Nantes or Paris."""
    home = 0 if buyer.gross() >= 90 else 5.9
    prices = {"relais": float(buyer.shipping()), "colissimo": home, "express": 12.9, "retrait": 0}
    return [
        {"carrier_code": code, "method_code": code, "available": True, "amount": {"value": price}}
        for code, price in prices.items()
    ]


def count_of(buyer, it):
    """How many products an operation finds, where it asks for nothing but them."""
    asked = buyer.variables
    filters = asked.get("filters") or asked.get("filter") or {}
    if filters == {"category_uid": {"eq": CATEGORY}} and not asked.get("inputText"):
        return 9
    by_keys = asked.get("url_keys") or filters.get("url_key", {}).get("in")
    return len(by_keys) if by_keys else None


def ordered(buyer, it):
    return {"order_number": NUMBER, "order_id": NUMBER}


NUMBER = Like(r"GL\d{6}")
TRUE = {
    "contactUs": {"status": True},
    "createEmptyCart": Like("[0-9a-f]{32}"),
    "deleteCustomerAddress": True,
    "generateCustomerToken": {"token": Like(".{20,}")},
    "requestPasswordResetEmail": True,
    "resetPassword": True,
    "revokeCustomerToken": {"result": True},
}

# What the demo shop and the buyer have, by type and field: a value or a function of the buyer and
# the object that the field is in. `None` says that nothing is known.
KNOWN = {
    "Mutation": TRUE,
    "Query": {
        "cmsBlocks": {"items": []},
        "customerPaymentTokens": {"items": []},
        "productReviewRatingsMetadata": {"items": []},
        "recaptchaV3Config": lambda buyer, it: NULL,
        "__type": {"name": "ProductAttributeFilterInput"},
    },
    "SearchTerm": {
        name: lambda buyer, it: NULL for name in ("popularity", "query_text", "redirect")
    },
    "Products": {"total_count": count_of},
    "SortFields": {
        "options": [{"value": name} for name in ("position", "name", "price", "relevance")],
    },
    "PlaceOrderOutput": {"order": ordered, "orderV2": {"number": NUMBER}, "errors": []},
    "StoreConfig": {
        "store_name": "GreenLeaf",
        "store_group_name": "GreenLeaf",
        "store_group_code": "fr",
        "website_name": "GreenLeaf",
        "copyright": "GreenLeaf Démo SAS",
        "timezone": "Europe/Paris",
        "weight_unit": "kgs",
        "base_currency_code": "EUR",
        "default_display_currency_code": "EUR",
        "product_url_suffix": "",
        "category_url_suffix": "",
        "root_category_uid": "MjE0NzQ4MzY0Nw==",
        "root_category_id": 2147483647,
        "catalog_default_sort_by": "position",
        "grid_per_page": 24,
        "list_per_page": 24,
        "grid_per_page_values": "12,24,36",
        "minimum_password_length": "12",
        "configurable_thumbnail_source": "parent",
        "magento_wishlist_general_is_enabled": "0",
        "cms_home_page": "home",
        "title_separator": "-",
        "default_title": "GreenLeaf",
        "default_country": "FR",
        "product_canonical_tag": True,
        "category_canonical_tag": True,
        "secure_base_media_url": lambda buyer, it: f"{buyer.shop}/media/",
        "secure_base_url": lambda buyer, it: f"{buyer.shop}/",
        "base_url": lambda buyer, it: f"{buyer.shop}/",
        "locale": lambda buyer, it: "en_GB" if it.get("store_code") == "en" else "fr_FR",
        "store_code": lambda buyer, it: {"fr_FR": "default", "en_GB": "en"}.get(it.get("locale")),
    },
    "Currency": {
        "available_currency_codes": ["EUR"],
        "base_currency_code": "EUR",
        "default_display_currency_code": "EUR",
        "default_display_currency_symbol": "€",
    },
    "Country": {
        "full_name_locale": lambda buyer, it: COUNTRIES.get(it.get("id"), (None,))[0],
        "two_letter_abbreviation": lambda buyer, it: it.get("id"),
        "three_letter_abbreviation": lambda buyer, it: COUNTRIES.get(it.get("id"), (None, None))[1],
        "available_regions": lambda buyer, it: NULL,
    },
    "SimpleProduct": PRODUCT,
    "ConfigurableProduct": PRODUCT,
    "CategoryTree": {
        name: of_category(name)
        for name in ("name", "url_key", "url_path", "product_count", "children_count", "children")
    },
    "CmsPage": {
        "title": "Livraison et retours",
        "content_heading": "Livraison et retours",
        "url_key": "livraison-et-retours",
        "identifier": "shipping-returns",
        "page_layout": "1column",
    },
    "EntityUrl": {
        "type": "PRODUCT",
        "id": 16,
        "entity_uid": "MTY=",
        "relative_url": "gourde-inox-750-ml-bouchon-bois",
        "redirectCode": 0,
    },
    "Customer": {
        "email": lambda buyer, it: buyer.email,
        "firstname": lambda buyer, it: buyer.name[0],
        "lastname": lambda buyer, it: buyer.name[1],
        "is_confirmed": True,
        "is_subscribed": False,
        "wishlists": [],
        "reviews": {"items": []},
        "default_shipping": lambda buyer, it: buyer.address and str(buyer.address),
        "default_billing": lambda buyer, it: buyer.address and str(buyer.address),
    },
    "CustomerAddress": address("book") | {
        "country_code": "FR",
        "default_shipping": lambda buyer, it: it.get("id") == buyer.address or None,
    },
    "CustomerOrders": {"total_count": 1},
    "CustomerOrder": {
        "number": lambda buyer, it: buyer.order,
        "order_number": lambda buyer, it: buyer.order,
        "status": "Pending",
        "state": "new",
        "shipping_method": "Point relais",
        "total": of_order,
        "shipping_address": lambda buyer, it: {"city": "Paris", "postcode": "75011"},
        "billing_address": lambda buyer, it: {"city": "Paris", "postcode": "75011"},
    },
    "OrderItem": {
        "product_name": lambda buyer, it: {
            BOTTLE: BOTTLE_NAME,
        }.get(it.get("product_sku")),
        "quantity_ordered": lambda buyer, it: {BOTTLE: 2}.get(it.get("product_sku")),
        "product_url_key": lambda buyer, it: {
            BOTTLE: "gourde-inox-750-ml-bouchon-bois",
        }.get(it.get("product_sku")),
    },
    "Cart": {
        "id": lambda buyer, it: buyer.mask,
        "email": lambda buyer, it: buyer.email,
        "is_virtual": False,
        "items": lambda buyer, it: [None] * len(buyer.lines),
        "total_quantity": lambda buyer, it: sum(buyer.lines.values()),
        "total_summary_quantity_including_config": lambda buyer, it: sum(buyer.lines.values()),
        "applied_coupons": lambda buyer, it: NULL,
        "applied_coupon": lambda buyer, it: NULL,
        "available_payment_methods": lambda buyer, it: [
            {"code": "banktransfer", "title": "Virement bancaire"},
            {"code": "checkmo", "title": "Chèque"},
            {"code": "cashondelivery"},
        ],
        "selected_payment_method": lambda buyer, it: {
            "code": buyer.payment,
            "title": payment_title(buyer, it),
        },
    },
    "CartPrices": {
        "grand_total": lambda buyer, it: euros(buyer.total()),
        "subtotal_including_tax": lambda buyer, it: euros(buyer.gross()),
        "subtotal_excluding_tax": lambda buyer, it: euros(buyer.net()),
        "subtotal_with_discount_excluding_tax": lambda buyer, it: euros(buyer.net()),
        "discounts": lambda buyer, it: NULL,
        "applied_taxes": lambda buyer, it: [{"amount": euros(buyer.tax())}],
    },
    "SimpleCartItem": {"quantity": quantity, "prices": item_prices},
    "ConfigurableCartItem": {"quantity": quantity, "prices": item_prices},
    "ShippingCartAddress": address("delivery")
    | {
        "selected_shipping_method": shipping_method,
        "available_shipping_methods": shipping_methods,
    },
    "BillingCartAddress": address("billing"),
    "AddProductsToCartOutput": {"user_errors": lambda buyer, it: []},
    "IsEmailAvailableOutput": {
        "is_email_available": lambda buyer, it: not buyer.is_customer,
    },
    "RobotsConfig": {"defaultRobots": "INDEX,FOLLOW"},
}
# Says that null is right, where `None` says that nothing is known.
NULL = object()


class Check:
    """Reads one answer, and says what is wrong with it and how many values were compared."""

    def __init__(self, operation, buyer, do):
        """`do` has the buyer do what a root field says: mutations are done one after another."""
        self.buyer, self.do, self.schemas = buyer, do, schemas()
        document = parse(operation.text, no_location=True)
        self.fragments = {
            it.name.value: it for it in document.definitions if it.kind == "fragment_definition"
        }
        (self.operation,) = (
            it for it in document.definitions if it.kind == "operation_definition"
        )
        self.root = "Mutation" if operation.is_mutation else "Query"
        self.wrong, self.n_compared = [], 0

    def read(self, data, refused):
        self.refused = refused
        self.object(self.root, [self.operation.selection_set], data, (), {})
        return self

    def collect(self, type_name, selection_sets):
        """The fields that an object of this type has, by their key in the answer."""
        fields, to_read = {}, list(selection_sets)
        while to_read:
            for it in to_read.pop(0).selections:
                if it.kind == "field":
                    key = (it.alias or it.name).value
                    fields.setdefault(key, []).append(it)
                    continue
                inline = it.kind == "inline_fragment"
                fragment = it if inline else self.fragments[it.name.value]
                on = fragment.type_condition
                if on is None or self.is_a(type_name, on.name.value):
                    to_read.append(fragment.selection_set)
        return fields

    def is_a(self, type_name, on):
        if type_name == on:
            return True
        for schema in self.schemas:
            wanted, given = schema.get_type(on), schema.get_type(type_name)
            if wanted and given:
                return is_abstract_type(wanted) and schema.is_sub_type(wanted, given)
        return False

    def field_type(self, type_name, name):
        """As Magento's schema has it; as ours, where only PWA Studio's modules have the field."""
        for schema in self.schemas:
            of = schema.get_type(type_name)
            if of and name in getattr(of, "fields", {}):
                return of.fields[name].type
        return None

    def object(self, type_name, selection_sets, value, path, known):
        if type_name not in KNOWN and not known and type_name.startswith("__"):
            return
        mine = KNOWN.get(type_name, {})
        fields = self.collect(type_name, selection_sets)
        if set(fields) != set(value):
            self.wrong.append(f"{dotted(path)}: {sorted(value)} instead of {sorted(fields)}")
            return
        for key, nodes in fields.items():
            name = nodes[0].name.value
            if not path:
                self.do(name)
            expected = known.get(name)
            if expected is None and name in mine:
                expected = mine[name]
                expected = expected(self.buyer, value) if callable(expected) else expected
            below = (*path, key)
            if name == "__typename":
                self.leaf(value[key], expected, below)
            elif not name.startswith("__"):
                of = self.field_type(type_name, name)
                self.value(of, nodes, value[key], below, expected)

    def value(self, of, nodes, value, path, expected):
        if is_non_null_type(of):
            if value is None and path not in self.refused:
                self.wrong.append(f"{dotted(path)} is null")
            of = of.of_type
        if value is None or expected is NULL:
            if expected is not None and path not in self.refused:
                self.leaf(value, None if expected is NULL else expected, path)
            return
        if is_list_type(of):
            if not isinstance(value, list):
                self.wrong.append(f"{dotted(path)} is no list: {value!r}")
                return
            if is_leaf_type(get_named_type(of)):
                if expected is not None:
                    self.leaf(value, expected, path)
            elif isinstance(expected, list) and len(expected) != len(value):
                self.wrong.append(f"{dotted(path)} has {len(value)}, not {len(expected)}")
            elif isinstance(expected, list):
                self.n_compared += 1
            for at, item in enumerate(value):
                one = expected[at] if isinstance(expected, list) and at < len(expected) else None
                one = None if is_leaf_type(get_named_type(of)) else one
                self.value(of.of_type, nodes, item, (*path, at), one)
            return
        if is_leaf_type(of):
            if not fits(of, value):
                self.wrong.append(f"{dotted(path)} is no {of}: {value!r}")
            if expected is not None:
                self.leaf(value, expected, path)
            return
        type_name = value.get("__typename") or of.name
        if not self.is_a(type_name, of.name):
            self.wrong.append(f"{dotted(path)} is a {type_name}, no {of.name}")
            return
        sets = [node.selection_set for node in nodes]
        known = expected if isinstance(expected, dict) else {}
        self.object(type_name, sets, value, path, known)

    def leaf(self, value, expected, path):
        if expected is None and value is not None:
            if path[-1] == "__typename":
                return
        self.n_compared += 1
        if value != expected:
            self.wrong.append(f"{dotted(path)} is {value!r}, not {expected!r}")


def fits(of, value):
    match of.name:
        case "Int":
            return isinstance(value, int) and not isinstance(value, bool)
        case "Float":
            return isinstance(value, int | float) and not isinstance(value, bool)
        case "Boolean":
            return isinstance(value, bool)
    if hasattr(of, "values"):
        return value in of.values
    return isinstance(value, str)


def dotted(path):
    return ".".join(map(str, path))
