select count (*), 0, coalesce (sum (l.total), 0)::bigint
  from oba.receipts r
  join oba.receipt_lines l on l.customer_id = r.customer_id and l.sold_at = r.sold_at and l.receipt_id = r.receipt_id
 where r.sold_at >= coalesce (oba.day_start ($1::date), '-infinity') and r.sold_at < coalesce (oba.day_start ($2::date + 1), 'infinity')
       and l.sold_at >= coalesce (oba.day_start ($1::date), '-infinity') and l.sold_at < coalesce (oba.day_start ($2::date + 1), 'infinity')
       and ($3::text is null or r.store_id = (select s.store_id from oba.stores s where s.code = $3::text))
       and ($4::bigint is null or r.customer_id = $4::bigint)
