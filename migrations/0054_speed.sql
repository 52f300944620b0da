-- A profile that opens as fast for whoever buys most as for everybody else.

set local role oba_owner;
set local search_path = oba, pg_catalog;

-- When points expire is read from the index alone, not from thousands of lots. An update of what remains has always moved a lot in it.
create index points_lots_open on oba.points_lots (customer_id, expires_on, lot_id) include (remaining) where remaining > 0;
drop index oba.points_lots_spend;
alter index oba.points_lots_open rename to points_lots_spend;

-- ---------------------------------------------------------------- what purchases tell, in two halves that two connections work out at a time

/*
 * What a person's purchases tell, but for the categories, and what they own and allow: see oba-customer-insight.h. Null: there is no such person.
 * Contacts and consents' history are left out for those who may not see who a customer is.
 */
create or replace function oba.customer_insight (customer bigint, lang text) returns jsonb
language plpgsql stable security definer
set search_path = oba, pg_catalog, pg_temp set jit = off set plan_cache_mode = force_generic_plan
as $$
declare
  family bigint[] := array (select f from oba.customer_family (customer) f);
  people boolean := exists (select from unnest (array['oba_clerk', 'oba_supervisor', 'oba_admin', 'oba_auditor', 'oba_helper']) r
                            where pg_has_role (session_user, r, 'member'));
  today date := oba.business_day (now ());
  year_start timestamptz := oba.day_start ((oba.business_day (now ()) - interval '1 year' + interval '1 day')::date);
  months_start timestamptz := oba.day_start ((date_trunc ('month', oba.business_day (now ())) - interval '23 months')::date);
  stated_store bigint;
  answer jsonb;
  part jsonb;
begin
  select k.preferred_store_id,
         jsonb_build_object ('id', k.customer_id, 'lifecycle', s.lifecycle, 'lifecycle_since', s.lifecycle_since,
           'lifecycle_due', s.lifecycle_due, 'visits', coalesce (s.visit_days, 0), 'last_visit', s.last_visit_day, 'days_away', today - s.last_visit_day,
           'usual_days', case when s.gaps >= 3 then s.gap_sum / s.gaps::float8 else 0 end,
           'usual_spread', case when s.gaps >= 3 then sqrt ((s.gaps::bigint * s.gap_squares - s.gap_sum::bigint * s.gap_sum)::float8) / s.gaps else 0 end,
           'lapsing_after', oba.lapsing_after (s.gaps, s.gap_sum, s.gap_squares), 'lost_after', oba.lost_after (s.gaps, s.gap_sum, s.gap_squares),
           'churn_percent', oba.churn_percent (today - s.last_visit_day, s.visit_days, s.gaps, s.gap_sum, s.gap_squares))
  into stated_store, answer
  from oba.customers k left join oba.customer_stats s on s.customer_id = k.customer_id
  where k.customer_id = customer and k.kind = 'person';
  if not found then
    return null;
  end if;

  answer := answer || jsonb_build_object (
    'changes', (select jsonb_agg (jsonb_build_array (h.from_state, h.to_state, h.at, coalesce (h.absent_days, -1),
                                                     case when h.gaps >= 3 then h.gap_sum / h.gaps::float8 else 0 end) order by h.at desc, h.change_id desc)
                from oba.lifecycle_history h where h.customer_id = customer),
    'expiries', (select jsonb_agg (jsonb_build_array (e.expires_on, e.points) order by e.expires_on)
                 from (select l.expires_on, sum (l.remaining) as points from oba.points_lots l
                       where l.customer_id = any (family) and l.remaining > 0 group by l.expires_on) e));

  with r as materialized (
    select x.kind, x.business_day, x.store_id, x.total, x.sold_at >= year_start as recent, extract (hour from x.sold_at at time zone 'Asia/Baku')::integer as hour
    from oba.receipts x where x.customer_id = any (family) and x.sold_at >= months_start
  ), stores as (
    select r.store_id, count (*) filter (where r.kind = 'sale') as receipts, sum (r.total)::bigint as revenue from r where r.recent group by 1
  )
  select jsonb_build_object (
    'months', (select jsonb_agg (jsonb_build_array (extract (year from m.month)::integer, extract (month from m.month)::integer, coalesce (s.receipts, 0), coalesce (s.revenue, 0)) order by m.month)
               from generate_series (date_trunc ('month', today::timestamp) - interval '23 months', date_trunc ('month', today::timestamp), interval '1 month') m (month)
               left join (select date_trunc ('month', r.business_day::timestamp) as month, count (*) filter (where r.kind = 'sale') as receipts, sum (r.total)::bigint as revenue
                          from r group by 1) s using (month)),
    'weekdays', (select jsonb_object_agg (d.n, d.visits) from (select extract (isodow from b.business_day)::integer - 1 as n, count (*) as visits
                 from (select distinct r.business_day from r where r.recent and r.kind = 'sale') b group by 1) d),
    'hours', (select jsonb_object_agg (h.hour, h.sales) from (select r.hour, count (*) as sales from r where r.recent and r.kind = 'sale' group by 1) h),
    'stores', (select jsonb_agg (jsonb_build_array (t.store_id, t.name, t.receipts, t.revenue, t.stated) order by t.receipts desc, t.revenue desc, t.store_id)
               from (select coalesce (b.store_id, stated_store) as store_id, coalesce (n.name, '') as name, coalesce (b.receipts, 0) as receipts, coalesce (b.revenue, 0) as revenue,
                            coalesce (b.store_id, stated_store) = stated_store is true as stated
                     from (select y.* from stores y order by y.receipts desc, y.revenue desc, y.store_id limit 5) b
                     full join (select stated_store as store_id where stated_store is not null) w using (store_id)
                     left join oba.stores n on n.store_id = coalesce (b.store_id, stated_store)) t))
  into part;
  answer := answer || part;

  if people then
    answer := answer || jsonb_build_object (
      'consents', (select jsonb_agg (jsonb_build_array (k.channel, k.granted, k.since, coalesce (h.through, ''), coalesce (s.name, ''),
                                                        oba.staff_login (h.by_whom), coalesce (h.wording, '')) order by k.channel)
                   from oba.consents k
                   left join lateral (select * from oba.consent_history y where y.customer_id = k.customer_id and y.channel = k.channel and y.granted = k.granted
                                      order by abs (extract (epoch from y.at - k.since)), y.consent_id desc limit 1) h on true
                   left join oba.stores s on s.store_id = h.store_id
                   where k.customer_id = customer),
      'consent_history', (select jsonb_agg (jsonb_build_array (h.channel, h.granted, h.at, h.through, coalesce (s.name, ''),
                                                               oba.staff_login (h.by_whom), h.wording) order by h.at desc, h.consent_id desc)
                          from oba.consent_history h left join oba.stores s on s.store_id = h.store_id where h.customer_id = any (family)),
      'cards', (select jsonb_agg (jsonb_build_array (c.number, c.state, c.issued_at, oba.staff_login (c.issued_by),
                                                     c.state_since) order by c.state, c.issued_at desc, c.number)
                from oba.cards c where c.customer_id = any (family)),
      'telegram', (select jsonb_build_array (coalesce (l.username, ''), l.linked_at, oba.staff_login (l.linked_by),
                                             l.unreachable_at)
                   from oba.telegram_links l where l.customer_id = any (family) order by l.customer_id = customer desc, l.linked_at desc limit 1));
  end if;
  answer := answer || jsonb_build_object (
    'segments', (select jsonb_agg (jsonb_build_array (g.segment_id, g.name, g.kind, m.added_at) order by g.name, g.segment_id)
                 from oba.segments g left join oba.segment_members m on m.segment_id = g.segment_id and m.customer_id = customer
                 where g.archived_at is null and (m.customer_id is not null or (g.kind = 'rule' and oba.customer_fits (customer, g.filter)))));
  return answer;
