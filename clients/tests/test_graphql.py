"""Every GraphQL operation of the storefronts that are written for Magento, as guest and customer.

What an operation has to answer is in `answers.py`; what the shop does not do is in
`refusals.toml`, with the words it is refused in, so that a feature that comes or goes is noticed.
`COMPATIBILITY=write` writes `docs/api/compatibility.md` anew.
"""

import os
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

import compatibility
from answers import Check
from buyer import (
    AWAY, BOTTLE, CATEGORY, FLASK, FLASK_FOREST, FLASK_MIST, HOME, OTHER_PASSWORD, PARENT, PASSWORD,
    STRAWS, Buyer,
)  # fmt: skip
from operations import CONFORMANCE, MISSING, all_operations, sdl

REFUSALS = tomllib.loads((Path(__file__).parent / "refusals.toml").read_text())["refusal"]
ROLES = ("guest", "customer")
needs_operations = pytest.mark.skipif(bool(MISSING), reason=MISSING)
# Whoever has done one of these is somebody else afterwards.
SPENDS_ACCOUNT = {
    "changeCustomerPassword",
    "deleteCustomer",
    "deleteCustomerAddress",
    "createCustomer",
    "createCustomerAddress",
    "createCustomerV2",
    "updateCustomerAddress",
    "mergeCarts",
    "placeOrder",
    "resetPassword",
    "requestPasswordResetEmail",
    "revokeCustomerToken",
    "updateCustomer",
    "updateCustomerEmail",
    "updateCustomerV2",
}
BROWSED = {
    "__schema",
    "__type",
    "availableStores",
    "categories",
    "category",
    "categoryList",
    "cmsBlocks",
    "cmsPage",
    "countries",
    "country",
    "currency",
    "products",
    "route",
    "storeConfig",
    "urlResolver",
}


@needs_operations
def test_the_committed_contract_accepts_every_operation(tmp_path):
    contract = tmp_path / "contract.graphql"
    contract.write_text(sdl())
    done = subprocess.run(
        [sys.executable, CONFORMANCE / "validate.py", contract, "--failures"],
        capture_output=True,
        text=True,
        timeout=600,
    )
    assert done.returncode == 0, done.stderr
    last = done.stdout.splitlines()[-1]
    assert last.startswith("valid ") and last.endswith("(100.0%)"), done.stdout[-4000:]


@pytest.fixture(scope="session")
def regular(shop):
    """A customer for all operations that leave an account as it was."""
    buyer = Buyer(shop).register()
    buyer.place()
    return buyer


@pytest.fixture(scope="session")
def results():
    return {}


@needs_operations
@pytest.mark.parametrize("role", ROLES)
@pytest.mark.parametrize("operation", all_operations(), ids=str)
def test_an_operation_is_answered_as_by_magento(operation, role, shop, data, request, results):
    buyer = buyer_for(operation, role, shop, request)
    variables = {name: value_of(name, of, operation, buyer, data)
                 for name, of in operation.variables.items()}  # fmt: skip
    variables = {name: value for name, value in variables.items() if value is not ...}
    by_get = operation.client == "pwa-studio" and not operation.is_mutation
    if role == "guest" and not buyer.is_customer:
        buyer.headers.pop("authorization", None)

    buyer.variables = variables
    answer = buyer.ask(operation.text, variables, by_get)

    wrong = transport(answer, operation, by_get)
    expected = refusals_of(operation, role, buyer, variables)
    given = {error["path"][0] if error.get("path") else None: (
        error.get("extensions", {}).get("category"), error["message"])
        for error in answer.json.get("errors", [])}  # fmt: skip
    wrong += [f"refused: {root} {error}" for root, error in given.items()
              if expected.get(root, (None,) * 3)[:2] != error]  # fmt: skip
    wrong += [f"not refused: {root}" for root in expected if root not in given]
    check = Check(operation, buyer, lambda root: root in expected or do(root, buyer, variables))
    if answer.json.get("data") is not None:
        check.read(answer.json["data"], {(root,) for root in expected})
    elif not given:
        wrong.append("there is no data")
    wrong += check.wrong
    results[operation, role] = compatibility.Result(
        operation, role, wrong, expected, check.n_compared, answer.json.get("data")
    )
    assert not wrong, "\n".join([*wrong[:12], str(variables)])


