CREATE TABLE checkouts (
    cart_id BLOB NOT NULL PRIMARY KEY,
    mask TEXT NOT NULL,
    email TEXT,
    delivery TEXT,
    billing TEXT,
    shipping_method TEXT,
    payment_method TEXT
) WITHOUT ROWID;
CREATE UNIQUE INDEX checkouts_by_mask ON checkouts (mask);
