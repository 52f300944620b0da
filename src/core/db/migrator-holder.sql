-- Who holds the lock of migrator-lock.sql.
SELECT COALESCE(NULLIF(activity.application_name, ''), '?'), locks.pid, COALESCE(activity.usename, '?')
  FROM pg_locks AS locks
  JOIN pg_database AS here ON here.oid = locks.database AND here.datname = current_database()
  LEFT JOIN pg_stat_activity AS activity ON activity.pid = locks.pid
 WHERE locks.locktype = 'advisory' AND locks.classid = 20290 AND locks.objid = 1 AND locks.objsubid = 2 AND locks.granted
