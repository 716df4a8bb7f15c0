CREATE TABLE jobs (
    id BLOB NOT NULL PRIMARY KEY,
    kind TEXT NOT NULL,
    payload TEXT NOT NULL,
    dedupe_key TEXT,
    state TEXT NOT NULL,
    run_at INTEGER NOT NULL,
    leased_until INTEGER NOT NULL,
    lease BLOB,
    attempts INTEGER NOT NULL,
    last_error TEXT NOT NULL,
    created_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX jobs_by_dedupe_key ON jobs (dedupe_key);
CREATE INDEX jobs_by_state ON jobs (state, run_at);
