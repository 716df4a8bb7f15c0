CREATE TABLE configurable_skus (
    sku TEXT NOT NULL PRIMARY KEY,
    product_id BLOB NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX configurable_skus_by_product ON configurable_skus (product_id);
