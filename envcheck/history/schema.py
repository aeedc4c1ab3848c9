"""The tables, by the version that made them: `PRAGMA user_version` says which of the steps a file has been through.

A run's number is its moment, in milliseconds since 1970, so that runs are in their order whatever the order in which
they were kept, and a fact still says since when it holds when its run is a summary. What is older than whole runs are
kept for is a row of `days` for each day and environment, and one of `day_latencies` for each of its latencies.
"""

from __future__ import annotations

from typing import Final

APPLICATION_ID: Final = 0x656E7663
"""`envc`, in the file's header: by it a history is told from another program's SQLite file."""

# `asked` is the same on nights whose latencies can be held together: see `envcheck.history.medians`.
# The state `carried` of a finding is one that the run could not judge: neither there nor gone.
_FIRST: Final = """
CREATE TABLE texts (
  hash BLOB PRIMARY KEY,
  packed BLOB NOT NULL
) STRICT, WITHOUT ROWID;
CREATE TABLE runs (
  run INTEGER PRIMARY KEY,
  run_id TEXT NOT NULL UNIQUE,
  at TEXT NOT NULL,
  verdict TEXT NOT NULL,
  held_against TEXT NOT NULL,
  baseline TEXT,
  is_partial INTEGER NOT NULL,
  is_tracked INTEGER NOT NULL,
  comparison BLOB NOT NULL REFERENCES texts (hash)
) STRICT;
CREATE TABLE records (
  environment TEXT NOT NULL,
  run INTEGER NOT NULL REFERENCES runs (run),
  verdict TEXT NOT NULL,
  failure TEXT,
  evidence BLOB NOT NULL REFERENCES texts (hash),
  PRIMARY KEY (environment, run)
) STRICT, WITHOUT ROWID;
CREATE TABLE checks (
  environment TEXT NOT NULL,
  probe TEXT NOT NULL,
  run INTEGER NOT NULL REFERENCES runs (run),
  outcome TEXT NOT NULL,
  failure TEXT,
  PRIMARY KEY (environment, probe, run)
) STRICT, WITHOUT ROWID;
CREATE TABLE facts (
  environment TEXT NOT NULL,
  field TEXT NOT NULL,
  run INTEGER NOT NULL,
  value BLOB NOT NULL REFERENCES texts (hash),
  PRIMARY KEY (environment, field, run)
) STRICT, WITHOUT ROWID;
CREATE TABLE latencies (
  environment TEXT NOT NULL,
  field TEXT NOT NULL,
  run INTEGER NOT NULL REFERENCES runs (run),
  asked BLOB NOT NULL,
  median_ms REAL NOT NULL,
  samples INTEGER NOT NULL,
  PRIMARY KEY (environment, field, run)
) STRICT, WITHOUT ROWID;
CREATE TABLE findings (
  rule TEXT NOT NULL,
  fingerprint TEXT NOT NULL,
  run INTEGER NOT NULL REFERENCES runs (run),
  environment TEXT NOT NULL,
  field TEXT NOT NULL,
  held_against TEXT NOT NULL,
  expected TEXT,
  actual TEXT,
  state TEXT NOT NULL,
  severity TEXT NOT NULL,
  counted INTEGER NOT NULL,
  first_seen TEXT,
  PRIMARY KEY (rule, fingerprint, run)
) STRICT, WITHOUT ROWID;
CREATE TABLE days (
  environment TEXT NOT NULL,
  day TEXT NOT NULL,
  runs INTEGER NOT NULL,
  verdict TEXT NOT NULL,
  failure TEXT,
  PRIMARY KEY (environment, day)
) STRICT, WITHOUT ROWID;
CREATE TABLE day_latencies (
  environment TEXT NOT NULL,
  field TEXT NOT NULL,
  day TEXT NOT NULL,
  asked BLOB NOT NULL,
  median_ms REAL NOT NULL,
  samples INTEGER NOT NULL,
  PRIMARY KEY (environment, field, day, asked)
) STRICT, WITHOUT ROWID;
CREATE INDEX findings_of_a_run ON findings (run);
"""

STEPS: Final = (_FIRST,)
"""What leads from each version to the next; a file of version n has been through the first n."""
VERSION: Final = len(STEPS)
