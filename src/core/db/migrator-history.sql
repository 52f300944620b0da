SELECT name, sha256, applied_at, applied_by, duration_ms
  FROM oba_meta.migrations
 ORDER BY name
