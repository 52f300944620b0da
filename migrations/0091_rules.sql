-- Rules of earning besides the base: multipliers, bonuses, gifts, caps; their states; a draft run over what was sold.
--
-- The base gives a point for every full manat of a receipt, as ever, and no other rule changes that. What the other rules give for a receipt is reckoned when it is entered,
-- by the rules that held when it was sold, in this order:
--   1. Every rule that applies says how many points it would give: a multiplier what its factor gives beyond the base; a bonus points for the receipt, for an amount, or for pieces.
--   2. A gift, which is a rule that gives once (a day, a year, ever), is added, whatever else is given.
--   3. Of the others: if an exclusive one applies, it alone gives (of several the first in order, then the one that gives more); else of each group of which the best counts the one that
--      gives most, and all that are added. Multipliers multiply the base and nothing else, so they add up and never compound.
--   4. Caps come last: first those that name rules, then the one over all. Gifts are not capped, and neither is the base.
-- Each gives an entry of kind bonus of its own, with its rule, version and inputs, and a lot of its own. A return takes back of each entry the share of the amount that was returned, the
-- last return the remainder. What is voided never happened: neither a gift nor a cap remembers it.
--
-- A rule is a draft, which can be changed; a test, which reckons with every receipt what it would give, keeps it in rule_trials and gives nothing; live, put so by a second person;
-- or retired. A version that counts is never changed: another one follows it. Times are those of Asia/Baku.

set local role oba_owner;
set local search_path = oba, pg_catalog;

-- ---------------------------------------------------------------- states

alter table oba.earning_rules
  add column live_at    timestamptz,                                                 -- since when it counts, from valid_from on; null: it never did
  add column edited_at  timestamptz not null default now(),
  add column edited_by  text not null default session_user,
  add column revision   integer not null default 1;
alter table oba.earning_rules disable trigger audit;
update oba.earning_rules set live_at = created_at where state = 'live';
alter table oba.earning_rules enable trigger audit;

-- Which state a version went through, and who took it there. Append-only.
create table oba.rule_steps (
  rule_id       bigint not null,
  version       integer not null,
  step_no       bigint generated always as identity,
  from_state    text,
  to_state      text not null,
  at            timestamptz not null default now(),
  by_whom       text not null default session_user,
  reason        text check (length (reason) <= 1000),
  primary key (rule_id, version, step_no)
);
create trigger append_only before update or delete on oba.rule_steps for each row execute function oba.refuse_change ();
create trigger append_only_all before truncate on oba.rule_steps for each statement execute function oba.refuse_change ();

-- What tests would have given.
create table oba.rule_trials (
  customer_id   bigint not null,
  sold_at       timestamptz not null,
  receipt_id    bigint not null,
  rule_id       bigint not null,
  version       integer not null,
  points        bigint not null check (points >= 0),
  inputs        jsonb not null,
  primary key (customer_id, sold_at, receipt_id, rule_id, version)
);
create index rule_trials_rule on oba.rule_trials (rule_id, version, sold_at);

-- What a rule has given so far.
create index points_ledger_rule on oba.points_ledger (rule_id, rule_version, occurred_at) include (points) where kind = 'bonus';

create function oba.keep_rules () returns trigger
language plpgsql
as $$
begin
  if tg_op = 'DELETE' then
    raise exception 'A rule is retired, never deleted.' using errcode = 'OB009';
  elsif tg_op = 'UPDATE' and ((old.rule_id, old.version, old.kind) is distinct from (new.rule_id, new.version, new.kind)
        or (old.state <> 'draft' and (old.name, old.parameters, old.valid_from) is distinct from (new.name, new.parameters, new.valid_from) and old.live_at is not null)
        or (old.state = 'retired' and new.state <> 'retired')) then
    raise exception 'A rule that counted is not changed; another version follows it.' using errcode = 'OB009';
  end if;
  if new.state = 'live' and new.live_at is null then
    new.live_at := now();
  end if;
  return new;
end $$;
create trigger keep before insert or update or delete on oba.earning_rules for each row execute function oba.keep_rules ();

-- ---------------------------------------------------------------- what a rule may say

create function oba.ids_in (list jsonb) returns bigint[]
language sql immutable parallel safe
return case when list is not null then array (select x::bigint from jsonb_array_elements_text (list) x) end;

create function oba.categories_under (ids bigint[]) returns bigint[]
language sql stable
return case when ids is not null then array (
  with recursive down (id) as (select unnest (ids) union select c.category_id from oba.categories c join down d on c.parent_id = d.id) select d.id from down d) end;