def transport(answer, operation, by_get):
    """What is wrong with status and headers."""
    expected = {"content-type": "application/json"}
    is_browsed = set(operation.fields) <= BROWSED and "errors" not in answer.json
    if not is_browsed:
        # Of what is not executed, for a variable that is missing say, the front says `private`.
        is_executed = "data" in answer.json
        expected["cache-control"] = (
            "no-store, no-cache, must-revalidate" if is_executed else "private, no-store"
        )
    elif by_get:
        expected["cache-control"] = "public, no-cache"
    wrong = [f"{name}: {answer.headers.get(name)}" for name, value in expected.items()
             if answer.headers.get(name) != value]  # fmt: skip
    tags = answer.headers.get("x-magento-tags", "")
    if tags.endswith("FPC") != (is_browsed and by_get):
        wrong.append(f"X-Magento-Tags is {tags!r}")
    if len(answer.headers.get("x-magento-cache-id", "")) != 64:
        wrong.append("X-Magento-Cache-Id is missing")
    if answer.status != 200:
        wrong.append(f"status {answer.status}")
    return wrong


def refusals_of(operation, role, buyer, variables):
    """What must be refused, by root field: category, message and why."""
    refused = {}
    for it in REFUSALS:
        if it.get("role", role) != role or it["field"] not in operation.fields:
            continue
        if "operations" in it and not {operation.name, operation.id} & set(it["operations"]):
            continue
        message = it["message"].format(**{"cart": buyer.mask, "sku": STRAWS} | variables)
        refused.setdefault(it["field"], (it["category"], message, it["because"]))
    return refused


def buyer_for(operation, role, shop, request):
    roots = set(operation.fields)
    if role == "guest":
        buyer = Buyer(shop)
        if roots & {"generateCustomerToken", "resetPassword"}:
            buyer.register()
    elif roots & SPENDS_ACCOUNT:
        buyer = Buyer(shop).register()
    else:
        buyer = request.getfixturevalue("regular")
    asks = operation.text.lower()
    if "cart" in asks or "placeOrder" in roots:
        buyer.fill_cart()
    if "mergeCarts" in roots:
        other = Buyer(shop)
        other.fill_cart()
        buyer.other_mask = other.mask
    return buyer


