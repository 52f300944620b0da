-- The receipt $3 of customer $1, sold at $2, as receipts.sql has them: the time finds the one partition.
select r.receipt_id, r.sold_at, r.kind, r.receipt_no, coalesce (st.name, '') as store, r.total, r.discount,
       coalesce ((select sum (l.points) from oba.points_ledger l
                   where l.customer_id = r.customer_id and l.receipt_id = r.receipt_id and l.occurred_at = r.sold_at), 0)::bigint as points,
       (select json_agg (json_build_array (coalesce (p.name, ''), l.quantity, coalesce (p.unit, 'pcs'), l.total) order by l.line_no)
          from oba.receipt_lines l left join oba.products p using (product_id)
         where l.customer_id = r.customer_id and l.sold_at = r.sold_at and l.receipt_id = r.receipt_id) as lines
  from oba.receipts r
  left join oba.stores st using (store_id)
 where r.customer_id = $1 and r.sold_at = $2::timestamptz and r.receipt_id = $3