create function oba.is_whole (value jsonb, low bigint, high bigint) returns boolean
language sql immutable parallel safe
return case when jsonb_typeof (value) = 'number' and (value #>> '{}') ~ '^-?[0-9]{1,15}$' then (value #>> '{}')::bigint between low and high else false end;

-- A list of @most different ids at most.
create function oba.is_ids (value jsonb, low bigint, high bigint, most integer) returns boolean
language plpgsql immutable parallel safe
as $$
begin
  return jsonb_typeof (value) = 'array' and jsonb_array_length (value) between 1 and most
         and not exists (select from jsonb_array_elements (value) x where not oba.is_whole (x, low, high))
         and (select count (distinct x) from jsonb_array_elements (value) x) = jsonb_array_length (value);
end $$;

/*
 * The first thing about a rule's terms that cannot be: the field's name, or null. Terms, besides those of the base ("qepik_per_point", "valid_months"):
 *   multiplier: "factor": thousandths of the base, 1001 ... 100000: 2000 gives every point twice
 *   bonus: "points" and "per": "receipt" | "amount" (with "qepik") | "piece" (with products or categories); or "points" and "event": "registration"
 *   cap: "points" a person and day, "rules": ids, or all
 * when it applies: "tiers", "products", "categories" (with those below them), "stores": ids, any of them; "weekdays": 1 Monday ... 7; "hours": [from, to) in minutes of the day, over midnight
 *   when to is smaller; "birthday": [days before, days after] (who was born on 29 February has it on the 28th in other years); "first_purchase"; "min_basket": qəpik of the whole receipt
 * how it stands with others: "once": "day" | "year" | "ever"; "stacking": "add" | "best" (with "group") | "exclusive"; "order": 0 ... 999
 * "valid_months": how long its points last, if not as long as the policy of expiry has it.
 */
create function oba.rule_problem (kind text, p jsonb) returns text
language plpgsql stable
as $$
declare
  known text[] := case kind when 'base' then array['qepik_per_point', 'valid_months']
                            when 'cap' then array['points', 'rules']
                            else array['tiers', 'products', 'categories', 'stores', 'weekdays', 'hours', 'birthday', 'first_purchase', 'min_basket', 'once', 'stacking', 'group', 'order', 'valid_months']
                                 || case kind when 'multiplier' then array['factor'] else array['points', 'per', 'qepik', 'event'] end end;
  wrong text;
begin
  if jsonb_typeof (p) is distinct from 'object' then
    return 'parameters';
  end if;
  select k into wrong from jsonb_object_keys (p) k where k <> all (known) order by 1 limit 1;
  if wrong is not null then
    return wrong;
  end if;
  return case
    when kind = 'base' and not (p ? 'qepik_per_point' and oba.is_whole (p -> 'qepik_per_point', 1, 1000000)) then 'qepik_per_point'
    when kind = 'base' and p ? 'valid_months' and not oba.is_whole (p -> 'valid_months', 1, 1200) then 'valid_months'
    when kind = 'multiplier' and not (p ? 'factor' and oba.is_whole (p -> 'factor', 1001, 100000)) then 'factor'
    when kind in ('bonus', 'cap') and not (p ? 'points' and oba.is_whole (p -> 'points', 1, 1000000)) then 'points'
    when kind = 'cap' and p ? 'rules' and not oba.is_ids (p -> 'rules', 1, 1000000, 100) then 'rules'
    when kind in ('base', 'cap') then null
    when p ? 'event' and p ->> 'event' is distinct from 'registration' then 'event'
    when p ? 'event' and p - 'event' - 'points' - 'stores' - 'valid_months' <> '{}' then 'event'
    when kind = 'bonus' and not p ? 'event' and coalesce (p ->> 'per', '') not in ('receipt', 'amount', 'piece') then 'per'
    when (p ->> 'per' = 'amount') is true <> (p ? 'qepik') or (p ? 'qepik' and not oba.is_whole (p -> 'qepik', 1, 100000000)) then 'qepik'
    when p ->> 'per' = 'piece' and not (p ? 'products' or p ? 'categories') then 'products'
    when p ? 'tiers' and not oba.is_ids (p -> 'tiers', 1, 1000000, 50) then 'tiers'
    when p ? 'products' and not oba.is_ids (p -> 'products', 1, 1000000000000, 200) then 'products'
    when p ? 'categories' and not oba.is_ids (p -> 'categories', 1, 1000000000000, 200) then 'categories'
    when p ? 'stores' and not oba.is_ids (p -> 'stores', 1, 1000000000000, 2000) then 'stores'
    when p ? 'weekdays' and not oba.is_ids (p -> 'weekdays', 1, 7, 7) then 'weekdays'
    when p ? 'hours' and not case when jsonb_typeof (p -> 'hours') = 'array' and jsonb_array_length (p -> 'hours') = 2
                                  then oba.is_whole (p #> '{hours,0}', 0, 1439) and oba.is_whole (p #> '{hours,1}', 0, 1440) and p #> '{hours,0}' <> p #> '{hours,1}' else false end then 'hours'
    when p ? 'birthday' and not case when jsonb_typeof (p -> 'birthday') = 'array' and jsonb_array_length (p -> 'birthday') = 2
                                     then oba.is_whole (p #> '{birthday,0}', 0, 31) and oba.is_whole (p #> '{birthday,1}', 0, 31) else false end then 'birthday'
    when p ? 'first_purchase' and p -> 'first_purchase' <> 'true' then 'first_purchase'
    when p ? 'min_basket' and not oba.is_whole (p -> 'min_basket', 1, 100000000) then 'min_basket'
    when p ? 'once' and coalesce (p ->> 'once', '') not in ('day', 'year', 'ever') then 'once'
    when p ? 'first_purchase' and p ->> 'once' is distinct from 'ever' then 'once'
    when p ? 'stacking' and coalesce (p ->> 'stacking', '') not in ('add', 'best', 'exclusive') then 'stacking'
    when p ? 'once' and p ->> 'stacking' <> 'add' then 'stacking'
    when (p ->> 'stacking' = 'best') is true <> (p ? 'group') or (p ? 'group' and not (jsonb_typeof (p -> 'group') = 'string' and p ->> 'group' ~ '^[^[:cntrl:]]{1,60}$')) then 'group'
    when p ? 'order' and not oba.is_whole (p -> 'order', 0, 999) then 'order'
    when p ? 'valid_months' and not oba.is_whole (p -> 'valid_months', 1, 1200) then 'valid_months'
  end;
end $$;

-- ---------------------------------------------------------------- what a rule needs to know

-- The tier that a person had just before a moment, as far as it is known.
create function oba.tier_before (customer bigint, at timestamptz) returns bigint
language plpgsql stable
as $$
begin
  return coalesce ((select c.to_tier from oba.tier_changes c where c.customer_id = customer and c.at < tier_before.at order by c.at desc, c.change_id desc limit 1),
                   (select c.from_tier from oba.tier_changes c where c.customer_id = customer order by c.at, c.change_id limit 1),
                   (select a.tier_id from oba.points_accounts a where a.customer_id = customer));
end $$;

-- The birthday that falls near a day, or null.
create function oba.birthday_near (birth date, day date, before integer, after integer) returns date
language plpgsql immutable parallel safe
as $$
declare
  years integer := extract (year from day)::integer - extract (year from birth)::integer;
  b date := (birth + make_interval (years => years))::date;
begin
  if day > b + after then
    b := (birth + make_interval (years => years + 1))::date;
  elsif day < b - before then
    b := (birth + make_interval (years => years - 1))::date;
  end if;
  return case when day between b - before and b + after then b end;
end $$;

-- Nothing that was not voided was bought before; or what is entered instead of the first purchase, @original.
create function oba.is_first_purchase (customer bigint, at timestamptz, receipt bigint, original jsonb) returns boolean
language plpgsql stable
as $$
begin
  if original is not null and exists (
      select from oba.points_ledger l join oba.earning_rules e on e.rule_id = l.rule_id and e.version = l.rule_version
      where l.customer_id = (original ->> 'customer_id')::bigint and l.occurred_at = (original ->> 'sold_at')::timestamptz and l.receipt_id = (original ->> 'receipt_id')::bigint and l.kind = 'bonus'
        and e.parameters ? 'first_purchase' and oba.customer_root (l.customer_id) = customer) then
    return true;
  end if;
  return not exists (select from oba.receipts s
                     where s.customer_id = any (array (select oba.customer_family (customer))) and s.kind = 'sale' and s.sold_at <= at and (s.sold_at, s.receipt_id) < (at, receipt)
                       and not exists (select from oba.receipts v where v.original_receipt_id = s.receipt_id and v.kind = 'void' and v.sold_at >= s.sold_at));
end $$;

-- What @rules (null: all that are no gifts) gave a person for receipts of some days that were not voided. The caller holds the account.
create function oba.given_by_rules (customer bigint, first_day date, last_day date, rules bigint[], out entries bigint, out points bigint)
language plpgsql
as $$
begin
  select count (*), coalesce (sum (l.points), 0)::bigint into entries, points
  from oba.points_ledger l join oba.earning_rules e on e.rule_id = l.rule_id and e.version = l.rule_version
  where l.customer_id = any (array (select oba.customer_family (customer))) and l.kind = 'bonus' and l.receipt_id is not null
    and l.occurred_at >= oba.day_start (first_day) and l.occurred_at < oba.day_start (last_day + 1)
    and case when rules is null then not e.parameters ? 'once' else l.rule_id = any (rules) end
    and not exists (select from oba.receipts v where v.original_receipt_id = l.receipt_id and v.kind = 'void' and v.sold_at >= l.occurred_at);
end $$;

-- ---------------------------------------------------------------- the reckoning

/*
 * The one text of the reckoning, for one receipt, a batch, or a replay; the functions that need it are made of it.
 * @rules: a condition on e; @began, @ended: when a rule e holds; @receipts: a query of customer_id, person, sold_at, receipt_id, store_id, at, total, base: qəpik that earn, qepik_per_point,
 * tier_id, birth_date, is_first, which may ask u; @lines: a condition on l; @shape: the steps that these rules need; @taken: whether a gift h was given before; @before: what the cap c let through before, on the day of the row that is called ROW.
 */
create function oba.rule_query (rules text, began text, ended text, receipts text, lines text, taken text, before text,
                                shape text[] default array['lines', 'gifts', 'several', 'caps']) returns text
language plpgsql
as $f$
declare
  q text := $q$
  with e as materialized (
    select e.rule_id, e.version, e.kind, e.state, e.parameters as p, «BEGAN» as began, «ENDED» as ended from oba.earning_rules e where e.kind <> 'base' and not e.parameters ? 'event' and («RULES»)
  ), u as materialized (
    select e.rule_id, e.version, e.kind, e.state, e.began, e.ended, (e.p ->> 'factor')::bigint as factor, (e.p ->> 'points')::bigint as points, e.p ->> 'per' as per, (e.p ->> 'qepik')::bigint as qepik,
           oba.ids_in (e.p -> 'tiers') as tiers, oba.ids_in (e.p -> 'products') as products, oba.categories_under (oba.ids_in (e.p -> 'categories')) as categories,
           e.p ?| array['products', 'categories'] as by_lines, oba.ids_in (e.p -> 'stores') as stores, oba.ids_in (e.p -> 'weekdays') as weekdays,
           (e.p #>> '{hours,0}')::integer as from_minute, (e.p #>> '{hours,1}')::integer as to_minute,
           (e.p #>> '{birthday,0}')::integer as days_before, (e.p #>> '{birthday,1}')::integer as days_after,
           e.p ? 'first_purchase' as first_purchase, (e.p ->> 'min_basket')::bigint as min_basket, e.p ->> 'once' as once, coalesce (e.p ->> 'stacking', 'add') as stacking,
           e.p ->> 'group' as team, coalesce ((e.p ->> 'order')::bigint, 100) as ordinal, (e.p ->> 'valid_months')::integer as valid_months
    from e where e.kind <> 'cap'
  ), caps as materialized (
    select e.rule_id, e.began, e.ended, (e.p ->> 'points')::bigint as most, oba.ids_in (e.p -> 'rules') as rules from e where e.kind = 'cap'
  ), r as «ONCE» (
    select x.*, x.at at time zone 'Asia/Baku' as clock, oba.business_day (x.at) as day, x.base / x.qepik_per_point as base_points from («RECEIPTS») x where x.total > 0
  «PICKED»  ), h as (
    select r.*, u.rule_id, u.version, u.state, u.once, u.stacking, u.team, u.ordinal, u.valid_months, u.days_before, u.days_after, u.by_lines, u.tiers is not null as by_tier, u.kind as what,
           coalesce (k.amount, r.total) as amount, k.lines,
           least (1000000000, case when u.kind = 'multiplier' then case when u.by_lines then k.amount * r.base / r.total / r.qepik_per_point else r.base_points end * (u.factor - 1000) / 1000
                                   when u.per = 'receipt' then u.points
                                   when u.per = 'amount' then case when u.by_lines then k.amount * r.base / r.total else r.base end / u.qepik * u.points
                                   else k.quantity / 1000 * u.points end) as full_points
    from r join u on r.at >= u.began and r.at < u.ended
      and (u.stores is null or r.store_id = any (u.stores))
      and (u.tiers is null or r.tier_id = any (u.tiers))
      and (u.weekdays is null or extract (isodow from r.clock)::bigint = any (u.weekdays))
      and (u.from_minute is null or case when u.from_minute < u.to_minute
             then extract (hour from r.clock) * 60 + extract (minute from r.clock) >= u.from_minute and extract (hour from r.clock) * 60 + extract (minute from r.clock) < u.to_minute
             else extract (hour from r.clock) * 60 + extract (minute from r.clock) >= u.from_minute or extract (hour from r.clock) * 60 + extract (minute from r.clock) < u.to_minute end)
      and (u.min_basket is null or r.total >= u.min_basket)
      and (u.days_before is null or (mod ((extract (doy from r.day) - extract (doy from r.birth_date))::integer + 366, 366) not between u.days_after + 3 and 363 - u.days_before
                                  and oba.birthday_near (r.birth_date, r.day, u.days_before, u.days_after) is not null))
      and (not u.first_purchase or r.is_first)
    left join picked k on k.receipt_id = r.receipt_id and k.rule_id = u.rule_id and k.version = u.version
    where not u.by_lines or k.amount > 0
«GIFTS»«SEVERAL»«CAPS»  )
  select x.customer_id, x.person, x.sold_at, x.receipt_id, x.store_id, x.day, x.rule_id, x.version, x.state, x.valid_months, x.points, x.full_points, x.total, x.by_lines, x.amount, x.lines, x.base_points,
         x.what, case when x.by_tier then x.tier_id end
  from (select g.customer_id, g.person, g.sold_at, g.receipt_id, g.store_id, g.day, g.rule_id, g.version, g.state, g.valid_months, g.full_points as points, g.full_points, g.total, g.by_lines, g.amount,
               g.lines, g.base_points, g.what, g.by_tier, g.tier_id from gifts g
        union all
        select n.customer_id, n.person, n.sold_at, n.receipt_id, n.store_id, n.day, n.rule_id, n.version, n.state, n.valid_months, n.given, n.full_points, n.total, n.by_lines, n.amount,
               n.lines, n.base_points, n.what, n.by_tier, n.tier_id from capped n) x
  where x.points > 0 or x.state = 'test'
  $q$;
  picked text := $q$), picked as materialized (
    select r.receipt_id, u.rule_id, u.version, sum (l.total)::bigint as amount, sum (l.quantity)::bigint as quantity, array_agg (l.line_no) as lines
    from oba.receipt_lines l join oba.products g using (product_id)
    join u on u.by_lines and (l.product_id = any (u.products) or g.category_id = any (u.categories))
    join r on r.receipt_id = l.receipt_id and r.sold_at = l.sold_at and r.customer_id = l.customer_id and r.at >= u.began and r.at < u.ended
    where (select bool_or (u.by_lines) from u) and «LINES» group by 1, 2, 3
$q$;
  gift_part text := $q$  ), gift_periods as (
    select h.*, case when h.once = 'day' then h.day when h.once = 'ever' then date '-infinity'
                     when h.days_before is not null then oba.birthday_near (h.birth_date, h.day, h.days_before, h.days_after) - h.days_before else date_trunc ('year', h.day)::date end as first_day,
           case when h.once = 'day' then h.day when h.once = 'ever' then date 'infinity'
                when h.days_before is not null then oba.birthday_near (h.birth_date, h.day, h.days_before, h.days_after) + h.days_after
                else (date_trunc ('year', h.day) + interval '1 year -1 day')::date end as last_day
    from h where h.once is not null and h.full_points > 0
  ), gifts as (
    select g.* from (select h.*, row_number () over (partition by h.person, h.rule_id, h.first_day order by h.at, h.receipt_id) as n from gift_periods h) g
    where g.n = 1 and not («TAKEN»)
$q$;
  several text := $q$  ), scored as (
    select h.*, max (case when h.stacking = 'exclusive' then ((1023 - h.ordinal) << 50) | (h.full_points << 20) | (1048575 - h.rule_id) end) over (partition by h.receipt_id) as alone,
           max (case when h.stacking = 'best' then (h.full_points << 30) | ((1023 - h.ordinal) << 20) | (1048575 - h.rule_id) end) over (partition by h.receipt_id, h.team) as best
    from h where h.once is null and h.full_points > 0
  ), k as (
    select s.* from scored s
    where case when s.alone is not null then s.stacking = 'exclusive' and s.alone = ((1023 - s.ordinal) << 50) | (s.full_points << 20) | (1048575 - s.rule_id)
               when s.stacking = 'best' then s.best = (s.full_points << 30) | ((1023 - s.ordinal) << 20) | (1048575 - s.rule_id)
               else true end
$q$;
  cap_part text := $q$  ), named as (
    select k.*, k.full_points as points from k where not exists (select from caps c where k.rule_id = any (c.rules) and k.at >= c.began and k.at < c.ended)
    union all
    select k.*, greatest (0, least (k.full_points, c.most - «BEFORE K» + k.full_points
                                    - sum (k.full_points) over (partition by k.person, k.day, c.rule_id order by k.at, k.receipt_id, k.ordinal, k.rule_id)))::bigint
    from k join caps c on k.rule_id = any (c.rules) and k.at >= c.began and k.at < c.ended
  ), capped as (
    select n.*, n.points as given from named n where not exists (select from caps c where c.rules is null and n.at >= c.began and n.at < c.ended)
    union all
    select n.*, greatest (0, least (n.points, c.most - «BEFORE N» + n.points
                                    - sum (n.points) over (partition by n.person, n.day, c.rule_id order by n.at, n.receipt_id, n.ordinal, n.rule_id)))::bigint
    from named n join caps c on c.rules is null and n.at >= c.began and n.at < c.ended
$q$;
begin
  -- What no rule of these needs is left out: over a million receipts each step costs.
  q := replace (q, '«ONCE»', case when 'lines' = any (shape) then 'materialized' else 'not materialized' end);
  q := replace (q, '«PICKED»', case when 'lines' = any (shape) then picked
         else '), picked as (select null::bigint as receipt_id, null::bigint as rule_id, null::integer as version, null::bigint as amount, null::bigint as quantity, null::integer[] as lines where false' || chr (10) end);
  q := replace (q, '«GIFTS»', case when 'gifts' = any (shape) then gift_part else '), gifts as (select h.* from h where false' || chr (10) end);
  q := replace (q, '«SEVERAL»', case when 'several' = any (shape) then several else '), k as (select h.* from h where h.once is null and h.full_points > 0' || chr (10) end);
  q := replace (q, '«CAPS»', case when 'caps' = any (shape) then cap_part else '), capped as (select k.*, k.full_points as given from k' || chr (10) end);
  q := replace (replace (replace (q, '«RULES»', rules), '«BEGAN»', began), '«ENDED»', ended);
  return replace (replace (replace (replace (replace (q, '«RECEIPTS»', receipts), '«LINES»', lines), '«TAKEN»', taken), '«BEFORE K»', replace (before, 'ROW', 'k')), '«BEFORE N»', replace (before, 'ROW', 'n'));
end $f$;

create type oba.rule_gain as (customer_id bigint, person bigint, sold_at timestamptz, receipt_id bigint, store_id bigint, day date, rule_id bigint, version integer, state text, valid_months integer,
                              points bigint, full_points bigint, total bigint, by_lines boolean, amount bigint, lines integer[], base_points bigint, what text, tier_id bigint);

-- What an entry keeps of how it came about.
create function oba.rule_inputs (g oba.rule_gain) returns jsonb
language sql immutable
return jsonb_strip_nulls (jsonb_build_object ('total', g.total, 'base_points', case when g.what = 'multiplier' and not g.by_lines then g.base_points end,
                                              'amount', case when g.by_lines then g.amount end, 'lines', case when g.by_lines then to_jsonb (g.lines) end,
                                              'tier', g.tier_id, 'uncapped', case when g.points < g.full_points then g.full_points end));

do $do$
declare
  -- Asked only when a rule wants to know.
  facts text := $q$case when exists (select from u where u.tiers is not null) then oba.tier_before (x.person, x.at) end as tier_id,
    case when exists (select from u where u.days_before is not null) then (select k.birth_date from oba.customers k where k.customer_id = x.person) end as birth_date,
    case when exists (select from u where u.first_purchase) then oba.is_first_purchase (x.person, x.at, x.receipt_id, x.original) end as is_first$q$;
  before text := $q$(select b.points from oba.given_by_rules (ROW.person, ROW.day, ROW.day, c.rules) b)$q$;
  taken text := $q$(select b.entries from oba.given_by_rules (g.person, g.first_day, g.last_day, array[g.rule_id]) b) > 0$q$;
begin
  execute $q$create function oba.rules_for_receipt (its_customer bigint, its_time timestamptz, its_id bigint, its_store bigint, its_moment timestamptz, its_total bigint, its_base bigint,
                                                    its_rate bigint, its_original jsonb, is_trial boolean) returns setof oba.rule_gain
    language plpgsql set jit = off set plan_cache_mode = force_generic_plan as $b$ begin return query $q$
    || oba.rule_query ($q$its_moment >= e.valid_from and its_moment < e.valid_to
                          and case when not is_trial then e.live_at is not null
                                   else e.state = 'test' or (e.live_at is not null and not exists (select from oba.earning_rules t where t.rule_id = e.rule_id and t.state = 'test')) end$q$,
                       'e.valid_from', 'e.valid_to',
                       $q$select x.*, $q$ || facts || $q$ from (select its_customer as customer_id, its_customer as person, its_time as sold_at, its_id as receipt_id, its_store as store_id,
                          its_moment as at, its_total as total, its_base as base, its_rate as qepik_per_point, its_original as original) x$q$,
                       'l.customer_id = its_customer and l.sold_at = its_time and l.receipt_id = its_id',
                       taken || $q$ or (is_trial and exists (select from oba.rule_trials t where t.customer_id = g.person and t.rule_id = g.rule_id and t.version = g.version
                                                              and t.sold_at >= oba.day_start (g.first_day) and t.sold_at < oba.day_start (g.last_day + 1)))$q$,
                       before)
    || $q$; end $b$ $q$;
  execute $q$create function oba.rules_for_batch () returns setof oba.rule_gain language plpgsql set jit = off as $b$ begin return query $q$
    || oba.rule_query ('e.live_at is not null', 'e.valid_from', 'e.valid_to',
                       $q$select x.*, $q$ || facts || $q$ from (
                            select p.customer_id, case when p.customer_id in (select f.customer_id from pg_temp.families f) then oba.customer_root (p.customer_id) else p.customer_id end as person,
                                   p.sold_at, p.receipt_id, s.store_id, p.sold_at as at, p.total, p.total as base, p.qepik_per_point, null::jsonb as original
                            from pg_temp.posting p join oba.receipts s using (customer_id, sold_at, receipt_id) where p.kind = 'sale' and p.person and p.earns) x$q$,
                       'l.sold_at between (select min (p.sold_at) from pg_temp.posting p) and (select max (p.sold_at) from pg_temp.posting p)',
                       taken, before)
    || $q$; end $b$ $q$;
end $do$;

/*
 * Gives what the rules besides the base give for a receipt that was just entered at @at and sold at @earned_at; returns the points. The caller holds the account and adds them to it.
 * Tests are reckoned, too, and kept.
 */
create function oba.earn_more (customer bigint, at timestamptz, receipt bigint, store bigint, earned_at timestamptz, total bigint, base bigint, qepik_per_point bigint, months integer, original jsonb,
                               via text)
returns bigint
language plpgsql
as $$
declare
  given bigint;
begin
  with g as materialized (
    select nextval ('oba.entry_ids') as entry_id, x.points, x.rule_id, x.version, x.valid_months, oba.rule_inputs (x) as inputs
    from oba.rules_for_receipt (customer, at, receipt, store, earned_at, total, base, qepik_per_point, original, false) x
  ), entries as (
    insert into oba.points_ledger (customer_id, occurred_at, entry_id, kind, points, rule_id, rule_version, inputs, receipt_id, receipt_sold_at, source)
    select customer, at, g.entry_id, 'bonus', g.points, g.rule_id, g.version, g.inputs, receipt, at, via from g
  ), lots as (
    insert into oba.points_lots (customer_id, entry_id, entry_at, receipt_id, points, remaining, expires_on, fixed)
    select customer, g.entry_id, at, receipt, g.points, g.points, oba.lot_expiry (earned_at, coalesce (g.valid_months, months)), coalesce (g.valid_months, months) is not null from g
  )
  select coalesce (sum (g.points), 0)::bigint into given from g;
  if exists (select from oba.earning_rules e where e.state = 'test' and earned_at >= e.valid_from and earned_at < e.valid_to) then
    insert into oba.rule_trials (customer_id, sold_at, receipt_id, rule_id, version, points, inputs)
    select customer, at, receipt, x.rule_id, x.version, x.points, oba.rule_inputs (x)
    from oba.rules_for_receipt (customer, at, receipt, store, earned_at, total, base, qepik_per_point, original, true) x where x.state = 'test';
  end if;
  return given;
end $$;

-- The same for the sales of a batch that was posted; then its returns of them.
create function oba.earn_more_of_batch (batch bigint) returns void
language plpgsql
as $$
declare
  c record;
  o oba.receipts;
begin
  if not exists (select from oba.earning_rules e where e.kind in ('multiplier', 'bonus') and e.live_at is not null and not e.parameters ? 'event'
                 and e.valid_from <= (select max (p.sold_at) from pg_temp.posting p) and e.valid_to > (select min (p.sold_at) from pg_temp.posting p)) then
    return;
  end if;
  create temp table gains on commit drop as
  select nextval ('oba.entry_ids') as entry_id, x.customer_id, x.sold_at, x.receipt_id, x.day, x.points, x.rule_id, x.version, x.valid_months, oba.rule_inputs (x) as inputs from oba.rules_for_batch () x;
  insert into oba.points_ledger (customer_id, occurred_at, entry_id, kind, points, rule_id, rule_version, inputs, receipt_id, receipt_sold_at, source, batch_id)
  select g.customer_id, g.sold_at, g.entry_id, 'bonus', g.points, g.rule_id, g.version, g.inputs, g.receipt_id, g.sold_at, p.source, batch from pg_temp.gains g join pg_temp.posting p using (receipt_id);
  insert into oba.points_lots (customer_id, entry_id, entry_at, receipt_id, points, remaining, expires_on, fixed)
  select g.customer_id, g.entry_id, g.sold_at, g.receipt_id, g.points, g.points, oba.lot_expiry (g.sold_at, coalesce (g.valid_months, p.valid_months)),
         coalesce (g.valid_months, p.valid_months) is not null
  from pg_temp.gains g join pg_temp.posting p using (receipt_id);
  update oba.points_accounts a set balance = a.balance + x.points, lifetime = a.lifetime + x.points, updated_at = now()
  from (select g.customer_id, sum (g.points)::bigint as points from pg_temp.gains g group by 1) x where a.customer_id = x.customer_id;
  for c in
    select p.* from pg_temp.posting p where p.kind in ('return', 'void') and p.original_receipt_id in (select g.receipt_id from pg_temp.gains g) order by p.sold_at, p.receipt_id
  loop
    select * into o from oba.receipts s where s.customer_id = c.customer_id and s.sold_at = c.original_sold_at and s.receipt_id = c.original_receipt_id;
    perform oba.take_bonus_back (o, c.receipt_id, c.sold_at, c.source, false);
  end loop;
  perform oba.settle_debts (a.customer_id, oba.business_day (now()))
  from oba.points_accounts a where a.owed > 0 and a.customer_id in (select g.customer_id from pg_temp.gains g);
  drop table pg_temp.gains;
end $$;

-- ---------------------------------------------------------------- taking back

/*
 * Takes back, for the sale @o of which something was returned by @receipt, what its other rules gave beyond the share of what is left. @own_only: from the entry's own lot only, the rest is
 * owed, as take_base_back() has it. All returns together take exactly what was given.
 */
create function oba.take_bonus_back (o oba.receipts, receipt bigint, at timestamptz, source text, own_only boolean) returns bigint
language plpgsql
as $$
declare
  e record;
  returned bigint;
  wanted bigint;
  entry bigint;
  found_points bigint;
  taken bigint := 0;
begin
  for e in
    select l.entry_id, l.occurred_at, l.points, l.rule_id, l.rule_version, coalesce (l.inputs ->> 'amount', l.inputs ->> 'total')::bigint as amount, oba.ids_in (l.inputs -> 'lines') as lines
    from oba.points_ledger l
    where l.customer_id = o.customer_id and l.occurred_at = o.sold_at and l.receipt_id = o.receipt_id and l.kind = 'bonus' and l.points > 0 order by l.entry_id
  loop
    if e.lines is null then
      select - sum (r.total) into returned from oba.receipts r where r.original_receipt_id = o.receipt_id and r.kind in ('return', 'void') and r.sold_at >= o.sold_at;
    else
      select - sum (l.total) into returned from oba.receipts r join oba.receipt_lines l using (customer_id, sold_at, receipt_id)
      where r.original_receipt_id = o.receipt_id and r.kind in ('return', 'void') and r.sold_at >= o.sold_at and l.sold_at >= o.sold_at and l.original_line_no = any (e.lines);
    end if;
    wanted := e.points - e.points * greatest (0, e.amount - coalesce (returned, 0)) / e.amount
              + (select coalesce (sum (l.points), 0) from oba.points_ledger l
                 where l.customer_id = o.customer_id and l.reverses_id = e.entry_id and l.kind = 'clawback' and l.occurred_at >= e.occurred_at);
    continue when wanted <= 0;
    taken := taken + wanted;
    if not own_only then
      perform oba.debit (o.customer_id, at, 'clawback', wanted, o.receipt_id, true, receipt, at, e.entry_id, e.occurred_at, e.rule_id, e.rule_version,
                         jsonb_build_object ('total', e.amount, 'returned', returned), null, source);
      continue;
    end if;
    entry := nextval ('oba.entry_ids');
    insert into oba.points_ledger (customer_id, occurred_at, entry_id, kind, points, rule_id, rule_version, inputs, receipt_id, receipt_sold_at, reverses_id, reverses_at, source)
    values (o.customer_id, at, entry, 'clawback', - wanted, e.rule_id, e.rule_version, jsonb_build_object ('total', e.amount, 'returned', returned), receipt, at, e.entry_id, e.occurred_at, source);
    with share as (
      select l.lot_id, least (l.remaining, wanted) as points from oba.points_lots l where l.customer_id = o.customer_id and l.entry_id = e.entry_id and l.remaining > 0
    ), lots as (
      update oba.points_lots l set remaining = l.remaining - s.points from share s where l.customer_id = o.customer_id and l.lot_id = s.lot_id
    ), allocations as (
      insert into oba.ledger_allocations (customer_id, entry_id, lot_id, points) select o.customer_id, entry, s.lot_id, s.points from share s
    )
    select coalesce (sum (s.points), 0) into found_points from share s;
    if found_points < wanted then
      insert into oba.points_debts (customer_id, entry_id, entry_at, points, remaining) values (o.customer_id, entry, at, wanted - found_points, wanted - found_points);
    end if;
    update oba.points_accounts p
    set balance = p.balance - wanted, owed = p.owed + wanted - found_points, lifetime = p.lifetime - wanted, updated_at = now()
    where p.customer_id = o.customer_id;
  end loop;
  return taken;
end $$;

-- The base first, then the others.
alter function oba.take_points_back (oba.receipts, bigint, timestamptz, text, boolean) rename to take_base_back;
create function oba.take_points_back (o oba.receipts, receipt bigint, at timestamptz, source text, own_only boolean) returns bigint
language plpgsql
as $$
begin
  return oba.take_base_back (o, receipt, at, source, own_only) + oba.take_bonus_back (o, receipt, at, source, own_only);
end $$;

-- ---------------------------------------------------------------- where points are earned

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

-- A receipt asks with what it asks anyway whether there is any other rule.
select oba.patch_function ('oba.enter_receipt', '  valid_months integer;
', '  valid_months integer;
  more boolean;
');
select oba.patch_function ('oba.enter_receipt', '  select (select max (c.month) from oba.closed_months c), ', '  select exists (select from oba.earning_rules e where e.kind <> ''base'' and (e.live_at is not null or e.state = ''test'') and earned_at >= e.valid_from and earned_at < e.valid_to),
         (select max (c.month) from oba.closed_months c), ');
select oba.patch_function ('oba.enter_receipt', '  into closed, ', '  into more, closed, ');
select oba.patch_function ('oba.enter_receipt', '    -- Points and tier in one UPDATE:', '    if more and earns then
      points := points + oba.earn_more (customer, at, receipt, store, earned_at, amount, base, qepik_per_point, valid_months, link -> ''original'', via);
    end if;
    -- Points and tier in one UPDATE:');
select oba.patch_function ('oba.post_batch', '  perform oba.post_batch_families (batch);', '  perform oba.earn_more_of_batch (batch);   -- by the tiers, and before the survivors get it
  perform oba.post_batch_families (batch);');
select oba.patch_function ('oba.preview_reversal', 'and l.kind = ''earn''', 'and l.kind in (''earn'', ''bonus'')');

-- ---------------------------------------------------------------- registration

-- What a new customer is given for registering: once, since it is called where a customer is made.
create function oba.welcome (customer bigint, store bigint, through text) returns bigint
language plpgsql
as $$
declare
  e record;
  entry bigint;
  given bigint := 0;
begin
  for e in
    select r.rule_id, r.version, (r.parameters ->> 'points')::bigint as points, (r.parameters ->> 'valid_months')::integer as months
    from oba.earning_rules r
    where r.kind = 'bonus' and r.live_at is not null and now() >= r.valid_from and now() < r.valid_to and r.parameters ->> 'event' = 'registration'
      and (not r.parameters ? 'stores' or store = any (oba.ids_in (r.parameters -> 'stores')))
    order by r.rule_id
  loop
    entry := oba.credit (customer, now(), 'bonus', e.points, oba.lot_expiry (now(), e.months), e.rule_id, e.version,
                         jsonb_strip_nulls (jsonb_build_object ('event', 'registration', 'store', store)), null, null, null, through);
    update oba.points_lots l set fixed = e.months is not null where l.customer_id = customer and l.entry_id = entry;
    given := given + e.points;
  end loop;
  return given;
end $$;

select oba.patch_function ('oba.do_register_customer', '  perform pg_notify (''oba_customers'', c.customer_id::text);', '  perform oba.welcome (c.customer_id, store, through);
  perform pg_notify (''oba_customers'', c.customer_id::text);');

drop function oba.patch_function (text, text, text);

-- ---------------------------------------------------------------- writing rules

-- Refuses terms that cannot be, and what they name that is not there.
create function oba.check_rule (kind text, p jsonb) returns void
language plpgsql
as $$
declare
  wrong text := oba.rule_problem (kind, p);
begin
  if wrong is null then
    wrong := case
      when exists (select from unnest (oba.ids_in (p -> 'tiers')) x where not exists (select from oba.tiers t where t.tier_id = x)) then 'tiers'
      when exists (select from unnest (oba.ids_in (p -> 'products')) x where not exists (select from oba.products t where t.product_id = x)) then 'products'
      when exists (select from unnest (oba.ids_in (p -> 'categories')) x where not exists (select from oba.categories t where t.category_id = x)) then 'categories'
      when exists (select from unnest (oba.ids_in (p -> 'stores')) x where not exists (select from oba.stores t where t.store_id = x)) then 'stores'
      when exists (select from unnest (oba.ids_in (p -> 'rules')) x where not exists (select from oba.earning_rules t where t.rule_id = x and t.kind in ('multiplier', 'bonus'))) then 'rules' end;
  end if;
  if wrong is not null then
    perform oba.refuse ('OB001', format ('The rule''s "%s" is missing or cannot be.', wrong), null, wrong);
  end if;
end $$;

create function oba.find_rule (request jsonb) returns oba.earning_rules
language plpgsql
as $$
declare
  e oba.earning_rules;
begin
  perform pg_advisory_xact_lock (hashtext ('oba.earning_rules'));
  select * into e from oba.earning_rules r where r.rule_id = (request ->> 'rule_id')::bigint and r.version = (request ->> 'version')::integer;
  if not found then
    perform oba.refuse ('OB002', 'There is no such rule.');
  elsif request ->> 'revision' is not null and (request ->> 'revision')::integer <> e.revision then
    perform oba.refuse ('OB003', 'Somebody else changed this meanwhile.', 'Look at the new state, then decide what to keep.');
  end if;
  return e;
end $$;

/*
 * Writes a draft: {"name", "parameters", "valid_from", "valid_to": ISO times, without: from when it goes live, without end;
 * and "kind": of a new rule; or "rule_id": another version of this rule; or "rule_id", "version", "revision": this draft as it was looked at}
 * -> {"rule_id", "version", "revision"}
 */
create function oba.do_save_rule (request jsonb) returns jsonb
language plpgsql
as $$
declare
  e oba.earning_rules;
  called text := btrim (request ->> 'name');
begin
  if coalesce (length (called), 0) not between 1 and 200 or called ~ '[[:cntrl:]]' then
    perform oba.refuse ('OB001', 'A rule''s name has 1 to 200 characters.');
  end if;
  if request ? 'version' then
    e := oba.find_rule (request);
    if e.state <> 'draft' then
      perform oba.refuse ('OB013', 'Only a draft can be changed.', 'Make another version of the rule.');
    end if;
  else
    perform pg_advisory_xact_lock (hashtext ('oba.earning_rules'));
    if request ? 'rule_id' then
      select * into e from oba.earning_rules r where r.rule_id = (request ->> 'rule_id')::bigint order by r.version desc limit 1;
      if not found then
        perform oba.refuse ('OB002', 'There is no such rule.');
      elsif e.state in ('draft', 'test') then
        perform oba.refuse ('OB013', 'There is a draft of this rule already.', 'Go on with that one.');
      end if;
      e.version := e.version + 1;
    else
      e.kind := request ->> 'kind';
      e.version := 1;
      select coalesce (max (r.rule_id), 0) + 1 into e.rule_id from oba.earning_rules r;
      if coalesce (e.kind, '') not in ('multiplier', 'bonus', 'cap') then
        perform oba.refuse ('OB001', 'A rule is a multiplier, a bonus or a cap; the base has versions of its own.');
      end if;
    end if;
  end if;
  perform oba.check_rule (e.kind, request -> 'parameters');
  e.valid_from := coalesce ((request ->> 'valid_from')::timestamptz, '-infinity');
  e.valid_to := coalesce ((request ->> 'valid_to')::timestamptz, 'infinity');
  if e.valid_from >= e.valid_to then
    perform oba.refuse ('OB001', 'A rule ends after it begins.');
  elsif e.kind = 'base' and e.valid_to <> 'infinity' then
    perform oba.refuse ('OB001', 'The base has no end; its next version follows it.');
  end if;
  if request ? 'version' then
    update oba.earning_rules r
    set name = called, parameters = request -> 'parameters', valid_from = e.valid_from, valid_to = e.valid_to, revision = r.revision + 1, edited_at = now(), edited_by = session_user
    where r.rule_id = e.rule_id and r.version = e.version returning * into e;
  else
    insert into oba.earning_rules (rule_id, version, kind, name, state, parameters, valid_from, valid_to)
    values (e.rule_id, e.version, e.kind, called, 'draft', request -> 'parameters', e.valid_from, e.valid_to) returning * into e;
    insert into oba.rule_steps (rule_id, version, to_state) values (e.rule_id, e.version, 'draft');
  end if;
  return jsonb_build_object ('rule_id', e.rule_id, 'version', e.version, 'revision', e.revision);
end $$;

-- Puts live what somebody else wrote: from its own beginning, or in ten minutes, whichever is later.
create function oba.put_rule_live (e oba.earning_rules) returns oba.earning_rules
language plpgsql
as $$
begin
  if not (pg_has_role (session_user, 'oba_supervisor', 'member') or pg_has_role (session_user, 'oba_admin', 'member')) then
    perform oba.refuse ('OB006', 'A supervisor or an administrator puts a rule live.');
  elsif session_user in (e.created_by, e.edited_by) then
    perform oba.refuse ('OB006', 'Who wrote a rule does not put it live.', 'Ask a colleague: another supervisor or administrator.');
  end if;
  perform oba.check_rule (e.kind, e.parameters);
  -- What is being recorded at this moment does not know of the rule, and a till's clock may be five minutes ahead: so it begins later, and every receipt sold since then knows it.
  e.valid_from := greatest (e.valid_from, date_trunc ('minute', now()) + interval '10 minutes');
  if e.valid_from >= e.valid_to then
    perform oba.refuse ('OB011', 'The end of this rule has passed.');
  elsif exists (select from oba.earning_rules r where r.rule_id = e.rule_id and r.version <> e.version and r.live_at is not null and r.valid_from >= e.valid_from) then
    perform oba.refuse ('OB013', 'A later version of this rule is live already.', 'Retire that one first.');
  elsif e.kind = 'cap' and exists (
      select from oba.earning_rules r where r.kind = 'cap' and r.state = 'live' and r.rule_id <> e.rule_id and r.valid_to > e.valid_from and r.valid_from < e.valid_to
        and (case when e.parameters ? 'rules' then oba.ids_in (e.parameters -> 'rules') && oba.ids_in (r.parameters -> 'rules') else not r.parameters ? 'rules' end)) then
    perform oba.refuse ('OB013', 'Another cap limits the same rules already.', 'A rule has one cap that names it, and there is one over all.');
  end if;
  update oba.earning_rules r set valid_to = e.valid_from
  where r.rule_id = e.rule_id and r.version <> e.version and r.live_at is not null and r.valid_to > e.valid_from;
  return e;
end $$;

/*
 * {"rule_id", "version", "revision", "state": "test" | "draft" | "live" | "retired", "reason"} -> {"rule_id", "version", "revision", "state", "valid_from", "valid_to"}
 * A live rule is retired at once: what was sold until then still earns by it.
 */
create function oba.do_move_rule (request jsonb) returns jsonb
language plpgsql
as $$
declare
  e oba.earning_rules := oba.find_rule (request);
  was text := e.state;
  wanted text := request ->> 'state';
  why text := nullif (btrim (request ->> 'reason'), '');
begin
  if not coalesce ((was, wanted) in (('draft', 'test'), ('draft', 'live'), ('draft', 'retired'), ('test', 'draft'), ('test', 'live'), ('test', 'retired'), ('live', 'retired')), false) then
    perform oba.refuse ('OB013', 'A rule cannot go this way from what it is now.', 'Look at its present state.', was);
  elsif length (why) > 1000 or (was = 'live' and why is null) then
    perform oba.refuse ('OB001', 'Retiring a live rule needs a reason of at most 1,000 characters.');
  elsif was = 'live' and e.kind = 'base' then
    perform oba.refuse ('OB013', 'The base is not retired; its next version follows it.');
  elsif was = 'live' and not (pg_has_role (session_user, 'oba_supervisor', 'member') or pg_has_role (session_user, 'oba_admin', 'member')) then
    perform oba.refuse ('OB006', 'A supervisor or an administrator retires a live rule.');
  elsif was <> 'live' and wanted <> 'live' and not (pg_has_role (session_user, 'oba_marketing', 'member') or pg_has_role (session_user, 'oba_admin', 'member')) then
    perform oba.refuse ('OB006', 'Marketing or an administrator writes rules.');
  elsif wanted = 'test' and (e.kind not in ('multiplier', 'bonus') or e.parameters ? 'event') then
    perform oba.refuse ('OB013', 'Only a multiplier or a bonus for receipts can be tested.');
  elsif wanted = 'test' and e.valid_to <= now() then
    perform oba.refuse ('OB011', 'The end of this rule has passed.');
  end if;
  if wanted = 'live' then
    e := oba.put_rule_live (e);
  elsif was = 'live' then
    -- What has not begun never counts.
    if e.valid_from > now() then
      e.live_at := null;
    else
      e.valid_to := least (e.valid_to, now());
    end if;
  end if;
  update oba.earning_rules r set state = wanted, valid_from = e.valid_from, valid_to = e.valid_to, live_at = e.live_at, revision = r.revision + 1
  where r.rule_id = e.rule_id and r.version = e.version returning * into e;
  insert into oba.rule_steps (rule_id, version, from_state, to_state, reason) values (e.rule_id, e.version, was, wanted, why);
  return jsonb_build_object ('rule_id', e.rule_id, 'version', e.version, 'revision', e.revision, 'state', e.state, 'valid_from', e.valid_from, 'valid_to', e.valid_to);
end $$;

-- ---------------------------------------------------------------- replay

/*
 * A draft, or a rule that is live, run over what was sold: what would have been different had it held all along (with the other rules as they held then), in one transaction:
 * replay_begin ({"rule_id", "version", "from": day, "to": day, the last}) -> {"chunks": [[first day, last day], ...], "receipts": about how many};
 * replay_chunk (first day, last day) for each of them, in their order -> receipts seen; replay_end () -> what came of it. Nothing is written but temporary tables.
 * A receipt that was voided is left out; of one that was partly returned counts what would have been left.
 */
create function oba.replay_begin (request jsonb) returns jsonb
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp set client_min_messages = warning
as $$
declare
  e oba.earning_rules;
  first date := (request ->> 'from')::date;
  last date := (request ->> 'to')::date;
  chunks jsonb;
begin
  select * into e from oba.earning_rules r where r.rule_id = (request ->> 'rule_id')::bigint and r.version = (request ->> 'version')::integer;
  if not found then
    perform oba.refuse ('OB002', 'There is no such rule.');
  elsif e.parameters ? 'event' then
    perform oba.refuse ('OB013', 'Only a rule about receipts can be run over receipts.');
  elsif first is null or last is null or first > last or last > first + 3660 then
    perform oba.refuse ('OB001', 'A rule is run over the receipts of a day to ten years.');
  end if;
  perform oba.check_rule (e.kind, e.parameters);
  drop table if exists pg_temp.replay, pg_temp.replay_gains, pg_temp.replay_gifts, pg_temp.replay_gone, pg_temp.replay_back, pg_temp.replay_tiers, pg_temp.replay_first, pg_temp.replay_births,
    pg_temp.replay_roots, pg_temp.replay_lines;
  create temp table replay on commit drop as
  select e.rule_id, e.version, e.kind, e.name, e.parameters, first as first_day, last as last_day, 0::bigint as seen, clock_timestamp () as begun,
         -- whether anything else, or an earlier version of this, held then: if not, nothing has to be taken off
         e.kind in ('base', 'cap') or exists (select from oba.earning_rules r where r.kind in ('multiplier', 'bonus') and r.live_at is not null and not r.parameters ? 'event'
                                                and r.valid_from < oba.day_start (last + 1) and r.valid_to > oba.day_start (first)) as twice;
  create temp table replay_gains (person bigint not null, receipt_id bigint not null, store_id bigint not null, day date not null, points bigint not null) on commit drop;
  create temp table replay_gifts (person bigint, rule_id bigint, anew boolean, day date) on commit drop;
  create index on pg_temp.replay_gifts (person, rule_id);
  create temp table replay_gone on commit drop as
  select r.original_receipt_id as receipt_id from oba.receipts r where r.kind = 'void' and r.sold_at >= oba.day_start (first)
  union
  select l.receipt_id from oba.points_ledger l
  where l.kind = 'earn' and l.points = 0 and l.occurred_at >= oba.day_start (first) and l.occurred_at < oba.day_start (last + 1) and l.inputs ? 'withheld';
  create temp table replay_back on commit drop as
  select r.original_receipt_id as receipt_id, - r.total as total, r.customer_id, r.sold_at, r.receipt_id as return_id from oba.receipts r where r.kind = 'return' and r.sold_at >= oba.day_start (first);
  create temp table replay_lines on commit drop as
  select b.receipt_id, l.original_line_no as line_no, - sum (l.total)::bigint as total
  from pg_temp.replay_back b join oba.receipt_lines l on l.customer_id = b.customer_id and l.sold_at = b.sold_at and l.receipt_id = b.return_id group by 1, 2;
  create index on pg_temp.replay_lines (receipt_id);
  create temp table replay_roots on commit drop as select c.customer_id, oba.customer_root (c.customer_id) as root from oba.customers c where c.merged_into is not null;
  create temp table replay_tiers (customer_id bigint, tier_id bigint, began timestamptz, ended timestamptz) on commit drop;
  create temp table replay_first (customer_id bigint, receipt_id bigint) on commit drop;
  create temp table replay_births (customer_id bigint, birth_date date) on commit drop;
  if exists (select from oba.earning_rules r where ((r.rule_id, r.version) = (e.rule_id, e.version) or r.live_at is not null) and r.parameters ? 'birthday') then
    insert into pg_temp.replay_births select c.customer_id, c.birth_date from oba.customers c where c.birth_date is not null;
  end if;
  if exists (select from oba.earning_rules r where ((r.rule_id, r.version) = (e.rule_id, e.version) or r.live_at is not null) and r.parameters ? 'tiers') then
    insert into pg_temp.replay_tiers
    select c.customer_id, c.to_tier, c.at, lead (c.at, 1, 'infinity') over (partition by c.customer_id order by c.at, c.change_id) from oba.tier_changes c
    union all
    select * from (select distinct on (c.customer_id) c.customer_id, c.from_tier, '-infinity'::timestamptz, c.at from oba.tier_changes c order by c.customer_id, c.at, c.change_id) x
    union all
    select a.customer_id, a.tier_id, '-infinity', 'infinity' from oba.points_accounts a where not exists (select from oba.tier_changes c where c.customer_id = a.customer_id);
  end if;
  if exists (select from oba.earning_rules r where ((r.rule_id, r.version) = (e.rule_id, e.version) or r.live_at is not null) and r.parameters ? 'first_purchase') then
    insert into pg_temp.replay_first
    select distinct on (x.person) x.person, x.receipt_id
    from (select coalesce (m.root, s.customer_id) as person, s.sold_at, s.receipt_id from oba.receipts s left join pg_temp.replay_roots m using (customer_id)
          where s.kind = 'sale' and s.sold_at < oba.day_start (last + 1) and not exists (select from oba.receipts v where v.original_receipt_id = s.receipt_id and v.kind = 'void')) x
    order by x.person, x.sold_at, x.receipt_id;
  end if;
  analyze pg_temp.replay_gone, pg_temp.replay_back, pg_temp.replay_lines, pg_temp.replay_roots, pg_temp.replay_tiers, pg_temp.replay_first, pg_temp.replay_births;
  select jsonb_agg (jsonb_build_array (greatest (m::date, first), least ((m + interval '1 month - 1 day')::date, last)) order by m) into chunks
  from generate_series (date_trunc ('month', first::timestamp), last::timestamp, interval '1 month') m
  where exists (select from oba.receipts r where r.sold_at >= oba.day_start (greatest (m::date, first)) and r.sold_at < oba.day_start (least ((m + interval '1 month')::date, last + 1)));
  return jsonb_build_object ('chunks', coalesce (chunks, '[]'), 'name', e.name, 'kind', e.kind, 'version', e.version);
end $$;

-- What a part of the receipts would have been given, with the rule (@anew) or as it was.
create function oba.replay_part (first date, last date, anew boolean) returns bigint
language plpgsql set search_path = oba, pg_catalog, pg_temp
as $$
declare
  x record;
  rate text;
  shape text[];
  n bigint;
begin
  select * into x from pg_temp.replay;
  select array_remove (array[case when bool_or (e.parameters ?| array['products', 'categories']) then 'lines' end, case when bool_or (e.parameters ? 'once') then 'gifts' end,
                             case when count (*) filter (where e.kind <> 'cap') > 1 then 'several' end, case when bool_or (e.kind = 'cap') then 'caps' end], null) into shape
  from oba.earning_rules e where e.kind <> 'base' and ((e.rule_id, e.version) = (x.rule_id, x.version) or e.live_at is not null);
  -- One rate for all of them, if there was one.
  select case when count (*) = 1 then min (b.parameters ->> 'qepik_per_point')
              else '(select (b.parameters ->> ''qepik_per_point'')::bigint from oba.earning_rules b where b.kind = ''base'' and b.state = ''live'' and s.sold_at >= b.valid_from and s.sold_at < b.valid_to
                     order by b.version desc limit 1)' end into rate
  from oba.earning_rules b where b.kind = 'base' and b.state = 'live' and b.valid_from < oba.day_start (last + 1) and b.valid_to > oba.day_start (first);
  if anew and x.kind = 'base' then
    rate := x.parameters ->> 'qepik_per_point';
  end if;
  execute format ($q$
    with gains as (%1$s),
    kept as (
      insert into pg_temp.replay_gifts
      select g.person, g.rule_id, %2$L::boolean, g.day from gains g where g.rule_id in (select e.rule_id from oba.earning_rules e where e.parameters ? 'once')
    )
    insert into pg_temp.replay_gains
    select g.person, g.receipt_id, g.store_id, g.day,
           %3$s * case when b.receipt_id is null then g.points
                       else g.points * greatest (0, g.amount - case when not g.by_lines then b.total
                              else (select coalesce (sum (i.total), 0) from pg_temp.replay_lines i where i.receipt_id = g.receipt_id and i.line_no = any (g.lines)) end)::bigint / g.amount end
    from gains g left join (select receipt_id, sum (total)::bigint as total from pg_temp.replay_back group by 1) b using (receipt_id)
    $q$,
    oba.rule_query (
      case when anew then format ('(e.rule_id, e.version) = (%s, %s) or (e.live_at is not null and e.rule_id <> %1$s)', x.rule_id, x.version) else 'e.live_at is not null' end,
      case when anew then format ('case when e.rule_id = %s then ''-infinity'' else e.valid_from end', x.rule_id) else 'e.valid_from' end,
      case when anew then format ('case when e.rule_id = %s then ''infinity'' else e.valid_to end', x.rule_id) else 'e.valid_to' end,
      format ($q$
        select s.customer_id, coalesce (m.root, s.customer_id) as person, s.sold_at, s.receipt_id, s.store_id, s.sold_at as at, s.total,
               case when s.paid_points = 0 then s.total when coalesce ((oba.spent_on (s.customer_id, s.sold_at, s.receipt_id)).earns, false) then s.total else s.total - s.paid_points end as base,
               %1$s::bigint as qepik_per_point,
               t.tier_id, d.birth_date, f.receipt_id is not null as is_first
        from oba.receipts s left join pg_temp.replay_roots m on m.customer_id = s.customer_id
        left join pg_temp.replay_first f on f.receipt_id = s.receipt_id
        left join pg_temp.replay_births d on d.customer_id = coalesce (m.root, s.customer_id)
        left join pg_temp.replay_tiers t on t.customer_id = coalesce (m.root, s.customer_id) and s.sold_at > t.began and s.sold_at <= t.ended
        where s.kind = 'sale' and s.sold_at >= %2$L and s.sold_at < %3$L and s.customer_id not in (select w.customer_id from oba.walk_ins w)
          and not exists (select from pg_temp.replay_gone g where g.receipt_id = s.receipt_id)$q$, rate, oba.day_start (first), oba.day_start (last + 1)),
      format ('l.sold_at >= %L and l.sold_at < %L', oba.day_start (first), oba.day_start (last + 1)),
      format ($q$exists (select from pg_temp.replay_gifts t where t.person = g.person and t.rule_id = g.rule_id and t.anew = %L and t.day between g.first_day and g.last_day)
                 or (exists (select from oba.points_ledger p where p.kind = 'bonus' and p.rule_id = g.rule_id and p.occurred_at < %L)
                     and (select y.entries from oba.given_by_rules (g.person, g.first_day, %L, array[g.rule_id]) y) > 0)$q$, anew, oba.day_start (x.first_day), x.first_day - 1),
      '0', shape), anew, case when anew then 1 else -1 end);
  get diagnostics n = row_count;
  if x.kind = 'base' then
    execute format ($q$
      insert into pg_temp.replay_gains
      select coalesce (m.root, s.customer_id), s.receipt_id, s.store_id, oba.business_day (s.sold_at), %1$s * (greatest (0, s.base - coalesce (b.total, 0)) / (%2$s)::bigint)
      from (select s.*, case when s.paid_points = 0 then s.total when coalesce ((oba.spent_on (s.customer_id, s.sold_at, s.receipt_id)).earns, false) then s.total else s.total - s.paid_points end as base
            from oba.receipts s) s
      left join pg_temp.replay_roots m on m.customer_id = s.customer_id
      left join (select receipt_id, sum (total)::bigint as total from pg_temp.replay_back group by 1) b on b.receipt_id = s.receipt_id
      where s.kind = 'sale' and s.sold_at >= %3$L and s.sold_at < %4$L and s.customer_id not in (select w.customer_id from oba.walk_ins w)
        and not exists (select from pg_temp.replay_gone g where g.receipt_id = s.receipt_id)
      $q$, case when anew then 1 else -1 end, rate, oba.day_start (first), oba.day_start (last + 1));
  end if;
  return n;
end $$;

create function oba.replay_chunk (first date, last date) returns bigint
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp set jit = off set enable_nestloop = off set enable_mergejoin = off set work_mem = '128MB'
as $$
declare
  n bigint;
begin
  perform oba.replay_part (first, last, true);
  if (select r.twice from pg_temp.replay r) then
    perform oba.replay_part (first, last, false);
  end if;
  select count (*) into n from oba.receipts s where s.kind = 'sale' and s.sold_at >= oba.day_start (first) and s.sold_at < oba.day_start (last + 1);
  update pg_temp.replay set seen = seen + n;
  return n;
end $$;

/*
 * -> {"receipts": seen, "touched": receipts that would have been given something else, "customers": who would have been given more, "fewer": who less, "points", "worth": qəpik at the present
 *  value of a point, "point_value", "weeks": [[Monday, points, receipts], ...], "stores": [[id, name, points, receipts], ...] (the first fifty), "top": [[customer, points, receipts], ...] (twenty)}
 */
create function oba.replay_end () returns jsonb
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp set jit = off set enable_nestloop = off set enable_mergejoin = off set work_mem = '128MB'
as $$
declare
  value bigint := (oba.spending_rule (now())).point_value;
  answer jsonb;
begin
  if (select r.twice from pg_temp.replay r) then
    create temp table replay_rows on commit drop as
    select g.person, g.receipt_id, g.store_id, g.day, sum (g.points)::bigint as points from pg_temp.replay_gains g group by 1, 2, 3, 4 having sum (g.points) <> 0;
  else
    alter table pg_temp.replay_gains rename to replay_rows;
  end if;
  with people as materialized (
    select g.person, sum (g.points)::bigint as points, count (*) as receipts from pg_temp.replay_rows g where g.points <> 0 group by 1
  ), cells as materialized (
    select g.store_id, date_trunc ('week', g.day::timestamp)::date as week, sum (g.points)::bigint as points, count (*) as receipts from pg_temp.replay_rows g where g.points <> 0 group by 1, 2
  )
  select jsonb_build_object (
      'rule_id', r.rule_id, 'version', r.version, 'name', r.name, 'kind', r.kind, 'from', r.first_day, 'to', r.last_day, 'receipts', r.seen,
      'touched', (select coalesce (sum (c.receipts), 0)::bigint from cells c), 'customers', (select count (*) from people p where p.points > 0), 'fewer', (select count (*) from people p where p.points < 0),
      'points', (select coalesce (sum (c.points), 0)::bigint from cells c), 'worth', (select coalesce (sum (c.points), 0)::bigint from cells c) * value, 'point_value', value,
      'weeks', (select coalesce (jsonb_agg (jsonb_build_array (w.week, w.points, w.receipts) order by w.week), '[]')
                from (select c.week, sum (c.points)::bigint as points, sum (c.receipts)::bigint as receipts from cells c group by 1) w),
      'stores', (select coalesce (jsonb_agg (jsonb_build_array (s.store_id, coalesce (t.name, ''), s.points, s.receipts) order by s.points desc, s.store_id), '[]')
                 from (select c.store_id, sum (c.points)::bigint as points, sum (c.receipts)::bigint as receipts from cells c group by 1 order by 2 desc, 1 limit 50) s left join oba.stores t using (store_id)),
      'top', (select coalesce (jsonb_agg (jsonb_build_array (p.person, p.points, p.receipts) order by p.points desc, p.person), '[]')
              from (select * from people p order by p.points desc, p.person limit 20) p))
  into answer from pg_temp.replay r;
  return answer;
end $$;

-- ---------------------------------------------------------------- rights

select oba.add_action ('save_rule', 'oba_marketing', 'oba_admin');
select oba.add_action ('move_rule', 'oba_marketing', 'oba_supervisor', 'oba_admin');
grant execute on function oba.replay_begin (jsonb), oba.replay_chunk (date, date), oba.replay_end () to oba_marketing, oba_supervisor, oba_admin, oba_auditor;
grant select on oba.rule_steps, oba.rule_trials to oba_clerk, oba_marketing, oba_supervisor, oba_admin, oba_auditor, oba_helper;

reset role;
