-- What counts once a day, or up to so much a day, counts by the day on which was bought, also when the receipt was put right later.

set local role oba_owner;
set local search_path = oba, pg_catalog;

create index corrections_happened on oba.corrections (replacement_customer_id, happened_at) where happened_at is not null;

-- A receipt that was put right in a closed month, or whose return was undone, is entered later than it was bought. Its entries used to count for the day of the entry: the gift or the
-- points up to a cap could be had a second time for the day of the purchase, and were missing on the day on which a clerk was at work.
-- What another receipt stands for (kind sale, naming the one that it replaces) counts no longer, as if it was voided: of one that was returned wholly nothing was left to void.
create or replace function oba.given_by_rules (customer bigint, first_day date, last_day date, rules bigint[], out entries bigint, out points bigint)
language plpgsql
as $$
declare
  family bigint[] := array (select oba.customer_family (customer));
  first timestamptz := oba.day_start (first_day);
  after timestamptz := oba.day_start (last_day + 1);
begin
  select count (*), coalesce (sum (l.points), 0)::bigint into entries, points
  from (select b.customer_id, b.occurred_at, b.receipt_id, b.rule_id, b.rule_version, b.points
        from oba.points_ledger b
        where b.customer_id = any (family) and b.kind = 'bonus' and b.receipt_id is not null and b.occurred_at >= first and b.occurred_at < after
          and not exists (select from oba.corrections c where c.replacement_receipt_id = b.receipt_id and (c.happened_at < first or c.happened_at >= after))
        union all
        select b.customer_id, b.occurred_at, b.receipt_id, b.rule_id, b.rule_version, b.points
        from oba.corrections c
        join oba.points_ledger b on b.customer_id = c.replacement_customer_id and b.occurred_at = c.replacement_sold_at and b.receipt_id = c.replacement_receipt_id and b.kind = 'bonus'
        where c.replacement_customer_id = any (family) and c.happened_at >= first and c.happened_at < after and (c.replacement_sold_at < first or c.replacement_sold_at >= after)) l
  join oba.earning_rules e on e.rule_id = l.rule_id and e.version = l.rule_version
  where case when rules is null then not e.parameters ? 'once' else l.rule_id = any (rules) end
    and not exists (select from oba.receipts v where v.original_receipt_id = l.receipt_id and v.kind in ('void', 'sale') and v.sold_at >= l.occurred_at);
end $$;

create function oba.patch_function (name text, old_text text, new_text text) returns void
language plpgsql
as $$
declare
  source text := pg_get_functiondef (name::regproc);
begin
  if length (source) - length (replace (source, old_text, '')) <> length (old_text) then
    raise exception 'The text to change is not in % once: %', name, old_text;
  end if;
  execute replace (source, old_text, new_text);
end $$;

-- A file has all returns of a sale at once. Each takes back its own share of the bonuses on its own day: the first used to take what the later ones returned, too.
select oba.patch_function ('oba.take_bonus_back', '  returned bigint;
', '  returned bigint;
  batch bigint := (select r.batch_id from oba.receipts r where r.customer_id = o.customer_id and r.sold_at = take_bonus_back.at and r.receipt_id = receipt);
');
select oba.patch_function ('oba.take_bonus_back', 'from oba.receipts r where r.original_receipt_id = o.receipt_id and r.kind in (''return'', ''void'') and r.sold_at >= o.sold_at;',
  'from oba.receipts r where r.original_receipt_id = o.receipt_id and r.kind in (''return'', ''void'') and r.sold_at >= o.sold_at
        and (r.batch_id is distinct from batch or batch is null or (r.sold_at, r.receipt_id) <= (take_bonus_back.at, receipt));');
select oba.patch_function ('oba.take_bonus_back', 'and r.sold_at >= o.sold_at and l.sold_at >= o.sold_at',
  'and r.sold_at >= o.sold_at and l.sold_at >= o.sold_at
        and (r.batch_id is distinct from batch or batch is null or (r.sold_at, r.receipt_id) <= (take_bonus_back.at, receipt))');

-- A gift goes to the first of a file that may have it, and to the next one when that was voided before: what is voided never happened.
select oba.patch_function ('oba.rules_for_batch', 'where g.n = 1 and', 'where (g.n = 1 or not exists (select from gift_periods p where p.person = g.person and p.rule_id = g.rule_id and p.first_day = g.first_day
                                 and (p.at, p.receipt_id) < (g.at, g.receipt_id)
                                 and not exists (select from oba.receipts v where v.original_receipt_id = p.receipt_id and v.kind = ''void'' and v.sold_at >= p.sold_at and (v.sold_at, v.receipt_id) < (g.at, g.receipt_id)))) and');

drop function oba.patch_function (text, text, text);

reset role;
