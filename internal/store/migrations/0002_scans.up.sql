-- Every scan, in the order of the runs.
CREATE TABLE scan (
  id       INTEGER PRIMARY KEY,
  subject  INTEGER NOT NULL REFERENCES subject,
  as_of    TEXT NOT NULL, -- YYYY-MM-DD
  ran      TEXT NOT NULL, -- YYYY-MM-DD, UTC: the day of the run
  version  TEXT NOT NULL, -- of the program
  base     INTEGER REFERENCES scan, -- with whose document this one is read; null where it is read alone
  document BLOB NOT NULL  -- JSON, compressed
) STRICT;
CREATE INDEX scan_of_subject ON scan (subject, as_of, id);
