-- Each with its lines, and with the points that it gave or took.
select to_jsonb (r) - '{xid,store_id}'::text[]
       || jsonb_build_object ('store', s.name,
            'points', (select coalesce (sum (l.points), 0) from oba.points_ledger l
                       where l.customer_id = r.customer_id and l.occurred_at = r.sold_at and l.receipt_id = r.receipt_id),
            'lines', (select jsonb_agg (to_jsonb (x) - '{customer_id,sold_at,receipt_id}'::text[] || jsonb_build_object ('product', p.name, 'code', p.code) order by x.line_no)
                      from oba.receipt_lines x join oba.products p using (product_id)
                      where x.customer_id = r.customer_id and x.sold_at = r.sold_at and x.receipt_id = r.receipt_id))
from oba.receipts r join oba.stores s using (store_id)
where r.customer_id = any ($1) order by r.sold_at, r.receipt_id
