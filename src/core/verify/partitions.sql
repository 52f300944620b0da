-- Every month from the first with data to the next one has its partition of every table, from midnight to midnight in Baku.
with parts as (
  select p.relname::text as parent, c.relname::text as child,
         (regexp_match (pg_get_expr (c.relpartbound, c.oid), 'FROM \(''([^'']+)''\)'))[1]::timestamptz as starts,
         (regexp_match (pg_get_expr (c.relpartbound, c.oid), 'TO \(''([^'']+)''\)'))[1]::timestamptz as ends
  from pg_inherits i join pg_class c on c.oid = i.inhrelid join pg_class p on p.oid = i.inhparent
  where p.relnamespace = 'oba'::regnamespace and p.relname in ('receipts', 'receipt_lines', 'points_ledger', 'audit') and c.relkind = 'r'
), months as (
  select m::date as month
  from generate_series ((select min (oba.business_day (starts)) from parts where parent = 'receipts')::timestamp,
                        date_trunc ('month', now() at time zone 'Asia/Baku') + interval '1 month', interval '1 month') m
  where m >= date_trunc ('month', now() at time zone 'Asia/Baku')
     or m::date in (select oba.business_day (starts) from parts)
)
select format ('%s: there is no partition for %s', t, to_char (m.month, 'YYYY-MM'))
from months m cross join unnest (array['receipts', 'receipt_lines', 'points_ledger', 'audit']) t
where not exists (select from parts p where p.parent = t and p.starts = oba.day_start (m.month) and p.ends = oba.day_start ((m.month + interval '1 month')::date))
union all
select format ('%s: from %s to %s is not a month in Baku, or it has another name', p.child, p.starts, p.ends)
from parts p
where p.starts is null or p.ends is null
   or p.starts <> oba.day_start (date_trunc ('month', oba.business_day (p.starts))::date)
   or p.ends <> oba.day_start ((date_trunc ('month', oba.business_day (p.starts)) + interval '1 month')::date)
   or p.child <> p.parent || to_char (oba.business_day (p.starts), '_YYYY_MM')
