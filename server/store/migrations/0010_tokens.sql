-- Personal tokens for the Kubernetes API through the console. Only what recognises one is kept.
CREATE TABLE api_tokens (
    id           TEXT PRIMARY KEY,
    user_id      TEXT NOT NULL REFERENCES users (id),
    name         TEXT NOT NULL,
    -- The beginning, which is shown.
    prefix       TEXT NOT NULL,
    token_hash   TEXT NOT NULL UNIQUE,
    -- 1: it only reads.
    read_only    BIGINT NOT NULL,
    created_at   BIGINT NOT NULL,
    expires_at   BIGINT NOT NULL,
    last_used_at BIGINT
);
CREATE INDEX api_tokens_by_user ON api_tokens (user_id);
