CREATE TABLE oauth_nonces (
    stamp BIGINT NOT NULL,
    integration_id BINARY(16) NOT NULL,
    nonce_hash BINARY(32) NOT NULL,
    PRIMARY KEY (stamp, integration_id, nonce_hash)
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
