-- Rules of earning: what a replay says of tiers, and what all rules together would give for an example.

set local role oba_owner;
set local search_path = oba, pg_catalog;

/*
 * As in 0091, and besides: "days": [[day, points, receipts], ...]; "basis": what tiers count;
 * "tiers": of every tier, the lowest first, [tier, who would have been given more of those who had it when the last day was over, their points];
 * "tier_names": [[tier, az, ru, en], ...]; "moves": [[tier, the tier instead, customers], ...]: where they would have stood when the last day was over, by what counts in the twelve months up to it. By "spend" a rule moves nobody.
 * By "points": up who would have reached a higher tier than the one they had; down who had reached theirs, and would not have, before any grace. What a colleague gave for a while is as it is.
 */
create or replace function oba.replay_end () returns jsonb
language plpgsql security definer set search_path = oba, pg_catalog, pg_temp set jit = off set enable_nestloop = off set enable_mergejoin = off set work_mem = '128MB'
as $$
declare
  value bigint := (oba.spending_rule (now())).point_value;
  by_points boolean := (oba.tier_scheme_now ()).basis = 'points';
  last date := (select r.last_day from pg_temp.replay r);
  -- Asked once, not a million times.
  since date := oba.tier_window_start (last);
  from_time timestamptz := oba.day_start (since);
  to_time timestamptz := oba.day_start (last + 1);
  thresholds bigint[];
  ids bigint[];
  ranks jsonb;      -- tier -> its place among ids; of a retired one the lowest
  answer jsonb;
begin
  if (select r.twice from pg_temp.replay r) then
    create temp table replay_rows on commit drop as
    select g.person, g.receipt_id, g.store_id, g.day, sum (g.points)::bigint as points from pg_temp.replay_gains g group by 1, 2, 3, 4 having sum (g.points) <> 0;
  else
    alter table pg_temp.replay_gains rename to replay_rows;
  end if;
  select array_agg (t.threshold order by t.threshold), array_agg (t.tier_id order by t.threshold) into thresholds, ids from oba.tiers t where t.threshold is not null;
  select jsonb_object_agg (t.tier_id, coalesce (array_position (ids, t.tier_id), 1)) into ranks from oba.tiers t;
  with people as materialized (
    select g.person, sum (g.points)::bigint as points, count (*) as receipts, coalesce (sum (g.points) filter (where g.day >= since), 0)::bigint as counting
    from pg_temp.replay_rows g where g.points <> 0 group by 1
  ), cells as materialized (
    select g.store_id, g.day, sum (g.points)::bigint as points, count (*) as receipts from pg_temp.replay_rows g where g.points <> 0 group by grouping sets ((1), (2))
  ), after as (
    select distinct on (c.customer_id) c.customer_id, c.from_tier from oba.tier_changes c where c.at >= to_time order by c.customer_id, c.at, c.change_id
  ), before as (
    select distinct on (c.customer_id) c.customer_id, c.to_tier from oba.tier_changes c where c.at < to_time order by c.customer_id, c.at desc, c.change_id desc
  ), stood as materialized (
    select p.person, p.points, p.counting, (ranks ->> coalesce (b.to_tier, f.from_tier, a.tier_id, ids[1])::text)::integer as rank, a.tier_override
    from people p left join oba.points_accounts a on a.customer_id = p.person left join before b on b.customer_id = p.person left join after f on f.customer_id = p.person
  ), amounts as (
    select coalesce (m.root, l.customer_id) as person, sum (l.points)::bigint as points
    from oba.points_ledger l left join pg_temp.replay_roots m using (customer_id)
    where by_points and l.kind in ('earn', 'bonus', 'clawback') and l.occurred_at >= from_time and l.occurred_at < to_time group by 1
  ), reached as (
    select s.rank, s.tier_override, greatest (1, width_bucket (coalesce (x.points, 0), thresholds)) as as_it_was,
           greatest (1, width_bucket (coalesce (x.points, 0) + s.counting, thresholds)) as with_rule
    from stood s left join amounts x using (person) where by_points and s.counting <> 0
  ), moves as (
    select r.rank, r.with_rule, count (*) as n from reached r
    where r.with_rule > r.rank and r.tier_override is distinct from 'at_most' or r.with_rule < r.rank and r.as_it_was >= r.rank and r.tier_override is distinct from 'at_least' group by 1, 2
  )
  select jsonb_build_object (
      'rule_id', r.rule_id, 'version', r.version, 'name', r.name, 'kind', r.kind, 'from', r.first_day, 'to', r.last_day, 'receipts', r.seen,
      'touched', x.receipts, 'customers', (select count (*) from people p where p.points > 0), 'fewer', (select count (*) from people p where p.points < 0),
      'points', x.points, 'worth', x.points * value, 'point_value', value,
      'days', (select coalesce (jsonb_agg (jsonb_build_array (c.day, c.points, c.receipts) order by c.day), '[]') from cells c where c.day is not null),
      'weeks', (select coalesce (jsonb_agg (jsonb_build_array (w.week, w.points, w.receipts) order by w.week), '[]')
                from (select date_trunc ('week', c.day::timestamp)::date as week, sum (c.points)::bigint as points, sum (c.receipts)::bigint as receipts from cells c where c.day is not null group by 1) w),
      'stores', (select coalesce (jsonb_agg (jsonb_build_array (s.store_id, coalesce (t.name, ''), s.points, s.receipts) order by s.points desc, s.store_id), '[]')
                 from (select c.store_id, c.points, c.receipts from cells c where c.store_id is not null order by 2 desc, 1 limit 50) s left join oba.stores t using (store_id)),
      'top', (select coalesce (jsonb_agg (jsonb_build_array (p.person, p.points, p.receipts) order by p.points desc, p.person), '[]')
              from (select * from people p where p.points > 0 order by p.points desc, p.person limit 20) p),
      'basis', case when by_points then 'points' else 'spend' end,
      'tiers', (select jsonb_agg (jsonb_build_array (ids[i], coalesce (s.n, 0), coalesce (s.points, 0)) order by i)
                from generate_series (1, cardinality (ids)) i left join (select s.rank, count (*) as n, sum (s.points)::bigint as points from stood s where s.points > 0 group by 1) s on s.rank = i),
      'tier_names', (select jsonb_agg (jsonb_build_array (t.tier_id, t.name_az, t.name_ru, t.name_en) order by t.tier_id) from oba.tiers t),
      'moves', (select coalesce (jsonb_agg (jsonb_build_array (ids[m.rank], ids[m.with_rule], m.n) order by m.rank, m.with_rule), '[]') from moves m))
  into answer
  from pg_temp.replay r, (select coalesce (sum (c.points), 0)::bigint as points, coalesce (sum (c.receipts), 0)::bigint as receipts from cells c where c.day is not null) x;
  return answer;
