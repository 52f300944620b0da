-- The history of the schema. The owner of the database writes it, every login may read it.
CREATE SCHEMA oba_meta;
REVOKE ALL ON SCHEMA oba_meta FROM PUBLIC;
GRANT USAGE ON SCHEMA oba_meta TO PUBLIC;
CREATE TABLE oba_meta.migrations (
  name        text COLLATE "C" PRIMARY KEY,
  sha256      text NOT NULL CHECK (sha256 ~ '^[0-9a-f]{64}$'),
  applied_at  timestamptz NOT NULL DEFAULT now(),
  applied_by  text NOT NULL DEFAULT session_user,
  duration_ms bigint NOT NULL,
  program     text NOT NULL
);
GRANT SELECT ON oba_meta.migrations TO PUBLIC;