def value_of(name, of, operation, buyer, data):
    """Something realistic for a variable; `...` leaves it out."""
    of = of.rstrip("!")
    roots = set(operation.fields)
    is_vue = operation.client == "vue-storefront"
    product = {"sku": FLASK_MIST if "onfigurable" in str(roots) else STRAWS, "quantity": 1}
    url = "gourde-inox-750-ml-bouchon-bois"
    if name == "input":
        return inputs(of, buyer, product)
    if name == "id":
        if of == "Int":
            return buyer.address or 1
        if of == "ID":
            return "1"
        if "country" in roots:
            return "FR"
        # Those that show the children of a category.
        return PARENT if operation.name in ("GetCategoryList", "GetNavigationMenu") else CATEGORY
    if name == "quantity" and "updateCartItems" not in roots:
        return 1
    if name in ("paymentMethodCode", "paymentMethod"):
        code = "braintree" if "nonce" in operation.variables else "banktransfer"
        return {"code": code} if name == "paymentMethod" else code
    if name in ("address", "updated_address"):
        # What PWA Studio's forms fill in, for a country without regions.
        return AWAY | ({"region": {}} if of == "CustomerAddressInput" else {"region": ""})
    if name == "email" and roots & {"createCustomer", "createCustomerV2", "updateCustomerEmail",
                                    "updateCustomer"}:  # fmt: skip
        return f"new-{operation.id}-{buyer.number}@exemple.fr"
    if name in ("token", "resetPasswordToken"):
        return buyer.reset_token(data / "data" / "mail")
    if name == "filter" and of == "CustomerOrdersFilterInput":
        return {}
    if name == "street":
        return AWAY["street"]
    if name in AWAY and (name in ("firstname", "lastname") or "ddress" in operation.text):
        return AWAY[name]
    known = {
        "cartId": buyer.mask,
        "cart_id": buyer.mask,
        "sourceCartId": buyer.other_mask,
        "destinationCartId": buyer.mask,
        "cartItemId": buyer.item,
        "cartItemUid": buyer.item,
        "itemId": buyer.item,
        "itemUid": buyer.item,
        "quantity": 3,
        "cartItem": product,
        "product": product,
        "itemOptions": product,
        "cartItems": [product if of.startswith("[CartItemInput")
                      else {"data": product, "bundle_options": []} if "Bundle" in of
                      else {"data": product}],
        "simpleCartItems": [{"data": product}],
        "virtualCartItems": [{"data": product}],
        "sku": FLASK_MIST if "addConfigurableProductsToCart" in roots
        else STRAWS if operation.is_mutation else FLASK,
        "parentSku": FLASK,
        "variantSku": FLASK_MIST,
        "addressId": buyer.address or 1,
        "firstName": AWAY["firstname"],
        "lastName": AWAY["lastname"],
        "street1": AWAY["street"][0],
        "street2": ...,
        "city": AWAY["city"],
        "postcode": AWAY["postcode"],
        "country": "FR",
        "countryCode": "FR",
        "country_code": "FR",
        "country_id": "FR",
        "phoneNumber": AWAY["telephone"],
        "telephone": AWAY["telephone"],
        "company": ...,
        "region": {} if of == "CustomerAddressRegionInput" else "",
        "region_code": "",
        "regionCode": "",
        "save_in_address_book": False,
        "default_billing": True,
        "default_shipping": True,
        "couponCode": "PRINTEMPS",
        "carrier_code": "relais",
        "method_code": "relais",
        "shippingMethod": {"carrier_code": "relais", "method_code": "relais"},
        "nonce": "fake-valid-nonce",
        "paymentNonce": "fake-valid-nonce",
        "paymentHash": "0123456789abcdef",
        "email": buyer.email,
        "password": PASSWORD,
        "currentPassword": PASSWORD,
        "newPassword": OTHER_PASSWORD,
        "name": "Jeanne Dupont",
        "comment": "Livrez-vous à Nantes ?",
        "isSubscribed": False,
        "is_subscribed": False,
        "customerInput": {"firstname": "Marie", "lastname": "Martin"},
        "orderNumber": buyer.order or "GL000001",
        "wishlistId": "1",
        "wishlistItemsId": ["1"],
        "items": [product] if "WishlistItemInput" in of else ["1"],
        "url": url,
        "urlKey": url,
        "urlKeys": [url, FLASK],
        "url_keys": [url, FLASK],
        "identifier": "shipping-returns",
        "identifiers": ["contact"],
        "cmsBlockIdentifiers": ["contact"],
        "category_id": CATEGORY,
        "categoryIdFilter": {"eq": CATEGORY},
        "configurableOptionValues": [],
        "filters": {"category_uid": {"eq": CATEGORY}},
        "filter": {"url_key": {"in": [url, FLASK]}},
        "search": ... if is_vue else "gourde",
        "inputText": "gourde",
        "sort": {"price": "ASC"},
        "pageSize": 10,
        "currentPage": 1,
    }
    return known[name]


