-- How far the rollups are behind: seconds since the oldest receipt that is not in them.
select coalesce ((select extract (epoch from now() - r.posted_at) from oba.receipts r
                  where r.xid >= s.folded_below and (r.receipt_id > s.rebuilt_through or r.posted_at > s.rebuilt_at)
                  order by r.xid limit 1), 0)::double precision
from oba.rollup_state s
