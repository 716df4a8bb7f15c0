CREATE TABLE integrations (
    id BLOB NOT NULL PRIMARY KEY,
    name TEXT NOT NULL,
    consumer_hash BLOB NOT NULL,
    token_hash BLOB NOT NULL,
    sealed_secrets BLOB NOT NULL,
    resources TEXT NOT NULL,
    created_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX integrations_by_name ON integrations (name);
CREATE UNIQUE INDEX integrations_by_token ON integrations (token_hash);
