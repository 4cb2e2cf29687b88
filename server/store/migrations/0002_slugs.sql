-- The name under which a person is known to clusters: a DNS label, never given to anybody else.
ALTER TABLE users ADD COLUMN slug TEXT NOT NULL DEFAULT '';
UPDATE users SET slug = 'user-' || (SELECT COUNT(*) FROM users AS other WHERE other.id <= users.id);
CREATE UNIQUE INDEX users_by_slug ON users (slug);
