-- $1 and $2: the first and last business day, $3: a store's code, $4: a customer; null for all
select {columns}, 0, l.total
  from oba.receipts r
  join oba.receipt_lines l on l.customer_id = r.customer_id and l.sold_at = r.sold_at and l.receipt_id = r.receipt_id
  join oba.stores s on s.store_id = r.store_id
  join oba.products p on p.product_id = l.product_id
  left join oba.walk_ins w on w.customer_id = r.customer_id
 where r.sold_at >= coalesce (oba.day_start ($1::date), '-infinity') and r.sold_at < coalesce (oba.day_start ($2::date + 1), 'infinity')
       and l.sold_at >= coalesce (oba.day_start ($1::date), '-infinity') and l.sold_at < coalesce (oba.day_start ($2::date + 1), 'infinity')
       and ($3::text is null or s.code = $3::text) and ($4::bigint is null or r.customer_id = $4::bigint)
 order by r.sold_at, r.receipt_id, l.line_no
