-- The list of customers: lifecycle and segments as columns; who made a segment and when.

set local role oba_owner;
set local search_path = oba, pg_catalog;

-- ---------------------------------------------------------------- members

/*
 * {"segment_id", "add": [customer ids], "remove": [customer ids]}, up to 100,000 -> {"segment_id", "added", "removed"}: how many it changed. Who was
 * erased or merged since the ids were read is passed over: one of them must not stop the other 99,999.
 */
create or replace function oba.do_change_segment_members (request jsonb) returns jsonb
language plpgsql
as $$
declare
  s oba.segments;
  adds bigint[];
  removes bigint[];
  missing bigint;
  n_added bigint;
  n_removed bigint;
begin
  if jsonb_typeof (coalesce (request -> 'add', '[]')) <> 'array' or jsonb_typeof (coalesce (request -> 'remove', '[]')) <> 'array'
        or jsonb_array_length (coalesce (request -> 'add', '[]')) + jsonb_array_length (coalesce (request -> 'remove', '[]')) not between 1 and 100000 then
    perform oba.refuse ('OB001', 'Name 1 to 100,000 customers to add or to remove.');
  end if;
  adds := array (select distinct e::bigint from jsonb_array_elements_text (request -> 'add') e order by 1);
  removes := array (select distinct e::bigint from jsonb_array_elements_text (request -> 'remove') e order by 1);
  -- The customers first and then the segment, as a merge and a bulk action do: who is being erased or merged at this moment is waited for.
  perform oba.bulk_lock (adds);
  s := oba.segment_to_change ((request ->> 'segment_id')::bigint);
  if s.kind <> 'static' or s.archived_at is not null then
    perform oba.refuse ('OB013', 'This segment has no members of its own.', 'Change its rule, or choose another segment.');
  end if;
  select a into missing from unnest (adds) a where not exists (select from oba.customers c where c.customer_id = a and c.kind = 'person') limit 1;
  if missing is not null then
    perform oba.refuse ('OB002', format ('There is no customer %s.', missing));
  end if;
  insert into oba.segment_members (customer_id, segment_id)
    select c.customer_id, s.segment_id from oba.customers c where c.customer_id = any (adds) and c.status not in ('erased', 'merged') on conflict do nothing;
  get diagnostics n_added = row_count;
  delete from oba.segment_members m where m.segment_id = s.segment_id and m.customer_id = any (removes);
  get diagnostics n_removed = row_count;
  perform oba.audit_add ('segment.members', 'segment', s.segment_id::text, case when cardinality (adds || removes) = 1 then (adds || removes)[1] end,
                         jsonb_build_object ('added', jsonb_build_array (null, n_added), 'removed', jsonb_build_array (null, n_removed)), null);
  perform pg_notify ('oba_segments', s.segment_id::text);
  return jsonb_build_object ('segment_id', s.segment_id, 'added', n_added, 'removed', n_removed);
end $$;

-- How many are in a segment now; those whom somebody else stands for are not counted, as the list does not show them. Null: there is no such segment.
create function oba.segment_size (segment bigint) returns bigint
language plpgsql stable set jit = off
as $$
declare
  g oba.segments;
  n bigint;
begin
  select * into g from oba.segments s where s.segment_id = segment;
  if g.kind = 'static' then
    select count (*) into n from oba.segment_members m where m.segment_id = segment;
  elsif g.kind = 'rule' then
    execute 'select count (*) from (' || oba.filter_statement (g.filter) || ') x' into n using g.filter;
  end if;
  return n;
end $$;

-- ---------------------------------------------------------------- segments of those on the screen

/*
 * The segments on offer that each of these customers is in, now, by name and in one line; who is in none is left out. A rule is asked once for all
 * of them, so that a page of the list costs one statement a rule. A rule names no other rule: the segments in it have members of their own.
 */
create function oba.customer_segments (ids bigint[]) returns table (customer_id bigint, names text)
language plpgsql stable security definer set search_path = oba, pg_catalog, pg_temp set jit = off
as $$
declare
  g oba.segments;
  found_ids bigint[];
  who bigint[] := '{}';
  what text[] := '{}';
  statement text;
begin
  if not has_column_privilege (session_user, 'oba.customers', 'customer_id', 'select') then
    raise exception using errcode = 'insufficient_privilege', message = 'permission denied for table customers';
  elsif cardinality (ids) = 0 then
    return;
  end if;
  for g in select * from oba.segments s where s.kind = 'rule' and s.archived_at is null loop
    statement := oba.filter_statement (g.filter - 'segments') || ' and c.customer_id = any ($2)'
      || case when g.filter ? 'segments' then ' and exists (select from oba.segment_members m where m.customer_id = c.customer_id and m.segment_id = any ($3))' else '' end;
    execute 'select array (' || statement || ')' into found_ids
      using g.filter - 'segments', ids, array (select v::bigint from jsonb_array_elements_text (g.filter -> 'segments') v);
    who := who || found_ids;
    what := what || array_fill (g.name, array[cardinality (found_ids)]);
  end loop;
  return query
  select x.id, string_agg (x.name, ', ' order by oba.sort_key (x.name), x.name)
    from (select m.customer_id as id, s.name from oba.segment_members m join oba.segments s on s.segment_id = m.segment_id and s.archived_at is null
           where m.customer_id = any (ids)
          union all
          select u.id, u.name from unnest (who, what) u (id, name)) x
   group by x.id;
end $$;

/*
 * The rows of the list for these customers, in no order: for every role. Who may not see who a customer is gets them without name, phone and e-mail
 * address. @language: of the tier, "az", "ru" or "en".
 */
drop function oba.customer_rows (bigint[], text);
create function oba.customer_rows (ids bigint[], language text)
  returns table (customer_id bigint, name text, phone text, city text, status text, tier text, balance bigint, tier_spend bigint, last_purchase_at timestamptz,
                 registered_at timestamptz, email text, birth_date date, language_of text, store text, receipts bigint, lifecycle text, lifecycle_since timestamptz)
language plpgsql stable security definer set search_path = oba, pg_catalog, pg_temp
as $$
declare
  named boolean := has_column_privilege (session_user, 'oba.customers', 'phone', 'select');
begin
  if not has_column_privilege (session_user, 'oba.customers', 'customer_id', 'select') then
    raise exception using errcode = 'insufficient_privilege', message = 'permission denied for table customers';
  end if;
  return query
  select c.customer_id, case when named then concat_ws (' ', nullif (c.family_name, ''), nullif (c.given_name, '')) else '' end,
         case when named then c.phone end, c.city, c.status,
         case customer_rows.language when 'az' then t.name_az when 'ru' then t.name_ru else t.name_en end,
         coalesce (a.balance, 0), coalesce (a.tier_spend, 0), s.last_purchase_at, c.registered_at,
         case when named then c.email end, c.birth_date, c.language, st.name, coalesce (s.receipts, 0), s.lifecycle, s.lifecycle_since
    from oba.customers c
    left join oba.points_accounts a on a.customer_id = c.customer_id
    left join oba.tiers t on t.tier_id = a.tier_id
    left join oba.customer_stats s on s.customer_id = c.customer_id
    left join oba.stores st on st.store_id = coalesce (c.preferred_store_id, c.registered_store_id)
   where c.customer_id = any (ids);
end $$;

do $$
declare
  everyone constant text := 'oba_clerk, oba_marketing, oba_supervisor, oba_admin, oba_auditor, oba_helper';
begin
  execute 'grant execute on function oba.segment_size (bigint), oba.customer_segments (bigint[]), oba.customer_rows (bigint[], text) to ' || everyone;
end $$;

reset role;
