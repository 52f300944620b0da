-- The last receipts of a customer ($1), newest first, with their lines and the points they gave or took.
select r.receipt_id, r.sold_at, r.kind, r.receipt_no, coalesce (st.name, '') as store, r.total, r.discount,
       coalesce ((select sum (l.points) from oba.points_ledger l
                   where l.customer_id = r.customer_id and l.receipt_id = r.receipt_id), 0)::bigint as points,
       (select json_agg (json_build_array (coalesce (p.name, ''), l.quantity, coalesce (p.unit, 'pcs'), l.total) order by l.line_no)
          from oba.receipt_lines l left join oba.products p using (product_id)
         where l.customer_id = r.customer_id and l.sold_at = r.sold_at and l.receipt_id = r.receipt_id) as lines
  from (select * from oba.receipts x
         where x.customer_id = $1 order by x.sold_at desc, x.receipt_id desc limit $2::bigint) r
  left join oba.stores st using (store_id)
 order by r.sold_at desc, r.receipt_id desc
