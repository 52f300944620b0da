-- $1: a filter of receipts
select {columns}, 0, l.total
  from oba.receipt_set ($1::jsonb) k
  join oba.receipts r on r.customer_id = k.customer_id and r.sold_at = k.sold_at and r.receipt_id = k.receipt_id
  join oba.receipt_lines l on l.customer_id = k.customer_id and l.sold_at = k.sold_at and l.receipt_id = k.receipt_id
  join oba.stores s on s.store_id = r.store_id
  join oba.products p on p.product_id = l.product_id
  left join oba.walk_ins w on w.customer_id = r.customer_id
 order by r.sold_at, r.receipt_id, l.line_no
