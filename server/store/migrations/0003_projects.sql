CREATE TABLE projects (
    id           TEXT PRIMARY KEY,
    name         TEXT NOT NULL UNIQUE,
    display_name TEXT NOT NULL,
    description  TEXT NOT NULL,
    created_at   BIGINT NOT NULL
);

-- The clusters that a project may use, and how much of each. Amounts are Kubernetes quantities; NULL is no limit.
CREATE TABLE project_clusters (
    project_id TEXT NOT NULL REFERENCES projects (id),
    cluster    TEXT NOT NULL,
    cpu        TEXT,
    memory     TEXT,
    pods       TEXT,
    PRIMARY KEY (project_id, cluster)
);

CREATE TABLE memberships (
    project_id TEXT NOT NULL REFERENCES projects (id),
    user_id    TEXT NOT NULL REFERENCES users (id),
    role       TEXT NOT NULL,
    since      BIGINT NOT NULL,
    PRIMARY KEY (project_id, user_id)
);

-- Which namespace belongs to which project. Labels in the clusters follow this table, never the other way round.
CREATE TABLE namespaces (
    cluster    TEXT NOT NULL,
    name       TEXT NOT NULL,
    project_id TEXT NOT NULL REFERENCES projects (id),
    created_at BIGINT NOT NULL,
    PRIMARY KEY (cluster, name)
);
CREATE INDEX namespaces_by_project ON namespaces (project_id);
