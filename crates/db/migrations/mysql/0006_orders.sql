CREATE TABLE orders (
    id BINARY(16) NOT NULL PRIMARY KEY,
    number VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    channel VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    locale CHAR(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    prices_include_tax BOOLEAN NOT NULL,
    rounding VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    cart_id BINARY(16) NOT NULL,
    customer_id BINARY(16),
    email VARCHAR(190) NOT NULL,
    email_key VARCHAR(190) NOT NULL,
    search_text VARCHAR(500) NOT NULL,
    billing TEXT NOT NULL,
    delivery TEXT NOT NULL,
    shipping_method VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    shipping_name VARCHAR(190) NOT NULL,
    payment_method VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    payment_kind VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    payment_name VARCHAR(190) NOT NULL,
    terms_version BIGINT NOT NULL,
    total_net_minor BIGINT NOT NULL,
    total_tax_minor BIGINT NOT NULL,
    placed_at BIGINT NOT NULL,
    paid_at BIGINT,
    canceled_at BIGINT,
    status VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    version BIGINT NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE UNIQUE INDEX orders_by_number ON orders (channel, number);
CREATE UNIQUE INDEX orders_by_cart ON orders (cart_id);
CREATE INDEX orders_by_status ON orders (status, placed_at);
CREATE INDEX orders_by_time ON orders (placed_at);
CREATE INDEX orders_by_customer ON orders (customer_id, placed_at);

CREATE TABLE order_lines (
    order_id BINARY(16) NOT NULL,
    position BIGINT NOT NULL,
    sku VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    product_id BINARY(16) NOT NULL,
    variant_id BINARY(16) NOT NULL,
    name VARCHAR(255) NOT NULL,
    options TEXT NOT NULL,
    media_key VARCHAR(190) CHARACTER SET ascii COLLATE ascii_bin,
    quantity BIGINT NOT NULL,
    n_shipped BIGINT NOT NULL,
    weight_grams BIGINT NOT NULL,
    tax_class VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    tax_basis_points BIGINT NOT NULL,
    unit_net_minor BIGINT NOT NULL,
    unit_tax_minor BIGINT NOT NULL,
    net_minor BIGINT NOT NULL,
    tax_minor BIGINT NOT NULL,
    PRIMARY KEY (order_id, position)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE order_adjustments (
    order_id BINARY(16) NOT NULL,
    position BIGINT NOT NULL,
    line BIGINT,
    source VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    label VARCHAR(190) NOT NULL,
    tax_basis_points BIGINT NOT NULL,
    net_minor BIGINT NOT NULL,
    tax_minor BIGINT NOT NULL,
    PRIMARY KEY (order_id, position)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE order_events (
    id BINARY(16) NOT NULL PRIMARY KEY,
    order_id BINARY(16) NOT NULL,
    kind VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    actor VARCHAR(120) NOT NULL,
    note TEXT NOT NULL,
    happened_at BIGINT NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX order_events_by_order ON order_events (order_id, happened_at);

CREATE TABLE shipments (
    id BINARY(16) NOT NULL PRIMARY KEY,
    order_id BINARY(16) NOT NULL,
    carrier VARCHAR(80) NOT NULL,
    tracking_number VARCHAR(80) NOT NULL,
    shipped_at BIGINT NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX shipments_by_order ON shipments (order_id, shipped_at);

CREATE TABLE shipment_lines (
    shipment_id BINARY(16) NOT NULL,
    line BIGINT NOT NULL,
    quantity BIGINT NOT NULL,
    PRIMARY KEY (shipment_id, line)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
