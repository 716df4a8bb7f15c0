CREATE TABLE idempotency_keys (
    id BLOB NOT NULL PRIMARY KEY,
    fingerprint BLOB NOT NULL,
    claim BLOB NOT NULL,
    claimed_until INTEGER NOT NULL,
    created_at INTEGER NOT NULL,
    status INTEGER,
    sealed_body BLOB
) WITHOUT ROWID;
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
