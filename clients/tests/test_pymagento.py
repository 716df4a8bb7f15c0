"""PyMagento, as integrations use it."""

import base64
import struct
import time
import zlib

import magento
import pytest
import requests


def png(shade):
    """A picture of one color, 32 pixels wide and high."""

    def chunk(name, content):
        whole = name + content
        return struct.pack(">I", len(content)) + whole + struct.pack(">I", zlib.crc32(whole))

    rows = b"".join(b"\0" + bytes([shade, 90, 30]) * 32 for _ in range(32))
    head = chunk(b"IHDR", struct.pack(">2I5B", 32, 32, 8, 2, 0, 0, 0))
    return b"\x89PNG\r\n\x1a\n" + head + chunk(b"IDAT", zlib.compress(rows)) + chunk(b"IEND", b"")


@pytest.fixture(scope="module")
def client(shop, keys):
    return magento.Magento(token=keys["access token"], base_url=shop)


MANUFACTURER = [
    {"attribute_code": "greenleaf_manufacturer_name", "value": "Terre SARL"},
    {"attribute_code": "greenleaf_manufacturer_address", "value": "1 rue du Thé, 75011 Paris"},
    {"attribute_code": "greenleaf_manufacturer_email", "value": "terre@exemple.fr"},
]


def test_the_catalog_is_listed(client):
    products = list(client.get_products(limit=5))
    assert len(products) == 5
    assert all(product["sku"] and product["name"] for product in products)
    names = {category["name"] for category in client.get_categories()}
    assert len(names) > 5
    assert client.get_category(client.get_root_category_id(scope="default"))["level"] == 1
    sets = list(client.get_attribute_sets())
    assert client.get_attribute_set_attributes(sets[0]["attribute_set_id"]) is not None
    assert [view["code"] for view in client.get_store_views()] == ["admin", "default", "en"]
    assert {country["id"] for country in client.get_countries()} >= {"FR"}
    assert "Magento_Catalog" in list(client.get_modules())


def test_a_product_is_created_changed_and_deleted(client):
    some = next(client.get_products(limit=1))
    made = client.save_product(
        {
            "sku": "PY-1",
            "name": "Tasse",
            "price": 12.5,
            "status": 1,
            "attribute_set_id": some["attribute_set_id"],
            "type_id": "simple",
            "extension_attributes": {"stock_item": {"qty": 4, "is_in_stock": True}},
            "custom_attributes": MANUFACTURER,
        }
    )
    assert (made["sku"], made["price"], made["status"]) == ("PY-1", 12.5, 1)
    content = {"base64_encoded_data": base64.b64encode(png(1)).decode(), "type": "image/png", "name": "cup.png"}
    entry = {"media_type": "image", "label": "Une tasse", "position": 1, "disabled": False, "types": ["image"]}
    number = client.save_product_media("PY-1", entry | {"content": content})
    [picture] = client.get_product_medias("PY-1")
    assert (picture["id"], picture["label"]) == (number, "Une tasse")
    assert client.get_product_media("PY-1", number)["file"] == picture["file"]

    assert client.update_product("PY-1", {"price": 11})["price"] == 11
    item = client.get_product_stock_item("PY-1")
    assert item["qty"] == 4
    client.update_product_stock_item("PY-1", item["item_id"], {"qty": 9, "is_in_stock": True})
    client.save_source_items([{"sku": "PY-1", "source_code": "default", "quantity": 7, "status": 1}])
    assert [one["quantity"] for one in client.get_source_items(sku="PY-1")] == [7]
    assert client.save_base_prices([{"sku": "PY-1", "price": 10, "store_id": 0}]) == []
    assert client.get_base_prices(["PY-1"])[0]["price"] == 10
    found = list(client.get_products(query=magento.make_field_value_query("sku", "PY-%", "like")))
    assert [product["sku"] for product in found] == ["PY-1"]
    assert client.delete_product_media("PY-1", number)
    assert client.delete_product("PY-1")
    assert client.get_product("PY-1", none_on_404=True) is None


def test_products_are_changed_in_bulk(client):
    simple = magento.make_search_query([[("type_id", "simple", "eq")], [("visibility", "4", "eq")]])
    product = next(client.get_products(query=simple, limit=1))
    price = product["price"] + 1
    accepted = client.async_update_products([{"sku": product["sku"], "price": price}])
    begin = time.monotonic()
    while client.get_bulk_status(accepted["bulk_uuid"])["operations_list"][0]["status"] == 4:
        assert time.monotonic() - begin < 60
        time.sleep(0.2)
    assert client.get_product(product["sku"])["price"] == price


def order(shop, sku):
    """A guest's order; its number."""
    base = f"{shop}/rest/V1/guest-carts"

    def ask(method, url, body=None):
        answer = requests.request(method, url, json=body, timeout=60)
        assert answer.ok, answer.text
        return answer.json()

    cart = f"{base}/{ask('POST', base)}"
    ask("POST", f"{cart}/items", {"cartItem": {"sku": sku, "qty": 1}})
    address = {
        "firstname": "Jeanne",
        "lastname": "Dupont",
        "street": ["1 rue du Thé"],
        "city": "Paris",
        "postcode": "75011",
        "country_id": "FR",
        "telephone": "0102030405",
    }
    [way, *_] = ask("POST", f"{cart}/estimate-shipping-methods", {"address": address})
    ask(
        "POST",
        f"{cart}/shipping-information",
        {
            "addressInformation": {
                "shipping_address": address,
                "billing_address": address,
                "shipping_carrier_code": way["carrier_code"],
                "shipping_method_code": way["method_code"],
            }
        },
    )
    payment = {"email": "jeanne@exemple.fr", "paymentMethod": {"method": "banktransfer"}}
    return ask("POST", f"{cart}/payment-information", payment)


def test_orders_are_read_and_changed(client, shop):
    products = client.get_products(
        query=magento.make_search_query([[("type_id", "simple", "eq")], [("status", "1", "eq")]])
    )
    sku = next(it["sku"] for it in products if client.get_product_stock_status(it["sku"])["qty"] > 2)
    before = client.get_total_orders_count()
    paid, canceled = order(shop, sku), order(shop, sku)

    one = client.get_order(paid)
    assert (one["status"], one["items"][0]["sku"]) == ("pending", sku)
    assert client.get_order_by_increment_id(one["increment_id"])["entity_id"] == paid
    assert {it["entity_id"] for it in client.get_last_orders(2)} == {paid, canceled}
    assert [line["order_id"] for line in client.get_orders_items(sku=sku, limit=2)] == [paid, canceled]
    invoice = client.create_order_invoice(paid)
    assert client.get_invoice(int(invoice))["order_id"] == paid
    parcel = client.ship_order(paid, {"tracks": [{"track_number": "6A1", "title": "Colissimo", "carrier_code": "custom"}]})
    assert client.get_shipment(int(parcel))["tracks"][0]["track_number"] == "6A1"
    assert client.get_order(paid)["status"] == "complete"
    assert client.post_json_api(f"/V1/orders/{canceled}/cancel") is True
    assert client.get_order(canceled)["status"] == "canceled"
    assert client.get_total_orders_count() == before + 2
