-- Where customer $1 stands.
select x ->> 'tier', t.name_en, x ->> 'basis', (x ->> 'amount')::bigint, n.name_en, (x ->> 'next_threshold')::bigint, x ->> 'below_since', x ->> 'lost_on', o.name_en, x #>> '{override,until}',
       coalesce (x #>> '{override,override_id}', '')
from oba.tier_standing ($1::bigint) x
left join oba.tiers t on t.tier_id = (x ->> 'tier')::bigint left join oba.tiers n on n.tier_id = (x ->> 'next')::bigint
left join oba.tiers o on o.tier_id = (x #>> '{override,tier}')::bigint
where x is not null
