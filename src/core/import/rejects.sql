copy (select line, reason from pg_temp.import_rejects order by line) to stdout
