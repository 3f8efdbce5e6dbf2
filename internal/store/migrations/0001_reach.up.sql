-- What is named again and again is kept once.
CREATE TABLE subject (
  id  INTEGER PRIMARY KEY,
  key TEXT NOT NULL UNIQUE -- PathKey or NamesKey
) STRICT;

CREATE TABLE upstream (
  id   INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE -- host/owner/name
) STRICT;

-- What was observed of the reach of an upstream, the last word of each day. Null is not known.
CREATE TABLE reach (
  subject    INTEGER NOT NULL REFERENCES subject,
  upstream   INTEGER NOT NULL REFERENCES upstream,
  date       TEXT NOT NULL, -- YYYY-MM-DD, UTC: the day of the run
  subjects   INTEGER CHECK (subjects >= 0),
  packages   INTEGER CHECK (packages >= 0),
  downloads  INTEGER CHECK (downloads >= 0),
  dependents INTEGER CHECK (dependents >= 0),
  PRIMARY KEY (subject, upstream, date)
) STRICT, WITHOUT ROWID;
