-- The registrar's store, step 1. Times ending in _ns are nanoseconds since the Unix epoch. Fingerprints, hashes, key ids
-- and context ids are lower-case hexadecimal text. Lists of prefixes are separated by blanks.
-- A "version" numbers the changes that feeds carry, in the order in which they became durable.

CREATE TABLE state (
  one INTEGER PRIMARY KEY CHECK (one = 1),
  version INTEGER NOT NULL,
  analyzers_version INTEGER NOT NULL
) STRICT;
INSERT INTO state VALUES (1, 0, 0);

CREATE TABLE tokens (
  id TEXT PRIMARY KEY,
  secret_hash BLOB NOT NULL,
  role TEXT NOT NULL,
  prefixes TEXT NOT NULL,
  uses INTEGER NOT NULL,
  used INTEGER NOT NULL,
  expires_ns INTEGER NOT NULL,
  needs_approval INTEGER NOT NULL,
  created_ns INTEGER NOT NULL,
  revoked_ns INTEGER NOT NULL
) STRICT, WITHOUT ROWID;

-- source: the token, or what else decided. version: of the revocation.
CREATE TABLE participants (
  fingerprint TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  prefixes TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'approved', 'active', 'revoked')),
  source TEXT NOT NULL,
  certificate_hash TEXT NOT NULL,
  created_ns INTEGER NOT NULL,
  version INTEGER NOT NULL,
  last_sequence INTEGER NOT NULL,
  bundle_sequence INTEGER NOT NULL,
  bundle_certificate_hash TEXT NOT NULL,
  bundle_body BLOB NOT NULL,
  bundle_signature BLOB NOT NULL
) STRICT, WITHOUT ROWID;
-- The name of a revoked participant is free again.
CREATE UNIQUE INDEX participants_name ON participants (name) WHERE state <> 'revoked';
CREATE INDEX participants_role ON participants (role, state);
CREATE INDEX participants_revoked ON participants (version) WHERE state = 'revoked';

-- Every key that a participant ever signed for: announcements of captures name old ones.
CREATE TABLE participant_keys (
  fingerprint TEXT NOT NULL REFERENCES participants (fingerprint),
  key_id TEXT NOT NULL,
  PRIMARY KEY (fingerprint, key_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX participant_keys_key ON participant_keys (key_id);

CREATE TABLE certificates (
  hash TEXT PRIMARY KEY,
  fingerprint TEXT NOT NULL REFERENCES participants (fingerprint),
  not_after_ns INTEGER NOT NULL,
  der BLOB NOT NULL
) STRICT, WITHOUT ROWID;

CREATE TABLE announcements (
  context_id TEXT PRIMARY KEY,
  version INTEGER NOT NULL,
  fingerprint TEXT NOT NULL REFERENCES participants (fingerprint),
  issued_ns INTEGER NOT NULL,
  not_after_ns INTEGER NOT NULL,
  certificate_hash TEXT NOT NULL REFERENCES certificates (hash),
  body BLOB NOT NULL,
  signature BLOB NOT NULL
) STRICT;
CREATE INDEX announcements_version ON announcements (version);
CREATE INDEX announcements_end ON announcements (not_after_ns);

CREATE TABLE announcement_addresses (
  address BLOB NOT NULL,
  context_id TEXT NOT NULL REFERENCES announcements (context_id) ON DELETE CASCADE,
  PRIMARY KEY (address, context_id)
) STRICT, WITHOUT ROWID;
CREATE INDEX announcement_addresses_context ON announcement_addresses (context_id);

CREATE TABLE announcement_recipients (
  key_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  context_id TEXT NOT NULL REFERENCES announcements (context_id) ON DELETE CASCADE,
  PRIMARY KEY (key_id, version)
) STRICT, WITHOUT ROWID;
CREATE INDEX announcement_recipients_context ON announcement_recipients (context_id);

CREATE TABLE grants (
  context_id TEXT NOT NULL REFERENCES announcements (context_id) ON DELETE CASCADE,
  source BLOB NOT NULL,
  destination BLOB NOT NULL,
  key_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  not_after_ns INTEGER NOT NULL,
  certificate_hash TEXT NOT NULL REFERENCES certificates (hash),
  body BLOB NOT NULL,
  signature BLOB NOT NULL,
  PRIMARY KEY (context_id, source, destination, key_id)
) STRICT;
CREATE INDEX grants_feed ON grants (key_id, version);

-- Addresses that several endpoints may announce at once.
CREATE TABLE shared_prefixes (
  prefix TEXT PRIMARY KEY
) STRICT, WITHOUT ROWID;

CREATE TABLE audit (
  id INTEGER PRIMARY KEY AUTOINCREMENT,
  time_ns INTEGER NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  prefixes TEXT NOT NULL,
  reason TEXT NOT NULL
) STRICT;
CREATE TRIGGER audit_keeps BEFORE UPDATE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
CREATE TRIGGER audit_stays BEFORE DELETE ON audit BEGIN SELECT RAISE(ABORT, 'the audit log is append-only'); END;