end $$;

/*
 * What the rules that hold at a moment would give for one receipt, each and together, with terms that are only being written:
 * {"lines": [[product or null, thousandths, qəpik], ...], "at": ISO time (without: now), "store_id", "tier_id", "birthday", "first": true or false,
 *  "rule": {"rule_id" (null: a new one), "kind", "name", "parameters"}}
 * -> {"total", "base", "rules": [{"rule_id", "name", "kind", "state", "draft": is it @rule, "full": points that it would give, "given": that it gives, "once", "stacking", "group", "order"}, ...]},
 * in the order in which they are reckoned. Nothing was given to this person before.
 */
create function oba.rule_example (request jsonb) returns jsonb
language plpgsql stable security definer set search_path = oba, pg_catalog, pg_temp set jit = off
as $$
declare
  draft jsonb := request -> 'rule';
  id bigint := coalesce ((draft ->> 'rule_id')::bigint, 1000001);
  at timestamptz := coalesce ((request ->> 'at')::timestamptz, now());
  total bigint := (select coalesce (sum ((l ->> 2)::bigint), 0)::bigint from jsonb_array_elements (request -> 'lines') l);
  rate bigint;
  rules text;
  q text;
  each text;
  answer jsonb;
begin
  if draft is not null then
    perform oba.check_rule (draft ->> 'kind', draft -> 'parameters');
  end if;
  if total not between 1 and 100000000 or jsonb_array_length (request -> 'lines') > 100 then
    perform oba.refuse ('OB001', 'An example has 1 to 100 lines, and a total of up to a million manats.');
  end if;
  rate := coalesce (case when draft ->> 'kind' = 'base' then (draft #>> '{parameters,qepik_per_point}')::bigint end,
                    (select (b.parameters ->> 'qepik_per_point')::bigint from oba.earning_rules b
                     where b.kind = 'base' and b.state = 'live' and at >= b.valid_from and at < b.valid_to order by b.version desc limit 1));
  rules := format ($q$(select r.rule_id, r.version, r.kind, r.name, r.state, r.parameters, r.valid_from, r.valid_to from oba.earning_rules r
                       where r.kind <> 'base' and not r.parameters ? 'event' and r.live_at is not null and %1$L >= r.valid_from and %1$L < r.valid_to and r.rule_id <> %2$s
                       union all select %2$s, 0, %3$L, %4$L, 'draft', %5$L::jsonb, '-infinity', 'infinity' where %3$L in ('multiplier', 'bonus', 'cap') and not %5$L::jsonb ? 'event')$q$,
                   at, id, coalesce (draft ->> 'kind', ''), coalesce (draft ->> 'name', ''), coalesce (draft -> 'parameters', '{}'));
  q := oba.rule_query ('true', 'e.valid_from', 'e.valid_to',
                       format ('select 0::bigint as customer_id, 0::bigint as person, %1$L::timestamptz as sold_at, 0::bigint as receipt_id, %2$L::bigint as store_id, %1$L::timestamptz as at,
                                       %3$s::bigint as total, %3$s::bigint as base, %4$s::bigint as qepik_per_point, %5$L::bigint as tier_id, %6$L::date as birth_date, %7$L::boolean as is_first',
                               at, coalesce ((request ->> 'store_id')::bigint, 0), total, rate, (request ->> 'tier_id')::bigint,
                               case when (request ->> 'birthday')::boolean then oba.business_day (at) - interval '20 years' end, coalesce ((request ->> 'first')::boolean, false)),
                       'true', 'false', '0', array['lines', 'gifts', 'several', 'caps']);
  each := oba.rule_query ('true', 'e.valid_from', 'e.valid_to', 'RECEIPTS', 'true', 'false', '0', array['lines', 'gifts']);
  each := replace (each, 'RECEIPTS', (regexp_match (q, '(select 0::bigint as customer_id.*?as is_first)'))[1]);
  q := format ('with given as (%s), alone as (%s) select jsonb_agg (jsonb_build_object (''rule_id'', nullif (e.rule_id, 1000001), ''name'', e.name, ''kind'', e.kind, ''state'', e.state,
                  ''draft'', e.version = 0, ''full'', coalesce (a.full_points, 0), ''given'', coalesce (g.points, 0), ''once'', e.parameters ->> ''once'',
                  ''stacking'', coalesce (e.parameters ->> ''stacking'', ''add''), ''group'', e.parameters ->> ''group'', ''order'', coalesce ((e.parameters ->> ''order'')::integer, 100),
                  ''points'', e.parameters -> ''points'')
                order by e.kind = ''cap'', not e.parameters ? ''once'', coalesce (e.parameters ->> ''stacking'', ''add'') <> ''exclusive'', coalesce ((e.parameters ->> ''order'')::integer, 100), e.rule_id)
                from %s e left join alone a using (rule_id, version) left join given g using (rule_id, version)', q, each, rules);
  q := replace (q, 'from oba.earning_rules e where', 'from ' || rules || ' e where');
  q := replace (q, 'oba.receipt_lines l join oba.products g using (product_id)',
                format ('(select 0::bigint as customer_id, %L::timestamptz as sold_at, 0::bigint as receipt_id, i::integer as line_no, (x ->> 0)::bigint as product_id, (x ->> 1)::bigint as quantity,
                          (x ->> 2)::bigint as total from jsonb_array_elements (%L::jsonb) with ordinality y (x, i)) l join oba.products g using (product_id)', at, request -> 'lines'));
  execute q into answer;
  return jsonb_build_object ('total', total, 'base', total / rate, 'rules', coalesce (answer, '[]'));
end $$;

-- What is written, tested, put live and retired is news for whoever looks at the list.
create trigger notify after insert or update on oba.earning_rules for each statement execute function oba.notify_administration ();

grant execute on function oba.rule_example (jsonb) to oba_marketing, oba_supervisor, oba_admin, oba_auditor;

reset role;
