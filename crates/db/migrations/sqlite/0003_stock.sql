CREATE TABLE sources (
    code TEXT NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    country TEXT NOT NULL
) WITHOUT ROWID;

CREATE TABLE stock (
    sku TEXT NOT NULL,
    source TEXT NOT NULL,
    on_hand INTEGER NOT NULL,
    allocated INTEGER NOT NULL,
    PRIMARY KEY (sku, source)
) WITHOUT ROWID;

CREATE TABLE stock_moves (
    id BLOB NOT NULL PRIMARY KEY,
    sku TEXT NOT NULL,
    source TEXT NOT NULL,
    kind TEXT NOT NULL,
    on_hand_change INTEGER NOT NULL,
    allocated_change INTEGER NOT NULL,
    order_id BLOB,
    moved_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX stock_moves_by_sku ON stock_moves (sku, source, moved_at);
