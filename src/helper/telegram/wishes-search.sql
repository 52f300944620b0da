-- Open stores in which every word of $1 is found, in any spelling.
with sought as materialized (select string_to_array (nullif (oba.fold ($1), ''), ' ') as words)
select s.store_id, s.name, concat_ws (', ', nullif (s.city, ''), nullif (s.address, ''))
from oba.stores s, sought
where words is not null and (s.closed_on is null or s.closed_on > oba.business_day (now()))
  and not exists (select from unnest (words) w where position (w in (select oba.fold (concat_ws (' ', s.name, s.city, s.district, s.address, s.code)))) = 0)
order by oba.sort_key (s.name), s.store_id limit $2
