-- The collector's store, version 1. Times ending in _ns are nanoseconds since the Unix epoch, "second" is seconds.
-- Distributions are Pdm6.Measurement.LatencyHistogramRecord; NULL is an empty one. hops and left_alone are JSON
-- objects: routers passed, or reason, to packets.

CREATE TABLE groups (
  id INTEGER PRIMARY KEY,
  name TEXT NOT NULL UNIQUE
) STRICT;

-- The same numbers in windows of 1, 10, 60 and 600 seconds, so that an hour is read as quickly as a minute.
-- Length 0: the whole run, at second 0.
CREATE TABLE windows (
  length INTEGER NOT NULL,
  second INTEGER NOT NULL,
  group_id INTEGER NOT NULL REFERENCES groups (id),
  packets INTEGER NOT NULL,
  opened INTEGER NOT NULL,
  authentication_failed INTEGER NOT NULL,
  lost INTEGER NOT NULL,
  duplicated INTEGER NOT NULL,
  reordered INTEGER NOT NULL,
  ambiguous INTEGER NOT NULL,
  late INTEGER NOT NULL,
  selected INTEGER NOT NULL,
  sealed INTEGER NOT NULL,
  hops TEXT NOT NULL,
  left_alone TEXT NOT NULL,
  round_trip BLOB,
  server_delay BLOB,
  variation BLOB,
  PRIMARY KEY (length, second, group_id)
) STRICT, WITHOUT ROWID;

-- Counters of the whole run, by name of RunCounter.
CREATE TABLE run (
  counter TEXT PRIMARY KEY,
  value INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- One row for each incarnation. description and report are the JSON that the agent sent (report without "sent");
-- batches are the ranges of batch numbers taken, as [[first,last],...].
CREATE TABLE agents (
  incarnation TEXT PRIMARY KEY,
  last_seen_ns INTEGER NOT NULL,
  observations INTEGER NOT NULL,
  description TEXT NOT NULL,
  report TEXT,
  batches TEXT NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE announcements (
  context TEXT PRIMARY KEY,
  not_after_ns INTEGER NOT NULL,
  announcement TEXT NOT NULL
) STRICT, WITHOUT ROWID;

PRAGMA user_version = 1;
