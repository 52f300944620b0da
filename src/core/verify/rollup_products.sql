-- Products: the rollup is the receipt lines it has folded.
select format ('%s, product %s: lines less rollup: %s sales, %s thousandths, %s qəpik, discount %s', day, product_id, sum (sales), sum (quantity), sum (revenue), sum (discount))
from (
  -- All lines, less those that are not folded yet, less the rollup: nothing must be left.
  select oba.business_day (l.sold_at) as day, l.product_id, (l.original_line_no is null)::integer as sales, l.quantity, l.total as revenue, l.discount,
         1 as lines, 0 as rows
  from oba.receipt_lines l
  union all
  select r.business_day, l.product_id, - (r.kind = 'sale')::integer, - l.quantity, - l.total, - l.discount, -1, 0
  from oba.receipts r
  join oba.receipt_lines l on l.customer_id = r.customer_id and l.sold_at = r.sold_at and l.receipt_id = r.receipt_id
  where r.xid >= (select folded_below from oba.rollup_state)
    and (r.receipt_id > (select rebuilt_through from oba.rollup_state) or r.posted_at > (select rebuilt_at from oba.rollup_state))
  union all
  select day, product_id, - sales, - quantity, - revenue, - discount, 0, 1
  from oba.rollup_product_days
) all_of_it
group by day, product_id
having sum (sales) <> 0 or sum (quantity) <> 0 or sum (revenue) <> 0 or sum (discount) <> 0 or (sum (lines) = 0) <> (sum (rows) = 0)
