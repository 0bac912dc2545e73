-- Version 3 of the store. Announcements that came under seal, as they were signed (Pdm6.Registration.Contract.EnvelopeMessage, JSON): with the
-- analyzer's key they open captures of their time.
CREATE TABLE envelopes (
  context TEXT PRIMARY KEY,
  not_after_ns INTEGER NOT NULL,
  envelope TEXT NOT NULL
) STRICT, WITHOUT ROWID;

PRAGMA user_version = 3;
