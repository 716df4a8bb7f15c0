CREATE TABLE carts (
    id BINARY(16) NOT NULL PRIMARY KEY,
    channel VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    locale CHAR(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    customer_id BINARY(16),
    state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    version BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX carts_by_customer ON carts (customer_id, state);
CREATE INDEX carts_by_age ON carts (state, updated_at);

CREATE TABLE cart_lines (
    cart_id BINARY(16) NOT NULL,
    position BIGINT NOT NULL,
    sku VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    quantity BIGINT NOT NULL,
    PRIMARY KEY (cart_id, position)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
