-- What an entry changed, as JSON; empty where nothing is noted.
ALTER TABLE audit ADD COLUMN changed TEXT NOT NULL DEFAULT '';

-- From where somebody did it; empty where that is not known.
ALTER TABLE audit ADD COLUMN address TEXT NOT NULL DEFAULT '';

-- When the first of these failures was; they are counted for a while where the name is that of a network.
ALTER TABLE sign_in_failures ADD COLUMN since BIGINT NOT NULL DEFAULT 0;
