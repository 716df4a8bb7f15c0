CREATE TABLE changes (
    id BINARY(16) NOT NULL PRIMARY KEY,
    batch BIGINT,
    topic VARCHAR(32) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    subject BINARY(16),
    changed_at BIGINT NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE INDEX changes_by_batch ON changes (batch);
