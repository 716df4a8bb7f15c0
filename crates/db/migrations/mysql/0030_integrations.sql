CREATE TABLE integrations (
    id BINARY(16) NOT NULL PRIMARY KEY,
    name VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    consumer_hash BINARY(32) NOT NULL,
    token_hash BINARY(32) NOT NULL,
    sealed_secrets VARBINARY(255) NOT NULL,
    resources TEXT NOT NULL,
    created_at BIGINT NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE UNIQUE INDEX integrations_by_name ON integrations (name);
CREATE UNIQUE INDEX integrations_by_token ON integrations (token_hash);
