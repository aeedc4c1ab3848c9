"""The tables, by the version that made them: `PRAGMA user_version` says which of the steps a file has been through."""

from __future__ import annotations

from typing import Final

APPLICATION_ID: Final = 0x656E7663
"""`envc`, in the file's header: by it a history is told from another program's SQLite file."""

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
  comparison BLOB NOT NULL REFERENCES texts (hash)
) STRICT;
CREATE TABLE checks (
  run INTEGER NOT NULL REFERENCES runs (run),
  environment TEXT NOT NULL,
  probe TEXT NOT NULL,
  outcome TEXT NOT NULL,
  failure TEXT,
  PRIMARY KEY (environment, run, probe)
) STRICT, WITHOUT ROWID;
CREATE TABLE records (
  run INTEGER NOT NULL REFERENCES runs (run),
  environment TEXT NOT NULL,
  evidence BLOB NOT NULL REFERENCES texts (hash),
  PRIMARY KEY (environment, run)
) STRICT, WITHOUT ROWID;
CREATE TABLE facts (
  environment TEXT NOT NULL,
  field TEXT NOT NULL,
  run INTEGER NOT NULL REFERENCES runs (run),
  value BLOB NOT NULL REFERENCES texts (hash),
  PRIMARY KEY (environment, field, run)
) STRICT, WITHOUT ROWID;
CREATE TABLE latencies (
  environment TEXT NOT NULL,
  field TEXT NOT NULL,
  run INTEGER NOT NULL REFERENCES runs (run),
  median_ms REAL NOT NULL,
  samples INTEGER NOT NULL,
  PRIMARY KEY (environment, field, run)
) STRICT, WITHOUT ROWID;
CREATE TABLE findings (
  run INTEGER NOT NULL REFERENCES runs (run),
  fingerprint TEXT NOT NULL,
  environment TEXT NOT NULL,
  rule TEXT NOT NULL,
  state TEXT NOT NULL,
  PRIMARY KEY (fingerprint, run)
) STRICT, WITHOUT ROWID;
"""

STEPS: Final = (_FIRST,)
"""What leads from each version to the next; a file of version n has been through the first n."""
VERSION: Final = len(STEPS)
