CREATE TABLE channels (
    code TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    currency TEXT NOT NULL,
    prices_include_tax BOOLEAN NOT NULL,
    rounding TEXT NOT NULL,
    country TEXT NOT NULL,
    ships_to TEXT NOT NULL,
    locales TEXT NOT NULL,
    order_prefix TEXT NOT NULL,
    merchant TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE tax_rates (
    country TEXT NOT NULL,
    class TEXT NOT NULL,
    valid_from TEXT NOT NULL,
    valid_until TEXT,
    basis_points INTEGER NOT NULL,
    PRIMARY KEY (country, class, valid_from)
) WITHOUT ROWID;

CREATE TABLE shipping_methods (
    channel TEXT NOT NULL,
    code TEXT NOT NULL,
    position INTEGER NOT NULL,
    is_enabled BOOLEAN NOT NULL,
    name TEXT NOT NULL,
    description TEXT NOT NULL,
    rule TEXT NOT NULL,
    tax_class TEXT NOT NULL,
    PRIMARY KEY (channel, code)
) WITHOUT ROWID;

CREATE TABLE payment_methods (
    channel TEXT NOT NULL,
    code TEXT NOT NULL,
    position INTEGER NOT NULL,
    is_enabled BOOLEAN NOT NULL,
    kind TEXT NOT NULL,
    name TEXT NOT NULL,
    instructions TEXT NOT NULL,
    PRIMARY KEY (channel, code)
) WITHOUT ROWID;

CREATE TABLE synonyms (
    locale TEXT NOT NULL,
    position INTEGER NOT NULL,
    words TEXT NOT NULL,
    PRIMARY KEY (locale, position)
) WITHOUT ROWID;

CREATE TABLE sequences (
    name TEXT NOT NULL PRIMARY KEY,
    last INTEGER NOT NULL
) WITHOUT ROWID;

INSERT INTO sequences (name, last) VALUES
    ('changes', 0), ('product', 0), ('variant', 0), ('category', 0), ('customer', 0);
