CREATE TABLE webhooks (
    id BINARY(16) NOT NULL PRIMARY KEY,
    url TEXT NOT NULL,
    sealed_secret VARBINARY(255) NOT NULL,
    topics TEXT NOT NULL,
    is_active BOOLEAN NOT NULL,
    created_at BIGINT NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
