-- Every balance is the sum of its ledger, and of its lots less what is owed; lifetime is what was earned and not clawed back.
select format ('customer %s: balance %s, ledger %s, lots %s, owed %s, debts %s, lifetime %s instead of %s', coalesce (a.customer_id, l.customer_id),
               a.balance, l.points, coalesce (o.remaining, 0), a.owed, coalesce (d.remaining, 0), a.lifetime, l.lifetime)
from oba.points_accounts a
full join (select customer_id, sum (points) as points, coalesce (sum (points) filter (where kind in ('earn', 'bonus', 'clawback')), 0) as lifetime
           from oba.points_ledger group by customer_id) l on l.customer_id = a.customer_id
left join (select customer_id, sum (remaining) as remaining from oba.points_lots group by customer_id) o on o.customer_id = a.customer_id
left join (select customer_id, sum (remaining) as remaining from oba.points_debts group by customer_id) d on d.customer_id = a.customer_id
where a.customer_id is null
   or a.balance <> coalesce (l.points, 0)
   or a.lifetime <> coalesce (l.lifetime, 0)
   or a.balance <> coalesce (o.remaining, 0) - a.owed
   or a.owed <> coalesce (d.remaining, 0)
