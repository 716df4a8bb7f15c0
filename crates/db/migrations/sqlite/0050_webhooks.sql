CREATE TABLE webhooks (
    id BLOB NOT NULL PRIMARY KEY,
    url TEXT NOT NULL,
    sealed_secret BLOB NOT NULL,
    topics TEXT NOT NULL,
    is_active BOOLEAN NOT NULL,
    created_at INTEGER NOT NULL
) WITHOUT ROWID;