end $$;

/*
 * What a person and those merged into them bought of each main category in the year up to today, and the categories they named:
 * [[id, name, receipts, revenue, named]], the dearest first. Null: nothing.
 */
create function oba.customer_categories_bought (customer bigint, lang text) returns jsonb
language plpgsql stable security definer
set search_path = oba, pg_catalog, pg_temp set jit = off set plan_cache_mode = force_generic_plan
as $$
declare
  family bigint[] := array (select f from oba.customer_family (customer) f);
  year_start timestamptz := oba.day_start ((oba.business_day (now ()) - interval '1 year' + interval '1 day')::date);
  answer jsonb;
begin
  with recursive root (category_id, root_id) as (
    select c.category_id, c.category_id from oba.categories c where c.parent_id is null
    union all select c.category_id, r.root_id from oba.categories c join root r on c.parent_id = r.category_id
  ), bought as (
    select l.product_id, l.receipt_id, sum (l.total)::bigint as revenue, bool_or (l.quantity > 0) as sold
    from oba.receipt_lines l where l.customer_id = any (family) and l.sold_at >= year_start group by 1, 2
  ), by_category as (
    select o.root_id as category_id, count (distinct b.receipt_id) filter (where b.sold) as receipts, sum (b.revenue)::bigint as revenue
    from bought b join oba.products p using (product_id) join root o on o.category_id = p.category_id group by 1
  ), named as (
    select cc.category_id from oba.customer_categories cc where cc.customer_id = customer
  )
  select jsonb_agg (jsonb_build_array (t.category_id, case lang when 'az' then g.name_az when 'ru' then coalesce (nullif (g.name_ru, ''), g.name_az)
                                                    else coalesce (nullif (g.name_en, ''), g.name_az) end, t.receipts, t.revenue, t.stated)
                    order by t.revenue desc, g.position, t.category_id)
  into answer
  from (select category_id, coalesce (b.receipts, 0) as receipts, coalesce (b.revenue, 0) as revenue, w.category_id is not null as stated
        from by_category b full join named w using (category_id)) t
  join oba.categories g using (category_id);
  return answer;
end $$;

grant execute on function oba.customer_categories_bought (bigint, text) to oba_clerk, oba_marketing, oba_supervisor, oba_admin, oba_auditor, oba_helper;

reset role;
