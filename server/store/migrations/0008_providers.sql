-- Where people sign in with OpenID Connect. The secret of a provider is a login, sealed, of the service sso/<name>.
CREATE TABLE providers (
    name         TEXT PRIMARY KEY,
    -- How it is reached, as JSON.
    connection   TEXT NOT NULL,
    -- What claims give, as JSON.
    rules        TEXT NOT NULL,
    -- 1: nobody gets in to whom no rule gives anything.
    only_matched BIGINT NOT NULL,
    enabled      BIGINT NOT NULL,
    -- What the last test with this connection showed, as JSON; NULL before.
    tested       TEXT
);

-- With whom somebody signs in; empty: with a password, here. The subject is theirs there, NULL before they came.
ALTER TABLE users ADD COLUMN provider TEXT NOT NULL DEFAULT '';
ALTER TABLE users ADD COLUMN subject TEXT;
-- On the platform, by the rules of the provider; the stronger of this and the role counts.
ALTER TABLE users ADD COLUMN given_role TEXT NOT NULL DEFAULT 'member';
CREATE UNIQUE INDEX users_by_subject ON users (provider, subject);

-- A role is given by hand (source '') or by the rules of a provider; the strongest counts.
CREATE TABLE sourced_memberships (
    project_id TEXT NOT NULL REFERENCES projects (id),
    user_id    TEXT NOT NULL REFERENCES users (id),
    source     TEXT NOT NULL,
    role       TEXT NOT NULL,
    since      BIGINT NOT NULL,
    PRIMARY KEY (project_id, user_id, source)
);
INSERT INTO sourced_memberships (project_id, user_id, source, role, since)
    SELECT project_id, user_id, '', role, since FROM memberships;
DROP TABLE memberships;
ALTER TABLE sourced_memberships RENAME TO memberships;

-- Sign-ins that began and have not come back. State and browser are secrets, so only their hashes are kept.
CREATE TABLE sign_ons (
    state_hash   TEXT PRIMARY KEY,
    browser_hash TEXT NOT NULL,
    provider     TEXT NOT NULL,
    -- 1: a test, which signs nobody in.
    test         BIGINT NOT NULL,
    nonce        TEXT NOT NULL,
    verifier     TEXT NOT NULL,
    redirect     TEXT NOT NULL,
    next         TEXT NOT NULL,
    began_at     BIGINT NOT NULL
);

-- Sessions that a provider answers for, by the session's handle.
CREATE TABLE provider_sessions (
    handle     TEXT PRIMARY KEY,
    user_id    TEXT NOT NULL,
    provider   TEXT NOT NULL,
    subject    TEXT NOT NULL,
    -- What the provider calls the session; empty when it does not.
    sid        TEXT NOT NULL,
    key_id     TEXT NOT NULL,
    -- Sealed; empty when the provider gives none.
    token      TEXT NOT NULL,
    -- When the provider last answered for it, and when it is to be asked again.
    checked_at BIGINT NOT NULL,
    due_at     BIGINT NOT NULL,
    -- Until then somebody is asking.
    busy_until BIGINT NOT NULL
);
CREATE INDEX provider_sessions_by_due ON provider_sessions (due_at);
CREATE INDEX provider_sessions_by_user ON provider_sessions (user_id);

ALTER TABLE sessions ADD COLUMN handle TEXT;
CREATE INDEX sessions_by_handle ON sessions (handle);
