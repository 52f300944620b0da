SELECT stores.code, tills.till_no, tills.client_id, tills.created_at, tills.created_by, tills.last_seen_at, tills.revoked_at
  FROM oba.tills AS tills
  JOIN oba.stores AS stores USING (store_id)
 ORDER BY tills.revoked_at IS NOT NULL, stores.code, tills.till_no, tills.till_id
