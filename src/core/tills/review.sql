-- Review $1 in full: its history, the receipts that are meant, and the store's cashiers beside each other.
select jsonb_build_object (
  'version', v.version, 'state', v.state,
  'events', (select coalesce (jsonb_agg (jsonb_build_array (extract (epoch from e.at)::bigint, coalesce (s.display_name, e.who, ''), e.state, '', coalesce (e.note, ''), 0) order by e.event_no), '[]')
               from oba.cashier_review_events e left join oba.staff s on s.login = e.who where e.review_id = v.review_id),
  'receipts', (select coalesce (jsonb_agg (jsonb_build_array (r.customer_id, (extract (epoch from r.sold_at) * 1000000)::bigint, r.receipt_id, r.receipt_no, coalesce (r.cashier, ''), r.total,
                                                              r.kind, 0) order by r.sold_at desc, r.receipt_id desc), '[]')
                 from ((select x.* from oba.receipts x where v.kind = 'card' and x.customer_id = v.customer_id and x.sold_at >= oba.day_start (v.from_day) and x.sold_at < oba.day_start (v.to_day + 1)
                          and x.store_id = v.store_id and x.cashier = v.cashier and x.kind = 'sale' order by x.sold_at desc limit 100)
                       union all
                       (select x.* from oba.receipts x where v.kind = 'returns' and x.cashier = v.cashier and x.sold_at >= oba.day_start (v.from_day) and x.sold_at < oba.day_start (v.to_day + 1)
                          and x.store_id = v.store_id and x.kind in ('return', 'void') order by x.sold_at desc limit 100)) r),
  'refused', '[]'::jsonb, 'days', '[]'::jsonb,
  'cashiers', (select coalesce (jsonb_agg (jsonb_build_array (c.cashier, c.value) order by c.cashier = v.cashier desc, c.value desc, c.cashier), '[]')
                 from (select d.cashier, case v.kind when 'returns' then sum (d.returns) else sum (d.card_sales - d.card_visits) end as value
                         from oba.cashier_days d where d.store_id = v.store_id and d.day between v.from_day and v.to_day group by 1
                        order by d.cashier = v.cashier desc, 2 desc limit 12) c))
  from oba.cashier_reviews v where v.review_id = $1
