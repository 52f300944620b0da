-- Every person has an account and one entry for the phone, every phone one person (a merged one's is the survivor's), every store its walk-in customer.
select format ('customer %s: phone %s, entry %s, account %s', coalesce (c.customer_id, p.customer_id), c.phone, p.phone, a.customer_id)
from (select * from oba.customers where kind = 'person' and status <> 'merged') c
full join oba.customer_phones p on p.customer_id = c.customer_id and p.phone = c.phone
left join oba.points_accounts a on a.customer_id = c.customer_id
where (c.customer_id is null and not exists (select from oba.customers m where m.merged_into is not null and m.phone = p.phone
                                             and p.customer_id = oba.customer_root (m.customer_id)))
   or (c.customer_id is not null and a.customer_id is null) or (c.phone is not null and p.phone is null)
union all
select format ('store %s has no walk-in customer', s.store_id)
from oba.stores s left join oba.walk_ins w on w.store_id = s.store_id
where w.customer_id is null
   or not exists (select from oba.customers c where c.customer_id = w.customer_id and c.walk_in_store_id = s.store_id)
union all
select format ('customer %s is a walk-in customer of store %s beside its own', c.customer_id, c.walk_in_store_id)
from oba.customers c where c.walk_in_store_id is not null and not exists (select from oba.walk_ins w where w.customer_id = c.customer_id)
union all
select format ('customer %s: the present consent for %s is not the last one of the history', coalesce (n.customer_id, h.customer_id), coalesce (n.channel, h.channel))
from oba.consents n
full join (select distinct on (customer_id, channel) customer_id, channel, granted from oba.consent_history order by customer_id, channel, consent_id desc) h
  on h.customer_id = n.customer_id and h.channel = n.channel
where n.granted is distinct from h.granted
