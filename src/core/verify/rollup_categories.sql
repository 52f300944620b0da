-- Categories of stores and of the chain: together they are the folded receipt lines, to the qəpik; a line stays in the category in which it was folded.
with raw as (
  select r.store_id, r.business_day as day, count (*) filter (where r.kind = 'sale') as lines, sum (l.total) as revenue, sum (l.discount) as discount,
         coalesce (sum (l.total) filter (where l.discount <> 0), 0) as discounted
  from oba.receipts r join oba.receipt_lines l using (customer_id, sold_at, receipt_id)
  where r.xid < (select folded_below from oba.rollup_state)
     or (r.receipt_id <= (select rebuilt_through from oba.rollup_state) and r.posted_at <= (select rebuilt_at from oba.rollup_state))
  group by grouping sets ((r.store_id, r.business_day), (r.business_day))
)
select format ('%s, store %s: rollup %s, lines %s', day, store_id, row (t.lines, t.revenue, t.discount, t.discounted), row (r.lines, r.revenue, r.discount, r.discounted))
from (select store_id, day, sum (lines) as lines, sum (revenue) as revenue, sum (discount) as discount, sum (discounted) as discounted
      from oba.rollup_store_categories group by 1, 2) t
full join (select coalesce (store_id, 0) as store_id, day, lines, revenue, discount, discounted from raw) r using (store_id, day)
where (t.lines, t.revenue, t.discount, t.discounted) is distinct from (r.lines, r.revenue, r.discount, r.discounted)
union all
select format ('%s, category %s: the chain has %s, its stores %s', day, category_id, c.revenue, s.revenue)
from (select day, category_id, revenue, discount, discounted, lines from oba.rollup_store_categories where store_id = 0) c
full join (select day, category_id, sum (revenue) as revenue, sum (discount) as discount, sum (discounted) as discounted, sum (lines) as lines
           from oba.rollup_store_categories where store_id <> 0 group by 1, 2) s using (day, category_id)
where (c.revenue, c.discount, c.discounted, c.lines) is distinct from (s.revenue, s.discount, s.discounted, s.lines)
