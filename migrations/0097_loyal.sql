-- What people in front of the windows of points, rewards and redemptions needed of the database.
set local role oba_owner;
set local search_path = oba, pg_catalog;

-- ---------------------------------------------------------------- settings of redemptions

create trigger notify after update on oba.redemption_settings for each statement execute function oba.notify_administration ();

-- As in 0088, with a sentence for what is out of bounds.
create or replace function oba.do_set_redemption_settings (request jsonb) returns jsonb
language plpgsql
as $$
declare
  s oba.redemption_settings;
begin
  if (request ->> 'sla_hours')::integer not between 1 and 8760 or (request ->> 'request_days')::integer not between 1 and 365
     or (request ->> 'voucher_days')::integer not between 1 and 3650 or not request ?& array['sla_hours', 'request_days', 'voucher_days'] then
    perform oba.refuse ('OB001', 'A request waits 1 to 8,760 hours and lasts 1 to 365 days; a voucher lasts 1 to 3,650 days.');
  end if;
  update oba.redemption_settings x
  set sla_hours = (request ->> 'sla_hours')::integer, request_days = (request ->> 'request_days')::integer, voucher_days = (request ->> 'voucher_days')::integer, version = x.version + 1
  where x.version = (request ->> 'version')::integer returning * into s;
  if not found then
    perform oba.refuse ('OB003', 'Somebody else changed this meanwhile.', 'Look at the new state, then decide what to keep.');
  end if;
  return to_jsonb (s) - 'only_row';
end $$;

-- ---------------------------------------------------------------- tiers

-- What counts for the tier of @customer today: qəpik, or points, of the twelve months up to now, as oba.tier_standing () has it, without the rest of that.
create function oba.tier_progress (customer bigint, out by_points boolean, out amount bigint)
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  a oba.points_accounts;
  today date;
begin
  by_points := (oba.tier_scheme_now ()).basis = 'points';
  select * into a from oba.points_accounts p where p.customer_id = customer;
  today := greatest (oba.business_day (now()), a.tier_day);
  amount := case when by_points then oba.tier_amount_on (customer, 'points', today) when a.tier_day is null then 0
                 else oba.tier_spend (customer, a.tier_spend, a.tier_day, today, 0) end;
end $$;
grant execute on function oba.tier_progress (bigint) to oba_clerk, oba_marketing, oba_supervisor, oba_admin, oba_auditor, oba_helper;

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

-- The list by tier is by what the tiers ask for. As long as that is the order of their numbers, too, it is read from the index; a tier that was put in between is looked up.
create function oba.tiers_in_order () returns boolean
language sql stable
return (select coalesce (bool_and (x.before < x.tier_id), true)
        from (select t.tier_id, lag (t.tier_id) over (order by coalesce (t.threshold, -1), t.tier_id) as before from oba.tiers t) x where x.before is not null);
select oba.patch_function ('oba.customer_order', $q$array['a.tier_id']$q$,
                           $q$array[case when oba.tiers_in_order () then 'a.tier_id' else '(select coalesce (x.threshold, -1) from oba.tiers x where x.tier_id = a.tier_id)' end]$q$);
select oba.patch_function ('oba.customer_order', ' IMMUTABLE', ' STABLE');
drop function oba.patch_function (text, text, text);

-- ---------------------------------------------------------------- who the liability is owed to

-- The customers behind a group of the liability, as 0089 counts it, the most points first, at most @most; n: how many there are in all. Names for those who may see them.
create function oba.liability_behind (section text, key text, most integer) returns table (customer_id bigint, name text, points bigint, lots bigint, next_day date, n bigint)
language plpgsql stable security definer set search_path = oba, pg_catalog, pg_temp set jit = off set plan_cache_mode = force_custom_plan
as $$
#variable_conflict use_column
declare
  tier constant bigint := case section when 'tier' then key::bigint end;
  month constant date := case section when 'expiry' then key::date end;
  age constant integer := case section when 'age' then key::integer end;
  today constant date := oba.business_day (now());
  persons constant boolean := exists (select from unnest (array['oba_clerk', 'oba_supervisor', 'oba_admin', 'oba_auditor']) g where pg_has_role (session_user, g, 'member'));
begin
  return query
  with held as (
    select l.customer_id, sum (l.remaining)::bigint as points, count (*) as lots, min (l.expires_on) as next_day
    from oba.points_lots l
    where l.remaining > 0 and coalesce (tier, month - date '2000-01-01', age) is not null
      and (tier is null or l.customer_id in (select a.customer_id from oba.points_accounts a where a.tier_id = tier))
      and (month is null or l.expires_on >= month and l.expires_on < (month + interval '1 month')::date)
      and (age is null or oba.liability_age (oba.month_of (oba.business_day (l.entry_at)), today) = age)
    group by l.customer_id
  ), most_of_them as (
    select h.*, count (*) over () as n from held h order by h.points desc, h.customer_id limit most
  )
  select h.customer_id, case when persons then concat_ws (' ', nullif (c.given_name, ''), nullif (c.family_name, '')) else '' end, h.points, h.lots, h.next_day, h.n
  from most_of_them h join oba.customers c on c.customer_id = h.customer_id order by h.points desc, h.customer_id;
end $$;
grant execute on function oba.liability_behind (text, text, integer) to oba_marketing, oba_supervisor, oba_admin, oba_auditor;

reset role;
