-- $1 name, $2 SHA-256, $3 milliseconds, $4 program and version
INSERT INTO oba_meta.migrations (name, sha256, duration_ms, program) VALUES ($1, $2, $3, $4)
