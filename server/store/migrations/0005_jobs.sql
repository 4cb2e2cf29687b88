-- Long work on releases: survives the browser that asked for it and the console that does it.
CREATE TABLE jobs (
    id         TEXT PRIMARY KEY,
    user_id    TEXT NOT NULL REFERENCES users (id),
    work       TEXT NOT NULL,
    cluster    TEXT NOT NULL,
    namespace  TEXT NOT NULL,
    release    TEXT NOT NULL,
    state      TEXT NOT NULL,
    said       TEXT NOT NULL,
    started_at BIGINT NOT NULL,
    -- NULL until then.
    ended_at   BIGINT
);
CREATE INDEX jobs_by_release ON jobs (cluster, namespace, release);
