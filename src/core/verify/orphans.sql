-- What no foreign key guards: receipts, lines, ledger entries and what is written of a redemption name customers, stores, products, rules, receipts, rewards and redemptions that exist.
select format ('receipt %s of %s: customer %s or store %s does not exist, or its walk-in customer is of another store', r.receipt_id, r.sold_at, r.customer_id, r.store_id)
from oba.receipts r
left join oba.customers c on c.customer_id = r.customer_id
left join oba.stores s on s.store_id = r.store_id
where c.customer_id is null or s.store_id is null or (c.walk_in_store_id <> r.store_id and r.kind = 'sale')
union all
select format ('receipt %s of %s, line %s: product %s does not exist', l.receipt_id, l.sold_at, l.line_no, l.product_id)
from oba.receipt_lines l where not exists (select from oba.products p where p.product_id = l.product_id)
union all
select format ('customer %s, %s %s: there is no such account', e.customer_id, e.kind, e.entry_id)
from oba.points_ledger e where not exists (select from oba.points_accounts a where a.customer_id = e.customer_id)
union all
select format ('customer %s, %s %s: receipt %s of %s does not exist', e.customer_id, e.kind, e.entry_id, e.receipt_id, e.receipt_sold_at)
from oba.points_ledger e
left join oba.receipts r on r.customer_id = e.customer_id and r.sold_at = e.occurred_at and r.receipt_id = e.receipt_id
where e.receipt_id is not null and (r.receipt_id is null or e.receipt_sold_at is distinct from e.occurred_at)
union all
select format ('customer %s, %s %s: redemption %s does not exist', e.customer_id, e.kind, e.entry_id, e.redemption_id)
from oba.points_ledger e
where e.redemption_id is not null and not exists (select from oba.redemptions d where d.customer_id = e.customer_id and d.redemption_id = e.redemption_id)
union all
select format ('redemption %s: customer %s or reward %s does not exist', d.redemption_id, d.customer_id, d.reward_id)
from oba.redemptions d
where not exists (select from oba.points_accounts a where a.customer_id = d.customer_id)
   or (d.reward_id is not null and not exists (select from oba.rewards w where w.reward_id = d.reward_id))
union all
select format ('%s of customer %s: redemption %s does not exist', x.what, x.customer_id, x.redemption_id)
from (select 'an event' as what, e.customer_id, e.redemption_id from oba.redemption_events e union all select 'a voucher', v.customer_id, v.redemption_id from oba.vouchers v) x
where not exists (select from oba.redemptions d where d.customer_id = x.customer_id and d.redemption_id = x.redemption_id)
union all
select format ('movement %s: reward %s does not exist', m.movement_id, m.reward_id)
from oba.stock_movements m where not exists (select from oba.rewards w where w.reward_id = m.reward_id)
