-- Likely pairs of one customer ($1), the likeliest first, at most $2.
select d.customer_id, d.other_id, d.score, to_json (d.reasons),
       exists (select from oba.approvals a where a.customer_ids && array[d.customer_id, d.other_id] and a.state = 'requested' and a.kind in ('merge', 'unmerge')) as asked,
       count (*) over () as total
from oba.duplicate_candidates d
where d.state = 'open' and (d.customer_id = $1::bigint or d.other_id = $1::bigint)
order by d.score desc, d.customer_id, d.other_id limit $2::integer
