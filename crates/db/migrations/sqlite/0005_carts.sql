CREATE TABLE carts (
    id BLOB NOT NULL PRIMARY KEY,
    channel TEXT NOT NULL,
    locale TEXT NOT NULL,
    customer_id BLOB,
    state TEXT NOT NULL,
    version INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX carts_by_customer ON carts (customer_id, state);
CREATE INDEX carts_by_age ON carts (state, updated_at);

CREATE TABLE cart_lines (
    cart_id BLOB NOT NULL,
    position INTEGER NOT NULL,
    sku TEXT NOT NULL,
    quantity INTEGER NOT NULL,
    PRIMARY KEY (cart_id, position)
) WITHOUT ROWID;
