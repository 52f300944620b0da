-- Writes a draft. Without a key: it is not sent again.
select (a ->> 'rule_id')::bigint, (a ->> 'version')::bigint from oba.save_rule ($1::jsonb) a
