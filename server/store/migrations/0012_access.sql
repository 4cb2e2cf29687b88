-- A project's own roles; permissions are words and commas.
CREATE TABLE project_roles (
    project_id  TEXT NOT NULL REFERENCES projects (id),
    name        TEXT NOT NULL,
    permissions TEXT NOT NULL,
    PRIMARY KEY (project_id, name)
);

-- Access that was asked for has the source '~asked <role>', and ends; NULL: it does not. Unix milliseconds.
ALTER TABLE memberships ADD COLUMN until BIGINT;

CREATE TABLE people_groups (
    name        TEXT PRIMARY KEY,
    description TEXT NOT NULL
);

CREATE TABLE group_members (
    group_name TEXT NOT NULL REFERENCES people_groups (name),
    user_id    TEXT NOT NULL REFERENCES users (id),
    since      BIGINT NOT NULL,
    PRIMARY KEY (group_name, user_id)
);
CREATE INDEX group_members_by_user ON group_members (user_id);

CREATE TABLE group_roles (
    project_id TEXT NOT NULL REFERENCES projects (id),
    group_name TEXT NOT NULL REFERENCES people_groups (name),
    role       TEXT NOT NULL,
    since      BIGINT NOT NULL,
    PRIMARY KEY (project_id, group_name)
);

-- Everybody in every project, once for each way that leads there.
CREATE VIEW effective_memberships AS
    SELECT project_id, user_id, source, role, since, until FROM memberships
    UNION ALL
    SELECT group_roles.project_id, group_members.user_id, '~group ' || group_roles.group_name, group_roles.role,
           CASE WHEN group_members.since > group_roles.since THEN group_members.since ELSE group_roles.since END,
           NULL
    FROM group_roles JOIN group_members ON group_members.group_name = group_roles.group_name;

CREATE TABLE access_requests (
    id         TEXT PRIMARY KEY,
    -- A name, also of one that is not there: whether it is must not be told by asking.
    project    TEXT NOT NULL,
    user_id    TEXT NOT NULL REFERENCES users (id),
    role       TEXT NOT NULL,
    hours      BIGINT NOT NULL,
    reason     TEXT NOT NULL,
    asked_at   BIGINT NOT NULL,
    state      TEXT NOT NULL,
    -- A username; empty while it is open.
    decided_by TEXT NOT NULL
);
CREATE INDEX access_requests_by_project ON access_requests (project);
CREATE INDEX access_requests_by_user ON access_requests (user_id);
