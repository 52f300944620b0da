-- Likely pairs, the likeliest first, after ($1 score, $2 and $3 its ids), at most $4.
select d.customer_id, d.other_id, d.score, to_json (d.reasons),
       exists (select from oba.approvals a where a.customer_ids && array[d.customer_id, d.other_id] and a.state = 'requested' and a.kind in ('merge', 'unmerge')) as asked,
       (select count (*) from oba.duplicate_candidates n where n.state = 'open') as total
from oba.duplicate_candidates d
where d.state = 'open' and (- d.score, d.customer_id, d.other_id) > (- $1::integer, $2::bigint, $3::bigint)
order by d.score desc, d.customer_id, d.other_id limit $4::integer
