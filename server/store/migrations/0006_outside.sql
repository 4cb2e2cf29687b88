-- Who the console is at other services. The key that a password is sealed with is not in the database.
CREATE TABLE logins (
    -- Such as repository/stable or prometheus/local.
    service  TEXT PRIMARY KEY,
    -- Whom it is for; it opens for no other address.
    address  TEXT NOT NULL,
    username TEXT NOT NULL,
    key_id   TEXT NOT NULL,
    password TEXT NOT NULL
);

-- The Prometheus of a cluster.
CREATE TABLE metrics_sources (
    cluster           TEXT PRIMARY KEY,
    url               TEXT NOT NULL,
    -- 1: its address may be one of a private network.
    private_addresses BIGINT NOT NULL
);
