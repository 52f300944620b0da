-- Begins to run version $2 of rule $1 over the receipts from $3 to $4, in the caller's transaction: the parts, each with its first and last day.
select x ->> 0, x ->> 1 from jsonb_array_elements (oba.replay_begin (jsonb_build_object ('rule_id', $1::bigint, 'version', $2::bigint, 'from', $3::text, 'to', $4::text)) -> 'chunks') x
