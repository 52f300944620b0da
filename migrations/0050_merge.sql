-- What is approved is what was shown, names and phones too.

set local role oba_owner;
set local search_path = oba, pg_catalog;

-- As in 0043; and the version: who was edited since is not merged as it was shown.
create or replace function oba.merge_figures (customer bigint) returns jsonb
language sql stable
as $$
  select jsonb_build_object (
    'customer_id', customer, 'status', c.status, 'version', c.version,
    'balance', a.balance, 'owed', a.owed, 'tier', a.tier_id, 'spend', a.tier_spend, 'spending_locked', a.spending_locked_at is not null,
    'lots', (select coalesce (jsonb_agg (jsonb_build_object ('expires_on', l.expires_on, 'points', l.points, 'receipt_id', l.receipt_id)
                                         order by l.expires_on, l.receipt_id nulls last), '[]')
             from (select x.expires_on, x.receipt_id, sum (x.remaining)::bigint as points from oba.points_lots x
                   where x.customer_id = customer and x.remaining > 0 group by 1, 2) l),
    'receipts', r.n, 'revenue', r.money,
    'redemptions', (select count (*) from oba.redemptions d
                    where d.customer_id = any (array (select oba.customer_family (customer))) and d.state in ('requested', 'approved')),
    'cards', (select count (*) from oba.cards k where k.customer_id = customer),
    'telegram', exists (select from oba.telegram_links t where t.customer_id = customer),
    'external_ids', (select count (*) from oba.customer_external_ids e where e.customer_id = customer),
    'consents', (select coalesce (jsonb_object_agg (n.channel, n.granted), '{}') from oba.consents n where n.customer_id = customer),
    'categories', (select count (*) from oba.customer_categories g where g.customer_id = customer),
    'segments', (select count (*) from oba.segment_members s where s.customer_id = customer))
  from oba.customers c
  join oba.points_accounts a using (customer_id)
  cross join (select count (*) as n, coalesce (sum (x.total), 0)::bigint as money from oba.receipts x
              where x.customer_id = any (array (select oba.customer_family (f.customer_id) from oba.customers f
                                                where f.customer_id = customer and f.merged_into is null))) r
  where c.customer_id = customer
$$;

reset role;
