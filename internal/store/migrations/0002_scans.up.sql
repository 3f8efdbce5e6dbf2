CREATE TABLE package (
  id   INTEGER PRIMARY KEY,
  purl TEXT NOT NULL UNIQUE
) STRICT;

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

-- What is asked of many scans at once stands in rows, so that no document need be read. A row holds in the scans of its subject
-- from since until before until, or until today where that is null. Null is not known.
CREATE TABLE scan_upstream (
  subject     INTEGER NOT NULL REFERENCES subject,
  upstream    INTEGER NOT NULL REFERENCES upstream,
  since       INTEGER NOT NULL REFERENCES scan,
  until       INTEGER REFERENCES scan,
  state       TEXT NOT NULL,
  band        TEXT,
  probability REAL, -- probability_12m
  collapse    REAL, -- collapse_12m
  fragility   REAL,
  loss        REAL,
  rank        INTEGER,
  score       REAL,
  exposure    REAL,
  PRIMARY KEY (subject, upstream, since)
) STRICT, WITHOUT ROWID;
CREATE INDEX scan_upstream_today ON scan_upstream (subject, upstream) WHERE until IS NULL;

CREATE TABLE scan_package (
  subject  INTEGER NOT NULL REFERENCES subject,
  package  INTEGER NOT NULL REFERENCES package,
  since    INTEGER NOT NULL REFERENCES scan,
  until    INTEGER REFERENCES scan,
  direct   INTEGER NOT NULL,
  scope    TEXT NOT NULL,
  upstream INTEGER REFERENCES upstream, -- null where it is not known
  PRIMARY KEY (subject, package, since)
) STRICT, WITHOUT ROWID;
CREATE INDEX scan_package_today ON scan_package (subject, package) WHERE until IS NULL;
