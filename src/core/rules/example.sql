-- What all rules together would give for an example: oba.rule_example ().
select oba.rule_example ($1::jsonb)::text
