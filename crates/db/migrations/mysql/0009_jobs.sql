CREATE TABLE jobs (
    id BINARY(16) NOT NULL PRIMARY KEY,
    kind VARCHAR(64) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    payload TEXT NOT NULL,
    dedupe_key VARCHAR(190) CHARACTER SET ascii COLLATE ascii_bin,
    state VARCHAR(16) CHARACTER SET ascii COLLATE ascii_bin NOT NULL,
    run_at BIGINT NOT NULL,
    leased_until BIGINT NOT NULL,
    lease BINARY(16),
    attempts BIGINT NOT NULL,
    last_error TEXT NOT NULL,
    created_at BIGINT NOT NULL
) ENGINE = InnoDB DEFAULT CHARACTER SET utf8mb4 COLLATE utf8mb4_bin;
CREATE UNIQUE INDEX jobs_by_dedupe_key ON jobs (dedupe_key);
CREATE INDEX jobs_by_state ON jobs (state, run_at);
