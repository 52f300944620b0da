-- Months that have their partitions already: "2026_11".
select right (c.relname, 7) from pg_inherits i join pg_class c on c.oid = i.inhrelid where i.inhparent = 'oba.receipts'::regclass
