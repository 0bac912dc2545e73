-- Announcements that came under seal, as they were signed (Pdm6.Registration.Contract.EnvelopeMessage, JSON): with the
-- analyzer's key they open captures of their time. A table that collectors without registration do not look at: it is
-- added to stores of version 1 as they are.
CREATE TABLE IF NOT EXISTS envelopes (
  context TEXT PRIMARY KEY,
  not_after_ns INTEGER NOT NULL,
  envelope TEXT NOT NULL
) STRICT, WITHOUT ROWID;
