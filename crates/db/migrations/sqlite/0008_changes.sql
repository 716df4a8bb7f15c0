CREATE TABLE changes (
    id BLOB NOT NULL PRIMARY KEY,
    batch INTEGER,
    topic TEXT NOT NULL,
    subject BLOB,
    changed_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE INDEX changes_by_batch ON changes (batch);
