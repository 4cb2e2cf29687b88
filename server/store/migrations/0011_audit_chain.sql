-- Each opening and each closing of an entry is a link, whose hash covers the entry as it then is and the link before.
CREATE TABLE audit_chain (
    seq     BIGINT PRIMARY KEY,
    entry   BIGINT NOT NULL,
    outcome TEXT NOT NULL,
    hash    TEXT NOT NULL
);
CREATE INDEX audit_chain_by_entry ON audit_chain (entry);

-- One row: the end of the chain. Writers wait for each other here.
CREATE TABLE audit_head (
    id   BIGINT PRIMARY KEY CHECK (id = 1),
    seq  BIGINT NOT NULL,
    hash TEXT NOT NULL
);
INSERT INTO audit_head (id, seq, hash) VALUES (1, 0, '');
