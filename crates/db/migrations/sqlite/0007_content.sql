CREATE TABLE pages (
    id BLOB NOT NULL PRIMARY KEY,
    code TEXT NOT NULL,
    is_published BOOLEAN NOT NULL,
    version INTEGER NOT NULL,
    updated_at INTEGER NOT NULL
) WITHOUT ROWID;
CREATE UNIQUE INDEX pages_by_code ON pages (code);

CREATE TABLE page_texts (
    page_id BLOB NOT NULL,
    locale TEXT NOT NULL,
    slug TEXT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    meta_description TEXT NOT NULL,
    PRIMARY KEY (page_id, locale)
) WITHOUT ROWID;
CREATE UNIQUE INDEX page_texts_by_slug ON page_texts (locale, slug);

CREATE TABLE page_versions (
    page_id BLOB NOT NULL,
    version INTEGER NOT NULL,
    locale TEXT NOT NULL,
    title TEXT NOT NULL,
    body TEXT NOT NULL,
    saved_at INTEGER NOT NULL,
    PRIMARY KEY (page_id, version, locale)
) WITHOUT ROWID;
