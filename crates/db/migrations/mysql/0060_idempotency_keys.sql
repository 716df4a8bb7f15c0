CREATE TABLE idempotency_keys (
    id BINARY(32) NOT NULL PRIMARY KEY,
    fingerprint BINARY(32) NOT NULL,
    claim BINARY(16) NOT NULL,
    claimed_until BIGINT NOT NULL,
    created_at BIGINT NOT NULL,
    status BIGINT,
    sealed_body MEDIUMBLOB
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX idempotency_keys_by_age ON idempotency_keys (created_at);
