-- What has moved the stock of reward $1, the last first: before movement $2 (null: from the last), of kind $3 (null: any), at most $4.
select m.movement_id, extract (epoch from m.at)::bigint, m.kind, m.quantity, coalesce (m.counted, -1), coalesce (s.name, ''),
       coalesce (f.display_name, case when m.by_whom in (select x.login from oba.staff x where x.role = 'helper') then '' else oba.staff_login (m.by_whom) end, ''), coalesce (m.reason, '')
from oba.stock_movements m
left join oba.stores s on s.store_id = m.store_id
left join oba.staff f on f.login = m.by_whom and f.role <> 'helper'
where m.reward_id = $1 and ($2::bigint is null or m.movement_id < $2) and ($3::text is null or m.kind = $3)
order by m.movement_id desc limit $4::bigint
