CREATE TABLE channels (
    code VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    name VARCHAR(120) NOT NULL,
    currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    prices_include_tax BOOLEAN NOT NULL,
    rounding VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    country CHAR(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    ships_to VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    locales VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    order_prefix VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    merchant TEXT NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE tax_rates (
    country CHAR(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    class VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    valid_from CHAR(10) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    valid_until CHAR(10) CHARACTER SET ascii COLLATE ascii_bin,
    basis_points BIGINT NOT NULL,
    PRIMARY KEY (country, class, valid_from)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE shipping_methods (
    channel VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    code VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    position BIGINT NOT NULL,
    is_enabled BOOLEAN NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    rule TEXT NOT NULL,
    tax_class VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    PRIMARY KEY (channel, code)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE payment_methods (
    channel VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    code VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    position BIGINT NOT NULL,
    is_enabled BOOLEAN NOT NULL,
    kind VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    name TEXT NOT NULL,
    instructions TEXT NOT NULL,
    PRIMARY KEY (channel, code)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE synonyms (
    locale CHAR(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    position BIGINT NOT NULL,
    words VARCHAR(500) NOT NULL,
    PRIMARY KEY (locale, position)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE sequences (
    name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    last BIGINT NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

INSERT INTO sequences (name, last) VALUES
    ('changes', 0), ('product', 0), ('variant', 0), ('category', 0), ('customer', 0);
