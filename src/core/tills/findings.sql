-- Findings about tills, the latest first: $1 kind or null, $2 state or null, $3 store or null, after $4 moment (µs, null: from the first) and $5 id, at most $6.
select f.finding_id, f.kind, f.state, f.store_id, s.name, f.till_no, '' as cashier, 0 as customer_id, '' as customer, f.series, f.first_no, f.last_no, f.receipts,
       (extract (epoch from f.begins_at) * 1000000)::bigint, (extract (epoch from f.ends_at) * 1000000)::bigint, f.figures, f.version,
       (select count (*) from oba.till_findings n where ($1::text is null or n.kind = $1) and ($2::text is null or n.state = $2) and ($3::bigint is null or n.store_id = $3)) as total
  from oba.till_findings f join oba.stores s using (store_id)
 where ($1::text is null or f.kind = $1) and ($2::text is null or f.state = $2) and ($3::bigint is null or f.store_id = $3)
   and ($4::bigint is null or (f.begins_at, f.finding_id) < (timestamptz 'epoch' + $4 * interval '1 microsecond', $5::bigint))
 order by f.begins_at desc, f.finding_id desc limit $6::bigint
