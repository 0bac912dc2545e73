-- The registrar's store, step 2: what a feed asks for costs what it finds, however much others announced meanwhile.

-- Contexts of which a key was granted something. version: of the first grant, or of the context's announcement if that
-- changed later: then the feeds of the key's holder carry the announcement. not_after_ns: of the newest grant.
CREATE TABLE granted_contexts (
  context_id TEXT NOT NULL REFERENCES announcements (context_id) ON DELETE CASCADE,
  key_id TEXT NOT NULL,
  version INTEGER NOT NULL,
  not_after_ns INTEGER NOT NULL,
  PRIMARY KEY (context_id, key_id)
) STRICT, WITHOUT ROWID;
INSERT INTO granted_contexts
  SELECT g.context_id, g.key_id, CASE WHEN a.version > MIN(g.version) THEN a.version ELSE MIN(g.version) END, MAX(g.not_after_ns)
  FROM grants g JOIN announcements a ON a.context_id = g.context_id
  GROUP BY g.context_id, g.key_id, a.version;
CREATE INDEX granted_contexts_feed ON granted_contexts (key_id, version);

-- Whom the changes after a version concern.
CREATE INDEX grants_version ON grants (version);
