select count (*), coalesce (sum (e.points), 0)::bigint, 0
  from oba.points_ledger e
 where e.occurred_at >= coalesce (oba.day_start ($1::date), '-infinity') and e.occurred_at < coalesce (oba.day_start ($2::date + 1), 'infinity')
       and $3::text is null and ($4::bigint is null or e.customer_id = $4::bigint)
