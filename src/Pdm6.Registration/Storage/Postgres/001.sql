-- The registrar's store, step 1. Times ending in _ns are nanoseconds since the Unix epoch. Fingerprints, hashes, key ids
-- and context ids are lower-case hexadecimal text. Lists of prefixes are separated by blanks.
-- A "version" numbers the changes that feeds carry, in the order in which they became durable.

CREATE TABLE state (
  one BIGINT PRIMARY KEY CHECK (one = 1),
  version BIGINT NOT NULL,
  analyzers_version BIGINT NOT NULL
);
INSERT INTO state VALUES (1, 0, 0);

CREATE TABLE tokens (
  id TEXT PRIMARY KEY,
  secret_hash BYTEA NOT NULL,
  role TEXT NOT NULL,
  prefixes TEXT NOT NULL,
  uses BIGINT NOT NULL,
  used BIGINT NOT NULL,
  expires_ns BIGINT NOT NULL,
  needs_approval BIGINT NOT NULL,
  created_ns BIGINT NOT NULL,
  revoked_ns BIGINT NOT NULL
);

-- source: the token, or what else decided. version: of the revocation.
CREATE TABLE participants (
  fingerprint TEXT PRIMARY KEY,
  name TEXT NOT NULL,
  role TEXT NOT NULL,
  prefixes TEXT NOT NULL,
  state TEXT NOT NULL CHECK (state IN ('pending', 'approved', 'active', 'revoked')),
  source TEXT NOT NULL,
  certificate_hash TEXT NOT NULL,
  created_ns BIGINT NOT NULL,
  version BIGINT NOT NULL,
  last_sequence BIGINT NOT NULL,
  bundle_sequence BIGINT NOT NULL,
  bundle_certificate_hash TEXT NOT NULL,
  bundle_body BYTEA NOT NULL,
  bundle_signature BYTEA NOT NULL
);
-- The name of a revoked participant is free again.
CREATE UNIQUE INDEX participants_name ON participants (name) WHERE state <> 'revoked';
CREATE INDEX participants_role ON participants (role, state);
CREATE INDEX participants_revoked ON participants (version) WHERE state = 'revoked';

-- Every key that a participant ever signed for: announcements of captures name old ones.
CREATE TABLE participant_keys (
  fingerprint TEXT NOT NULL REFERENCES participants (fingerprint),
  key_id TEXT NOT NULL,
  PRIMARY KEY (fingerprint, key_id)
);
CREATE INDEX participant_keys_key ON participant_keys (key_id);

CREATE TABLE certificates (
  hash TEXT PRIMARY KEY,
  fingerprint TEXT NOT NULL REFERENCES participants (fingerprint),
  not_after_ns BIGINT NOT NULL,
  der BYTEA NOT NULL
);

CREATE TABLE announcements (
  context_id TEXT PRIMARY KEY,
  version BIGINT NOT NULL,
  fingerprint TEXT NOT NULL REFERENCES participants (fingerprint),
  issued_ns BIGINT NOT NULL,
  not_after_ns BIGINT NOT NULL,
  certificate_hash TEXT NOT NULL REFERENCES certificates (hash),
  body BYTEA NOT NULL,
  signature BYTEA NOT NULL
);
CREATE INDEX announcements_version ON announcements (version);
CREATE INDEX announcements_end ON announcements (not_after_ns);

CREATE TABLE announcement_addresses (
  address BYTEA NOT NULL,
  context_id TEXT NOT NULL REFERENCES announcements (context_id) ON DELETE CASCADE,
  PRIMARY KEY (address, context_id)
);
CREATE INDEX announcement_addresses_context ON announcement_addresses (context_id);

CREATE TABLE announcement_recipients (
  key_id TEXT NOT NULL,
  version BIGINT NOT NULL,
  context_id TEXT NOT NULL REFERENCES announcements (context_id) ON DELETE CASCADE,
  PRIMARY KEY (key_id, version)
);
CREATE INDEX announcement_recipients_context ON announcement_recipients (context_id);

CREATE TABLE grants (
  context_id TEXT NOT NULL REFERENCES announcements (context_id) ON DELETE CASCADE,
  source BYTEA NOT NULL,
  destination BYTEA NOT NULL,
  key_id TEXT NOT NULL,
  version BIGINT NOT NULL,
  not_after_ns BIGINT NOT NULL,
  certificate_hash TEXT NOT NULL REFERENCES certificates (hash),
  body BYTEA NOT NULL,
  signature BYTEA NOT NULL,
  PRIMARY KEY (context_id, source, destination, key_id)
);
CREATE INDEX grants_feed ON grants (key_id, version);

-- Addresses that several endpoints may announce at once.
CREATE TABLE shared_prefixes (
  prefix TEXT PRIMARY KEY
);

CREATE TABLE audit (
  id BIGINT GENERATED ALWAYS AS IDENTITY PRIMARY KEY,
  time_ns BIGINT NOT NULL,
  actor TEXT NOT NULL,
  action TEXT NOT NULL,
  subject TEXT NOT NULL,
  prefixes TEXT NOT NULL,
  reason TEXT NOT NULL
);
CREATE FUNCTION refuse_change() RETURNS trigger LANGUAGE plpgsql AS
  $$ BEGIN RAISE EXCEPTION 'the audit log is append-only'; END $$;
CREATE TRIGGER audit_stays BEFORE UPDATE OR DELETE OR TRUNCATE ON audit
  FOR EACH STATEMENT EXECUTE FUNCTION refuse_change();
