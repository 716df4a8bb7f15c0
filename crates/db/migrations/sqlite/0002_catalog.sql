CREATE TABLE attributes (
    code TEXT NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    position INTEGER NOT NULL,
    label TEXT NOT NULL,
    is_filterable BOOLEAN NOT NULL,
    is_searchable BOOLEAN NOT NULL,
    is_axis BOOLEAN NOT NULL
) WITHOUT ROWID;

CREATE TABLE attribute_options (
    attribute TEXT NOT NULL,
    code TEXT NOT NULL,
    position INTEGER NOT NULL,
    label TEXT NOT NULL,
    swatch TEXT,
    PRIMARY KEY (attribute, code)
) WITHOUT ROWID;

CREATE TABLE attribute_sets (
    code TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    attributes TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE media (
    id BLOB NOT NULL PRIMARY KEY,
    media_key TEXT NOT NULL,
    format TEXT NOT NULL,
    width INTEGER NOT NULL,
    height INTEGER NOT NULL,
    bytes INTEGER NOT NULL,
    created_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX media_by_key ON media (media_key);

CREATE TABLE categories (
    id BLOB NOT NULL PRIMARY KEY,
    number INTEGER NOT NULL,
    code TEXT NOT NULL,
    parent_id BLOB,
    position INTEGER NOT NULL,
    is_published BOOLEAN NOT NULL,
    media_id BLOB
) WITHOUT ROWID;
CREATE UNIQUE INDEX categories_by_number ON categories (number);
CREATE UNIQUE INDEX categories_by_code ON categories (code);

CREATE TABLE category_texts (
    category_id BLOB NOT NULL,
    locale TEXT NOT NULL,
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    meta_description TEXT NOT NULL,
    PRIMARY KEY (category_id, locale)
) WITHOUT ROWID;
CREATE UNIQUE INDEX category_texts_by_slug ON category_texts (locale, slug);

CREATE TABLE products (
    id BLOB NOT NULL PRIMARY KEY,
    number INTEGER NOT NULL,
    version INTEGER NOT NULL,
    kind TEXT NOT NULL,
    axes TEXT NOT NULL,
    visibility TEXT NOT NULL,
    attribute_set TEXT NOT NULL,
    tax_class TEXT NOT NULL,
    is_featured BOOLEAN NOT NULL,
    attribute_values TEXT NOT NULL,
    eco TEXT NOT NULL,
    manufacturer TEXT,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX products_by_number ON products (number);

CREATE TABLE product_texts (
    product_id BLOB NOT NULL,
    locale TEXT NOT NULL,
    slug TEXT NOT NULL,
    name TEXT NOT NULL,
    short TEXT NOT NULL,
    description TEXT NOT NULL,
    meta_description TEXT NOT NULL,
    PRIMARY KEY (product_id, locale)
) WITHOUT ROWID;
CREATE UNIQUE INDEX product_texts_by_slug ON product_texts (locale, slug);

CREATE TABLE product_categories (
    product_id BLOB NOT NULL,
    category_id BLOB NOT NULL,
    position INTEGER NOT NULL,
    PRIMARY KEY (product_id, category_id)
) WITHOUT ROWID;
CREATE INDEX product_categories_by_category ON product_categories (category_id);

CREATE TABLE product_pictures (
    product_id BLOB NOT NULL,
    position INTEGER NOT NULL,
    media_id BLOB NOT NULL,
    alt TEXT NOT NULL,
    attribute TEXT,
    attribute_option TEXT,
    PRIMARY KEY (product_id, position)
) WITHOUT ROWID;

CREATE TABLE variants (
    id BLOB NOT NULL PRIMARY KEY,
    number INTEGER NOT NULL,
    product_id BLOB NOT NULL,
    position INTEGER NOT NULL,
    sku TEXT NOT NULL,
    is_enabled BOOLEAN NOT NULL,
    options TEXT NOT NULL,
    weight_grams INTEGER NOT NULL,
    net_quantity INTEGER,
    net_unit TEXT
) WITHOUT ROWID;
CREATE UNIQUE INDEX variants_by_number ON variants (number);
CREATE UNIQUE INDEX variants_by_sku ON variants (sku);
CREATE INDEX variants_by_product ON variants (product_id, position);

CREATE TABLE prices (
    variant_id BLOB NOT NULL,
    channel TEXT NOT NULL,
    currency TEXT NOT NULL,
    regular_minor INTEGER NOT NULL,
    special_minor INTEGER,
    special_from INTEGER,
    special_until INTEGER,
    eco_participation_minor INTEGER,
    prior_minor INTEGER,
    PRIMARY KEY (variant_id, channel)
) WITHOUT ROWID;

CREATE TABLE price_log (
    id BLOB NOT NULL PRIMARY KEY,
    variant_id BLOB NOT NULL,
    channel TEXT NOT NULL,
    currency TEXT NOT NULL,
    regular_minor INTEGER NOT NULL,
    special_minor INTEGER,
    special_from INTEGER,
    special_until INTEGER,
    logged_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX price_log_by_variant ON price_log (variant_id, channel, logged_at);
