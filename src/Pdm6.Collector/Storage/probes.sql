-- Version 2 of the store: what probers reported.
-- Counts of a direction are NULL where nobody knows them; round_trip is a LatencyHistogramRecord.

-- A prober and its target, with the sums of all their rounds. rounds and sums stay when single rounds are removed.
CREATE TABLE probe_pairs (
  id INTEGER PRIMARY KEY,
  prober TEXT NOT NULL,
  target TEXT NOT NULL,
  address TEXT NOT NULL,
  rounds INTEGER NOT NULL,
  received_ns INTEGER NOT NULL,
  latest_round INTEGER NOT NULL,
  sent INTEGER NOT NULL,
  received INTEGER NOT NULL,
  there_sent INTEGER,
  there_lost INTEGER,
  there_duplicated INTEGER,
  there_reordered INTEGER,
  back_sent INTEGER,
  back_lost INTEGER,
  back_duplicated INTEGER,
  back_reordered INTEGER,
  round_trip BLOB NOT NULL,
  UNIQUE (prober, target, address)
) STRICT;

-- received_ns is this host's clock, from_ns and to_ns are the prober's. A round that is told twice is one.
CREATE TABLE probe_rounds (
  id INTEGER PRIMARY KEY,
  pair INTEGER NOT NULL REFERENCES probe_pairs (id) ON DELETE CASCADE,
  received_ns INTEGER NOT NULL,
  from_ns INTEGER NOT NULL,
  to_ns INTEGER NOT NULL,
  sent INTEGER NOT NULL,
  received INTEGER NOT NULL,
  there_sent INTEGER,
  there_lost INTEGER,
  there_duplicated INTEGER,
  there_reordered INTEGER,
  back_sent INTEGER,
  back_lost INTEGER,
  back_duplicated INTEGER,
  back_reordered INTEGER,
  round_trip BLOB NOT NULL,
  UNIQUE (pair, from_ns, to_ns)
) STRICT;

CREATE INDEX probe_rounds_by_time ON probe_rounds (received_ns);

PRAGMA user_version = 2;
