-- The steps of redemption $1, the first first.
select extract (epoch from e.at)::bigint, e.to_state, oba.staff_login (e.by_whom), coalesce (e.through, ''), coalesce (s.name, ''), coalesce (e.till_no, 0), coalesce (e.reason, '')
from oba.redemption_events e join oba.redemptions r using (customer_id, redemption_id) left join oba.stores s on s.store_id = e.store_id
where r.redemption_id = $1 order by e.event_no
