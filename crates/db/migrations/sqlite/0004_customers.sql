CREATE TABLE customers (
    id BLOB NOT NULL PRIMARY KEY,
    number INTEGER NOT NULL,
    email TEXT NOT NULL,
    email_key TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    first_name TEXT NOT NULL,
    last_name TEXT NOT NULL,
    locale TEXT NOT NULL,
    created_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX customers_by_number ON customers (number);
CREATE UNIQUE INDEX customers_by_email ON customers (email_key);

CREATE TABLE customer_addresses (
    id BLOB NOT NULL PRIMARY KEY,
    customer_id BLOB NOT NULL,
    address TEXT NOT NULL,
    is_default_delivery BOOLEAN NOT NULL,
    is_default_billing BOOLEAN NOT NULL
) WITHOUT ROWID;
CREATE INDEX customer_addresses_by_customer ON customer_addresses (customer_id);

CREATE TABLE password_resets (
    token_hash BLOB NOT NULL PRIMARY KEY,
    customer_id BLOB NOT NULL,
    expires_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX password_resets_by_customer ON password_resets (customer_id);

CREATE TABLE staff (
    id BLOB NOT NULL PRIMARY KEY,
    login TEXT NOT NULL,
    name TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    totp_secret BLOB,
    totp_last_step INTEGER NOT NULL,
    locale TEXT NOT NULL,
    created_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX staff_by_login ON staff (login);

CREATE TABLE sessions (
    token_hash BLOB NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    subject BLOB NOT NULL,
    created_at INTEGER NOT NULL,
    expires_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX sessions_by_subject ON sessions (kind, subject);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);
