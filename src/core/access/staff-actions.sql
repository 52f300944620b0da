-- What staff did with the record, with the values while they are there.
select to_jsonb (a) - '{xid,from_where,role}'::text[] from oba.audit_entries a where a.customer_id = any ($1) order by a.at, a.audit_id
