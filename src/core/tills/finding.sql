-- Finding $1 in full: its history, the receipts beside it, what was refused there, and the days of the till.
select jsonb_build_object (
  'version', f.version, 'state', f.state,
  'events', (select coalesce (jsonb_agg (jsonb_build_array (extract (epoch from e.at)::bigint, coalesce (s.display_name, e.who, ''), e.state, coalesce (e.reason_code, ''), coalesce (e.note, ''),
                                                            e.receipts) order by e.event_no), '[]')
               from oba.till_finding_events e left join oba.staff s on s.login = e.who where e.finding_id = f.finding_id),
  'receipts', (select coalesce (jsonb_agg (jsonb_build_array (r.customer_id, (extract (epoch from r.sold_at) * 1000000)::bigint, r.receipt_id, r.receipt_no, coalesce (r.cashier, ''), r.total,
                                                              r.kind, case when f.kind = 'late' then extract (epoch from r.posted_at)::bigint else 0 end) order by r.sold_at, r.receipt_id), '[]')
                 from ((select x.* from oba.receipts x where f.kind in ('gap', 'silent') and x.store_id = f.store_id and x.sold_at <= f.begins_at and x.sold_at > f.begins_at - interval '3 days'
                          and (x.till_no = f.till_no or f.till_no = 0) and x.till_no > 0 order by x.sold_at desc limit 3)
                       union all
                       (select x.* from oba.receipts x where f.kind in ('gap', 'silent') and x.store_id = f.store_id and x.sold_at >= f.ends_at and x.sold_at < f.ends_at + interval '3 days'
                          and (x.till_no = f.till_no or f.till_no = 0) and x.till_no > 0 order by x.sold_at limit 3)
                       union all
                       (select x.* from oba.receipts x where f.kind = 'late' and x.store_id = f.store_id and x.sold_at between f.begins_at and f.ends_at and x.till_no = f.till_no
                          and x.source = 'till' and x.posted_at > x.sold_at + (oba.till_limits ()).late order by x.sold_at limit 100)
                       union all
                       (select x.* from oba.receipt_keys k join oba.receipts x on x.customer_id = k.customer_id and x.sold_at = k.sold_at and x.receipt_id = k.receipt_id
                         where f.kind = 'duplicate' and k.store_id = f.store_id and k.till_no = f.till_no and k.receipt_no = f.series)) r),
  'refused', (select coalesce (jsonb_agg (jsonb_build_array (x.receipt_no, x.code, x.times, extract (epoch from x.last_at)::bigint, x.total) order by x.first_at), '[]')
                from (select * from oba.till_refusals x where x.store_id = f.store_id and x.till_no = f.till_no and x.code <> 'again'
                        and case f.kind when 'gap' then left (x.receipt_no, length (f.series)) = f.series and substr (x.receipt_no, length (f.series) + 1) ~ '^[0-9]{1,18}$'
                                                        and substr (x.receipt_no, length (f.series) + 1)::numeric between f.first_no and f.last_no
                                        when 'duplicate' then x.receipt_no = f.series else false end limit 50) x),
  'days', (select coalesce (jsonb_agg (jsonb_build_array (d.day - date '0001-01-01' + 1, coalesce (t.sales, 0)) order by d.day), '[]')
             from (select x::date as day from generate_series (f.day - 20, f.day + 7, interval '1 day') x where x <= (select max (r.sold_at) from oba.receipts r)) d
             left join (select y.day, sum (y.sales) as sales from oba.till_days y where y.store_id = f.store_id and (y.till_no = f.till_no or f.till_no = 0)
                           and y.day between f.day - 20 and f.day + 7 group by 1) t using (day)))
  from oba.till_findings f where f.finding_id = $1
