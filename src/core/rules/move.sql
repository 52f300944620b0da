-- Takes version $2 of rule $1 to the state $3, for the reason $4. Without a key: it is not sent again.
select oba.move_rule (jsonb_strip_nulls (jsonb_build_object ('rule_id', $1::bigint, 'version', $2::bigint, 'state', $3::text, 'reason', $4::text)))
