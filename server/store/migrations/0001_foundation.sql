-- One text for SQLite and Postgres: TEXT and BIGINT only. Times are Unix milliseconds unless named otherwise.

CREATE TABLE users (
    id            TEXT PRIMARY KEY,
    name          TEXT NOT NULL,
    name_key      TEXT NOT NULL UNIQUE,
    role          TEXT NOT NULL,
    password_hash TEXT NOT NULL,
    created_at    BIGINT NOT NULL,
    last_seen_at  BIGINT
);

-- The id of a session is a secret, so only its SHA-256 is kept.
CREATE TABLE sessions (
    id_hash    TEXT PRIMARY KEY,
    user_id    TEXT,
    data       TEXT NOT NULL,
    expires_at BIGINT NOT NULL
);
CREATE INDEX sessions_by_user ON sessions (user_id);
CREATE INDEX sessions_by_expiry ON sessions (expires_at);

-- Counted per typed name, whether or not an account has it.
CREATE TABLE sign_in_failures (
    name_key     TEXT PRIMARY KEY,
    failures     BIGINT NOT NULL,
    locked_until BIGINT NOT NULL
);

-- One row: what this installation is.
CREATE TABLE installation (
    id                BIGINT PRIMARY KEY CHECK (id = 1),
    instance          TEXT NOT NULL,
    licence           TEXT,
    latest_time_s     BIGINT NOT NULL,
    setup_token_hash  TEXT,
    setup_token_until BIGINT,
    activated_at      BIGINT
);

CREATE TABLE audit (
    id         BIGINT PRIMARY KEY,
    at         BIGINT NOT NULL,
    actor      TEXT NOT NULL,
    action     TEXT NOT NULL,
    resource   TEXT NOT NULL,
    outcome    TEXT NOT NULL,
    request_id TEXT NOT NULL
);
