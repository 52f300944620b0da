SELECT staff.login, staff.display_name, staff.role, stores.code, staff.created_at, staff.created_by, staff.disabled_at
  FROM oba.staff AS staff
  LEFT JOIN oba.stores AS stores USING (store_id)
 ORDER BY staff.disabled_at IS NOT NULL, staff.login
