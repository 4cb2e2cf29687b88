-- Links with which people choose their password; of each person the last one. The token is a secret, so only its hash is kept.
CREATE TABLE invitations (
    user_id    TEXT PRIMARY KEY REFERENCES users (id),
    token_hash TEXT NOT NULL UNIQUE,
    expires_at BIGINT NOT NULL
);
