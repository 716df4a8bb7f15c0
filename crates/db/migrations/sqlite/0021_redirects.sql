CREATE TABLE redirects (
    hash INTEGER NOT NULL PRIMARY KEY,
    path TEXT NOT NULL,
    locale TEXT NOT NULL,
    kind TEXT NOT NULL,
    target_id BLOB NULL,
    target_path TEXT NOT NULL,
    created_at INTEGER NOT NULL
);
