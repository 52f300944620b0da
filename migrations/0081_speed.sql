-- A correction takes no longer for whoever has thousands of lots: only the lots that it changes are looked at.

set local role oba_owner;
set local search_path = oba, pg_catalog;

-- The lot that a receipt made, in whatever account it is now.
create index points_lots_receipt on oba.points_lots (customer_id, receipt_id) where remaining > 0;

-- As in 0005, without looking at more lots than are needed, by and by.
create or replace function oba.take_from_lots (customer bigint, entry bigint, wanted bigint, own_receipt bigint, day date) returns bigint
language plpgsql
as $$
declare
  taken bigint := 0;
  most integer := 32;
  more bigint;
  used bigint;
begin
  loop
    with open_lots as materialized (
      select c.lot_id, c.remaining, sum (c.remaining) over (order by c.own desc, c.expires_on, c.lot_id) - c.remaining as before
      from (select l.lot_id, l.remaining, l.expires_on, true as own from oba.points_lots l
            where l.customer_id = customer and l.receipt_id = own_receipt and l.remaining > 0
            union all
            (select l.lot_id, l.remaining, l.expires_on, false from oba.points_lots l
             where l.customer_id = customer and l.remaining > 0 and l.expires_on >= day and (own_receipt is null or l.receipt_id is distinct from own_receipt)
             order by l.expires_on, l.lot_id limit most)) c
    ), share as (
      select o.lot_id, least (o.remaining, wanted - taken - o.before)::bigint as points from open_lots o where o.before < wanted - taken
    ), lots as (
      update oba.points_lots l set remaining = l.remaining - s.points
      from share s where l.customer_id = customer and l.lot_id = s.lot_id
    ), allocations as (
      insert into oba.ledger_allocations (customer_id, entry_id, lot_id, points)
      select customer, entry, s.lot_id, s.points from share s
    )
    select coalesce (sum (s.points), 0), count (*) into more, used from share s;
    taken := taken + more;
    exit when taken >= wanted or used < most;
    most := most * 4;
  end loop;
  return taken;
end $$;

/*
 * What a correction looks at before and after: the figures of a person, and what figures_changed() finds the lots by: what comes after "marks" was done since. Old debts are paid
 * under the entries that made them: "debts". The caller holds the account, so the numbers of what others do are not in it.
 */
create or replace function oba.correction_figures (customer bigint) returns jsonb
language plpgsql volatile
as $$
begin
  return (select jsonb_build_object ('customer_id', a.customer_id, 'balance', a.balance, 'owed', a.owed, 'tier', a.tier_id, 'spend', a.tier_spend,
                                     'marks', jsonb_build_object ('lot', nextval ('oba.lot_ids'), 'entry', nextval ('oba.entry_ids'), 'allocation', nextval ('oba.allocation_ids')),
                                     'debts', (select coalesce (jsonb_agg (d.entry_id), '[]') from oba.points_debts d where d.customer_id = a.customer_id and d.remaining > 0))
          from oba.points_accounts a where a.customer_id = customer);
end $$;

-- As in 0060; the lots before are the lots now without what was taken from them, or given back to them, since.
create or replace function oba.figures_changed (before jsonb, after jsonb) returns jsonb
language plpgsql stable
as $$
declare
  customer bigint := (before ->> 'customer_id')::bigint;
  last_lot bigint := (before #>> '{marks,lot}')::bigint;
  last_entry bigint := (before #>> '{marks,entry}')::bigint;
  last_allocation bigint := (before #>> '{marks,allocation}')::bigint;
  lots jsonb;
begin
  with moved as materialized (
    select m.lot_id, sum (m.points)::bigint as points
    from (select a.lot_id, a.points from oba.ledger_allocations a where a.customer_id = customer and a.entry_id > last_entry
          union all
          select a.lot_id, a.points from jsonb_array_elements_text (before -> 'debts') d
          join oba.ledger_allocations a on a.customer_id = customer and a.entry_id = d::bigint and a.allocation_id > last_allocation) m
    group by m.lot_id
  ), touched as (
    select l.lot_id, true as old, l.expires_on, l.remaining + m.points as had, l.remaining
    from moved m join oba.points_lots l on l.customer_id = customer and l.lot_id = m.lot_id where l.lot_id <= last_lot and m.points <> 0
    union all
    select l.lot_id, false, l.expires_on, 0, l.remaining from oba.points_lots l where l.customer_id = customer and l.lot_id > last_lot and l.remaining > 0
  )
  select coalesce (jsonb_agg (jsonb_build_object ('lot_id', case when t.old then t.lot_id end, 'expires_on', t.expires_on, 'before', t.had, 'after', t.remaining)
                              order by t.expires_on, t.lot_id), '[]') into lots
  from touched t;
  return jsonb_build_object ('customer_id', before -> 'customer_id', 'balance', jsonb_build_array (before -> 'balance', after -> 'balance'),
                             'owed', jsonb_build_array (before -> 'owed', after -> 'owed'), 'tier', jsonb_build_array (before -> 'tier', after -> 'tier'),
                             'spend', jsonb_build_array (before -> 'spend', after -> 'spend'), 'lots', lots);
end $$;

-- The own lot of a receipt is found by the receipt.
do $$
declare
  source text := pg_get_functiondef ('oba.take_points_back'::regproc);
  old_text text := 'and l.entry_id = e.entry_id and l.remaining > 0';
begin
  if length (source) - length (replace (source, old_text, '')) <> length (old_text) then
    raise exception 'The text to change is not in take_points_back () once: %', old_text;
  end if;
  execute replace (source, old_text, 'and l.receipt_id = o.receipt_id and l.entry_id = e.entry_id and l.remaining > 0');
end $$;

reset role;
