CREATE TABLE redirects (
    hash BIGINT NOT NULL PRIMARY KEY,
    path VARCHAR(500) NOT NULL,
    locale CHAR(2) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    kind VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    target_id BINARY(16) NULL,
    target_path VARCHAR(500) NOT NULL,
    created_at BIGINT NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
