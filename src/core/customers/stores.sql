-- Stores in which every word of $1 is found, in any spelling; or the one of id $2 (0: any). Those that are closed for good come last.
with sought as materialized (select string_to_array (nullif (oba.fold ($1), ''), ' ') as words)
select s.store_id, s.code, s.name, s.city, s.district, coalesce (s.closed_on <= oba.business_day (now()), false) as closed
from oba.stores s, sought
where ($2::bigint = 0 or s.store_id = $2)
  and (words is null
       or not exists (select from unnest (words) w
                      where position (w in (select oba.fold (concat_ws (' ', s.name, s.city, s.district, s.code)))) = 0))
order by closed, oba.sort_key (s.name), s.store_id
limit $3
