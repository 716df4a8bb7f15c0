CREATE TABLE customers (
    id BINARY(16) NOT NULL PRIMARY KEY,
    number BIGINT NOT NULL,
    email VARCHAR(190) NOT NULL,
    email_key VARCHAR(190) NOT NULL,
    password_hash VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    first_name VARCHAR(80) NOT NULL,
    last_name VARCHAR(80) NOT NULL,
    locale CHAR(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    created_at BIGINT NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE UNIQUE INDEX customers_by_number ON customers (number);
CREATE UNIQUE INDEX customers_by_email ON customers (email_key);

CREATE TABLE customer_addresses (
    id BINARY(16) NOT NULL PRIMARY KEY,
    customer_id BINARY(16) NOT NULL,
    address TEXT NOT NULL,
    is_default_delivery BOOLEAN NOT NULL,
    is_default_billing BOOLEAN NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX customer_addresses_by_customer ON customer_addresses (customer_id);

CREATE TABLE password_resets (
    token_hash BINARY(32) NOT NULL PRIMARY KEY,
    customer_id BINARY(16) NOT NULL,
    expires_at BIGINT NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX password_resets_by_customer ON password_resets (customer_id);

CREATE TABLE staff (
    id BINARY(16) NOT NULL PRIMARY KEY,
    login VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    name VARCHAR(120) NOT NULL,
    password_hash VARCHAR(255) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    totp_secret VARBINARY(128),
    totp_last_step BIGINT NOT NULL,
    locale CHAR(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    created_at BIGINT NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE UNIQUE INDEX staff_by_login ON staff (login);

CREATE TABLE sessions (
    token_hash BINARY(32) NOT NULL PRIMARY KEY,
    kind VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    subject BINARY(16) NOT NULL,
    created_at BIGINT NOT NULL,
    expires_at BIGINT NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX sessions_by_subject ON sessions (kind, subject);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);
