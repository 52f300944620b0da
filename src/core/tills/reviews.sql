-- What at cashiers is worth a look, the least likely first: $1 kind or null, $2 state or null, $3 store or null, after $4 weight (millionths, null: from the first) and $5 id, at most $6.
select v.review_id, v.kind, v.state, v.store_id, s.name, 0 as till_no, v.cashier, coalesce (v.customer_id, 0),
       case when c.customer_id is not null then coalesce (nullif (concat_ws (' ', nullif (c.family_name, ''), nullif (c.given_name, '')), ''), c.customer_id::text) else '' end,
       '' as series, null::bigint, null::bigint, (v.figures ->> case v.kind when 'card' then 'receipts' else 'returns' end)::bigint,
       (extract (epoch from oba.day_start (v.from_day)) * 1000000)::bigint, (extract (epoch from oba.day_start (v.to_day)) * 1000000)::bigint,
       v.figures || jsonb_build_object ('weight', round ((v.weight * 1000000)::numeric)), v.version,
       (select count (*) from oba.cashier_reviews n where ($1::text is null or n.kind = $1) and ($2::text is null or n.state = $2) and ($3::bigint is null or n.store_id = $3)) as total
  from oba.cashier_reviews v join oba.stores s using (store_id) left join oba.customers c on c.customer_id = v.customer_id
 where ($1::text is null or v.kind = $1) and ($2::text is null or v.state = $2) and ($3::bigint is null or v.store_id = $3)
   and ($4::bigint is null or (round ((v.weight * 1000000)::numeric), v.review_id) < ($4, $5::bigint))
 order by round ((v.weight * 1000000)::numeric) desc, v.review_id desc limit $6::bigint
