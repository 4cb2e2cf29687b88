CREATE TABLE repositories (
    name              TEXT PRIMARY KEY,
    url               TEXT NOT NULL,
    -- 1: its address may be one of a private network.
    private_addresses BIGINT NOT NULL,
    synced_at         BIGINT NOT NULL,
    -- Why the newest try failed, as JSON; NULL when it did not.
    problem           TEXT
);

-- What the indexes list. Position 0 is the newest version of a chart.
CREATE TABLE charts (
    repository  TEXT NOT NULL REFERENCES repositories (name),
    name        TEXT NOT NULL,
    position    BIGINT NOT NULL,
    version     TEXT NOT NULL,
    app_version TEXT NOT NULL,
    description TEXT NOT NULL,
    icon        TEXT NOT NULL,
    url         TEXT NOT NULL,
    digest      TEXT NOT NULL,
    created_at  TEXT NOT NULL,
    deprecated  BIGINT NOT NULL,
    PRIMARY KEY (repository, name, position)
);
