CREATE TABLE orders (
    id BLOB NOT NULL PRIMARY KEY,
    number TEXT NOT NULL,
    channel TEXT NOT NULL,
    locale TEXT NOT NULL,
    currency TEXT NOT NULL,
    prices_include_tax BOOLEAN NOT NULL,
    rounding TEXT NOT NULL,
    cart_id BLOB NOT NULL,
    customer_id BLOB,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    search_text TEXT NOT NULL,
    billing TEXT NOT NULL,
    delivery TEXT NOT NULL,
    shipping_method TEXT NOT NULL,
    shipping_name TEXT NOT NULL,
    payment_method TEXT NOT NULL,
    payment_kind TEXT NOT NULL,
    payment_name TEXT NOT NULL,
    terms_version INTEGER NOT NULL,
    total_net_minor INTEGER NOT NULL,
    total_tax_minor INTEGER NOT NULL,
    placed_at INTEGER NOT NULL,
    paid_at INTEGER,
    canceled_at INTEGER,
    status TEXT NOT NULL,
    version INTEGER NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX orders_by_number ON orders (channel, number);
CREATE UNIQUE INDEX orders_by_cart ON orders (cart_id);
CREATE INDEX orders_by_status ON orders (status, placed_at);
CREATE INDEX orders_by_time ON orders (placed_at);
CREATE INDEX orders_by_customer ON orders (customer_id, placed_at);

CREATE TABLE order_lines (
    order_id BLOB NOT NULL,
    position INTEGER NOT NULL,
    sku TEXT NOT NULL,
    product_id BLOB NOT NULL,
    variant_id BLOB NOT NULL,
    name TEXT NOT NULL,
    options TEXT NOT NULL,
    media_key TEXT,
    quantity INTEGER NOT NULL,
    n_shipped INTEGER NOT NULL,
    weight_grams INTEGER NOT NULL,
    tax_class TEXT NOT NULL,
    tax_basis_points INTEGER NOT NULL,
    unit_net_minor INTEGER NOT NULL,
    unit_tax_minor INTEGER NOT NULL,
    net_minor INTEGER NOT NULL,
    tax_minor INTEGER NOT NULL,
    PRIMARY KEY (order_id, position)
) WITHOUT ROWID;

CREATE TABLE order_adjustments (
    order_id BLOB NOT NULL,
    position INTEGER NOT NULL,
    line INTEGER,
    source TEXT NOT NULL,
    label TEXT NOT NULL,
    tax_basis_points INTEGER NOT NULL,
    net_minor INTEGER NOT NULL,
    tax_minor INTEGER NOT NULL,
    PRIMARY KEY (order_id, position)
) WITHOUT ROWID;

CREATE TABLE order_events (
    id BLOB NOT NULL PRIMARY KEY,
    order_id BLOB NOT NULL,
    kind TEXT NOT NULL,
    actor TEXT NOT NULL,
    note TEXT NOT NULL,
    happened_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX order_events_by_order ON order_events (order_id, happened_at);

CREATE TABLE shipments (
    id BLOB NOT NULL PRIMARY KEY,
    order_id BLOB NOT NULL,
    carrier TEXT NOT NULL,
    tracking_number TEXT NOT NULL,
    shipped_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX shipments_by_order ON shipments (order_id, shipped_at);

CREATE TABLE shipment_lines (
    shipment_id BLOB NOT NULL,
    line INTEGER NOT NULL,
    quantity INTEGER NOT NULL,
    PRIMARY KEY (shipment_id, line)
) WITHOUT ROWID;
