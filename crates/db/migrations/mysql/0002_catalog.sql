CREATE TABLE attributes (
    code VARCHAR(60) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    kind VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    position BIGINT NOT NULL,
    label TEXT NOT NULL,
    is_filterable BOOLEAN NOT NULL,
    is_searchable BOOLEAN NOT NULL,
    is_axis BOOLEAN NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE attribute_options (
    attribute VARCHAR(60) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    code VARCHAR(60) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    position BIGINT NOT NULL,
    label TEXT NOT NULL,
    swatch VARCHAR(7) CHARACTER SET ascii COLLATE ascii_bin,
    PRIMARY KEY (attribute, code)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE attribute_sets (
    code VARCHAR(60) CHARACTER SET ascii COLLATE ascii_bin NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    attributes TEXT NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE media (
    id BINARY(16) NOT NULL PRIMARY KEY,
    media_key VARCHAR(190) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    format VARCHAR(8) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    width BIGINT NOT NULL,
    height BIGINT NOT NULL,
    bytes BIGINT NOT NULL,
    created_at BIGINT NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE UNIQUE INDEX media_by_key ON media (media_key);

CREATE TABLE categories (
    id BINARY(16) NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL,
    code VARCHAR(60) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    parent_id BINARY(16),
    position BIGINT NOT NULL,
    is_published BOOLEAN NOT NULL,
    media_id BINARY(16)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE UNIQUE INDEX categories_by_number ON categories (number);
CREATE UNIQUE INDEX categories_by_code ON categories (code);

CREATE TABLE category_texts (
    category_id BINARY(16) NOT NULL,
    locale CHAR(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    slug VARCHAR(190) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    name VARCHAR(255) NOT NULL,
    description TEXT NOT NULL,
    meta_description TEXT NOT NULL,
    PRIMARY KEY (category_id, locale)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE UNIQUE INDEX category_texts_by_slug ON category_texts (locale, slug);

CREATE TABLE products (
    id BINARY(16) NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL,
    version BIGINT NOT NULL,
    kind VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    axes VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    visibility VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    attribute_set VARCHAR(60) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    tax_class VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    is_featured BOOLEAN NOT NULL,
    attribute_values MEDIUMTEXT NOT NULL,
    eco MEDIUMTEXT NOT NULL,
    manufacturer TEXT,
    created_at BIGINT NOT NULL,
    updated_at BIGINT NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE UNIQUE INDEX products_by_number ON products (number);

CREATE TABLE product_texts (
    product_id BINARY(16) NOT NULL,
    locale CHAR(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    slug VARCHAR(190) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    name VARCHAR(255) NOT NULL,
    short TEXT NOT NULL,
    description MEDIUMTEXT NOT NULL,
    meta_description TEXT NOT NULL,
    PRIMARY KEY (product_id, locale)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE UNIQUE INDEX product_texts_by_slug ON product_texts (locale, slug);

CREATE TABLE product_categories (
    product_id BINARY(16) NOT NULL,
    category_id BINARY(16) NOT NULL,
    position BIGINT NOT NULL,
    PRIMARY KEY (product_id, category_id)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX product_categories_by_category ON product_categories (category_id);

CREATE TABLE product_pictures (
    product_id BINARY(16) NOT NULL,
    position BIGINT NOT NULL,
    media_id BINARY(16) NOT NULL,
    alt TEXT NOT NULL,
    attribute VARCHAR(60) CHARACTER SET ascii COLLATE ascii_bin,
    attribute_option VARCHAR(60) CHARACTER SET ascii COLLATE ascii_bin,
    PRIMARY KEY (product_id, position)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE variants (
    id BINARY(16) NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL,
    product_id BINARY(16) NOT NULL,
    position BIGINT NOT NULL,
    sku VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    is_enabled BOOLEAN NOT NULL,
    options TEXT NOT NULL,
    weight_grams BIGINT NOT NULL,
    net_quantity BIGINT,
    net_unit VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE UNIQUE INDEX variants_by_number ON variants (number);
CREATE UNIQUE INDEX variants_by_sku ON variants (sku);
CREATE INDEX variants_by_product ON variants (product_id, position);

CREATE TABLE prices (
    variant_id BINARY(16) NOT NULL,
    channel VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    regular_minor BIGINT NOT NULL,
    special_minor BIGINT,
    special_from BIGINT,
    special_until BIGINT,
    eco_participation_minor BIGINT,
    prior_minor BIGINT,
    PRIMARY KEY (variant_id, channel)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;

CREATE TABLE price_log (
    id BINARY(16) NOT NULL PRIMARY KEY,
    variant_id BINARY(16) NOT NULL,
    channel VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    currency CHAR(3) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    regular_minor BIGINT NOT NULL,
    special_minor BIGINT,
    special_from BIGINT,
    special_until BIGINT,
    logged_at BIGINT NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX price_log_by_variant ON price_log (variant_id, channel, logged_at);
