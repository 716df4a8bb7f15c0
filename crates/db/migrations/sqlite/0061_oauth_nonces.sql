CREATE TABLE oauth_nonces (
    stamp INTEGER NOT NULL,
    integration_id BLOB NOT NULL,
    nonce_hash BLOB NOT NULL,
    PRIMARY KEY (stamp, integration_id, nonce_hash)
) WITHOUT ROWID;
