-- Tills: what was read of a store's day is what its receipts say, and no number that has come is still missing.
with days as materialized (
  select d.store_id, d.day from oba.till_days d group by 1, 2
  except select s.store_id, s.day from oba.till_stale s
  except select r.store_id, r.business_day from oba.receipts r where r.xid >= (select seen_below from oba.till_state)
), raw as materialized (
  select r.store_id, r.till_no, r.business_day as day, count (*) filter (where r.kind = 'sale') as sales, count (*) filter (where r.kind in ('return', 'void')) as returns,
         min (r.sold_at) as first_at, max (r.sold_at) as last_at
    from oba.receipts r join days d on d.store_id = r.store_id and d.day = r.business_day
   where r.till_no > 0 and not (r.source = 'staff' and r.receipt_no in ('R' || r.receipt_id, 'C' || r.receipt_id))
   group by 1, 2, 3
)
select format ('%s, store %s, till %s: read %s, receipts %s', day, store_id, till_no, row (t.sales, t.returns, t.first_at, t.last_at), row (r.sales, r.returns, r.first_at, r.last_at))
  from (select t.* from oba.till_days t join days using (store_id, day)) t full join raw r using (store_id, till_no, day)
 where (t.sales, t.returns, t.first_at, t.last_at) is distinct from (r.sales, r.returns, r.first_at, r.last_at)
union all
select format ('%s, store %s: cashiers %s sales and %s returns, receipts %s and %s', day, store_id, c.sales, c.returns, r.sales, r.returns)
  from (select c.store_id, c.day, sum (c.sales) as sales, sum (c.returns) as returns from oba.cashier_days c join days using (store_id, day) group by 1, 2) c
  full join (select r.store_id, r.business_day as day, count (*) filter (where r.kind = 'sale') as sales, count (*) filter (where r.kind in ('return', 'void')) as returns
               from oba.receipts r join days d on d.store_id = r.store_id and d.day = r.business_day
              where r.till_no > 0 and r.cashier is not null and not (r.source = 'staff' and r.receipt_no in ('R' || r.receipt_id, 'C' || r.receipt_id)) group by 1, 2) r using (store_id, day)
 where (c.sales, c.returns) is distinct from (r.sales, r.returns)
union all
select format ('finding %s: of the missing receipts %s to %s of till %s there are some', f.finding_id, f.first_no, f.last_no, f.till_no)
  from oba.till_findings f
 where f.kind = 'gap' and f.state <> 'resolved'
   and exists (select from oba.till_runs t join days d using (store_id, day) where t.store_id = f.store_id and t.till_no = f.till_no and t.series = f.series
                  and t.first_no <= f.last_no and t.last_no >= f.first_no)
union all
select format ('finding %s: %s, but its history says %s', f.finding_id, f.state, e.state)
  from oba.till_findings f left join lateral (select e.state from oba.till_finding_events e where e.finding_id = f.finding_id order by e.event_no desc limit 1) e on true
 where e.state is distinct from f.state
union all
select format ('review %s: %s, but its history says %s', v.review_id, v.state, e.state)
  from oba.cashier_reviews v left join lateral (select e.state from oba.cashier_review_events e where e.review_id = v.review_id order by e.event_no desc limit 1) e on true
 where e.state is distinct from v.state
