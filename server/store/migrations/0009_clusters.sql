-- Clusters that were connected in the console. The credential of one is a login, sealed, of the service cluster/<name>.
CREATE TABLE clusters (
    name           TEXT PRIMARY KEY,
    server         TEXT NOT NULL,
    -- 1: its owner makes platform administrators cluster administrators.
    administrators BIGINT NOT NULL,
    added_at       BIGINT NOT NULL,
    -- When the credential ends; NULL when it does not say.
    expires_at     BIGINT
);
