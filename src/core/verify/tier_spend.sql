-- The spend that a tier stands on is the sum of the receipts of the twelve months up to its day.
select format ('customer %s: %s qəpik up to %s, receipts make %s', a.customer_id, a.tier_spend, a.tier_day, coalesce (r.total, 0))
from oba.points_accounts a
left join (select r.customer_id, sum (r.total) filter (where r.business_day > b.tier_day - interval '1 year') as total, max (r.business_day) as day
           from oba.receipts r join oba.points_accounts b using (customer_id)
           where r.business_day <= b.tier_day or b.tier_day is null
           group by r.customer_id) r on r.customer_id = a.customer_id
where a.tier_spend <> coalesce (r.total, 0)
   or (a.tier_day is null and r.day is not null)
