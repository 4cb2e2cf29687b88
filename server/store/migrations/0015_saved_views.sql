-- Lists that people keep under names of their own: which list, and what its address says.
CREATE TABLE saved_views (
    user_id TEXT NOT NULL REFERENCES users (id),
    listing TEXT NOT NULL,
    name    TEXT NOT NULL,
    query   TEXT NOT NULL,
    PRIMARY KEY (user_id, listing, name)
);