def inputs(of, buyer, product):
    cart = {"cart_id": buyer.mask}
    return {
        "AddBundleProductsToCartInput": cart
        | {"cart_items": [{"data": product, "bundle_options": []}]},
        "AddConfigurableProductsToCartInput": cart
        | {"cart_items": [{"data": product, "parent_sku": FLASK}]},
        "AddDownloadableProductsToCartInput": cart | {"cart_items": [{"data": product}]},
        "AddSimpleProductsToCartInput": cart | {"cart_items": [{"data": product}]},
        "AddVirtualProductsToCartInput": cart | {"cart_items": [{"data": product}]},
        "ApplyCouponToCartInput": cart | {"coupon_code": "PRINTEMPS"},
        "CreateProductReviewInput": {
            "sku": BOTTLE,
            "nickname": "Jeanne",
            "summary": "Bien",
            "text": "Tient le froid.",
            "ratings": [{"id": "MQ==", "value_id": "MQ=="}],
        },
        "CustomerAddressInput": AWAY,
        "CustomerCreateInput": {
            "email": f"new-{buyer.number}@exemple.fr",
            "firstname": AWAY["firstname"],
            "lastname": AWAY["lastname"],
            "password": PASSWORD,
        },
        "CustomerUpdateInput": {"firstname": "Marie", "lastname": "Martin"},
        "PlaceOrderInput": cart,
        "RemoveCouponFromCartInput": cart,
        "RemoveItemFromCartInput": cart | {"cart_item_uid": buyer.item},
        "SetBillingAddressOnCartInput": cart | {"billing_address": {"address": AWAY}},
        "SetGuestEmailOnCartInput": cart | {"email": buyer.email},
        "SetPaymentMethodOnCartInput": cart | {"payment_method": {"code": "banktransfer"}},
        "SetShippingAddressesOnCartInput": cart | {"shipping_addresses": [{"address": AWAY}]},
        "SetShippingMethodsOnCartInput": cart
        | {"shipping_methods": [{"carrier_code": "relais", "method_code": "relais"}]},
        "UpdateCartItemsInput": cart
        | {"cart_items": [{"cart_item_uid": buyer.item, "quantity": 3}]},
    }[of]


def do(root, buyer, variables):
    """Has the buyer done what a mutation does."""
    match root:
        case "addProductsToCart" | "addSimpleProductsToCart" | "addVirtualProductsToCart":
            buyer.lines[STRAWS] = buyer.lines.get(STRAWS, 0) + 1
        case "addConfigurableProductsToCart":
            buyer.lines[FLASK_MIST] = 1
        case "updateCartItems":
            buyer.lines[BOTTLE] = 3
        case "removeItemFromCart":
            del buyer.lines[BOTTLE]
        case "mergeCarts":
            buyer.lines = {BOTTLE: 4, FLASK_FOREST: 2}
        case "setShippingAddressesOnCart":
            by_book = "addressId" in variables
            buyer.delivery = HOME if by_book else AWAY
        case "createCustomerAddress" | "updateCustomerAddress":
            buyer.book = AWAY
        case "setBillingAddressOnCart":
            buyer.billing = AWAY
        case "setPaymentMethodOnCart":
            buyer.payment = "banktransfer"
        case "createCustomer" | "createCustomerV2":
            given = variables.get("input", {}).get("email") or variables.get("email")
            buyer.email, buyer.address = given, None
        case "updateCustomer" | "updateCustomerV2" | "updateCustomerEmail":
            given = variables.get("customerInput") or variables.get("input") or variables
            buyer.email = given.get("email", buyer.email)
            first, last = buyer.name
            buyer.name = given.get("firstname", first), given.get("lastname", last)


@needs_operations
def test_the_table_of_compatibility_is_true(results):
    if len(results) < len(ROLES) * len(all_operations()):
        pytest.skip("not all operations ran")
    made = compatibility.table(results)
    if os.environ.get("COMPATIBILITY") == "write":
        compatibility.FILE.write_text(made)
    assert compatibility.FILE.read_text() == made, "COMPATIBILITY=write writes it anew"
