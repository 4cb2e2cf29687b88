-- 1: the account is kept and nobody signs in with it.
ALTER TABLE users ADD COLUMN disabled BIGINT NOT NULL DEFAULT 0;
